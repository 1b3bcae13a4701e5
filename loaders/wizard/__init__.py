# SPDX-License-Identifier: MIT
"""The layer wizard: a complete layer file and a style from a file somebody has."""
