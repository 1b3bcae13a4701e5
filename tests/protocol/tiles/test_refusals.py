# SPDX-License-Identifier: MIT
"""What cannot be a tile is refused in the words of the protocol, and nothing of it reaches disk, database or log."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.protocol.tiles.conftest import Tiled

_KVP = {
    "SERVICE": "WMTS",
    "REQUEST": "GetTile",
    "VERSION": "1.0.0",
    "LAYER": "wells",
    "STYLE": "wells",
    "FORMAT": "image/png",
    "TILEMATRIXSET": "WebMercatorQuad",
    "TILEMATRIX": "9",
    "TILEROW": "241",
    "TILECOL": "405",
}
_OWS = "{http://www.opengis.net/ows/1.1}"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("wells/default/-1/0/0.png", 400),
        ("wells/default/9/-1/0.png", 404),
        ("wells/default/9/0/-1.png", 404),
        ("wells/default/9/512/0.png", 404),
        ("wells/default/9/0/512.png", 404),
        ("wells/default/21/0/0.png", 400),
        ("wells/default/999999999999/0/0.png", 400),
        ("wells/default/9999999999999999999999/0/0.png", 400),
        ("wells/default/9/1e3/0.png", 400),
        ("wells/default/9/0x10/0.png", 400),
        ("wells/default/9/٣/0.png", 400),
        ("wells/default/9/NaN/0.png", 400),
        ("wells/default/9/405/241.gif", 404),
        ("wells/default/9/405/241.png/", 404),
        ("wells/default/9/405/241.PNG", 404),
        ("wells/default/9/405/241@3x.png", 404),
        ("wells/default/9/405/241@2x@2x.png", 404),
        ("wells/default/9/405/241.mvt", 404),
        ("wells/zones/9/405/241.png", 404),
        ("wells/'; DROP TABLE published.wells; --/9/405/241.png", 404),
        ("wells/..%2f..%2f..%2fetc%2fpasswd/9/405/241.png", 404),
        ("wells/%00/9/405/241.png", 404),
        ("wells/<script>/9/405/241.png", 404),
        ("..%2f..%2fsecrets/default/9/405/241.png", 404),
        ("{wells}/default/9/405/241.png", 404),
        ("wells,zones/default/9/405/241.png", 404),
        ("permits/default/9/405/241.png", 404),
        ("secrets/default/9/405/241.png", 404),
        ("basemap/default/9/405/241.png", 404),
        ("wells/9/-1/0.mvt", 404),
        ("wells/9/512/0.mvt", 404),
        ("wells/99/0/0.mvt", 400),
        ("wells/9/x/0.mvt", 400),
        ("x%27%7D%22/9/405/241.mvt", 404),
    ],
)
def test_an_address_that_is_no_tile_is_refused_in_plain_text(tiled: Tiled, path: str, status: int) -> None:
    answer = tiled.get(f"/tiles/{path}")
    assert answer.status_code == status, answer.text
    assert answer.content_type == "text/plain; charset=utf-8"
    assert not any(word in answer.text for word in ("<script", "DROP", "Traceback", "SELECT", "/etc"))
    assert tiled.renderer.drawn == 0
    assert not (tiled.folder / "cache").exists()


@pytest.mark.parametrize(
    ("change", "code", "locator"),
    [
        ({"SERVICE": "WMS"}, "InvalidParameterValue", "SERVICE"),
        ({"SERVICE": None}, "MissingParameterValue", "SERVICE"),
        ({"REQUEST": None}, "MissingParameterValue", "REQUEST"),
        ({"REQUEST": "GetFeature"}, "InvalidParameterValue", "REQUEST"),
        ({"VERSION": None}, "MissingParameterValue", "VERSION"),
        ({"VERSION": "2.0.0"}, "InvalidParameterValue", "VERSION"),
        ({"LAYER": None}, "MissingParameterValue", "LAYER"),
        ({"LAYER": "nope"}, "InvalidParameterValue", "LAYER"),
        ({"STYLE": None}, "MissingParameterValue", "STYLE"),
        ({"STYLE": "' OR 1=1"}, "InvalidParameterValue", "STYLE"),
        ({"FORMAT": None}, "MissingParameterValue", "FORMAT"),
        ({"FORMAT": "image/tiff"}, "InvalidParameterValue", "FORMAT"),
        ({"FORMAT": "image/png\r\nX-Evil: 1"}, "InvalidParameterValue", "FORMAT"),
        ({"TILEMATRIXSET": None}, "MissingParameterValue", "TILEMATRIXSET"),
        ({"TILEMATRIXSET": "EuropeanETRS89_LAEAQuad"}, "InvalidParameterValue", "TileMatrixSet"),
        ({"TILEMATRIX": None}, "MissingParameterValue", "TILEMATRIX"),
        ({"TILEMATRIX": "21"}, "InvalidParameterValue", "TileMatrix"),
        ({"TILEMATRIX": "-1"}, "InvalidParameterValue", "TileMatrix"),
        ({"TILEMATRIX": "nine"}, "InvalidParameterValue", "TileMatrix"),
        ({"TILEROW": None}, "MissingParameterValue", "TILEROW"),
        ({"TILEROW": "512"}, "TileOutOfRange", "TileRow"),
        ({"TILEROW": "-1"}, "TileOutOfRange", "TileRow"),
        ({"TILECOL": "999999999999"}, "TileOutOfRange", "TileCol"),
        ({"TILECOL": "4.5"}, "InvalidParameterValue", "TileCol"),
    ],
)
def test_a_get_tile_that_cannot_be_is_an_exception_report(tiled: Tiled, change: dict[str, str | None], code: str, locator: str) -> None:
    query = {name: value for name, value in {**_KVP, **change}.items() if value is not None}
    answer = tiled.client.get("/wmts", query_string=query)
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{_OWS}ExceptionReport"
    assert root.get("version") == "1.0.0"
    assert (root[0].get("exceptionCode"), root[0].get("locator")) == (code, locator)
    assert answer.status_code == 400
    assert tiled.renderer.drawn == 0


def test_a_rest_address_with_a_wrong_part_is_an_exception_report_too(tiled: Tiled) -> None:
    answer = tiled.get("/wmts/1.0.0/wells/default/WebMercatorQuad/9/512/405.png")
    assert answer.status_code == 400
    assert ElementTree.fromstring(answer.data)[0].get("exceptionCode") == "TileOutOfRange"


def test_versions_are_negotiated_in_get_capabilities_only(tiled: Tiled) -> None:
    query = {"SERVICE": "WMTS", "REQUEST": "GetCapabilities"}
    assert tiled.client.get("/wmts", query_string={**query, "ACCEPTVERSIONS": "2.0.0,1.0.0"}).status_code == 200
    answer = tiled.client.get("/wmts", query_string={**query, "ACCEPTVERSIONS": "2.0.0"})
    assert ElementTree.fromstring(answer.data)[0].get("exceptionCode") == "VersionNegotiationFailed"


def test_a_request_as_xml_is_refused_in_words(tiled: Tiled) -> None:
    answer = tiled.client.post("/wmts", data=b"<GetTile/>", content_type="text/xml")
    assert answer.status_code == 501
    assert b"key-value" in answer.data
