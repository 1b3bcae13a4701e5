# SPDX-License-Identifier: MIT
"""Readers: what a file says of itself, its rows, and files that are not what they claim."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy
import pyogrio
import pytest
import shapely

from loaders.encoding import _tcvn3
from loaders.source import SourceOptions, open_source
from server.crs.definitions import find_crs
from server.crs.engines import gdal_definition
from server.errors import SourceRefused

NAMES = [
    "Xã Mỹ Thiện",
    "Phường Cai Lậy",
    "Thị trấn Cái Bè",
    "Xã Tân Hội Đông",
    "Xã Bình Phú",
    "Xã Hậu Mỹ Bắc",
    "Xã Đốc Binh Kiều",
    "Xã Gò Công",
    "Xã Vĩnh Kim",
    "Xã Ấp Bắc",
    "Xã Tân Phước",
]


def as_tcvn3(text: str) -> str:
    """TCVN3 bytes of a text, one character each (as a one-byte table holds them)."""
    back = {char: byte for byte, char in _tcvn3().items()}
    return "".join(chr(back.get(c) or back.get(c.lower()) or ord(c)) for c in text)


def write_shapefile(folder: Path, texts: list[str], crs: str | None, *, suffix: str = "shp") -> Path:
    path = folder / f"xa.{suffix}"
    points = shapely.to_wkb(shapely.points([[560000.0 + i, 1145000.0] for i in range(len(texts))]))
    pyogrio.raw.write(
        path, numpy.array(points), [numpy.array(texts, dtype=object)], ["TEN_XA"], crs=crs, geometry_type="Point", encoding="ISO-8859-1"
    )
    (folder / "xa.cpg").unlink(missing_ok=True)
    return path


def test_a_tcvn3_shapefile_in_a_vn2000_zone_is_understood(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path, [as_tcvn3(name) for name in NAMES], gdal_definition(find_crs(9210)))
    source = open_source(path, SourceOptions(crs=9210))
    info = source.info
    assert info.crs == find_crs(9210)
    assert info.encodings["TEN_XA"][0] == "tcvn3"
    assert [row.values["TEN_XA"] for row in source.rows()] == NAMES


def test_a_zip_with_mac_leftovers_reads_like_the_folder(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path, [as_tcvn3(name) for name in NAMES[:2]], "EPSG:4326")
    archive = tmp_path / "xã có dấu.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for part in tmp_path.glob("xa.*"):
            out.write(part, f"thư mục/{part.name}")
        out.writestr("__MACOSX/thư mục/._xa.shp", b"junk")
    assert len(list(open_source(archive, SourceOptions()).rows())) == len(list(open_source(path, SourceOptions()).rows())) == 2


def test_a_csv_with_coordinates_gives_points(tmp_path: Path) -> None:
    path = tmp_path / "tram.csv"
    path.write_text("matram;ten;lon;lat\nQL1;Cầu Quan;105,68;9.3\nQL2;;;\n", encoding="utf-8-sig")
    source = open_source(path, SourceOptions())
    rows = list(source.rows())
    assert source.info.fields == ("matram", "ten", "lon", "lat")
    assert shapely.from_wkb(rows[0].wkb).coords[0] == (105.68, 9.3)
    assert rows[1].wkb is None
    assert rows[1].values["ten"] is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.shp", b""),
        ("text.shp", b"this is not a shapefile"),
        ("noise.zip", b"PK\x03\x04 not really"),
        ("noise.gpkg", b"SQLite format 3\x00broken"),
        ("noise.geojson", b'{"type": "FeatureColl'),
        ("binary.csv", b"a,b\n\x00\x01\x02,3\n"),
        ("ragged.csv", b"a,b\n1,2,3\n"),
        ("twice.csv", b"a,a\n1,2\n"),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceRefused) as caught:
        list(open_source(path, SourceOptions()).rows())
    assert name in caught.value.message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="no such file"):
        open_source(tmp_path / "nothing.shp", SourceOptions())
