# SPDX-License-Identifier: MIT
"""Symbols of strangers' styles stay few."""

from __future__ import annotations

import os
import time
from pathlib import Path

from server.render.scratch import ScratchSymbols
from server.style.model import Graphic, Mark


def test_old_symbols_are_swept_when_there_are_many_and_new_ones_stay(tmp_path: Path) -> None:
    directory = tmp_path / "asked"
    scratch = ScratchSymbols(directory, tmp_path)
    kept = scratch.store().file(Graphic(Mark("square"), 12.0))
    long_ago = time.time() - 3600
    for number in range(600):
        path = directory / f"{number}.png"
        path.write_bytes(b"x")
        os.utime(path, (long_ago, long_ago))
    again = scratch.store().file(Graphic(Mark("square"), 12.0))
    assert again == kept
    assert [path.name for path in directory.glob("*.png")] == [kept.name]


def test_few_symbols_are_left_alone(tmp_path: Path) -> None:
    scratch = ScratchSymbols(tmp_path / "asked", tmp_path)
    old = scratch.store().file(Graphic(Mark("circle"), 12.0))
    os.utime(old, (0, 0))
    scratch.store()
    assert old.exists()
