# SPDX-License-Identifier: MIT
"""Changes that may not be, cannot be read or break a rule: refused by name in both languages, and nothing is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.protocol.ogcapi.editor import Editor

POSTS, WELLS, PERMITS = (f"/ogcapi/collections/{name}/items" for name in ("posts", "wells", "permits"))
PLACE = {"type": "Point", "coordinates": [105.55, 10.45]}


def body(properties: Any, geometry: Any = PLACE, **members: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry, **members}


@pytest.mark.parametrize(("method", "path"), [("POST", WELLS), ("PUT", f"{WELLS}/1"), ("PATCH", f"{WELLS}/1"), ("DELETE", f"{WELLS}/1")])
def test_who_may_not_change_is_told_why(method: str, path: str, anyone: Editor, agency: Editor, editor: Editor) -> None:
    sent = None if method == "DELETE" else body({"code": "G77"})
    refused = anyone.send(method, path, sent)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic ")
    assert refused.get_json()["detail_vi"]
    assert agency.send(method, path, sent).status_code == 403
    elsewhere = path.replace("wells", "permits")
    assert editor.send(method, elsewhere, sent).status_code == 403
    assert anyone.send(method, path.replace("wells", "secrets"), sent).status_code == 404
    assert anyone.get(f"{WELLS}/1").get_json()["properties"]["code"] == "G1"


def test_an_editor_may_not_delete_where_a_reviewer_must(editor: Editor) -> None:
    refused = editor.send("DELETE", f"{WELLS}/1")
    assert (refused.status_code, refused.get_json()["detail_vi"]) == (403, "Chỉ người duyệt được xóa đối tượng của lớp này.")


@pytest.mark.parametrize(
    ("properties", "locator"),
    [
        ({}, "code"),
        ({"code": None}, "code"),
        ({"code": "sai dạng"}, "code"),
        ({"code": 7}, "code"),
        ({"code": "M90", "height": -1}, "height"),
        ({"code": "M90", "height": 101}, "height"),
        ({"code": "M90", "height": "cao"}, "height"),
        ({"code": "M90", "height": [1]}, "height"),
        ({"code": "M90", "height": {"a": 1}}, "height"),
        ({"code": "M90", "height": True}, "height"),
        ({"code": "M90", "note": "x" * 51}, "note"),
        ({"code": "M90", "note": "a\u0000b"}, "note"),
        ({"code": "M90", "note": "\ud800"}, "note"),
        ({"code": "M90", "nothing": 1}, "nothing"),
        ({"code": "M90", "geom": "x"}, "geom"),
        ({"code": "M90", "review_state; DROP TABLE official.posts": 1}, "review_state; DROP TABLE official.posts"),
    ],
)
def test_a_value_that_breaks_a_rule_is_named_in_both_languages(properties: dict[str, Any], locator: str, reviewer: Editor) -> None:
    refused = reviewer.send("POST", POSTS, body(properties))
    assert refused.status_code == 422, refused.text
    problem = refused.get_json()
    assert problem["locator"] == locator
    assert problem["detail"] != problem["detail_vi"]


def test_a_rule_across_fields_speaks_for_itself(reviewer: Editor) -> None:
    refused = reviewer.send("POST", POSTS, body({"code": "M91", "note": "sai"}))
    assert (refused.status_code, refused.get_json()["detail"]) == (422, "The note must not be sai")


def test_a_value_that_must_be_unique_is_refused_the_second_time(reviewer: Editor) -> None:
    reviewer.make(POSTS, body({"code": "M92"}))
    refused = reviewer.send("POST", POSTS, body({"code": "M92"}))
    assert (refused.status_code, refused.get_json()["locator"]) == (422, "code")


@pytest.mark.parametrize(
    ("geometry", "status"),
    [
        ({"type": "Point"}, 400),
        ({"type": "Point", "coordinates": ["1", "2"]}, 400),
        ({"type": "Point", "coordinates": [105]}, 400),
        ({"type": "Circle", "coordinates": [105, 10]}, 400),
        ({"type": "Polygon", "coordinates": [[[105, 10], [106, 10], [105, 10]]]}, 400),
        ("POINT(105 10)", 400),
        ([105, 10], 400),
        ({"type": "Polygon", "coordinates": [[[105, 10], [106, 10], [106, 11], [105, 10]]]}, 422),
        ({"type": "GeometryCollection", "geometries": [PLACE]}, 422),
        ({"type": "Point", "coordinates": [10.45, 105.55]}, 422),
        ({"type": "Point", "coordinates": [2.35, 48.85]}, 422),
        ({"type": "Point", "coordinates": [1e300, 1e300]}, 422),
    ],
)
def test_a_geometry_that_is_none_or_not_the_layers_is_refused(geometry: Any, status: int, reviewer: Editor) -> None:
    refused = reviewer.send("POST", POSTS, body({"code": "M93"}, geometry))
    assert refused.status_code == status, refused.text
    assert refused.get_json()["locator"] == "geometry"


def test_swapped_axes_are_recognised(reviewer: Editor) -> None:
    refused = reviewer.send("POST", POSTS, body({"code": "M94"}, {"type": "Point", "coordinates": [10.45, 105.55]}))
    assert "wrong order" in refused.get_json()["detail"]
    assert "đảo trục" in refused.get_json()["detail_vi"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"x"', 400),
        (b"\xff\xfe", 400),
        (b"NaN", 400),
        (b'{"type":"Feature","properties":{"height":NaN}}', 400),
        (b'{"type":"FeatureCollection","features":[]}', 400),
        (b'{"type":"Feature","properties":{"code":"M93"},"geometry":{"type":"Point","coordinates":[1e999,10]}}', 400),
        (b'{"type":"Feature","properties":[]}', 400),
        (b'{"type":"Feature","properties":"x"}', 400),
        (b'{"type":["Feature"],"properties":{}}', 400),
        (b"[" * 100_000, 400),
        (b'{"type":"Feature","properties":{"a":' + b"[" * 100_000, 400),
        (b'{"type":"Feature","properties":{"height":' + b"9" * 5000 + b"}}", 400),
        (b'{"type":"Feature","properties":{"' + b"n" * 5000 + b'":1}}', 400),
        (b'{"type":"Feature","geometry":null,"properties":{"\\ud800":1}}', 422),
        (b'{"type":"Feature","geometry":null,"properties":{"code":"' + b"M" * 100_000 + b'"}}', 422),
        (b'{"type":"Feature","properties":{"note":"' + b"x" * 10_000_000 + b'"}}', 413),
    ],
)
def test_a_body_that_is_no_feature_is_refused(content: bytes, status: int, reviewer: Editor) -> None:
    refused = reviewer.send("POST", POSTS, content)
    assert refused.status_code == status, refused.text[:300]
    assert "Traceback" not in refused.text
    assert status == 413 or {"detail", "detail_vi"} <= set(refused.get_json())


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_whole_feature_says_where_it_is_or_that_nobody_knows(method: str, reviewer: Editor) -> None:
    path, feature = (POSTS if method == "POST" else f"{WELLS}/1"), {"type": "Feature", "properties": {"code": "M96"}}
    refused = reviewer.send(method, path, json.dumps(feature).encode())
    assert (refused.status_code, refused.get_json()["locator"]) == (400, "geometry")
    assert "null" in refused.get_json()["detail_vi"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "*/*"])
@pytest.mark.parametrize(("method", "path"), [("POST", POSTS), ("PUT", f"{WELLS}/1"), ("PATCH", f"{WELLS}/1")])
def test_what_a_strangers_page_can_make_a_browser_send_is_no_change(method: str, path: str, content_type: str, reviewer: Editor) -> None:
    refused = reviewer.send(method, path, json.dumps(body({"code": "M95"})).encode(), Content_Type=content_type)
    assert refused.status_code == 415


def test_a_media_type_may_say_its_charset(reviewer: Editor) -> None:
    made = reviewer.send("POST", POSTS, body({"code": "M96"}), Content_Type="application/geo+json; charset=utf-8")
    assert made.status_code == 201


@pytest.mark.parametrize(
    ("members", "headers", "locator"),
    [
        ({"id": 2}, {}, "id"),
        ({"id": "1x"}, {}, "id"),
        ({"id": True}, {}, "id"),
        ({}, {"Content_Crs": "nonsense"}, "Content-Crs"),
        ({}, {"Content_Crs": "<http://www.opengis.net/def/crs/EPSG/0/2154>"}, "Content-Crs"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_that_contradicts_its_address_is_refused(
    method: str, members: dict[str, Any], headers: dict[str, str], locator: str, reviewer: Editor
) -> None:
    refused = reviewer.send(method, f"{WELLS}/1", {**body({"code": "G1"}), **members}, **headers)
    assert refused.status_code in (400, 422), refused.text
    assert refused.get_json()["locator"] == locator
    assert reviewer.get(f"{WELLS}/2").get_json()["properties"]["version"] == 1


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "9223372036854775807", "1%00", "wells.1"])
def test_an_id_nothing_has_is_not_found(number: str, reviewer: Editor) -> None:
    for method, sent in (("PUT", body({})), ("PATCH", {}), ("DELETE", None)):
        assert reviewer.send(method, f"{WELLS}/{number}", sent).status_code == 404


def test_records_take_no_geometry(reviewer: Editor) -> None:
    refused = reviewer.send("POST", PERMITS, body({"number": "1"}))
    assert (refused.status_code, refused.get_json()["locator"]) == (422, "geometry")
    assert reviewer.send("POST", PERMITS, body({"number": "1"}, None)).status_code == 201


def test_unknown_parameters_and_methods_are_refused(reviewer: Editor) -> None:
    assert reviewer.send("POST", f"{POSTS}?crs=x", body({"code": "M97"})).status_code == 400
    for method, path in (("PUT", POSTS), ("DELETE", POSTS), ("POST", f"{POSTS}/1"), ("POST", "/ogcapi/collections/posts")):
        assert reviewer.send(method, path, b"").status_code == 405


def test_a_link_to_nothing_is_refused_by_name(reviewer: Editor) -> None:
    refused = reviewer.send("PATCH", f"{WELLS}/1", {"properties": {"zone": 4711}})
    assert (refused.status_code, refused.get_json()["locator"]) == (422, "zone")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
    place=st.sampled_from(["properties", "geometry", "id", "type", "note", "coordinates"]),
)
def test_no_json_at_all_makes_the_server_fall(value: Any, place: str, reviewer: Editor) -> None:
    sent = body({"code": "sai"})
    if place == "note":
        sent["properties"]["note"] = value
    elif place == "coordinates":
        sent["geometry"] = {"type": "Point", "coordinates": value}
    else:
        sent[place] = value
    assert reviewer.send("POST", POSTS, sent).status_code in (400, 422)
    assert reviewer.send("PATCH", f"{WELLS}/4711", sent).status_code == 404
