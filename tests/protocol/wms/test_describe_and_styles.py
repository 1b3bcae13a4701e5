# SPDX-License-Identifier: MIT
"""DescribeLayer names feature types that WFS knows, GetStyles gives styles that may be sent back."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask

from server.style.elements import Losses
from server.style.read import read_style
from server.wms.getstyles import answer_styles
from server.wms.layers import LayerBook
from tests.protocol.wms.conftest import Wms, read_exception

GEOSERVER_SAMPLE = Path(__file__).parents[2] / "data" / "styles" / "geoserver_sample.sld"
SLD, SE = "{http://www.opengis.net/sld}", "{http://www.opengis.net/se}"


def test_wfs_knows_the_feature_types_of_both_versions(wms: Wms) -> None:
    newer = ElementTree.fromstring(wms.get(REQUEST="DescribeLayer", SLD_VERSION="1.1.0", LAYERS="stations,communes").data)
    names = [one.text for one in newer.iter(f"{SE}FeatureTypeName")]
    assert names == ["xanh:stations", "xanh:communes"]
    assert {one.text for one in newer.iter(f"{SLD}owsType")} == {"wfs"}
    older = ElementTree.fromstring(wms.get(VERSION="1.1.1", REQUEST="DescribeLayer", LAYERS="stations,communes").data)
    assert [one.get("typeName") for one in older.iter("Query")] == names
    assert [one.get("name") for one in older.iter("LayerDescription")] == ["stations", "communes"]
    address = (older[0].get("wfs") or "").partition("//")[2].partition("/")[2]
    answer = wms.client.get(f"/{address}service=WFS&version=1.1.0&request=DescribeFeatureType&typeName={names[0]}")
    assert answer.status_code == 200
    assert b"stations" in answer.data


def test_the_styles_of_every_layer_come_back_as_they_were_written(wms: Wms, app: Flask) -> None:
    for layer in app.extensions["xanh"].catalog.mapped_layers():
        answer = wms.get(REQUEST="GetStyles", LAYERS=layer.id)
        assert answer.mimetype == "application/vnd.ogc.sld+xml"
        root = ElementTree.fromstring(answer.data)
        names = [style.findtext(f"{SE}Name") or style.findtext(f"{SLD}Name") for style in root.iter(f"{SLD}UserStyle")]
        assert tuple(names) == layer.styles


@pytest.mark.parametrize("layer", ["stations", "communes", "rivers"])
def test_a_style_sent_back_draws_the_same_map(wms: Wms, layer: str) -> None:
    body = wms.get(REQUEST="GetStyles", LAYERS=layer).text
    form = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": layer, "CRS": "EPSG:3857", "FORMAT": "image/png"}
    form |= {"BBOX": "11740000,1145000,11860000,1215000", "WIDTH": "300", "HEIGHT": "175", "SLD_BODY": body}
    assert wms.client.post("/wms", data=form).data == wms.map(LAYERS=layer).data


@pytest.mark.parametrize("operation", ["DescribeLayer", "GetStyles"])
@pytest.mark.parametrize(
    ("layers", "code"), [("-", "MissingParameterValue"), ("nowhere", "LayerNotDefined"), ("../../config", "LayerNotDefined")]
)
def test_a_wrong_layer_is_named(wms: Wms, operation: str, layers: str, code: str) -> None:
    answer = wms.get(REQUEST=operation, LAYERS=layers)
    assert 400 <= answer.status_code < 500
    assert read_exception(answer)[:2] == (code, "LAYERS")


def test_a_raster_has_no_feature_type(wms: Wms) -> None:
    assert read_exception(wms.get(REQUEST="DescribeLayer", LAYERS="landmask"))[:2] == ("InvalidParameterValue", "LAYERS")
    newer = ElementTree.fromstring(wms.get(REQUEST="DescribeLayer", SLD_VERSION="1.1.0", LAYERS="landmask,stations").data)
    assert [one.text for one in newer.iter(f"{SE}FeatureTypeName")] == ["xanh:stations"]
    older = ElementTree.fromstring(wms.get(VERSION="1.1.1", REQUEST="DescribeLayer", LAYERS="landmask,stations").data)
    assert [(one.get("name"), one.get("owsType")) for one in older.iter("LayerDescription")] == [("landmask", None), ("stations", "WFS")]


def test_styles_of_both_versions_stand_in_one_document(tmp_path: Path, app: Flask) -> None:
    catalog = app.extensions["xanh"].catalog
    styles = app.extensions["xanh"].settings.styles_dir
    for name in catalog.layers["stations"].styles:
        (tmp_path / f"{name}.sld").write_bytes((styles / f"{name}.sld").read_bytes())
    for name in catalog.layers["communes"].styles:
        (tmp_path / f"{name}.sld").write_bytes(GEOSERVER_SAMPLE.read_bytes())
    book = LayerBook(app.extensions["xanh"], ())
    with app.test_request_context():
        body = answer_styles({"LAYERS": "stations,communes"}, book, tmp_path).data
    root = ElementTree.fromstring(body)
    assert root.get("version") == "1.1.0"
    assert b"CssParameter" not in body
    written = next(layer for layer in root.iter(f"{SLD}NamedLayer") if layer.findtext(f"{SE}Name") == "communes")
    alone = b"".join(
        (b'<StyledLayerDescriptor xmlns="http://www.opengis.net/sld">', ElementTree.tostring(written), b"</StyledLayerDescriptor>")
    )
    assert read_style(alone, "x", Losses()).passes == read_style(GEOSERVER_SAMPLE.read_bytes(), "x", Losses()).passes
