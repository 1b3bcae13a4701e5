# SPDX-License-Identifier: MIT
"""ECQL becomes the tree that CQL2 text of the same meaning becomes."""

from __future__ import annotations

import pytest

from server.errors import InvalidCrs, XanhError
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_text import read_cql2_text
from server.filter.ecql import read_ecql
from server.filter.tree import Box, GeometryLiteral, Or, Spatial

READING = Cql2Reading(geometry=("geom",), locator="CQL_FILTER")


@pytest.mark.parametrize(
    ("ecql", "cql2"),
    [
        ("a != 'x'", "a <> 'x'"),
        ("a ILIKE 'x%'", "CASEI(a) LIKE CASEI('x%')"),
        ("a NOT ILIKE 'x%'", "CASEI(a) NOT LIKE CASEI('x%')"),
        ("strToUpper(a) LIKE '%X%'", "CASEI(a) LIKE CASEI('%X%')"),
        ("INTERSECTS(geom, POINT(105 10))", "S_INTERSECTS(geom, POINT(105 10))"),
        ("within ( geom , POLYGON((0 0, 1 0, 1 1, 0 0)))", "S_WITHIN(geom, POLYGON((0 0, 1 0, 1 1, 0 0)))"),
        ("BBOX(geom, 1, -2, 3, 4)", "S_INTERSECTS(geom, BBOX(1, -2, 3, 4))"),
        ("BBOX(geom,1,2,3,4,'CRS:84')", "S_INTERSECTS(geom, BBOX(1, 2, 3, 4))"),
        ("BBOX(geom,1,2,3,4,'EPSG:4326')", "S_INTERSECTS(geom, BBOX(1, 2, 3, 4, 'EPSG:4326'))"),
        ("BBOX(geom, 5e5, 1e6, 6e5, 2e6, 'EPSG:9209')", "S_INTERSECTS(geom, BBOX(5e5, 1e6, 6e5, 2e6, 'EPSG:9209'))"),
        ("DWITHIN(geom, POINT(105 10), 2, kilometers)", "S_DWITHIN(geom, POINT(105 10), 2000)"),
        ("NOT DWithin(geom, POINT(105 10), 1.5, meters)", "NOT S_DWITHIN(geom, POINT(105 10), 1.5)"),
        ("BEYOND(geom, POINT(105 10), 1, statute miles) AND a = 1", "S_BEYOND(geom, POINT(105 10), 1609.344) AND a = 1"),
        ("INTERSECTS(geom, SRID=3857;POINT(11690000 1170000))", "S_INTERSECTS(geom, SRID=3857;POINT(11690000 1170000))"),
        ("d AFTER 2024-05-01T00:00:00Z", "T_AFTER(d, TIMESTAMP('2024-05-01T00:00:00Z'))"),
        ("d BEFORE 2024-05-01", "T_BEFORE(d, DATE('2024-05-01'))"),
        ("d DURING 2024-05-01/2024-06-01", "T_DURING(d, INTERVAL('2024-05-01', '2024-06-01'))"),
        ("d TEQUALS 2024-05-01", "T_EQUALS(d, DATE('2024-05-01'))"),
        ("d BETWEEN 2024-05-01 AND 2024-06-01 OR a = 1", "d BETWEEN DATE('2024-05-01') AND DATE('2024-06-01') OR a = 1"),
        ("IN ('stations.1', '2', 3)", "id IN (1, 2, 3)"),
        ("a = 1 AND IN (4)", "a = 1 AND id IN (4)"),
        ("kind IN ('a','b')", "kind IN ('a', 'b')"),
        ("kind NOT IN ('a', '2')", "kind NOT IN ('a', '2')"),
        ("lower(kind) NOT IN ('a')", "lower(kind) NOT IN ('a')"),
        ("NOT IN (4) AND (NOT IN (5))", "NOT id IN (4) AND (NOT id IN (5))"),
        ("strLength(strTrim(a)) > 3 AND geomLength(geom) < 5", "length(trim(a)) > 3 AND geom_length(geom) < 5"),
        ("strToLowerCase(a) = 'x'", "CASEI(a) = CASEI('x')"),
        ("a = 'it''s; BBOX(geom, 1, 2, 3, 4)'", "a = 'it''s; BBOX(geom, 1, 2, 3, 4)'"),
        ('"tên trạm" = -5', '"tên trạm" = -5'),
        ("tên LIKE 'Cao Lãnh%' and not (b is null)", "tên LIKE 'Cao Lãnh%' AND NOT (b IS NULL)"),
    ],
)
def test_both_spellings_are_one_filter(ecql: str, cql2: str) -> None:
    assert read_ecql(ecql, READING) == read_cql2_text(cql2, READING)


def test_coordinates_with_a_system_of_their_own_stand_x_before_y() -> None:
    box = read_ecql("BBOX(geom, 105, 10, 106, 11, 'EPSG:4326')", READING)
    assert box == Spatial("intersects", Box(105, 10, 106, 11, 4326))
    latitude_first = "BBOX(geom, 10, 105, 11, 106, 'urn:ogc:def:crs:EPSG::4326')"
    assert read_ecql(latitude_first, READING) == box
    point = read_ecql("INTERSECTS(geom, SRID=4326;POINT(105 10))", READING)
    assert point == Spatial("intersects", GeometryLiteral({"type": "Point", "coordinates": [105.0, 10.0]}, 4326))


@pytest.mark.parametrize("text", ["BBOX(geom, 1, 2, 3, 4, 'EPSG:999999')", "INTERSECTS(geom, SRID=999999;POINT(1 2))"])
def test_systems_that_are_not_known_are_refused(text: str) -> None:
    with pytest.raises(InvalidCrs):
        read_ecql(text, READING)


def test_include_is_no_filter_and_exclude_lets_nothing_through() -> None:
    assert read_ecql(" include ", READING) is None
    assert read_ecql("", READING) is None
    assert read_ecql("EXCLUDE", READING) == Or(())


@pytest.mark.parametrize(
    "text",
    [
        "a ILIKE",
        "DWITHIN(geom, POINT(1 2), 1, cubits)",
        "DWITHIN(geom, POINT(1 2), 'x')",
        "BBOX(geom",
        "IN ('x')",
        "strToLower()",
        "a = 'open",
        "a = \x00",
        "strToLower(a, b) = 'x'",
        "🌱",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(XanhError) as caught:
        read_ecql(text, READING)
    assert caught.value.locator == "CQL_FILTER"
