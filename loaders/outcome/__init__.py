# SPDX-License-Identifier: MIT
"""What stays of a load, in a folder of its own: report as JSON and HTML, a map to look at, the rejected rows."""
