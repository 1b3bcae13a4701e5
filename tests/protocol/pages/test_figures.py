# SPDX-License-Identifier: MIT
"""Figures: the page for province and communes and the JSON behind the panel of the map agree with what the services count."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.context import Context
from server.errors import LimitExceeded
from server.features.statistics import summarise_features
from server.query.features import FeatureQuery


def ask(client: FlaskClient, **query: str) -> dict[str, Any]:
    answer = client.get("/map/figures", query_string=query)
    assert answer.status_code == 200, answer.text
    figures: dict[str, Any] = answer.get_json()
    return figures


def count(client: FlaskClient, layer: str, **query: str) -> int:
    answer = client.get(f"/ogcapi/collections/{layer}/items", query_string={"f": "json", "limit": "1", **query})
    matched: int = answer.get_json()["numberMatched"]
    return matched


@pytest.mark.parametrize("asked", [{}, {"filter": "wqi > 50"}, {"bbox": "106,10,106.6,10.6"}, {"datetime": "2019-01-01/2019-12-31"}])
def test_counts_and_bars_are_those_of_the_items(client: FlaskClient, asked: dict[str, str]) -> None:
    figures = ask(client, layer="stations", **asked)
    assert figures["count"] == count(client, "stations", **asked) > 0
    classes = next(chart for chart in figures["charts"] if chart["field"] == "wqi_class")
    assert sum(bar["count"] for bar in classes["bars"]) == figures["count"]
    for bar in classes["bars"]:
        condition = f"wqi_class = '{bar['value']}'" if bar["value"] else "wqi_class IS NULL"
        both = f"({asked['filter']}) AND {condition}" if "filter" in asked else condition
        assert bar["count"] == count(client, "stations", **{**asked, "filter": both})


def test_numbers_have_ends_means_and_steps_that_hold_everything(client: FlaskClient) -> None:
    figures = ask(client, layer="stations", filter="wqi IS NOT NULL")
    steps = next(chart for chart in figures["charts"] if chart["field"] == "wqi")["bars"]
    assert len(steps) == 10
    assert sum(bar["count"] for bar in steps) == figures["count"]
    assert steps[0]["low"] < steps[-1]["high"] <= 100
    assert any(one["label"] == "VN_WQI, trung bình" and "–" in one["detail"] for one in figures["measures"])


def test_areas_are_summed_on_the_ellipsoid(client: FlaskClient) -> None:
    figures = ask(client, layer="communes", lang="en")
    [area] = [one["value"] for one in figures["measures"] if one["label"] == "Area on the map"]
    square_kilometres = float(re.sub(r"[^\d.]", "", area))
    assert 5500 < square_kilometres < 6400, "Đồng Tháp has about 5 940 square kilometres"


def test_a_commune_restricts_every_layer(client: FlaskClient) -> None:
    bars = next(chart for chart in ask(client, layer="facilities")["charts"] if chart["field"] == "commune")["bars"]
    bar = next(bar for bar in bars if bar["value"])
    page = unescape(client.get("/so-lieu", query_string={"xa": bar["value"]}).text)
    assert f"Số liệu môi trường {bar['title']}" in page
    assert re.search(rf'id="facilities">.*?<b>{bar["count"]}</b> đối tượng', page, re.S)
    assert f"filter=facilities:and~commune.l.{bar['value']}." in page


def test_the_province_shows_every_group_and_a_table_of_communes(client: FlaskClient) -> None:
    page = unescape(client.get("/so-lieu").text)
    for group in ("Chất lượng môi trường", "Nguồn thải", "Đa dạng sinh học", "Hồ sơ văn bản"):
        assert group in page
    assert "/map?layers=stations&filter=stations:and~wqi_class.c.moderate" in page
    assert re.search(r'<th scope="row"><a href="/so-lieu\?xa=\d+">', page)
    assert "Environmental figures of Đồng Tháp" in unescape(client.get("/so-lieu?lang=en").text)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 404),
        ({"layer": "landmask"}, 404),
        ({"layer": "stations'; DROP TABLE published.stations; --"}, 404),
        ({"layer": "stations", "filter": "wqi >"}, 400),
        ({"layer": "stations", "filter": "contact = 'x'"}, 400),
        ({"layer": "stations", "bbox": "1,2,3"}, 400),
        ({"layer": "stations", "datetime": "2021-13-45"}, 400),
        ({"layer": "stations", "filter": "(" * 400 + "wqi = 1" + ")" * 400}, 400),
    ],
)
def test_bad_questions_are_refused_in_words(client: FlaskClient, query: dict[str, str], status: int) -> None:
    answer = client.get("/map/figures", query_string=query)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("commune", ["999999999", "-1", "0x1", "1 OR 1=1", "9" * 40, "²"])
def test_a_commune_there_is_not_is_a_page_that_says_so(client: FlaskClient, commune: str) -> None:
    assert client.get("/so-lieu", query_string={"xa": commune}).status_code == 404


def test_layers_beyond_the_ceiling_are_not_summed(client: FlaskClient) -> None:
    context: Context = client.application.extensions["xanh"]
    limits = context.settings.limits.model_copy(update={"max_summed_features": 3})
    narrow = Context(context.settings.model_copy(update={"limits": limits}), context.catalog, context.database)
    with pytest.raises(LimitExceeded):
        summarise_features(narrow, FeatureQuery(context.catalog.layer("stations")))
