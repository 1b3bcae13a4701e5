# SPDX-License-Identifier: MIT
"""Features are made, replaced, changed and deleted, by those who may, and what is stored is what was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.protocol.ogcapi.editor import Editor

ITEMS = "/ogcapi/collections/{}/items"
POST, WELL, ZONE, CANAL = (ITEMS.format(name) for name in ("posts", "wells", "zones", "canals"))
PLACE = {"type": "Point", "coordinates": [105.55, 10.45]}


def feature(properties: dict[str, Any], geometry: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry, **members}


def test_a_reviewer_makes_a_feature_that_everybody_reads_at_once(reviewer: Editor, anyone: Editor) -> None:
    made = reviewer.send("POST", POST, feature({"code": "M1", "note": "Cột mốc số 1"}, PLACE))
    assert made.status_code == 201, made.text
    location = made.headers["Location"].removeprefix("http://localhost")
    assert location.startswith(f"{POST}/")
    read = anyone.get(location).get_json()
    assert (read["properties"]["note"], read["properties"]["height"], read["geometry"]) == ("Cột mốc số 1", 1.5, PLACE)
    assert made.get_json()["id"] == read["id"]
    assert made.headers["ETag"] == '"v1"'


def test_an_editors_new_feature_waits_for_review(editor: Editor, anyone: Editor) -> None:
    made = editor.send("POST", WELL, feature({"code": "G50", "name": "Giếng chờ"}, PLACE))
    assert made.status_code == 202, made.text
    location = made.headers["Location"].removeprefix("http://localhost")
    assert made.get_json()["properties"]["review_state"] == "pending"
    assert editor.get(location).status_code == 200
    assert anyone.get(location).status_code == 404


def test_an_id_in_a_new_feature_is_not_taken(reviewer: Editor) -> None:
    made = reviewer.send("POST", POST, feature({"code": "M2", "id": 4711, "version": 9}, PLACE, id=4711))
    assert made.status_code == 201
    assert made.get_json()["id"] != 4711


def test_put_replaces_the_whole_feature(reviewer: Editor) -> None:
    path = reviewer.make(POST, feature({"code": "M3", "note": "cũ", "height": 7}, PLACE))
    changed = reviewer.send("PUT", path, feature({"code": "M3"}, {"type": "Point", "coordinates": [105.6, 10.5]}))
    assert changed.status_code == 200, changed.text
    properties = reviewer.get(path).get_json()["properties"]
    assert (properties["note"], properties["height"], properties["version"]) == (None, 1.5, 2)
    assert reviewer.get(path).get_json()["geometry"]["coordinates"] == [105.6, 10.5]


def test_what_was_read_can_be_sent_back_as_it_is(reviewer: Editor) -> None:
    before = reviewer.get(f"{WELL}/1").get_json()
    answer = reviewer.send("PUT", f"{WELL}/1", before)
    assert answer.status_code == 200, answer.text
    after = answer.get_json()
    assert {**before["properties"], "review_state": "approved"} == after["properties"]


def test_patch_changes_what_it_names_and_nothing_else(reviewer: Editor) -> None:
    path = reviewer.make(POST, feature({"code": "M4", "note": "cũ", "height": 7}, PLACE))
    changed = reviewer.send("PATCH", path, {"properties": {"note": None}})
    assert changed.status_code == 200, changed.text
    properties = changed.get_json()["properties"]
    assert (properties["note"], properties["height"]) == (None, 7)
    moved = reviewer.send("PATCH", path, {"geometry": {"type": "Point", "coordinates": [105.7, 10.6]}}).get_json()
    assert (moved["geometry"]["coordinates"], moved["properties"]["height"]) == ([105.7, 10.6], 7)
    nothing = reviewer.send("PATCH", path, {}).get_json()
    assert nothing["properties"]["version"] == moved["properties"]["version"]


@pytest.mark.parametrize(
    ("method", "members"), [("PUT", {"type": "Feature", "properties": {"code": "M41"}, "geometry": None}), ("PATCH", {"geometry": None})]
)
def test_a_geometry_of_null_takes_the_place_away(method: str, members: dict[str, Any], reviewer: Editor, anyone: Editor) -> None:
    path = reviewer.make(POST, feature({"code": "M41"}, PLACE))
    changed = reviewer.send(method, path, members)
    assert (changed.status_code, changed.get_json()["geometry"]) == (200, None), changed.text
    assert anyone.get(path).get_json()["geometry"] is None
    again = reviewer.send(method, path, members).get_json()
    assert again["properties"]["version"] == changed.get_json()["properties"]["version"]
    reviewer.send("DELETE", path)


def test_an_update_in_a_set_takes_a_place_away(reviewer: Editor) -> None:
    path = reviewer.make(POST, feature({"code": "M42"}, PLACE))
    change = {"action": "update", "collection": "posts", "id": int(path.rpartition("/")[2]), "feature": {"geometry": None}}
    done = reviewer.send("POST", "/ogcapi/transactions", {"changes": [change]}, Content_Type="application/json")
    assert done.status_code == 200, done.text
    assert reviewer.get(path).get_json()["geometry"] is None


def test_what_an_editor_may_publish_is_public_and_the_rest_waits(editor: Editor, reviewer: Editor, anyone: Editor) -> None:
    path = reviewer.make(POST, feature({"code": "M5", "note": "cũ", "height": 7}, PLACE))
    assert editor.send("PATCH", path, {"properties": {"note": "mới"}}).status_code == 200
    assert anyone.get(path).get_json()["properties"]["note"] == "mới"
    waiting = editor.send("PATCH", path, {"properties": {"height": 9}})
    assert waiting.status_code == 202
    assert waiting.get_json()["properties"]["height"] == 9
    assert anyone.get(path).get_json()["properties"]["height"] == 7


def test_delete_takes_a_feature_away_for_everybody(reviewer: Editor, anyone: Editor) -> None:
    path = reviewer.make(POST, feature({"code": "M6"}, PLACE))
    assert reviewer.send("DELETE", path).status_code == 204
    assert [each.get(path).status_code for each in (reviewer, anyone)] == [404, 404]
    assert reviewer.send("DELETE", path).status_code == 404


@pytest.mark.parametrize(
    ("crs", "sent"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", [105.55, 10.45]),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", [10.45, 105.55]),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", [11749772.253, 1169792.301]),
    ],
)
def test_the_content_crs_decides_units_and_axis_order(crs: str, sent: list[float], reviewer: Editor) -> None:
    body = feature({"code": f"M7{len(crs)}{round(sent[0])}"}, {"type": "Point", "coordinates": sent})
    path = reviewer.make(POST, body, Content_Crs=f"<{crs}>")
    assert reviewer.get(path).get_json()["geometry"]["coordinates"] == pytest.approx([105.55, 10.45], abs=1e-6)
    moved = reviewer.send("PATCH", path, {"geometry": {"type": "Point", "coordinates": sent}}, Content_Crs=f"<{crs}>")
    assert moved.get_json()["geometry"]["coordinates"] == pytest.approx([105.55, 10.45], abs=1e-6)


def test_single_geometries_become_the_layers_multi_geometries_and_lengths_are_computed(reviewer: Editor) -> None:
    line = {"type": "LineString", "coordinates": [[105.5, 10.4], [105.6, 10.5]]}
    path = reviewer.make(CANAL, feature({"name": "Kênh mới", "length": 99999}, line))
    read = reviewer.get(path).get_json()
    assert read["geometry"]["type"] == "MultiLineString"
    assert 10 < read["properties"]["length"] < 20


def test_links_go_by_id_and_values_keep_their_types(reviewer: Editor) -> None:
    values = {"code": "G60", "zone": 2, "opened": "2024-02-29", "measured": "2025-01-01T07:00:00+07:00", "automatic": True, "depth": 2.5}
    path = reviewer.make(WELL, feature(values, PLACE))
    read = reviewer.get(path).get_json()["properties"]
    assert (read["zone_title"], read["opened"], read["automatic"], read["depth"]) == ("Khu 2", "2024-02-29", True, 2.5)
    assert read["measured"] == "2025-01-01T00:00:00+00:00"


def test_methods_follow_rights_and_need_no_feature(anyone: Editor, agency: Editor, editor: Editor, reviewer: Editor) -> None:
    def allowed(who: Editor, path: str) -> set[str]:
        answer = who.send("OPTIONS", path)
        assert answer.status_code == 200
        return set(answer.headers["Allow"].split(", ")) - {"GET", "HEAD", "OPTIONS"}

    for who in (anyone, agency):
        assert allowed(who, POST) == allowed(who, f"{POST}/unknown_id") == set()
    assert allowed(editor, WELL) == allowed(reviewer, WELL) == {"POST"}
    assert allowed(editor, f"{WELL}/unknown_id") == {"PUT", "PATCH"}
    assert allowed(editor, f"{POST}/unknown_id") == allowed(reviewer, f"{WELL}/1") == {"PUT", "PATCH", "DELETE"}
    assert anyone.send("OPTIONS", ITEMS.format("secrets")).status_code == 404


def test_openapi_shows_changes_to_those_who_may_make_them(anyone: Editor, editor: Editor) -> None:
    public, own = (who.get("/ogcapi/openapi").get_json(force=True)["paths"] for who in (anyone, editor))
    assert set(public["/collections/wells/items"]) == set(public["/collections/wells/items/{featureId}"]) == {"get"}
    assert set(own["/collections/wells/items"]) == {"get", "post"}
    assert set(own["/collections/wells/items/{featureId}"]) == {"get", "put", "patch", "delete"}
    assert "application/merge-patch+json" in json.dumps(own["/collections/wells/items/{featureId}"]["patch"])


def test_one_save_of_many_requests_is_one_change_set(reviewer: Editor) -> None:
    paths = [reviewer.make(POST, feature({"code": f"M8{number}"}, PLACE)) for number in range(3)]
    ids = [int(path.rpartition("/")[2]) for path in paths]
    with reviewer.context.database.owner() as connection:
        rows = connection.execute(
            "SELECT DISTINCT change_set, protocol, changed_by FROM history.posts WHERE id = ANY(%s)", [ids]
        ).fetchall()
    assert len(rows) == 1
    assert rows[0][1:] == ("ogcapi", "duyet")
