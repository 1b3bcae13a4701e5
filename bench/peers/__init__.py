# SPDX-License-Identifier: MIT
"""One file per server that takes part."""
