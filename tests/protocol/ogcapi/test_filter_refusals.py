# SPDX-License-Identifier: MIT
"""Filters that mean nothing, or mean harm: a 400 that names the place, never a 500 and never features."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ITEMS = "/ogcapi/collections/wells/items"
TEXTS = [
    ("", "filter"),
    ("name", "filter"),
    ("name = ", "filter"),
    ("'a'", "filter"),
    ("name = 'x'; DROP TABLE published.wells", "filter"),
    ("name = 'x' --", "filter"),
    ("nothing = 1", "nothing"),
    ("phone = '1'", "phone"),
    ("version = 1", "version"),
    ("xmin = 1", "xmin"),
    ("rank = 'seven'", "rank"),
    ("opened > 'soon'", "opened"),
    ("rank = name", "rank"),
    ("automatic = 7", "automatic"),
    ("depth = 1e999", "depth"),
    ("opened = DATE('2020-13-01')", "filter"),
    ("measured = TIMESTAMP('0001-01-01T00:00:00+14:00')", "filter"),
    ("name LIKE 7", "filter"),
    ("name LIKE 'x\\'", "name"),
    ("ACCENTI(name) = 'x'", "filter"),
    ("- - - - - - - - - - " * 6 + "rank = 1", "filter"),
    ("S_DWITHIN(POINT(1 2), POINT(1 2), -1)", "distance"),
    ("S_CROSSES(name, kind)", "name"),
    ("eo:rank = 1", "eo:rank"),
    ("CASEI(7) = CASEI(8)", "filter"),
    ("pg_sleep(10) = 1", "filter"),
    ("rank + = 2", "filter"),
    ("rank = 1" + " + 1" * 60, "filter"),
    ("upper(name)", "filter"),
    ("upper(name, name) = 'X'", "filter"),
    ("format_number(rank, '#') = '1'", "filter"),
    ("area(name) > 1", "area"),
    ("nothing + 1 = 2", "nothing"),
    ("upper(phone) = '1'", "phone"),
    ("rank ^ 1e99 ^ 99 = 2", "filter"),
    ("ACCENTI(upper(name)) = ACCENTI('X')", "filter"),
    ("upper(name) LIKE 'x\\'", "filter"),
    ("S_INTERSECTS(name, POINT(1 2))", "name"),
    ("S_INTERSECTS(geometry, POINT(1))", "filter"),
    ("S_INTERSECTS(geometry, POINT(1e999 2))", "filter"),
    ("S_INTERSECTS(geometry, POLYGON((1 2, 3 4)))", "filter"),
    ("S_INTERSECTS(geometry, POLYGON((1 2, 3 4, 5 6, 7 8)))", "filter"),
    ("S_INTERSECTS(geometry, BBOX(1, 2, 3))", "filter"),
    ("S_INTERSECTS(geometry, BBOX(170, 2, -170, 3))", "filter"),
    ("S_NEAR(geometry, POINT(1 2))", "filter"),
    ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2))))", "filter"),
    ("T_AFTER(opened, 'x')", "filter"),
    ("T_AFTER(opened, POINT(1 2))", "filter"),
    ("T_DURING(opened, INTERVAL('x', 'y'))", "filter"),
    ("(" * 60 + "rank = 1" + ")" * 60, "filter"),
    ("NOT " * 60 + "rank = 1", "filter"),
    ("name = '))))))))))' AND " + "NOT\n" * 60 + "rank = 1", "filter"),
    ("rank IN (" + ",".join("1" for _ in range(600)) + ")", "filter"),
    (" OR ".join("rank=1" for _ in range(600)), "filter"),
]


@pytest.mark.parametrize(("text", "locator"), TEXTS)
def test_a_filter_in_text_that_cannot_be_answered_is_refused_by_name(text: str, locator: str, api: FlaskClient) -> None:
    answer = api.get(f"{ITEMS}?{urlencode({'filter': text})}")
    assert answer.status_code == 400, answer.text
    problem = answer.get_json()
    assert problem["locator"] == locator
    assert "SELECT" not in problem["detail"]


def nested(depth: int) -> str:
    return '{"op":"not","args":[' * depth + "true" + "]}" * depth


JSON: list[Any] = [
    "",
    "{",
    "[]",
    "7",
    "null",
    '"x"',
    "NaN",
    "{}",
    '{"op":"="}',
    '{"op":7,"args":[]}',
    '{"op":"=","args":[]}',
    '{"op":"=","args":[{"property":"name"}]}',
    '{"op":"=","args":[{"property":7},1]}',
    '{"op":"=","args":[{"property":"phone"},"1"]}',
    '{"op":"=","args":[{"property":"depth"},1e999]}',
    '{"op":"=","args":[{"property":"depth"},NaN]}',
    '{"op":"=","args":[{"property":"depth"},null]}',
    '{"op":"=","args":[{"property":"depth"},[1]]}',
    '{"op":"=","args":[{"property":"name"},"\\ud800"]}',
    '{"op":"=","args":[{"property":"na\\u0000me"},"x"]}',
    '{"op":"=","args":[{"property":"\\ud800"},"x"]}',
    '{"op":"=","args":[{"op":"+","args":[1]},3]}',
    '{"op":"=","args":[{"op":"upper","args":["\\ud800"]},"x"]}',
    '{"op":"=","args":[{"op":"and","args":[true]},3]}',
    '{"op":"pg_sleep","args":[10]}',
    '{"op":"\\ud800","args":[10]}',
    '{"op":"and","args":[]}',
    '{"op":"not","args":[]}',
    '{"op":"in","args":[{"property":"rank"},[]]}',
    '{"op":"like","args":[{"property":"name"},7]}',
    '{"op":"isNull","args":[7]}',
    '{"op":"between","args":[{"property":"depth"},{"bbox":[1,2,3,4]},7]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point"}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":["1","2"]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[true,2]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[[1,2]]]]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":["Point"],"coordinates":[1,2]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":"1,2,3,4"}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[1' + "0" * 400 + ",2]}]}",
    '{"op":"t_after","args":[{"property":"opened"},{"interval":["..",7]}]}',
    '{"op":"t_after","args":[{"property":"opened"},{"date":"2020-02-31"}]}',
    '{"op":"t_after","args":[{"property":"opened"},{"date":7}]}',
    nested(60),
    "[" * 2000,
    json.dumps({"op": "or", "args": [True] * 900}),
]


@pytest.mark.parametrize("text", JSON)
def test_a_filter_in_json_that_cannot_be_answered_is_refused(text: str, api: FlaskClient) -> None:
    answer = api.get(f"{ITEMS}?{urlencode({'filter': text, 'filter-lang': 'cql2-json'})}")
    assert answer.status_code in (400, 414), answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("query", "locator"),
    [
        ({"filter": "rank = 1", "filter-lang": "cql-text"}, "filter-lang"),
        ({"filter": "rank = 1", "filter-crs": "EPSG:2154"}, "filter-crs"),
        ({"filter-crs": "nonsense"}, "filter-crs"),
    ],
)
def test_language_and_crs_of_a_filter_are_those_on_offer(query: dict[str, str], locator: str, api: FlaskClient) -> None:
    answer = api.get(f"{ITEMS}?{urlencode(query)}")
    assert (answer.status_code, answer.get_json()["locator"]) == (400, locator)


def test_records_have_no_geometry_to_filter_by(api: FlaskClient) -> None:
    query = urlencode({"filter": "S_INTERSECTS(geometry, POINT(105 10))"})
    answer = api.get(f"/ogcapi/collections/permits/items?{query}")
    assert (answer.status_code, answer.get_json()["locator"]) == (400, "geometry")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), language=st.sampled_from(["cql2-text", "cql2-json"]))
def test_no_text_at_all_makes_the_server_fall(text: str, language: str, api: FlaskClient) -> None:
    usable = text.encode("utf-8", "replace").decode()
    assert api.get(f"{ITEMS}?{urlencode({'filter': usable, 'filter-lang': language, 'limit': 1})}").status_code in (200, 400)
