# SPDX-License-Identifier: MIT
"""The Đồng Tháp communes as an office would hand them over: TCVN3 text, VN-2000 TM-3 105°, no declared encoding."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import pytest
import shapely

from loaders.source import Source, SourceOptions, open_source
from server.crs.definitions import find_crs
from server.crs.transform import transform_points

ADMIN = Path(__file__).parents[3] / "demo" / "data" / "admin"
SHAPEFILE = ADMIN / "dong_thap_xa_tcvn3_tm3.zip"
TEXTS = ("MA_XA", "TEN_XA", "TEN_NGAN", "TEN_ANH", "TEN_TINH", "LOAI")


@pytest.fixture
def source() -> Source:
    return open_source(SHAPEFILE, SourceOptions())


def read_truth() -> list[dict[str, str]]:
    with (ADMIN / "dong_thap_xa_tcvn3_tm3_truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_lonlat() -> dict[str, Any]:
    meta, _, wkb, columns = pyogrio.raw.read(f"/vsizip/{ADMIN}/communes/communes_82.gpkg.zip/communes_82.gpkg")
    return dict(zip(columns[list(meta["fields"]).index("code")], shapely.from_wkb(wkb), strict=True))


def project(shape: Any) -> Any:
    def move(points: Any) -> Any:
        return numpy.column_stack(transform_points(points[:, 0], points[:, 1], find_crs(4326), find_crs(5897)))

    return shapely.transform(shape, move)


def test_the_archive_declares_no_encoding() -> None:
    with zipfile.ZipFile(SHAPEFILE) as archive:
        names = sorted(name.rsplit(".", 1)[1] for name in archive.namelist())
        table = archive.read("dong_thap_xa_tcvn3_tm3.dbf")
        projection = archive.read("dong_thap_xa_tcvn3_tm3.prj").decode("ascii")
    assert names == ["dbf", "prj", "shp", "shx"]
    assert table[29] == 0
    assert "Phường Mỹ Tho".encode() not in table
    assert b"Ph\xad\xeang M\xfc Tho" in table
    assert "AUTHORITY" not in projection


def test_its_text_is_recognised_as_tcvn3_and_reads_as_the_truth(source: Source) -> None:
    assert source.info.encodings["TEN_XA"][0] == "tcvn3"
    rows, truth = list(source.rows()), read_truth()
    assert len(rows) == len(truth) == 102
    assert [[row.values[name] for name in TEXTS] for row in rows] == [[row[name] for name in TEXTS] for row in truth]


def test_its_coordinates_are_those_of_the_open_polygons_within_a_centimetre(source: Source) -> None:
    lonlat = read_lonlat()
    distances = []
    for row in source.rows():
        assert row.wkb is not None
        distances.append(shapely.hausdorff_distance(shapely.from_wkb(row.wkb), project(lonlat[str(row.values["MA_XA"])])))
    assert len(distances) == 102
    assert max(distances) < 0.01


def test_its_zone_is_found_from_the_projection_file(source: Source) -> None:
    assert source.info.crs == find_crs(5897)


def test_no_easting_or_northing_is_swapped(source: Source) -> None:
    shapes = [shapely.from_wkb(row.wkb) for row in source.rows()]
    west, south, east, north = shapely.total_bounds(shapes)
    assert 520_000 < west < east < 700_000
    assert 1_120_000 < south < north < 1_215_000
