# SPDX-License-Identifier: MIT
"""Uploaded files, one step at a time, each in a process of its own: `python -m loaders.intake plan|load|undo ID`."""
