# SPDX-License-Identifier: MIT
"""The requests QGIS 3.40 sends, letter by letter: new features, changes, conditions; and what it needs to see in the answers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.protocol.ogcapi.editor import Editor

WELLS = "/ogcapi/collections/wells/items"
EPSG_4326, EPSG_9210 = ("http://www.opengis.net/def/crs/EPSG/0/4326", "http://www.opengis.net/def/crs/EPSG/0/9210")
# Every field of the layer comes along, empty ones as null, what the server fills in too.
FIELDS = "automatic closed code depth kind measured name opened phone rank review_state version zone zone_title"
EMPTY: dict[str, Any] = dict.fromkeys(FIELDS.split())


def write(properties: dict[str, Any], coordinates: list[Any], kind: str = "Point") -> bytes:
    """A body as QGIS writes it: geometry first, the axes in the order of the system."""
    members = {"geometry": {"coordinates": coordinates, "type": kind}, "properties": properties, "type": "Feature"}
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()


def test_a_new_feature_with_empty_fields_and_latitude_first_is_stored(reviewer: Editor) -> None:
    new = write({**EMPTY, "automatic": True, "code": "Q71", "depth": 2.5, "measured": "2024-05-06T07:08:09Z", "zone": 1}, [10.6, 105.7])
    made = reviewer.send("POST", WELLS, new, Content_Crs=EPSG_4326)
    assert made.status_code == 201, made.text
    read = reviewer.get(made.headers["Location"].removeprefix("http://localhost")).get_json()
    assert read["geometry"]["coordinates"] == [105.7, 10.6]
    wanted = {"automatic": True, "code": "Q71", "depth": 2.5, "zone": 1, "name": None, "version": 1}
    assert {name: read["properties"][name] for name in wanted} == wanted


def test_shape_and_values_are_changed_one_after_the_other(reviewer: Editor) -> None:
    made = reviewer.send("POST", WELLS, write({**EMPTY, "code": "Q72"}, [10.6, 105.7]), Content_Crs=EPSG_4326)
    path = made.headers["Location"].removeprefix("http://localhost")
    moved = reviewer.send(
        "PATCH", path, b'{"geometry":{"coordinates":[472440.182242,1161166.383051],"type":"Point"}}', Content_Crs=EPSG_9210
    )
    assert moved.get_json()["geometry"]["coordinates"] == pytest.approx([105.5, 10.5], abs=1e-7)
    changed = reviewer.send("PATCH", path, '{"properties":{"depth":99.5,"name":"dời"}}'.encode()).get_json()["properties"]
    assert (changed["depth"], changed["name"], changed["code"], changed["version"]) == (99.5, "dời", "Q72", 3)
    assert reviewer.send("DELETE", path).status_code == 204


def test_a_default_stands_where_qgis_sends_null(reviewer: Editor) -> None:
    posts = {"code": "M71", "height": None, "note": None, "review_state": None, "version": None}
    made = reviewer.send("POST", WELLS.replace("wells", "posts"), write(posts, [10.45, 105.55]), Content_Crs=EPSG_4326)
    assert made.get_json()["properties"]["height"] == 1.5


def test_a_field_taken_for_text_may_bring_numbers_dates_and_truth_as_text(reviewer: Editor) -> None:
    """QGIS takes a field for text when the first ten features have nothing in it."""
    path = reviewer.make(WELLS, json.loads(write({"code": "Q73"}, [105.7, 10.6])))
    given = {"depth": "5.5", "rank": "3", "opened": "2024-05-06", "automatic": "true"}
    changed = reviewer.send("PATCH", path, {"properties": given})
    assert changed.status_code == 200, changed.text
    properties = changed.get_json()["properties"]
    assert {name: properties[name] for name in given} == {"depth": 5.5, "rank": 3, "opened": "2024-05-06", "automatic": True}


def test_the_status_line_tells_what_qgis_shows_to_people(reviewer: Editor) -> None:
    refused = reviewer.send("POST", WELLS, write({**EMPTY, "code": "Q74", "kind": "nothing"}, [10.6, 105.7]), Content_Crs=EPSG_4326)
    assert refused.status == "422 Kind: nothing is not in the code list"
    hostile = reviewer.send("POST", WELLS, write({"code": "Q74", "x\r\nSet-Cookie: a=b\u1ea1" + "y" * 150: 1}, [105.7, 10.6]))
    assert hostile.status.startswith("422 ")
    assert hostile.status.isascii()
    assert hostile.status.isprintable()
    assert len(hostile.status) <= 204
    assert "Set-Cookie" not in hostile.headers


def test_numbers_show_a_fraction_and_whole_numbers_none(reviewer: Editor) -> None:
    path = reviewer.make(WELLS, json.loads(write({"code": "Q75", "depth": 5, "rank": 5}, [105.7, 10.6])))
    for depth, text in ((5, "5.0"), (-0.5, "-0.5"), (1e15, "1e+15"), (123456789012345, "123456789012345.0"), (None, "null")):
        assert reviewer.send("PATCH", path, {"properties": {"depth": depth}}).status_code == 200
        for question in ("", f"?crs={quote(EPSG_9210)}"):
            answer = reviewer.get(path + question).text
            assert f'"depth":{text}' in answer.replace(" ", ""), question
            assert '"rank":5,' in answer.replace(" ", ""), question


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("(code = 'G1')", ["G1"]),
        ("((depth < 25) AND (kind = 'auto'))", ["G1", "G2"]),
        ("(name LIKE '%ếng 2%')", ["G2"]),
        ("(CASEI(name) LIKE CASEI('%GIẾNG 3%'))", ["G3"]),
        ("code IN ('G1','G3')", ["G1", "G3"]),
        ("depth BETWEEN 15 AND 40", ["G2", "G3"]),
        ("((code = 'G1') AND (opened IS NULL))", ["G1"]),
        ("((code = 'G2') AND (NOT ((depth > 40))))", ["G2"]),
        ("((\"code\" = 'G2') AND (NOT ((\"opened\" >= DATE('2024-01-01')))))", []),
        ("((\"code\" = 'G2') AND (\"measured\" >= TIMESTAMP('2021-01-01T00:00:00.000Z')))", []),
        ("(code = 'x''y')", []),
    ],
)
def test_conditions_come_as_cql2_text(condition: str, names: list[str], anyone: Editor) -> None:
    answer = anyone.get(f"{WELLS}?limit=1000&filter={quote(condition, safe='()=,')}&filter-lang=cql2-text&crs={EPSG_4326}")
    assert answer.status_code == 200, answer.text
    codes = [feature["properties"]["code"] for feature in answer.get_json()["features"]]
    assert [code for code in codes if code.startswith("G") and len(code) == 2] == names
