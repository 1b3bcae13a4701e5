# SPDX-License-Identifier: MIT
"""OGC API - Styles on the demo province: lists, SLD as it was written, MapLibre documents, descriptions, pages."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from server.config import ROOT
from server.style.elements import Losses
from server.style.read import read_style

OURS = "http://localhost"


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


@pytest.mark.parametrize("path", ["/ogcapi/styles", "/ogcapi/collections/stations/styles"])
def test_every_link_of_a_list_answers_with_the_type_it_promises(path: str, client: FlaskClient) -> None:
    document = client.get(path).get_json()
    assert {"stations_wqi", "stations"} <= {style["id"] for style in document["styles"]}
    for link in [*document["links"], *(link for style in document["styles"] for link in style["links"])]:
        answer = client.get(path_of(link["href"]))
        assert answer.status_code == 200, link
        assert answer.content_type.removesuffix("; charset=utf-8") == link["type"], link


def test_a_collection_lists_its_own_styles_and_the_default(client: FlaskClient) -> None:
    document = client.get("/ogcapi/collections/stations/styles").get_json()
    assert document["default"] == "stations_wqi"
    assert {style["id"] for style in document["styles"]} == {"stations_wqi", "stations", "stations_wqi_safe"}
    links = {link["rel"]: link["href"] for link in client.get("/ogcapi/collections/stations").get_json()["links"]}
    assert links["http://www.opengis.net/def/rel/ogc/1.0/styles"] == f"{OURS}/ogcapi/collections/stations/styles"


def test_the_sld_is_the_file_as_it_was_written_and_the_mapbox_document_that_of_the_tiles(client: FlaskClient) -> None:
    written = client.get("/ogcapi/styles/stations_wqi?f=sld")
    assert written.data == (ROOT / "styles" / "stations_wqi.sld").read_bytes()
    assert read_style(written.data, "stations_wqi", Losses()).passes
    drawn = client.get("/ogcapi/styles/stations_wqi", headers={"Accept": "application/vnd.mapbox.style+json"}).get_json(force=True)
    assert drawn == client.get("/tiles/stations/styles/stations_wqi.json").get_json()


def test_a_description_names_encodings_layers_the_fields_looked_at_and_a_picture(client: FlaskClient) -> None:
    found = client.get("/ogcapi/styles/stations_wqi/metadata?lang=en").get_json()
    assert [sheet["native"] for sheet in found["stylesheets"]] == [False, True]
    layer = next(layer for layer in found["layers"] if layer["id"] == "stations")
    assert layer["type"] == "point"
    assert layer["attributes"]
    preview = next(link["href"] for link in found["links"] if link["rel"] == "preview")
    assert client.get(path_of(preview)).content_type == "image/png"


def test_pages_show_maps_and_legends_in_both_languages(client: FlaskClient) -> None:
    listed = client.get("/ogcapi/styles?f=html").text
    assert "<h1>Kiểu vẽ</h1>" in listed
    shown = client.get("/ogcapi/collections/stations/styles/stations_wqi?f=html&lang=en")
    assert (shown.status_code, shown.headers["Content-Language"]) == (200, "en")
    assert "GetLegendGraphic" in shown.text
    assert "STYLES=" in shown.text


def test_a_style_is_not_sent_twice(client: FlaskClient) -> None:
    tag = client.get("/ogcapi/styles/stations?f=sld").headers["ETag"]
    again = client.get("/ogcapi/styles/stations?f=sld", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ogcapi/styles/nothing", 404),
        ("/ogcapi/styles/..%2F..%2Fconfig", 404),
        ("/ogcapi/styles/rivers/metadata/x", 404),
        ("/ogcapi/collections/nothing/styles", 404),
        ("/ogcapi/collections/stations/styles/rivers", 404),
        ("/ogcapi/collections/investors/styles", 404),
        ("/ogcapi/styles?f=xml", 400),
        ("/ogcapi/styles?lang=fr", 400),
        ("/ogcapi/styles/stations?f=sld&limit=1", 400),
    ],
)
def test_what_is_not_offered_is_refused(path: str, status: int, client: FlaskClient) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
