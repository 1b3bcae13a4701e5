# SPDX-License-Identifier: MIT
"""What does not fit is a clear 4xx with a problem document, never a 500."""

from __future__ import annotations

import logging
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from server.ogcapi.requests import PARAMETERS

ITEMS = "/ogcapi/collections/wells/items"
HOSTILE = [
    "'",
    '"',
    "\\",
    "'; DROP TABLE published.wells; --",
    "\0",
    "\ud7ff\uffff",
    "<script>",
    "%s",
    "{0}",
    "../../etc/passwd",
    "x" * 3000,
    "𝟙",
    "-1",
    "1e999",
    "NaN",
]


@pytest.mark.parametrize(
    ("query", "locator"),
    [
        ("limit=0", "limit"),
        ("limit=-5", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("limit=%D9%A1", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999", "offset"),
        ("cursor=", "cursor"),
        ("cursor=zzz", "cursor"),
        ("cursor=n1&offset=2", "cursor"),
        ("cursor=n1&sortby=name", "cursor"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=105,11,106,10", "bbox"),
        ("bbox=nan,1,2,3", "bbox"),
        ("bbox=1e400,1,2,3", "bbox"),
        ("bbox=170,12,-170,11", "bbox"),
        ("bbox=105,9,106,11&bbox-crs=EPSG:2154", "bbox-crs"),
        ("bbox-crs=nonsense", "bbox-crs"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/9999999", "crs"),
        ("crs=", "crs"),
        ("datetime=soon", "datetime"),
        ("datetime=2025-01-02/2025-01-01", "datetime"),
        ("properties=phone", "properties"),
        ("sortby=phone", "sortby"),
        ("sortby=", "sortby"),
        ("skipGeometry=perhaps", "skipGeometry"),
        ("f=xml", "f"),
        ("lang=fr", "lang"),
        ("phone=0909", "phone"),
        ("rank=seven", "rank"),
        ("opened=yesterday", "opened"),
        ("Limit=5", "Limit"),
        ("filter=name%3D", "filter"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, locator: str, api: FlaskClient) -> None:
    answer = api.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == 400
    assert problem["locator"] == locator
    assert problem["code"] in ("InvalidParameterValue", "InvalidCRS")
    assert problem["detail"]
    assert problem["detail_vi"]


@pytest.mark.parametrize("query", ["limit=1&limit=2", "a=%ff", "&".join(f"x{i}=1" for i in range(500))])
def test_a_query_string_that_cannot_be_read_is_refused(query: str, api: FlaskClient) -> None:
    assert api.get(f"{ITEMS}?{query}").status_code == 400


@pytest.mark.parametrize("name", sorted(PARAMETERS | {"name", "rank", "opened", "measured", "automatic", "nothing", "'; --"}))
def test_hostile_texts_in_any_parameter_never_break_the_server(name: str, api: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        for text in HOSTILE:
            answer = api.get(f"{ITEMS}?{quote(name)}={quote(text.encode('utf-8'))}")
            assert answer.status_code in (200, 400), (name, text, answer.text)
            assert b"Traceback" not in answer.data
            assert b"psycopg" not in answer.data
    assert caplog.records == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_in_the_path_are_not_found(text: str, api: FlaskClient) -> None:
    written = quote(text.encode("utf-8"), safe="")
    for path in (f"/ogcapi/collections/{written}", f"/ogcapi/collections/{written}/items", f"{ITEMS}/{written}", f"/ogcapi/{written}"):
        answer = api.get(path)
        assert answer.status_code == 404, path
        assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["collections/nothing", "collections/nothing/items", "collections/secrets", "collections/secrets/items/1", "zzz", "a/b/c"]
)
def test_unknown_and_closed_collections_are_alike_not_found(path: str, api: FlaskClient) -> None:
    answer = api.get(f"/ogcapi/{path}")
    assert answer.status_code == 404
    assert answer.get_json()["status"] == 404


def test_methods_that_are_not_offered_are_refused(api: FlaskClient) -> None:
    for method in ("put", "patch", "delete"):
        answer = getattr(api, method)(ITEMS)
        assert answer.status_code == 405
        assert answer.content_type == "application/problem+json"
        assert "GET" in answer.headers["Allow"]
        assert answer.get_json()["detail_vi"] == "Địa chỉ này không nhận phương thức vừa gửi."


def test_documents_take_no_other_parameters(api: FlaskClient) -> None:
    for path in ("", "/conformance", "/openapi", "/collections", "/collections/wells", "/collections/wells/schema"):
        assert api.get(f"/ogcapi{path}?limit=1").status_code == 400
        assert api.get(f"/ogcapi{path}?f=xml").status_code == 400


def test_a_host_that_is_none_is_refused(api: FlaskClient) -> None:
    assert api.get(f"{ITEMS}?limit=1", headers={"Host": 'x"><script>'}).status_code == 400
