# SPDX-License-Identifier: MIT
"""A question asked again is answered by the fast lane, and with the same answer; whatever is not plain goes the ordinary way each time."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.wfs import getfeature, lane

ASK = "/wfs?SERVICE=WFS&REQUEST=GetFeature&TYPENAME=stations"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats of what the lane answered, in order; it answers as ever."""
    seen: list[str] = []
    write = getfeature.write_features

    def watch(context: object, question: object, address: str) -> object:
        seen.append(question.row_format)  # type: ignore[attr-defined]
        return write(context, question, address)  # type: ignore[arg-type]

    monkeypatch.setattr(lane, "write_features", watch)
    return seen


def without_time(answer: TestResponse) -> tuple[int, str, dict[str, str]]:
    text = re.sub(r'(timeStamp"?[=:])"[^"]*"', r"\1", answer.text)
    return answer.status_code, text, dict(answer.headers)


@pytest.mark.parametrize(
    ("query", "row_format"),
    [
        ("&VERSION=1.1.0&MAXFEATURES=2", "gml31"),
        ("&VERSION=1.1.0&MAXFEATURES=2&SRSNAME=EPSG:4326", "gml31"),
        ("&VERSION=1.1.0&STARTINDEX=1&MAXFEATURES=2&SORTBY=name+D", "gml31"),
        ("&VERSION=1.1.0&BBOX=10,105,11,106", "gml31"),
        ("&VERSION=1.1.0&FEATUREID=stations.1", "gml31"),
        ("&VERSION=1.0.0&MAXFEATURES=1", "gml2"),
        ("&VERSION=2.0.0&COUNT=2&STARTINDEX=1", "gml32"),
        ("&VERSION=1.1.0&OUTPUTFORMAT=application/json&MAXFEATURES=2&PROPERTYNAME=name", "geojson"),
        ("&VERSION=1.1.0&MAXFEATURES=100000", "gml31"),
    ],
)
def test_the_second_answer_is_the_first(client: FlaskClient, taken: list[str], query: str, row_format: str) -> None:
    question = f"{ASK}{query}&nonce={row_format}"
    first = without_time(client.get(question))
    assert first[0] == 200
    assert taken == []
    assert without_time(client.get(question)) == first
    assert taken == [row_format]


@pytest.mark.parametrize(
    "query",
    [
        "&VERSION=1.1.0&RESULTTYPE=hits",
        "&VERSION=1.1.0&CQL_FILTER=name%20IS%20NOT%20NULL",
        "&VERSION=1.1.0&OUTPUTFORMAT=csv",
        "&VERSION=1.1.0&MAXFEATURES=none",
        "&VERSION=2.0.0&TYPENAMES=(stations)(stations)",
        "&VERSION=2.0.0&STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById&ID=stations.1",
        "&VERSION=1.1.0&MAXFEATURES=1&nonce=" + "x" * 300,
    ],
)
def test_what_may_mean_something_else_tomorrow_is_not_remembered(client: FlaskClient, taken: list[str], query: str) -> None:
    answers = [client.get(ASK + query).status_code for _ in range(2)]
    assert answers[0] == answers[1]
    assert taken == []


def test_credentials_take_the_ordinary_way(client: FlaskClient, taken: list[str]) -> None:
    question = f"{ASK}&VERSION=1.1.0&MAXFEATURES=1&nonce=private"
    assert client.get(question).status_code == 200
    assert client.get(question, headers={"Authorization": "Basic bm9ib2R5Ondyb25n"}).status_code == 401
    assert client.head(question).status_code == 200
    assert taken == []
