# SPDX-License-Identifier: MIT
"""Files of real offices, under licences that keep them out of this repository: their tests run where the files lie.

That is the folder XANH_OFFICE_FILES names, else `shared/data` beside the repository. The tests beside this folder prove the same on files
of our own.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from server.config import ROOT

FILES = Path(os.environ.get("XANH_OFFICE_FILES") or ROOT.parent / "shared" / "data")
collect_ignore_glob = [] if (FILES / "derived").is_dir() else ["test_*.py"]


@pytest.fixture(scope="session")
def files() -> Path:
    """The folder of the files."""
    return FILES
