# SPDX-License-Identifier: MIT
"""Small illustrative sets for the layers that have no open data; see README.md beside this file."""

from loaders.illustrative.generate import write_illustrative

__all__ = ["write_illustrative"]
