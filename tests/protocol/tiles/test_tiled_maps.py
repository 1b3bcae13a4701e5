# SPDX-License-Identifier: MIT
"""GetMap with TILED=TRUE: the same tiles by another name where the box is a tile, an ordinary map everywhere else."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from server.tiles.matrix import Tile, web_mercator

TILE = Tile(10, 814, 482)


def ask(client: FlaskClient, **changes: str) -> TestResponse:
    box = ",".join(map(repr, web_mercator().extent(TILE).bounds))
    query = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "CRS": "EPSG:3857", "BBOX": box, "LAYERS": "stations", "STYLES": ""}
    query |= {"WIDTH": "256", "HEIGHT": "256", "FORMAT": "image/png", "TRANSPARENT": "TRUE", "TILED": "TRUE"}
    answer = client.get("/wms", query_string={**query, **changes})
    assert answer.status_code == 200, answer.text
    return answer


def test_a_box_that_is_a_tile_is_answered_as_the_tile(client: FlaskClient) -> None:
    assert ask(client).data == client.get("/tiles/stations/default/10/814/482.png").data
    double = {"WIDTH": "512", "HEIGHT": "512", "MAP_RESOLUTION": "180"}
    assert ask(client, **double).data == client.get("/tiles/stations/default/10/814/482@2x.png").data
    fine = {"WIDTH": "512", "HEIGHT": "512"}
    assert ask(client, **fine).data == client.get("/wmts/1.0.0/stations/default/WebMercatorQuadx2/10/482/814.png").data


def test_the_tile_is_kept_by_its_key_and_answered_with_304(client: FlaskClient) -> None:
    first = ask(client)
    again = client.get("/wms", query_string=first.request.environ["QUERY_STRING"], headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "changes",
    [{"LAYERS": "stations,rivers", "STYLES": ","}, {"STYLES": "stations_wqi_safe"}, {"PARTS": "LABELS"}, {"FORMAT": "image/webp"}],
)
def test_what_is_drawn_differently_is_another_tile(client: FlaskClient, changes: dict[str, str]) -> None:
    usual, changed = ask(client), ask(client, **changes)
    assert usual.headers["ETag"] != changed.headers["ETag"]
    assert usual.data != changed.data


def test_layers_that_are_only_kept_clear_of_make_another_tile(client: FlaskClient) -> None:
    both = {"LAYERS": "places,stations", "STYLES": ",", "PARTS": "LABELS"}
    usual, clear = ask(client, **both), ask(client, **both, UNSEEN="stations")
    assert usual.headers["ETag"] != clear.headers["ETag"]


@pytest.mark.parametrize(
    "changes",
    [
        {"BBOX": "11740000,1145000,11780000,1185000"},
        {"WIDTH": "300", "HEIGHT": "300"},
        {"TRANSPARENT": "FALSE"},
        {"FORMAT": "image/jpeg"},
        {"CRS": "EPSG:4326", "BBOX": "10,106,10.3515625,106.3515625"},
        {"MAP_RESOLUTION": "270"},
        {"TILED": "maybe"},
    ],
)
def test_everything_else_is_an_ordinary_map_with_or_without_the_word(client: FlaskClient, changes: dict[str, str]) -> None:
    tiled, plain = ask(client, **changes), ask(client, **{**changes, "TILED": "FALSE"})
    assert tiled.data == plain.data
    assert tiled.headers["ETag"] == plain.headers["ETag"]
    picture = Image.open(BytesIO(tiled.data))
    assert picture.size == (int(changes.get("WIDTH", "256")),) * 2
