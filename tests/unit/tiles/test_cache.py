# SPDX-License-Identifier: MIT
"""The tile cache: keys, size, faults of the disk."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

import pytest

from server.tiles.cache import TileCache, TileKey

MEGABYTE = 1_000_000


def make_key(row: int, edition: str = "stations-abc") -> TileKey:
    return TileKey(edition, "WebMercatorQuad", 12, 3258, row, "png")


def test_what_was_put_is_got_and_nothing_else(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, MEGABYTE)
    cache.put(make_key(1), b"one")
    assert cache.get(make_key(1)) == b"one"
    assert cache.has(make_key(1))
    assert cache.get(make_key(2)) is None
    assert cache.get(make_key(1, "stations-abd")) is None


def test_another_process_reads_the_same_tiles(tmp_path: Path) -> None:
    TileCache(tmp_path, MEGABYTE).put(make_key(1), b"one")
    assert TileCache(tmp_path, MEGABYTE).get(make_key(1)) == b"one"


def test_no_partial_file_stays(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, MEGABYTE)
    for row in range(5):
        cache.put(make_key(row), bytes(1000))
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [f"{row}.png" for row in range(5)]


def test_a_limit_of_nothing_keeps_nothing_and_looks_for_nothing(tmp_path: Path) -> None:
    cache = TileCache(tmp_path / "cache", 0)
    cache.put(make_key(1), b"one")
    assert cache.get(make_key(1)) is None
    assert not (tmp_path / "cache").exists()
    TileCache(tmp_path / "cache", MEGABYTE).put(make_key(1), b"one")
    assert not cache.has(make_key(1))
    assert cache.get(make_key(1)) is None


def test_the_tiles_not_used_for_longest_go_first(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, 10 * 8192)
    for row in range(20):
        path = tmp_path / make_key(row).path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(8192))
        os.utime(path, (1_000_000 + row, 1_000_000 + row))
    assert cache.get(make_key(0)) is not None, "reading touches it"
    assert cache.sweep() <= 10 * 8192 * 0.9
    kept = {row for row in range(20) if cache.has(make_key(row))}
    assert kept == {0, *range(12, 20)}


def test_folders_without_tiles_go_with_them(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, 8192)
    old = tmp_path / make_key(0, "stations-old").path
    old.parent.mkdir(parents=True)
    old.write_bytes(bytes(16384))
    os.utime(old, (1, 1))
    cache.sweep()
    assert list(tmp_path.iterdir()) == []


def test_writing_sweeps_in_the_background(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, 100 * 4096)
    for row in range(300):
        cache.put(make_key(row), bytes(4096))
        for thread in [one for one in threading.enumerate() if one.name == "tile sweep"]:
            thread.join()
    size = sum(path.stat().st_blocks * 512 for path in tmp_path.rglob("*.png"))
    assert size <= 100 * 4096 * 1.05 + 4096


@pytest.mark.parametrize("fault", ["a file where the folder should be", "a name the file system cannot take"])
def test_a_disk_that_takes_nothing_is_told_once_and_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: str) -> None:
    folder = tmp_path / ("x" * 300 if fault.startswith("a name") else "file")
    if fault.startswith("a file"):
        folder.write_bytes(b"")
    cache = TileCache(folder, MEGABYTE)
    with caplog.at_level(logging.WARNING, "xanh.tiles"):
        for row in range(10):
            cache.put(make_key(row), b"one")
            assert cache.get(make_key(row)) is None
    assert len(caplog.records) == 1


def test_a_full_disk_is_told_once_and_leaves_no_piece_behind(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """/dev/full answers every write as a full disk does; the folder of one row's file is a way into it."""
    cache = TileCache(tmp_path, MEGABYTE)
    folder = (tmp_path / make_key(7).path).parent
    folder.mkdir(parents=True)
    partial = folder / f"7.png.{os.getpid()}.{threading.get_ident()}.partial"
    with caplog.at_level(logging.WARNING, "xanh.tiles"):
        for _ in range(3):
            partial.symlink_to("/dev/full")
            cache.put(make_key(7), b"one")
            assert not partial.is_symlink()
    assert [record.getMessage() for record in caplog.records] == [f"tiles are not kept: No space left on device ({tmp_path})"]
    assert cache.get(make_key(7)) is None
    cache.put(make_key(7), b"one")
    assert cache.get(make_key(7)) == b"one", "when there is space again it is used again"
