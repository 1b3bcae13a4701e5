# SPDX-License-Identifier: MIT
"""Arithmetic and functions in `filter`, and `q`, asked of real features and compared with what SQL says of them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from server.context import Context
from tests.protocol.ogcapi.editor import Editor

WELL = {
    "type": "Feature",
    "properties": {"code": "Q1", "name": "Giếng mới đào", "kind": "auto", "depth": 5},
    "geometry": {"type": "Point", "coordinates": [105.5, 10.5]},
}
WELLS = "/ogcapi/collections/wells/items"


def count(api: FlaskClient, **given: str) -> int:
    answer = api.get(f"{WELLS}?{urlencode({**given, 'limit': '1'})}")
    assert answer.status_code == 200, answer.text
    return int(answer.get_json()["numberMatched"])


def truth(context: Context, condition: str) -> int:
    with context.database.reader() as connection:
        row = connection.execute(f"SELECT count(*) FROM published.wells WHERE {condition}").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("rank + 1 = 3", "rank = 2"),
        ("rank -1 = 2", "rank = 3"),
        ("depth * 2 > 100 + rank", "depth * 2 > 100 + rank"),
        ("(depth + rank) / 2 >= 20", "(depth + rank) / 2 >= 20"),
        ("rank % 2 = 1", "rank % 2 = 1"),
        ("rank div 2 = 1", "rank IN (2, 3)"),
        ("rank ^ 2 - 1 = 8", "rank = 3"),
        ("depth / 0 = 1", "false"),
        ("depth / (rank - rank) IS NULL", "true"),
        ("10 - 2 - 3 = 5 AND id = 1", "id = 1"),
        ("2 + 3 * 4 = 14 AND id = 1", "id = 1"),
        ("rank BETWEEN 1 + 1 AND 2 * 2", "rank BETWEEN 2 AND 4"),
        ("rank + 1 IN (2, 3)", "rank IN (1, 2)"),
        ("upper(name) = 'GÒ CÔNG'", "id = 1"),
        ("length(name) = 7", "length(name) = 7"),
        ("substring(name, 0, 2) = 'Gò'", "name LIKE 'Gò%'"),
        ("lower(name) LIKE 'gò%'", "name ILIKE 'gò%'"),
        ("CASEI(concat(name, '!')) = CASEI('GÒ CÔNG!')", "id = 1"),
        ("CASEI(ACCENTI(trim(name))) = CASEI(ACCENTI('go cong'))", "id = 1"),
        ("starts(name, 'Gò') AND NOT (ends(name, 'Công'))", "name LIKE 'Gò%' AND name NOT LIKE '%Công'"),
        ("(starts(name, 'Gò'))", "name LIKE 'Gò%'"),
        ("year(opened) = 2020 AND month(opened) = 1", "extract(year FROM opened) = 2020 AND extract(month FROM opened) = 1"),
        ("max(rank, 3) = 3", "rank <= 3"),
        ("floor(depth) = round(depth)", "floor(depth) = round(depth)"),
        ("num_points(geometry) = 1", "geom IS NOT NULL"),
        ("coalesce(name, '?') = '?'", "name IS NULL"),
    ],
)
def test_what_is_worked_out_in_text_finds_what_the_rows_say(text: str, condition: str, api: FlaskClient, context: Context) -> None:
    assert count(api, filter=text) == truth(context, condition)


@pytest.mark.parametrize(
    ("document", "condition"),
    [
        ({"op": "=", "args": [{"op": "+", "args": [{"property": "rank"}, 1]}, 3]}, "rank = 2"),
        ({"op": ">", "args": [{"op": "^", "args": [{"property": "rank"}, 2]}, 8]}, "rank >= 3"),
        ({"op": "=", "args": [{"op": "upper", "args": [{"property": "name"}]}, "GÒ CÔNG"]}, "id = 1"),
        ({"op": "starts", "args": [{"property": "name"}, "Gò"]}, "name LIKE 'Gò%'"),
        ({"op": "isNull", "args": [{"op": "/", "args": [{"property": "rank"}, 0]}]}, "true"),
    ],
)
def test_what_is_worked_out_in_json_finds_what_the_rows_say(
    document: dict[str, Any], condition: str, api: FlaskClient, context: Context
) -> None:
    assert count(api, **{"filter": json.dumps(document), "filter-lang": "cql2-json"}) == truth(context, condition)


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("go cong", "id IN (1, 2, 4)"),
        ("CÔNG gò", "id IN (1, 2, 4)"),
        ("dong cong", "id = 4"),
        ("go cong, nowhere", "id IN (1, 2, 4)"),
        ("100%", "false"),
        ("_", "false"),
        ("\\", "false"),
    ],
)
def test_q_finds_words_in_any_order_without_accents(words: str, condition: str, api: FlaskClient, context: Context) -> None:
    assert count(api, q=words) == truth(context, condition)


def test_q_goes_with_filters_and_pages(api: FlaskClient) -> None:
    answer = api.get(f"{WELLS}?{urlencode({'q': 'cong', 'filter': 'id < 100', 'limit': '1'})}").get_json()
    assert answer["numberMatched"] == 3
    following = next(link["href"] for link in answer["links"] if link["rel"] == "next")
    assert api.get(following).get_json()["features"][0]["id"] == 2


@pytest.mark.parametrize("words", ["", " , ", "a " * 9, "x" * 201])
def test_q_without_words_or_with_too_many_is_refused_by_name(words: str, api: FlaskClient) -> None:
    answer = api.get(f"{WELLS}?{urlencode({'q': words})}")
    assert (answer.status_code, answer.get_json()["locator"]) == (400, "q")
    assert answer.get_json()["detail_vi"]


def test_editors_search_official_rows_by_the_same_words(editor: Editor) -> None:
    path = editor.make("/ogcapi/collections/wells/items", WELL)
    found = editor.get("/ogcapi/collections/wells/items?q=MOI%20dao").get_json()
    assert [feature["id"] for feature in found["features"]] == [int(path.rpartition("/")[2])]
