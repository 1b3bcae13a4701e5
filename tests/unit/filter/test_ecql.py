# SPDX-License-Identifier: MIT
"""ECQL becomes the tree that CQL2 text of the same meaning becomes."""

from __future__ import annotations

import pytest

from server.errors import XanhError
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_text import read_cql2_text
from server.filter.ecql import read_ecql
from server.filter.tree import Or

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
        ("BBOX(geom,1,2,3,4,'EPSG:4326')", "S_INTERSECTS(geom, BBOX(1, 2, 3, 4))"),
        ("d AFTER 2024-05-01T00:00:00Z", "T_AFTER(d, TIMESTAMP('2024-05-01T00:00:00Z'))"),
        ("d BEFORE 2024-05-01", "T_BEFORE(d, DATE('2024-05-01'))"),
        ("d DURING 2024-05-01/2024-06-01", "T_DURING(d, INTERVAL('2024-05-01', '2024-06-01'))"),
        ("d TEQUALS 2024-05-01", "T_EQUALS(d, DATE('2024-05-01'))"),
        ("d BETWEEN 2024-05-01 AND 2024-06-01 OR a = 1", "d BETWEEN DATE('2024-05-01') AND DATE('2024-06-01') OR a = 1"),
        ("IN ('stations.1', '2', 3)", "id IN (1, 2, 3)"),
        ("a = 1 AND IN (4)", "a = 1 AND id IN (4)"),
        ("kind IN ('a','b')", "kind IN ('a', 'b')"),
        ("a = 'it''s; BBOX(geom, 1, 2, 3, 4)'", "a = 'it''s; BBOX(geom, 1, 2, 3, 4)'"),
        ('"tên trạm" = -5', '"tên trạm" = -5'),
        ("tên LIKE 'Cao Lãnh%' and not (b is null)", "tên LIKE 'Cao Lãnh%' AND NOT (b IS NULL)"),
    ],
)
def test_both_spellings_are_one_filter(ecql: str, cql2: str) -> None:
    assert read_ecql(ecql, READING) == read_cql2_text(cql2, READING)


def test_include_is_no_filter_and_exclude_lets_nothing_through() -> None:
    assert read_ecql(" include ", READING) is None
    assert read_ecql("", READING) is None
    assert read_ecql("EXCLUDE", READING) == Or(())


@pytest.mark.parametrize(
    "text", ["a ILIKE", "BBOX(geom", "IN ('x')", "strToLower()", "a = 'open", "a = \x00", "strToLower(a, b) = 'x'", "🌱"]
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(XanhError) as caught:
        read_ecql(text, READING)
    assert caught.value.locator == "CQL_FILTER"
