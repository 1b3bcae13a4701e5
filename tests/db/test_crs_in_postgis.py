# SPDX-License-Identifier: MIT
"""VN-2000 through PostGIS: the private rows carry the pinned shift."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from server.crs.definitions import WEB_MERCATOR, WGS84, Crs
from server.crs.engines import SpatialRefRow, postgis_rows
from server.crs.transform import transform_point
from tests.unit.crs.vectors import TOLERANCE_METRES, VECTORS, Vector

POINT = """
select st_x(p), st_y(p)
from (select st_transform(st_setsrid(st_makepoint(%s, %s), %s::int), %s::int) as p) as transformed
"""


def _transform(connection: psycopg.Connection[Any], point: tuple[float, float], source: Crs, target: Crs) -> tuple[float, float]:
    row = connection.execute(POINT, (*point, source.postgis_srid, target.postgis_srid)).fetchone()
    assert row is not None
    return float(row[0]), float(row[1])


@pytest.mark.parametrize("row", postgis_rows(), ids=lambda row: str(row.srid))
def test_the_database_holds_our_definition_and_no_name_that_would_override_it(
    owner_connection: psycopg.Connection[Any], row: SpatialRefRow
) -> None:
    found = owner_connection.execute(
        "select auth_name, auth_srid, srtext, proj4text from public.spatial_ref_sys where srid = %s", (row.srid,)
    ).fetchone()
    assert found is not None
    assert tuple(found) == (None, None, None, row.proj4text)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v.place}-{v.crs.code}")
def test_postgis_lands_within_a_centimetre_and_comes_back(owner_connection: psycopg.Connection[Any], vector: Vector) -> None:
    assert vector.misses(*_transform(owner_connection, (vector.lon, vector.lat), WGS84, vector.crs)) < TOLERANCE_METRES
    back = _transform(owner_connection, (vector.east, vector.north), vector.crs, WGS84)
    assert back == pytest.approx((vector.lon, vector.lat), abs=1e-7)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v.place}-{v.crs.code}")
def test_postgis_lands_within_a_centimetre_on_web_mercator(owner_connection: psycopg.Connection[Any], vector: Vector) -> None:
    expected = transform_point(vector.lon, vector.lat, WGS84, WEB_MERCATOR)
    there = _transform(owner_connection, (vector.east, vector.north), vector.crs, WEB_MERCATOR)
    assert there == pytest.approx(expected, abs=TOLERANCE_METRES)
