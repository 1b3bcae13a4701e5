# SPDX-License-Identifier: MIT
"""Files made to do harm: archives that leave their folder or never end, and readers that crash, stall or fill the memory."""

from __future__ import annotations

import errno
import os
import time
import zipfile
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet
import pyogrio
import pytest
import shapely

from loaders.childread import Reading
from loaders.source import SourceOptions, open_source
from server.config import Loading
from server.errors import SourceRefused


def assert_refused(path: Path, reason: str, **limits: int) -> None:
    with pytest.raises(SourceRefused, match=reason) as caught:
        list(open_source(path, SourceOptions(limits=Loading(**limits))).rows())
    assert caught.value.message_vi


def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    for number, name in enumerate(("../out.csv", "/tmp/out.csv", "a/../../out.csv", "..\\out.csv", "C:\\out.csv")):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as out:
            out.writestr(name, "a,b\n1,2\n")
        assert_refused(path, "leaves the archive")
    assert not (tmp_path / "out.csv").exists()


def test_a_zip_bomb_ends_at_the_ceiling(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.csv", b"0" * 30_000_000)
    assert_refused(path, "more bytes", unpacked_bytes=1_000_000)
    assert_refused(path, "more bytes", unpacked_ratio=100)
    with zipfile.ZipFile(path, "w") as out:
        for number in range(50):
            out.writestr(f"{number}.txt", b"")
    assert_refused(path, "more files", archive_files=40)


def test_a_truncated_and_a_locked_archive_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.csv", "a,b\n1,2\n" * 100)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert_refused(path, "damaged")
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(locked))
    assert_refused(path, "password")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_spoilt_archive_is_damaged_whatever_packed_it(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as out:
        out.writestr("a.csv", "".join(f"{number},{number * 7919 % 1000}\n" for number in range(20_000)))
    spoilt = bytearray(path.read_bytes())
    spoilt[60:400] = b"\xff" * 340
    path.write_bytes(bytes(spoilt))
    assert_refused(path, "damaged")


def test_what_the_machine_refuses_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.csv", "a,b\n1,2\n")

    def fill_up(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("loaders.unpack.Workspace._copy", fill_up)
    assert_refused(path, "No space left on device")


def test_links_inside_an_archive_are_files_of_text(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(link, "/etc/passwd")
    assert list(open_source(path, SourceOptions()).rows()) == []


@pytest.mark.parametrize(
    ("deed", "reason"),
    [("crash", "crashed on it .SIGSEGV"), ("memory", "more memory|damaged"), ("stall", "sign of life"), ("garbage", "damaged")],
)
def test_a_reading_process_that_goes_wrong_takes_nothing_along(deed: str, reason: str) -> None:
    limits = Loading(silent_seconds=3, reader_megabytes=300)
    asked = Reading(Path(deed), "x.gpkg", None, limits, module="tests.unit.loaders.misbehaving")
    start = time.monotonic()
    with pytest.raises(SourceRefused, match=reason):
        asked.ask("info")
    assert time.monotonic() - start < 30


def test_a_reading_process_that_dies_half_way_is_no_end_of_file() -> None:
    asked = Reading(Path("half"), "x.gpkg", None, Loading(), module="tests.unit.loaders.misbehaving")
    batches = asked.batches()
    assert next(batches)[0].to_pydict() == {"n": [1, 2]}
    with pytest.raises(SourceRefused, match="crashed"):
        next(batches)


@pytest.mark.parametrize("name", ["long.gpkg", "long.parquet", "long.csv"])
def test_a_text_without_end_is_refused_before_it_is_taken_in(name: str, tmp_path: Path) -> None:
    words = ["short", "x" * 5000, "short"]
    if name.endswith(".gpkg"):
        shapes = numpy.array([shapely.to_wkb(shapely.Point(106, 10))] * 3, dtype=object)
        told = {"crs": "EPSG:4326", "geometry_type": "Point", "driver": "GPKG"}
        pyogrio.raw.write(tmp_path / name, shapes, [numpy.array(words, dtype=object)], ["note"], **told)
    elif name.endswith(".parquet"):
        pyarrow.parquet.write_table(pyarrow.table({"note": words}), tmp_path / name)
    else:
        (tmp_path / name).write_text("id,note\n" + "".join(f"{at},{word}\n" for at, word in enumerate(words)))
    with pytest.raises(SourceRefused, match=r"more than 1000 (bytes|characters)") as caught:
        list(open_source(tmp_path / name, SourceOptions(limits=Loading(max_cell_characters=1000))).rows())
    assert caught.value.message_vi is not None
