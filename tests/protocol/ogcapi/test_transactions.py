# SPDX-License-Identifier: MIT
"""Sets of changes that are carried out whole or not at all, and conflicts that show both sides."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocol.ogcapi.editor import Editor

ITEMS = "/ogcapi/collections/wells/items"
JSON = {"Content_Type": "application/json"}


def well(code: str, **values: Any) -> dict[str, Any]:
    """A new well."""
    properties = {"code": code, "name": f"Giếng {code}", "kind": "auto", "depth": 5, **values}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [105.5, 10.5]}}


def send(who: Editor, *changes: Any, **headers: str) -> Any:
    """POST a transaction."""
    return who.send("POST", "/ogcapi/transactions", {"changes": list(changes)}, **{**JSON, **headers})


def test_changes_of_several_collections_are_one_save(reviewer: Editor, anyone: Editor) -> None:
    old = reviewer.make(ITEMS, well("T1"))
    number = int(old.rpartition("/")[2])
    done = send(
        reviewer,
        {"action": "insert", "collection": "wells", "feature": well("T2")},
        {"action": "update", "collection": "wells", "id": number, "feature": {"properties": {"depth": 9}}},
        {"action": "update", "collection": "zones", "id": 2, "feature": {"properties": {"area": 44.5}}},
        {"action": "insert", "collection": "wells", "feature": well("T3")},
        {"action": "delete", "collection": "wells", "id": 3},
    )
    assert done.status_code == 200, done.text
    told = done.get_json()
    assert (len(told["inserted"]), told["updated"], told["deleted"]) == (2, 2, 1)
    names = [anyone.get(one["href"].removeprefix("http://localhost")).get_json()["properties"]["code"] for one in told["inserted"]]
    assert names == ["T2", "T3"]
    assert anyone.get(old).get_json()["properties"]["depth"] == 9
    assert anyone.get(f"{ITEMS}/3").status_code == 404


def test_one_wrong_change_undoes_all_and_is_named(reviewer: Editor, anyone: Editor) -> None:
    before = anyone.get(f"{ITEMS}?limit=1").get_json()["numberMatched"]
    refused = send(
        reviewer,
        {"action": "insert", "collection": "wells", "feature": well("T4")},
        {"action": "insert", "collection": "wells", "feature": well("T5", depth="deep")},
    )
    assert refused.status_code == 422
    assert (refused.get_json()["change"], refused.get_json()["locator"]) == ("changes[1]", "depth")
    assert refused.get_json()["detail_vi"]
    assert anyone.get(f"{ITEMS}?limit=1").get_json()["numberMatched"] == before


def test_a_transaction_that_bears_a_name_is_carried_out_once(reviewer: Editor) -> None:
    change = {"action": "insert", "collection": "wells", "feature": well("T6")}
    first = send(reviewer, change, Idempotency_Key="tx-1")
    again = send(reviewer, change, Idempotency_Key="tx-1")
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"changes": []}, 400),
        ({"changes": {}}, 400),
        ({"changes": [7]}, 400),
        ({"changes": [{}]}, 400),
        ({"changes": [{"action": "drop", "collection": "wells"}]}, 400),
        ({"changes": [{"action": "insert", "collection": 7}]}, 400),
        ({"changes": [{"action": "insert", "collection": "nothing", "feature": {}}]}, 404),
        ({"changes": [{"action": "insert", "collection": "wells", "id": 7, "feature": well("T7")}]}, 400),
        ({"changes": [{"action": "update", "collection": "wells", "feature": well("T7")}]}, 400),
        ({"changes": [{"action": "update", "collection": "wells", "id": 1, "feature": {}}]}, 400),
        ({"changes": [{"action": "update", "collection": "wells", "id": True, "feature": {}}]}, 400),
        ({"changes": [{"action": "delete", "collection": "wells", "id": 987654321}]}, 404),
        ({"changes": [{"action": "delete", "collection": "wells", "id": 2**63}]}, 400),
        ({"changes": [{"action": "delete", "collection": "wells", "id": 1, "version": 99}]}, 412),
        ({"changes": [{"action": "delete", "collection": "wells", "id": 1, "feature": {}}]}, 400),
        ({"changes": [{"action": "delete", "collection": "wells", "id": 1, "sql": "DROP TABLE"}]}, 400),
    ],
)
def test_what_is_no_set_of_changes_is_refused(body: dict[str, Any], status: int, reviewer: Editor) -> None:
    answer = reviewer.send("POST", "/ogcapi/transactions", body, **JSON)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"


def test_only_who_may_edit_may_and_browsers_say_the_version(anyone: Editor, agency: Editor, reviewer: Editor) -> None:
    change = {"action": "update", "collection": "wells", "id": 1, "feature": {"properties": {"depth": 3}}}
    assert send(anyone, change).status_code == 401
    assert send(agency, change).status_code == 403
    assert send(reviewer, change, Sec_Fetch_Mode="cors").status_code == 428
    assert reviewer.send("POST", "/ogcapi/transactions", b"{", Content_Type="text/plain").status_code == 415
    assert reviewer.send("OPTIONS", "/ogcapi/transactions").headers["Allow"] == "OPTIONS, POST"
    assert agency.send("OPTIONS", "/ogcapi/transactions").headers["Allow"] == "OPTIONS"


def test_a_conflict_shows_the_feature_as_it_was_as_sent_and_as_it_is(reviewer: Editor) -> None:
    path = reviewer.make(ITEMS, well("T8"))
    tag = reviewer.get(path).headers["ETag"]
    assert reviewer.send("PATCH", path, {"properties": {"depth": 7}}).status_code == 200
    refused = reviewer.send("PATCH", path, {"properties": {"depth": 8}}, If_Match=tag)
    assert refused.status_code == 412
    states = refused.get_json()["states"]
    assert [states[name]["properties"]["depth"] for name in ("base", "yours", "theirs")] == [5, 8, 7]
    gone = reviewer.send("DELETE", path, If_Match=tag).get_json()["states"]
    assert (gone["yours"], gone["theirs"]["properties"]["depth"]) == (None, 7)


@pytest.mark.parametrize("tag", ['"v77"', '"v99999999999999999999"', "W/x", "'; DROP TABLE x"])
def test_a_version_that_never_was_has_no_base(tag: str, reviewer: Editor) -> None:
    refused = reviewer.send("PATCH", f"{ITEMS}/1", {"properties": {"depth": 8}}, If_Match=tag)
    assert refused.status_code == 412
    assert refused.get_json().get("states", {}).get("base") is None
