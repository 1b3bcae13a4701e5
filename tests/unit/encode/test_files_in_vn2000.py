# SPDX-License-Identifier: MIT
"""Files in VN-2000 bear the datum shift of QĐ 05/2007/QĐ-BTNMT: read by GDAL and pyproj, points lie where the verified values have them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from pyproj import CRS, Transformer

from server.crs.definitions import TOWGS84, find_crs
from server.crs.identify import identify_wkt
from server.encode.formats import FileFormat
from tests.unit.crs.vectors import VECTORS, Vector
from tests.unit.encode.placed_file import write_vector

_NEAR_DEGREES = 2e-8


def read(path: Path) -> tuple[CRS, shapely.Point]:
    """The system and the only point of a file."""
    if path.suffix == ".parquet":
        told = json.loads(pq.read_metadata(path).metadata[b"geo"])
        return CRS.from_json_dict(told["columns"]["geom"]["crs"]), shapely.from_wkb(pq.read_table(path)["geom"][0].as_py())
    source = f"/vsizip/{path}" if path.suffix == ".zip" else path
    meta, _, places, _ = pyogrio.raw.read(source)
    return CRS.from_user_input(meta["crs"]), shapely.from_wkb(places[0])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.place} {vector.crs.code}")
@pytest.mark.parametrize("file_format", ["shapezip", "flatgeobuf", "geoparquet", "gpkg"])
def test_the_shift_goes_with_the_file(file_format: FileFormat, vector: Vector, tmp_path: Path) -> None:
    system, point = read(write_vector(vector, file_format, tmp_path))
    assert (point.x, point.y) == pytest.approx((vector.east, vector.north), abs=1e-6)
    lon, lat = Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(point.x, point.y)
    assert (lon, lat) == pytest.approx((vector.lon, vector.lat), abs=_NEAR_DEGREES)
    named = Transformer.from_crs(system, f"EPSG:{vector.crs.code}", always_xy=True).transform(point.x, point.y)
    assert named == pytest.approx((vector.east, vector.north), abs=1e-6), "the same system by its code lies elsewhere"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.place} {vector.crs.code}")
def test_a_geopackage_defines_the_system_so_that_old_and_new_gdal_keep_the_shift(vector: Vector, tmp_path: Path) -> None:
    path = write_vector(vector, "gpkg", tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute(
            "SELECT organization, definition FROM gpkg_spatial_ref_sys JOIN gpkg_geometry_columns USING (srs_id)"
        ).fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert version == 10200, "older programs warn of newer versions"
    assert row[0] == "NONE", "GDAL would go by the code, 0.8 m beside around Tiền Giang"
    assert f"TOWGS84[{TOWGS84}]" in row[1]
    system, _ = read(path)
    assert identify_wkt(system.to_wkt()) == vector.crs, "what is loaded back is not recognised"
    command = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=10", str(path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # the GDAL of the machine, years older than the library's
    lon, lat = json.loads(done.stdout)["features"][0]["geometry"]["coordinates"][:2]
    assert (lon, lat) == pytest.approx((vector.lon, vector.lat), abs=_NEAR_DEGREES)


@pytest.mark.parametrize("file_format", ["shapezip", "flatgeobuf", "geoparquet", "gpkg"])
def test_other_systems_go_by_their_code(file_format: FileFormat, tmp_path: Path) -> None:
    system, _ = read(write_vector(Vector("Mỹ Tho", 106.36, 10.36, find_crs(32648), 650000.0, 1145000.0), file_format, tmp_path))
    found = identify_wkt(system.to_wkt())
    assert (system.is_bound, found) == (False, find_crs(32648))
