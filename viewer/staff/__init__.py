# SPDX-License-Identifier: MIT
"""Pages of signed-in staff below `/can-bo`: sign-in, loading files, reports of the public."""
