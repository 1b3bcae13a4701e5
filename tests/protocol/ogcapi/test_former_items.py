# SPDX-License-Identifier: MIT
"""Whole collections as they were published at a moment: rows, counts, pages, filters and formats."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.protocol.ogcapi.editor import Editor

ITEMS = "/ogcapi/collections/wells/items"


def make_well(code: str) -> dict[str, Any]:
    """A new well."""
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"Giếng {code}", "kind": "auto", "depth": 5, "opened": "2020-02-03", "phone": "not-for-all"},
        "geometry": {"type": "Point", "coordinates": [105.5, 10.5]},
    }


@pytest.fixture(scope="module")
def then(edited: Any, edited_app: Any) -> tuple[str, dict[int, Any], int]:
    """A moment, the wells as they were then by id, and the id of one added since; one was changed since, one moved, one is gone."""
    reviewer, anyone = Editor(edited_app.test_client(), edited, "duyet"), Editor(edited_app.test_client(), edited)
    doomed = reviewer.make(ITEMS, make_well("D1"))
    assert reviewer.send("PATCH", doomed, {"properties": {"depth": 6}}).status_code == 200
    before = {feature["id"]: feature for feature in anyone.get(f"{ITEMS}?limit=10000").get_json()["features"]}
    moment = anyone.get(f"{doomed}/versions").get_json()["features"][-1]["version"]["from"]
    assert reviewer.send("PATCH", f"{ITEMS}/1", {"properties": {"name": "Đổi tên"}}).status_code == 200
    assert reviewer.send("PATCH", f"{ITEMS}/2", {"geometry": {"type": "Point", "coordinates": [105.9, 10.9]}}).status_code == 200
    assert reviewer.send("DELETE", doomed).status_code == 204
    added = reviewer.make(ITEMS, make_well("A1"))
    return moment, before, int(added.rpartition("/")[2])


def test_a_collection_is_as_it_was(then: tuple[str, dict[int, Any], int], anyone: Editor) -> None:
    moment, before, added = then
    answer = anyone.get(f"{ITEMS}?asof={moment}&limit=10000")
    page = answer.get_json()
    assert {feature["id"]: feature for feature in page["features"]} == before
    assert page["numberMatched"] == page["numberReturned"] == len(before)
    assert anyone.get(f"{ITEMS}?asof={moment}&limit=2").headers["OGC-NumberMatched"] == str(len(before))
    now = anyone.get(f"{ITEMS}?asof=2999&limit=10000").get_json()["features"]
    assert now == anyone.get(f"{ITEMS}?limit=10000").get_json()["features"]
    assert added in {feature["id"] for feature in now}


def test_its_pages_follow_one_another(then: tuple[str, dict[int, Any], int], anyone: Editor) -> None:
    moment, before, _ = then
    found, address = [], f"{ITEMS}?asof={moment}&limit=7"
    while address:
        page = anyone.get(address).get_json()
        found += [feature["id"] for feature in page["features"]]
        address = next((link["href"].removeprefix("http://localhost") for link in page["links"] if link["rel"] == "next"), "")
    assert found == sorted(before)


@pytest.mark.parametrize(
    "condition",
    [
        "filter=name LIKE '%s_%' AND depth >= 5",
        "filter=S_INTERSECTS(geometry, BBOX(105.49, 10.49, 105.51, 10.51))",
        "filter=opened < DATE('2020-03-01')",
        "q=gieng d1",
        "kind=auto",
        "bbox=105.49,10.49,105.51,10.51",
        "datetime=2020-02-03",
        "filter=kind IS NULL",
    ],
)
def test_filters_ask_what_was_then(then: tuple[str, dict[int, Any], int], condition: str, anyone: Editor, reviewer: Editor) -> None:
    moment, before, added = then
    page = anyone.get(f"{ITEMS}?asof={moment}&limit=10000&{condition}").get_json()
    ids = [feature["id"] for feature in page["features"]]
    assert page["numberMatched"] == len(ids)
    assert added not in ids
    assert [before[number] for number in ids] == page["features"]
    # whoever sees the official features is told what was published as well
    assert reviewer.get(f"{ITEMS}?asof={moment}&limit=10000&{condition}").get_json()["features"] == page["features"]


def test_fields_orders_systems_and_formats_are_those_of_every_page(then: tuple[str, dict[int, Any], int], anyone: Editor) -> None:
    moment, before, _ = then
    doomed = max(before)
    crs = "http://www.opengis.net/def/crs/EPSG/0/3857"
    page = anyone.get(f"{ITEMS}?asof={moment}&sortby=-depth,code&properties=code&crs={crs}&limit=10000").get_json()["features"]
    gone = next(feature for feature in page if feature["id"] == doomed)
    assert gone["properties"] == {"code": "D1"}
    assert gone["geometry"]["coordinates"][0] > 11_000_000
    for name in ("csv", "gml", "html", "json-fg", "fgb", "gpkg", "kml"):
        answer = anyone.get(f"{ITEMS}?asof={moment}&f={name}&filter=code='D1'")
        assert answer.status_code == 200, answer.text
        assert b"D1" in answer.data, name
        assert b"not-for-all" not in answer.data
        answer.close()
    assert json.loads(anyone.get(f"{ITEMS}/{doomed}?datetime={moment}").data)["properties"]["depth"] == 6


@pytest.mark.parametrize(
    ("query", "status"), [("asof=1999", 410), ("asof=soon", 400), ("asof=", 400), ("asof=2020-01-01/2999", 400), ("asof=0001-01-01", 410)]
)
def test_moments_nobody_knows_are_refused(query: str, status: int, anyone: Editor) -> None:
    answer = anyone.get(f"{ITEMS}?{query}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
    assert anyone.get(f"/ogcapi/collections/secrets/items?{query}").status_code == 404
