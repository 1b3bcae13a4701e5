# SPDX-License-Identifier: MIT
"""Nobody overwrites what somebody else has just changed: entity tags, If-Match, both versions named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from zlib import crc32

import pytest

from tests.protocol.ogcapi.editor import Editor

POSTS = "/ogcapi/collections/posts/items"
PLACE = {"type": "Point", "coordinates": [105.55, 10.45]}


@pytest.fixture
def path(reviewer: Editor, request: pytest.FixtureRequest) -> str:
    code = f"M{crc32(request.node.name.encode())}"
    return reviewer.make(POSTS, {"type": "Feature", "properties": {"code": code}, "geometry": PLACE})


def test_an_editor_reads_a_strong_tag_that_changes_with_the_feature(reviewer: Editor, anyone: Editor, path: str) -> None:
    first = reviewer.get(path)
    assert first.headers["ETag"] == '"v1"'
    assert "private" in first.headers["Cache-Control"]
    changed = reviewer.send("PATCH", path, {"properties": {"note": "một"}}, If_Match='"v1"')
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"v2"')
    assert reviewer.get(path).headers["ETag"] == '"v2"'
    assert anyone.get(path).headers["ETag"].startswith('W/"')


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("tag", ['"v1"', '"v1", "v7"', 'W/"v2"', "v2", '"2"', "", "x" * 5000, '"\u00e1"'])
def test_a_change_made_for_another_version_is_refused_and_both_are_named(method: str, tag: str, reviewer: Editor, path: str) -> None:
    reviewer.send("PATCH", path, {"properties": {"note": "một"}})
    body = {"type": "Feature", "properties": {"code": "M99"}, "geometry": PLACE}
    refused = reviewer.send(method, path, None if method == "DELETE" else body, If_Match=tag)
    assert refused.status_code == 412, refused.text
    problem = refused.get_json()
    assert (problem["code"], problem["current"]) == ("VersionConflict", 2)
    assert "version 2" in problem["detail"]
    assert "phiên bản 2" in problem["detail_vi"]
    if tag == '"v1"':
        assert problem["yours"] == "v1"
    assert reviewer.get(path).get_json()["properties"]["note"] == "một"


@pytest.mark.parametrize("tag", ['"v1"', "*", '"v7", "v1"'])
def test_a_change_made_for_this_version_passes(tag: str, reviewer: Editor, path: str) -> None:
    assert reviewer.send("DELETE", path, If_Match=tag).status_code == 204


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("header", ["Sec_Fetch_Mode", "Sec_Fetch_Site"])
def test_a_browser_must_say_which_version_it_changes(method: str, header: str, reviewer: Editor, path: str) -> None:
    body = None if method == "DELETE" else {"type": "Feature", "properties": {"code": "M98"}, "geometry": PLACE}
    refused = reviewer.send(method, path, body, **{header: "cors"})
    assert refused.status_code == 428
    assert refused.get_json()["locator"] == "If-Match"
    assert reviewer.send("PATCH", path, {}, If_Match='"v1"', **{header: "cors"}).status_code == 200


def test_qgis_need_not_say_but_an_old_copy_sent_back_whole_is_noticed(reviewer: Editor, path: str) -> None:
    old = reviewer.get(path).get_json()
    assert reviewer.send("PATCH", path, {"properties": {"note": "một"}}).status_code == 200
    refused = reviewer.send("PUT", path, old)
    assert refused.status_code == 412
    assert (refused.get_json()["current"], refused.get_json()["yours"]) == (2, "1")


def test_of_many_changes_made_for_one_version_one_passes(reviewer: Editor, path: str) -> None:
    def change(number: int) -> int:
        own = Editor(reviewer.client.application.test_client(), reviewer.context, reviewer.name)
        return own.send("PATCH", path, {"properties": {"note": f"lần {number}"}}, If_Match='"v1"').status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = sorted(threads.map(change, range(4)))
    assert statuses == [200, 412, 412, 412]
    assert reviewer.get(path).get_json()["properties"]["version"] == 2


def test_a_feature_that_is_gone_is_not_found(reviewer: Editor, path: str) -> None:
    reviewer.send("DELETE", path)
    for method, body in (("PUT", {"type": "Feature", "properties": {}}), ("PATCH", {}), ("DELETE", None)):
        assert reviewer.send(method, path, body, If_Match='"v1"').status_code == 404
