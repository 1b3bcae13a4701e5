# SPDX-License-Identifier: MIT
"""Services of other agencies (WFS, OGC API Features) read into layers, again and again."""
