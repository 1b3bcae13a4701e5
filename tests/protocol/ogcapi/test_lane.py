# SPDX-License-Identifier: MIT
"""The fast lane answers exactly what the ordinary way answers, and leaves everything else to it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

ITEMS = "/ogcapi/collections/stations/items"
ORDINARY = {"If-None-Match": '"nothing"'}


def strip_time(text: str) -> str:
    return re.sub(r'"timeStamp":"[^"]*"', "", text)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?limit=3",
        "?f=json&limit=3&offset=2",
        "?limit=5&sortby=name",
        "?bbox=105,10,106,11&limit=5",
        "?kind=auto",
        "?limit=5&filter=kind%3D%27auto%27",
        "?limit=100000",
        "?lang=en&limit=1",
    ],
)
def test_both_ways_answer_alike(client: FlaskClient, query: str) -> None:
    fast, ordinary = client.get(ITEMS + query), client.get(ITEMS + query, headers=ORDINARY)
    assert fast.status_code == ordinary.status_code == 200
    assert strip_time(fast.text) == strip_time(ordinary.text)
    assert {k: v for k, v in fast.headers if k != "Content-Length"} == {k: v for k, v in ordinary.headers if k != "Content-Length"}


@pytest.mark.parametrize("path", ["/1", "/1?f=json", "/17?lang=en", "/7?crs=http://www.opengis.net/def/crs/EPSG/0/9210", "/007"])
def test_both_ways_answer_one_feature_alike(client: FlaskClient, path: str) -> None:
    fast, ordinary = client.get(ITEMS + path), client.get(ITEMS + path, headers=ORDINARY)
    assert fast.status_code == ordinary.status_code == 200
    assert fast.text == ordinary.text
    assert dict(fast.headers) == dict(ordinary.headers)


def test_pages_follow_each_other_over_both_ways(client: FlaskClient) -> None:
    first = client.get(ITEMS + "?limit=2").get_json()
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    path = following[following.index("/ogcapi") :]
    assert strip_time(client.get(path).text) == strip_time(client.get(path, headers=ORDINARY).text)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (ITEMS + "?limit=x", 400),
        (ITEMS + "?nothing=1", 400),
        ("/ogcapi/collections/nowhere/items", 404),
        ("/ogcapi/collections/a/b/items", 404),
        ("/ogcapi/collections//items", 404),
        (ITEMS + "?limit=1&limit=2", 400),
        (ITEMS + "X7", 404),
        (ITEMS + "/999999", 404),
        (ITEMS + "/0", 404),
        (ITEMS + "/-1", 404),
        (ITEMS + "/9999999999999999999", 404),
        (ITEMS + "/１", 404),
        (ITEMS + "/1?limit=1", 400),
        (ITEMS + "/1?asof=1999", 410),
    ],
)
def test_mistakes_are_worded_by_the_ordinary_way(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.content_type.startswith("application/problem+json")


def test_a_browser_still_gets_a_page(client: FlaskClient) -> None:
    assert client.get(ITEMS, headers={"Accept": "text/html"}).content_type.startswith("text/html")
    assert client.get(ITEMS + "?f=csv").content_type.startswith("text/csv")


def test_other_methods_are_not_taken_for_reads(client: FlaskClient) -> None:
    assert client.post(ITEMS, json={}).status_code == 401
    assert client.delete(ITEMS).status_code == 405
    assert client.head(ITEMS).status_code == 200
