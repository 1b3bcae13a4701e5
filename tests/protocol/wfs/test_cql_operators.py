# SPDX-License-Identifier: MIT
"""CQL_FILTER, with the words of ECQL and of CQL2 text, finds by GET and by a posted form what SQL finds."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.protocol.wfs.conftest import Truth, Wfs, read_exception
from tests.protocol.wfs.test_operators import FAR, SHAPE, WKT

MOMENT = "timestamptz '2021-06-01Z'"
RELATIONS = ("INTERSECTS", "DISJOINT", "CONTAINS", "WITHIN", "TOUCHES", "CROSSES", "OVERLAPS", "EQUALS")


def count(wfs: Wfs, text: str, layer: str) -> tuple[int, int]:
    """How many features a filter finds, asked in the address and in a form."""
    asked = {"SERVICE": "WFS", "VERSION": "1.1.0", "REQUEST": "GetFeature", "RESULTTYPE": "hits", "TYPENAME": layer, "CQL_FILTER": text}
    answers = wfs.client.get("/wfs", query_string=asked), wfs.client.post("/wfs", data=asked)
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    got, posted = (int(ElementTree.fromstring(answer.data).attrib["numberOfFeatures"]) for answer in answers)
    return got, posted


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        *((f"wqi {sign} 40", f"wqi {sign} 40") for sign in ("=", "<>", "<", ">", "<=", ">=")),
        ("wqi != 40", "wqi <> 40"),
        ("wqi BETWEEN 30 AND 50", "wqi BETWEEN 30 AND 50"),
        ("wqi NOT BETWEEN 30 AND 50", "wqi NOT BETWEEN 30 AND 50"),
        ("kind IN ('auto', 'x')", "kind IN ('auto', 'x')"),
        ("kind NOT IN ('auto')", "kind NOT IN ('auto')"),
        ("tss IS NULL", "tss IS NULL"),
        ("tss IS NOT NULL", "tss IS NOT NULL"),
        ("name LIKE '%Kênh%'", "name LIKE '%Kênh%'"),
        ("name NOT LIKE '%Kênh%'", "name NOT LIKE '%Kênh%'"),
        ("name ILIKE '%kÊnh_%'", "name ILIKE '%kÊnh_%'"),
        ("strToLowerCase(kind) = 'periodic'", "lower(kind) = 'periodic'"),
        ("CASEI(name) = CASEI('TRẠM')", "lower(name) = 'trạm'"),
        ("ACCENTI(name) LIKE ACCENTI('%Kenh%')", "public.unaccent(name) LIKE '%Kenh%'"),
        ("kind = 'auto' AND wqi < 40", "kind = 'auto' AND wqi < 40"),
        ("NOT (kind = 'auto' OR wqi < 40)", "NOT (kind = 'auto' OR wqi < 40)"),
        ("strLength(strTrim(name)) > 30", "length(btrim(name)) > 30"),
        ("NOT IN ('stations.3')", "id <> 3"),
        ("wqi * 2 - 10 > 70", "wqi * 2 - 10 > 70"),
        ("IN ('stations.3', 5)", "id IN (3, 5)"),
        ("INCLUDE", "TRUE"),
        ("EXCLUDE", "FALSE"),
        ("sampled_at AFTER 2021-06-01T00:00:00Z", f"sampled_at > {MOMENT}"),
        ("sampled_at BEFORE 2021-06-01T00:00:00Z", f"sampled_at < {MOMENT}"),
        ("sampled_at TEQUALS 2021-06-01T00:00:00Z", f"sampled_at = {MOMENT}"),
        ("sampled_at DURING 2020-01-01T00:00:00Z/2022-01-01T00:00:00Z", "sampled_at > '2020-01-01Z' AND sampled_at < '2022-01-01Z'"),
        ("BBOX(geom, 105.5, 10, 106.2, 10.5)", f"ST_Intersects(geom, {SHAPE})"),
        ("DWITHIN(geom, POINT(105.9 10.3), 30, kilometers)", FAR),
        ("BEYOND(geom, POINT(105.9 10.3), 30000, meters)", f"NOT {FAR}"),
    ],
)
def test_a_text_finds_what_sql_finds(wfs: Wfs, truth: Truth, text: str, condition: str) -> None:
    expected = truth.count("stations", condition)
    assert count(wfs, text, "stations") == (expected, expected)


@pytest.mark.parametrize("name", RELATIONS)
@pytest.mark.parametrize("prefix", ["", "S_"])
def test_a_relation_in_space_finds_what_sql_finds(wfs: Wfs, truth: Truth, prefix: str, name: str) -> None:
    for layer in ("stations", "communes"):
        expected = truth.count(layer, f"ST_{name}(geom, {SHAPE})")
        assert count(wfs, f"{prefix}{name}(geom, {WKT})", layer) == (expected, expected)


@pytest.mark.parametrize("text", ["name = ", "wqi >< 3", "name = 'x'; DROP TABLE x", "NOT IN ('x')", "(" * 500 + "wqi=1" + ")" * 500])
def test_what_is_no_filter_is_named(wfs: Wfs, text: str) -> None:
    answer = wfs.get(REQUEST="GetFeature", TYPENAME="stations", CQL_FILTER=text)
    assert read_exception(answer) == (400, "InvalidParameterValue", "CQL_FILTER")


def test_a_function_not_offered_is_named(wfs: Wfs) -> None:
    answer = wfs.get(REQUEST="GetFeature", TYPENAME="stations", CQL_FILTER="pg_sleep(9) = 1")
    assert read_exception(answer) == (400, "OperationNotSupported", "CQL_FILTER")
    assert "pg_sleep" in answer.text
