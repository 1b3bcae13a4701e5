# SPDX-License-Identifier: MIT
"""What was published when: versions of a feature, a feature as of a moment, and the feed of changes that other systems follow."""

from __future__ import annotations

from typing import Any

import pytest

from server.context import Context
from server.publish.layer import publish_layer
from tests.protocol.ogcapi.editor import Editor

ITEMS = "/ogcapi/collections/wells/items"
FEED = "/api/v1/layers/wells/changes"


def make_well(name: str) -> dict[str, Any]:
    """A new well."""
    return {
        "type": "Feature",
        "properties": {"code": name[:8], "name": name, "kind": "auto", "depth": 5, "phone": "not-for-all"},
        "geometry": {"type": "Point", "coordinates": [105.5, 10.5]},
    }


def revision(anyone: Editor) -> int:
    """The present revision of the wells."""
    return int(anyone.get("/api/v1/layers/wells").get_json()["revision"])


def follow(anyone: Editor, since: int, **more: str) -> list[tuple[int, str]]:
    """All changes after a revision as (id, action), page by page."""
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    found, address = [], f"{FEED}?since={since}{extra}"
    while True:
        page = anyone.get(address).get_json()
        found += [(change["id"], change["action"]) for change in page["changes"]]
        if not page["more"]:
            return found
        address = page["next"].removeprefix("http://localhost")


def test_the_feed_tells_additions_changes_and_deletions_in_order_and_goes_on(reviewer: Editor, anyone: Editor) -> None:
    before = revision(anyone)
    path = reviewer.make(ITEMS, make_well("Giếng theo dõi"))
    number = int(path.rpartition("/")[2])
    assert reviewer.send("PATCH", path, {"properties": {"name": "Giếng đổi tên"}}).status_code == 200
    between = revision(anyone)
    assert reviewer.send("DELETE", path).status_code == 204
    assert follow(anyone, before) == [(number, "insert"), (number, "update"), (number, "delete")]
    assert follow(anyone, before, limit="1") == follow(anyone, before)
    assert follow(anyone, between) == [(number, "delete")]
    last = anyone.get(f"{FEED}?since={before}").get_json()
    assert [change["feature"] and change["feature"]["properties"]["name"] for change in last["changes"]] == [
        "Giếng theo dõi",
        "Giếng đổi tên",
        None,
    ]
    assert anyone.get(last["next"].removeprefix("http://localhost")).get_json()["changes"] == []


def test_what_waits_for_review_and_what_is_private_is_in_no_feed(editor: Editor, anyone: Editor) -> None:
    before = revision(anyone)
    path = editor.make(ITEMS, make_well("Giếng chờ duyệt"))
    assert follow(anyone, before) == []
    assert anyone.get(f"{path}/versions").status_code == 404
    assert "not-for-all" not in anyone.get(f"{FEED}?since=1").text


def test_versions_of_a_feature_follow_one_another_from_its_first_known_state(reviewer: Editor, anyone: Editor) -> None:
    first = anyone.get(f"{ITEMS}/1").get_json()["properties"]["name"]
    assert reviewer.send("PATCH", f"{ITEMS}/1", {"properties": {"name": "Giếng hai lần"}}).status_code == 200
    found = anyone.get(f"{ITEMS}/1/versions")
    assert found.content_type == "application/geo+json"
    features = found.get_json()["features"]
    assert [feature["properties"]["name"] for feature in features] == [first, "Giếng hai lần"]
    old, new = (feature["version"] for feature in features)
    assert old["from"] is None
    assert (old["to"], new["to"]) == (new["from"], None)
    assert anyone.get(f"{ITEMS}/1?asof={old['known_from']}").get_json()["properties"]["name"] == first
    assert anyone.get(f"{ITEMS}/1?asof={new['from']}").get_json()["properties"]["name"] == "Giếng hai lần"
    assert anyone.get(f"{ITEMS}/1?asof=2999").get_json()["properties"]["name"] == "Giếng hai lần"


