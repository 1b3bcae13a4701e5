# SPDX-License-Identifier: MIT
"""VN-2000 through GDAL and Mapnik, and the definitions other engines get."""

from __future__ import annotations

import mapnik
import pytest
import rasterio.crs
import rasterio.warp

from server.crs.definitions import CRS84, VN2000, WGS84, Crs, all_crs, find_crs
from server.crs.engines import browser_definitions, gdal_definition, mapnik_projection, postgis_rows
from server.crs.transform import transform_point
from tests.unit.crs.vectors import TOLERANCE_METRES, VECTORS, Vector


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v.place}-{v.crs.code}")
def test_gdal_lands_within_a_centimetre_and_comes_back(vector: Vector) -> None:
    wgs84, target = rasterio.crs.CRS.from_user_input(gdal_definition(WGS84)), rasterio.crs.CRS.from_user_input(gdal_definition(vector.crs))
    xs, ys = rasterio.warp.transform(wgs84, target, [vector.lon], [vector.lat])
    assert vector.misses(xs[0], ys[0]) < TOLERANCE_METRES
    xs, ys = rasterio.warp.transform(target, wgs84, [vector.east], [vector.north])
    assert (xs[0], ys[0]) == pytest.approx((vector.lon, vector.lat), abs=1e-7)


@pytest.mark.parametrize("crs", all_crs(), ids=lambda crs: str(crs.code))
def test_gdal_and_pyproj_agree_on_every_system(crs: Crs) -> None:
    xs, ys = rasterio.warp.transform("EPSG:4326", gdal_definition(crs), [106.36], [10.36])
    assert (xs[0], ys[0]) == pytest.approx(transform_point(106.36, 10.36, WGS84, crs), abs=0.001 if crs.kind == "projected" else 1e-8)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v.place}-{v.crs.code}")
@pytest.mark.parametrize("source", [find_crs(4326), find_crs(3857), find_crs(32648), CRS84], ids=lambda crs: str(crs.code))
def test_mapnik_lands_within_a_centimetre_and_comes_back(vector: Vector, source: Crs) -> None:
    transform = mapnik.ProjTransform(mapnik.Projection(mapnik_projection(source)), mapnik.Projection(mapnik_projection(vector.crs)))
    start = transform_point(vector.lon, vector.lat, WGS84, source)
    there = transform.forward(mapnik.Coord(*start))
    assert vector.misses(there.x, there.y) < TOLERANCE_METRES
    back = transform.backward(there)
    assert (back.x, back.y) == pytest.approx(start, abs=0.001 if source.kind == "projected" else 1e-8)


def test_postgis_gets_a_row_for_every_vn2000_code_and_no_other() -> None:
    rows = {row.srid: row.proj4text for row in postgis_rows()}
    assert len(rows) == 21
    assert rows[909210] == find_crs(9210).proj4
    assert rows[904756] == VN2000.proj4
    assert max(rows) < 998_999, "spatial_ref_sys allows no more"


def test_the_browser_gets_what_proj4js_does_not_know() -> None:
    definitions = browser_definitions()
    assert len(definitions) == 23
    assert "EPSG:4326" not in definitions
    assert definitions["EPSG:5897"] == find_crs(5897).proj4
