# SPDX-License-Identifier: MIT
"""WMTS of the demo province: what the capabilities say is what can be had, by key-value and by address."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from server.catalog.catalog import Catalog
from server.catalog.model import Group, Text
from server.wmts.themes import write_themes
from server.xmlio.namespaces import Namespace
from server.xmlio.write import write_document

_NS = {"w": "http://www.opengis.net/wmts/1.0", "ows": "http://www.opengis.net/ows/1.1", "xlink": "http://www.w3.org/1999/xlink"}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def document(app: object) -> ElementTree.Element:
    """The capabilities."""
    answer = app.test_client().get("/wmts?service=WMTS&request=GetCapabilities")  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.data)


def find_layer(document: ElementTree.Element, name: str) -> ElementTree.Element:
    return next(one for one in document.iterfind("w:Contents/w:Layer", _NS) if one.findtext("ows:Identifier", namespaces=_NS) == name)


def test_layers_groups_and_the_base_map_are_listed_in_both_languages(document: ElementTree.Element) -> None:
    names = [one.findtext("ows:Identifier", namespaces=_NS) for one in document.iterfind("w:Contents/w:Layer", _NS)]
    assert names[0] == "basemap"
    assert {"quality", "stations", "facilities", "landmask"} <= set(names)
    assert len(names) == len(set(names))
    titles = {one.get(_LANGUAGE): one.text for one in find_layer(document, "stations").iterfind("ows:Title", _NS)}
    assert titles == {"en": "Monitoring stations and points", "vi": "Trạm và điểm quan trắc"}


def test_groups_in_groups_are_themes_over_the_layers(app: Flask) -> None:
    shipped = app.extensions["xanh"].catalog
    outer = Group(id="everything", title=Text(vi="Tất cả", en="Everything"))
    empty = Group(id="nothing", title=Text(vi="Không", en="Nothing"))
    inner = [one.model_copy(update={"parent": "everything"}) if one.id == "quality" else one for one in shipped.groups]
    nested = Catalog((outer, empty, *inner), shipped.layers, shipped.code_lists)
    themes = write_themes(nested, {"everything", "quality", "stations", "landmask"}, ("en",))
    assert themes is not None
    root = ElementTree.fromstring(write_document(themes, {"": Namespace.WMTS, "ows": Namespace.OWS11}))
    top = root.findall("w:Theme", _NS)
    assert top[0].findtext("ows:Identifier", namespaces=_NS) == "everything"
    assert "nothing" not in [one.findtext("ows:Identifier", namespaces=_NS) for one in top]
    quality = top[0].find("w:Theme", _NS)
    assert quality is not None
    assert [one.text for one in quality.findall("w:LayerRef", _NS)] == ["quality", "stations"]


def test_every_layer_of_a_theme_is_a_layer_of_the_document(document: ElementTree.Element) -> None:
    names = {one.findtext("ows:Identifier", namespaces=_NS) for one in document.iterfind("w:Contents/w:Layer", _NS)}
    assert {one.text for one in document.iter("{http://www.opengis.net/wmts/1.0}LayerRef")} == names - {"basemap"}


def test_a_client_may_name_its_language(client: FlaskClient) -> None:
    for language, title in (("vi", "Trạm và điểm quan trắc"), ("en", "Monitoring stations and points")):
        answer = client.get(f"/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&LANGUAGE={language}")
        layer = find_layer(ElementTree.fromstring(answer.data), "stations")
        assert [one.text for one in layer.iterfind("ows:Title", _NS)] == [title]


def test_every_template_gives_a_tile_at_every_corner_of_its_limits(document: ElementTree.Element, client: FlaskClient) -> None:
    layer = find_layer(document, "industrial_zones")
    template = next(one for one in layer.iterfind("w:ResourceURL", _NS) if one.get("format") == "image/png").get("template") or ""
    for link in layer.iterfind("w:TileMatrixSetLink", _NS):
        limits = link.findall("w:TileMatrixSetLimits/w:TileMatrixLimits", _NS)
        assert len(limits) >= 12
        assert all(int(number.text or "") > 0 for limit in limits for number in limit[1:]), "the schema knows no 0 here"
        matrix, first_row, last_row, first_column, last_column = (part.text or "" for part in limits[8])
        for row, column in ((first_row, first_column), (last_row, last_column)):
            address = template.replace("{Style}", "default").replace("{TileMatrixSet}", link[0].text or "")
            address = address.replace("{TileMatrix}", matrix).replace("{TileRow}", row).replace("{TileCol}", column)
            assert client.get(address).status_code == 200


def test_one_tile_is_the_same_by_all_ways(client: FlaskClient) -> None:
    query = "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=stations&STYLE=&FORMAT=image/png&TILEMATRIXSET=WebMercatorQuad"
    ways = [
        f"/wmts?{query}&TILEMATRIX=10&TILEROW=482&TILECOL=814",
        "/wmts/1.0.0/stations/stations_wqi/WebMercatorQuad/10/482/814.png",
        "/tiles/stations/default/10/814/482.png",
    ]
    answers = [client.get(way) for way in ways]
    assert len({answer.data for answer in answers}) == 1
    assert len({answer.headers["ETag"] for answer in answers}) == 1
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-cache"}


@pytest.mark.parametrize(("ending", "side"), [("png", 256), ("webp", 256)])
def test_formats_and_sharp_screens_have_the_pixels_they_promise(client: FlaskClient, ending: str, side: int) -> None:
    for path, wanted in ((f"482.{ending}", side), (f"482@2x.{ending}", 2 * side)):
        picture = Image.open(BytesIO(client.get(f"/tiles/basemap/default/10/814/{path}").data))
        assert picture.size == (wanted, wanted)
        assert picture.format == ending.upper()
    fine = Image.open(BytesIO(client.get(f"/wmts/1.0.0/basemap/default/WebMercatorQuadx2/10/482/814.{ending}").data))
    assert fine.size == (512, 512)


@pytest.mark.parametrize("matrix_set", ["WebMercatorQuad", "WorldCRS84Quad", "VN2000Quad5897"])
def test_the_base_map_is_drawn_in_every_set(client: FlaskClient, document: ElementTree.Element, matrix_set: str) -> None:
    layer = find_layer(document, "stations")
    link = next(one for one in layer.iterfind("w:TileMatrixSetLink", _NS) if one[0].text == matrix_set)
    matrix, first_row, last_row, first_column, last_column = (int(part.text or "") for part in link[1][4])
    row, column = (first_row + last_row) // 2, (first_column + last_column) // 2
    answer = client.get(f"/wmts/1.0.0/basemap/default/{matrix_set}/{matrix}/{row}/{column}.png")
    assert np.asarray(Image.open(BytesIO(answer.data)))[..., 3].max() == 255


def test_labels_do_not_break_where_blocks_of_tiles_meet(client: FlaskClient) -> None:
    """Eight by eight tiles, so four blocks, side by side against one picture of the same ground."""
    first_column, first_row, level, count = 1624, 960, 11, 8
    stitched = Image.new("RGBA", (count * 256, count * 256))
    for row in range(count):
        for column in range(count):
            answer = client.get(f"/tiles/basemap/default/{level}/{first_column + column}/{first_row + row}.png")
            stitched.paste(Image.open(BytesIO(answer.data)).convert("RGBA"), (column * 256, row * 256))
    base = client.get("/map/config.json").get_json()["base"]
    side, half = 40075016.685578488 / 2**level, 20037508.342789244
    box = (first_column * side - half, half - (first_row + count) * side, (first_column + count) * side - half, half - first_row * side)
    query = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "CRS": "EPSG:3857", "BBOX": ",".join(map(repr, box))}
    query |= {"LAYERS": ",".join(base["layers"]), "STYLES": ",".join(base["styles"]), "FORMAT": "image/png", "TRANSPARENT": "TRUE"}
    whole = Image.open(BytesIO(client.get("/wms", query_string={**query, "WIDTH": "2048", "HEIGHT": "2048"}).data)).convert("RGBA")
    different = np.any(np.abs(np.asarray(stitched).astype(int) - np.asarray(whole).astype(int)) > 32, axis=2)
    seams = np.zeros_like(different)
    seams[960:1088, :] = seams[:, 960:1088] = True
    assert different[seams].mean() < 0.001
    assert different.mean() < 0.001


def test_the_document_is_answered_with_304_while_nothing_changes(client: FlaskClient) -> None:
    for path in ("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/wmts/1.0.0/WMTSCapabilities.xml", "/tiles/stations.json"):
        first = client.get(path)
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_description_of_pictures_credits_every_source(client: FlaskClient) -> None:
    found = client.get("/tiles/basemap/default.json?lang=en").get_json()
    assert found["tiles"] == ["http://localhost/tiles/basemap/default/{z}/{x}/{y}.png"]
    assert found["attribution"].count("|") >= 1