def test_a_feature_that_never_changed_has_one_version_and_a_gone_one_keeps_its_own(reviewer: Editor, anyone: Editor) -> None:
    only = anyone.get(f"{ITEMS}/3/versions").get_json()
    assert (only["numberReturned"], only["features"][0]["version"]["to"]) == (1, None)
    path = reviewer.make(ITEMS, make_well("Giếng bị xóa"))
    assert reviewer.send("DELETE", path).status_code == 204
    kept = anyone.get(f"{path}/versions").get_json()["features"]
    assert len(kept) == 1
    assert kept[0]["version"]["to"] is not None
    assert anyone.get(path).status_code == 404
    assert anyone.get(f"{path}?asof={kept[0]['version']['from']}").status_code == 200
    assert anyone.get(f"{path}?asof=2999-01-01").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{ITEMS}/1?asof=1999-01-01", 410),
        (f"{ITEMS}/1?asof=soon", 400),
        (f"{ITEMS}/1?asof=2999&crs=http://www.opengis.net/def/crs/EPSG/0/3857", 400),
        (f"{ITEMS}/987654321/versions", 404),
        (f"{ITEMS}/x/versions", 404),
        (f"{ITEMS}/99999999999999999999999/versions", 404),
        (f"{ITEMS}/1/versions?f=html", 400),
        (f"{ITEMS}/1/versions?limit=2", 400),
        ("/ogcapi/collections/secrets/items/1/versions", 404),
        ("/ogcapi/collections/nothing/items/1/versions", 404),
        (FEED, 400),
        (f"{FEED}?since=-1", 400),
        (f"{FEED}?since=x", 400),
        (f"{FEED}?since=0", 410),
        (f"{FEED}?since=99999999", 410),
        (f"{FEED}?since=9999999999999999999", 400),
        (f"{FEED}?since=1&cursor=1.1", 400),
        (f"{FEED}?cursor=1", 400),
        (f"{FEED}?since=1&limit=0", 400),
        (f"{FEED}?since=1&x=1", 400),
        ("/api/v1/layers/secrets/changes?since=1", 404),
        ("/api/v1/layers/nothing", 404),
        ("/api/v1/codes/nothing", 404),
        ("/api/v1/codes/kinds?on=soon", 400),
        ("/api/v1/nothing/at/all", 404),
    ],
)
def test_what_nobody_knows_or_may_know_is_refused_as_a_problem(path: str, status: int, anyone: Editor) -> None:
    answer = anyone.get(path)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"


def test_a_layer_filled_anew_begins_a_new_record(edited: Context, reviewer: Editor, anyone: Editor) -> None:
    assert reviewer.send("PATCH", f"{ITEMS}/2", {"properties": {"depth": 77}}).status_code == 200
    with edited.database.owner() as connection:
        connection.execute("TRUNCATE published.wells")
        state = publish_layer(connection, edited.catalog, "wells")
    assert anyone.get(f"{FEED}?since={state.revision - 1}").status_code == 410
    assert follow(anyone, state.revision) == []
    assert len(anyone.get(f"{ITEMS}/2/versions").get_json()["features"]) == 1


def test_publishing_without_a_change_tells_nothing(edited: Context, anyone: Editor) -> None:
    before = revision(anyone)
    with edited.database.owner() as connection:
        publish_layer(connection, edited.catalog, "wells", rebuild=True)
    assert revision(anyone) == before + 1
    assert follow(anyone, before) == []


def test_loads_of_a_whole_layer_are_told_row_by_row(edited: Context, anyone: Editor) -> None:
    before = revision(anyone)
    with edited.database.owner() as connection:
        connection.execute("UPDATE official.wells SET depth = 3 WHERE id = 3")
        connection.execute(
            "INSERT INTO official.wells (code, name, geom, review_state, created_by, updated_by)"
            " SELECT 'L' || i, 'Mới', geom, 'approved', 'test', 'test' FROM official.wells, generate_series(1, 2) i WHERE id = 1"
        )
        publish_layer(connection, edited.catalog, "wells")
    found = follow(anyone, before)
    assert sorted(action for _, action in found) == ["insert", "insert", "update"]
    assert (3, "update") in found
