# SPDX-License-Identifier: MIT
"""GetFeatureInfo: what lies under a pixel, from every layer, in every format, in both languages."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from werkzeug.test import TestResponse

from server.crs.definitions import WEB_MERCATOR, WGS84
from server.crs.transform import transform_point
from tests.protocol.wms.conftest import Wms, read_json


def ask(wms: Wms, place: tuple[float, float], layers: str, off: tuple[int, int] = (0, 0), **more: str | int) -> TestResponse:
    """Ask about the middle pixel of a map of 201 pixels of 10 m around a place (longitude, latitude), `off` pixels right and down."""
    x, y = transform_point(*place, WGS84, WEB_MERCATOR)
    box = f"{x - 1005},{y - 1005},{x + 1005},{y + 1005}"
    usual: dict[str, str | int] = {
        "REQUEST": "GetFeatureInfo",
        "LAYERS": layers,
        "QUERY_LAYERS": layers,
        "BBOX": box,
        "WIDTH": 201,
        "HEIGHT": 201,
        "INFO_FORMAT": "application/json",
        "I": 100 + off[0],
        "J": 100 + off[1],
        "FEATURE_COUNT": 10,
    }
    answer = wms.map(**{**usual, **more})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.fixture
def station(wms: Wms) -> dict[str, Any]:
    """A station with an index, as the feature service gives it."""
    query = "service=WFS&version=1.1.0&request=GetFeature&typename=stations&outputformat=application/json"
    features = json.loads(wms.client.get(f"/wfs?{query}").data)["features"]
    found: dict[str, Any] = next(one for one in features if one["properties"]["wqi"] is not None and one["properties"]["commune"])
    return found


def test_a_station_answers_under_its_symbol_and_not_beside_it(wms: Wms, station: dict[str, Any]) -> None:
    place = tuple(station["geometry"]["coordinates"])
    names = [one["properties"]["code"] for one in read_json(ask(wms, place, "stations"))["features"]]
    assert names[0] == station["properties"]["code"]
    near = [one["properties"]["code"] for one in read_json(ask(wms, place, "stations", off=(9, 0)))["features"]]
    far = [one["properties"]["code"] for one in read_json(ask(wms, place, "stations", off=(30, 30)))["features"]]
    assert station["properties"]["code"] in near
    assert station["properties"]["code"] not in far


def test_the_topmost_layer_comes_first_and_ids_name_their_layer(wms: Wms, station: dict[str, Any]) -> None:
    place = tuple(station["geometry"]["coordinates"])
    found = read_json(ask(wms, place, "provinces,communes,stations"))["features"]
    layers = [one["layer"] for one in found]
    assert layers == sorted(layers, key=["stations", "communes", "provinces"].index)
    assert {"stations", "communes", "provinces"} <= set(layers)
    assert all(one["id"].startswith(f"{one['layer']}.") for one in found)


def test_only_units_valid_today_answer_unless_a_day_is_named(wms: Wms, station: dict[str, Any]) -> None:
    place = tuple(station["geometry"]["coordinates"])
    assert len(read_json(ask(wms, place, "communes"))["features"]) == 1
    assert read_json(ask(wms, place, "communes", TIME="2024-01-01"))["features"] == []


def test_the_same_pixel_answers_the_same_in_every_version_and_system(wms: Wms, station: dict[str, Any]) -> None:
    lon, lat = station["geometry"]["coordinates"]
    common: dict[str, str | int] = {"WIDTH": 101, "HEIGHT": 101, "I": 50, "J": 50}
    turned = ask(
        wms, (lon, lat), "stations", (0, 0), CRS="EPSG:4326", BBOX=f"{lat - 0.01},{lon - 0.01},{lat + 0.01},{lon + 0.01}", **common
    )
    box = f"{lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}"
    older = ask(
        wms, (lon, lat), "stations", VERSION="1.1.1", SRS="EPSG:4326", CRS="-", BBOX=box, X=50, Y=50, I="-", J="-", WIDTH=101, HEIGHT=101
    )
    assert read_json(turned) == read_json(older)
    assert read_json(turned)["features"]


def test_html_shows_labels_codes_and_links_in_the_language_asked_for(wms: Wms, station: dict[str, Any]) -> None:
    place = tuple(station["geometry"]["coordinates"])
    vietnamese = ask(wms, place, "stations", INFO_FORMAT="text/html").text
    english = ask(wms, place, "stations", INFO_FORMAT="text/html", LANGUAGE="en").text
    assert '<html lang="vi">' in vietnamese
    assert "Mức chất lượng nước" in vietnamese
    assert station["properties"]["commune_title"] in vietnamese
    assert "Water quality class" in english
    assert "surface_water" not in vietnamese + english
    assert "Người phụ trách" not in vietnamese


def test_text_is_one_line_per_field(wms: Wms, station: dict[str, Any]) -> None:
    text = ask(wms, tuple(station["geometry"]["coordinates"]), "stations", INFO_FORMAT="text/plain").text
    assert f"  Mã trạm: {station['properties']['code']}" in text.splitlines()


@pytest.mark.parametrize("form", ["application/vnd.ogc.gml", "application/vnd.ogc.gml/3.1.1", "text/xml"])
def test_gml_holds_the_features_of_every_layer(wms: Wms, station: dict[str, Any], form: str) -> None:
    answer = ask(wms, tuple(station["geometry"]["coordinates"]), "communes,stations", INFO_FORMAT=form)
    root = ElementTree.fromstring(answer.data)
    names = [member[0].tag for member in root.findall("{http://www.opengis.net/gml}featureMember")]
    assert "{urn:xanh:layers}stations" in names
    assert "{urn:xanh:layers}communes" in names


def test_made_up_data_says_so(wms: Wms) -> None:
    query = "service=WFS&version=1.1.0&request=GetFeature&typename=craft_villages&outputformat=application/json&maxfeatures=1"
    village = json.loads(wms.client.get(f"/wfs?{query}").data)["features"][0]
    assert "minh hoạ" in ask(wms, tuple(village["geometry"]["coordinates"]), "craft_villages", INFO_FORMAT="text/html").text


def test_a_raster_answers_with_the_meaning_of_its_value(wms: Wms) -> None:
    assert "Đất" in ask(wms, (105.8, 10.4), "landmask", INFO_FORMAT="text/plain").text
    assert "Water" in ask(wms, (109.9, 10.0), "landmask", INFO_FORMAT="text/plain", LANGUAGE="en").text


def test_nothing_there_is_an_empty_answer_in_every_format(wms: Wms) -> None:
    for form in ("application/json", "text/html", "text/plain", "text/xml"):
        assert ask(wms, (112.0, 5.0), "stations", INFO_FORMAT=form).data
    assert read_json(ask(wms, (112.0, 5.0), "stations"))["features"] == []
