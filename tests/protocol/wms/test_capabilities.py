# SPDX-License-Identifier: MIT
"""The capabilities documents: negotiation, tree of layers, boxes in the right order, both languages."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask import Flask

from server.crs.definitions import WGS84, find_crs
from server.crs.spelling import Spelling, write_crs
from server.crs.transform import transform_point
from server.ows.systems import offered_systems
from tests.protocol.wms.conftest import Wms, read_exception

W = "{http://www.opengis.net/wms}"
HREF = "{http://www.w3.org/1999/xlink}href"


def capabilities(wms: Wms, **parameters: str) -> ElementTree.Element:
    """The document of 1.3.0."""
    answer = wms.get(REQUEST="GetCapabilities", **parameters)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.data)


def layers_of(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {name: layer for layer in root.iter(f"{W}Layer") if (name := layer.findtext(f"{W}Name"))}


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("1.3.0", "1.3.0"),
        ("1.1.1", "1.1.1"),
        ("1.1.0", "1.1.1"),
        ("1.0.0", "1.1.1"),
        ("1.2.9", "1.1.1"),
        ("2.0.0", "1.3.0"),
        ("-", "1.3.0"),
    ],
)
def test_the_version_is_negotiated_as_the_standard_says(wms: Wms, asked: str, given: str) -> None:
    root = ElementTree.fromstring(wms.get(REQUEST="GetCapabilities", VERSION=asked).data)
    assert root.get("version") == given
    assert root.tag.rpartition("}")[2] == ("WMS_Capabilities" if given == "1.3.0" else "WMT_MS_Capabilities")


def test_every_mapped_layer_is_offered_with_its_styles_and_nothing_else(wms: Wms, app: Flask) -> None:
    catalog = app.extensions["xanh"].catalog
    offered = layers_of(capabilities(wms))
    groups = {group.id for group in catalog.groups}
    assert offered.keys() - groups == {layer.id for layer in catalog.mapped_layers()}
    for layer in catalog.mapped_layers():
        assert tuple(name.text for name in offered[layer.id].findall(f"{W}Style/{W}Name")) == layer.styles


def test_boxes_stand_in_the_axis_order_of_the_version(wms: Wms, app: Flask) -> None:
    layer = layers_of(capabilities(wms))["stations"]
    west = float(layer.findtext(f"{W}EX_GeographicBoundingBox/{W}westBoundLongitude") or "nan")
    south = float(layer.findtext(f"{W}EX_GeographicBoundingBox/{W}southBoundLatitude") or "nan")
    boxes = {box.get("CRS"): box for box in layer.findall(f"{W}BoundingBox")}
    assert boxes.keys() == {write_crs(crs, Spelling.SHORT) for crs in offered_systems(app.extensions["xanh"].settings)}
    assert (float(boxes["EPSG:4326"].get("minx") or 0), float(boxes["EPSG:4326"].get("miny") or 0)) == pytest.approx((south, west))
    assert (float(boxes["CRS:84"].get("minx") or 0), float(boxes["CRS:84"].get("miny") or 0)) == pytest.approx((west, south))
    x, y = transform_point(west, south, WGS84, find_crs(3857))
    assert (float(boxes["EPSG:3857"].get("minx") or 0), float(boxes["EPSG:3857"].get("miny") or 0)) == pytest.approx((x, y), abs=0.01)
    older = ElementTree.fromstring(wms.get(REQUEST="GetCapabilities", VERSION="1.1.1").data)
    found = next(one for one in older.iter("Layer") if one.findtext("Name") == "stations")
    box = next(one for one in found.findall("BoundingBox") if one.get("SRS") == "EPSG:4326")
    assert (float(box.get("minx") or 0), float(box.get("miny") or 0)) == pytest.approx((west, south))


def test_both_languages_are_served_vietnamese_without_asking(wms: Wms) -> None:
    titles = [layers_of(capabilities(wms, **asked))["stations"].findtext(f"{W}Title") for asked in ({}, {"LANGUAGE": "en"})]
    assert titles == ["Trạm và điểm quan trắc", "Monitoring stations and points"]


def test_made_up_data_says_so_and_every_layer_names_source_and_licence(wms: Wms, app: Flask) -> None:
    offered = layers_of(capabilities(wms))
    for layer in app.extensions["xanh"].catalog.mapped_layers():
        credit = offered[layer.id].findtext(f"{W}Attribution/{W}Title") or ""
        assert layer.source.licence in credit
        assert ("minh hoạ" in (offered[layer.id].findtext(f"{W}Title") or "")) is layer.illustrative


def test_limits_and_formats_are_announced(wms: Wms) -> None:
    root = capabilities(wms)
    service = root.find(f"{W}Service")
    assert service is not None
    assert [service.findtext(f"{W}{name}") for name in ("LayerLimit", "MaxWidth", "MaxHeight")] == ["30", "4096", "4096"]
    formats = [one.text for one in root.findall(f"{W}Capability/{W}Request/{W}GetMap/{W}Format")]
    pictures = ["image/png", "image/png; mode=8bit", "image/jpeg", "image/webp"]
    assert formats == [*pictures, "image/geotiff", "application/pdf", "image/svg+xml"]


def test_every_announced_legend_is_a_picture_of_the_announced_size(wms: Wms) -> None:
    root = capabilities(wms)
    legends = list(root.iter(f"{W}LegendURL"))
    assert len(legends) > 15
    for legend in legends:
        resource = legend.find(f"{W}OnlineResource")
        assert resource is not None
        answer = wms.client.get((resource.get(HREF) or "").partition("//")[2].partition("/")[2].join(("/", "")))
        assert answer.mimetype == "image/png"
        width, height = (int.from_bytes(answer.data[start : start + 4], "big") for start in (16, 20))
        assert (str(width), str(height)) == (legend.get("width"), legend.get("height"))


def test_stations_can_be_asked_by_time(wms: Wms) -> None:
    dimension = layers_of(capabilities(wms))["stations"].find(f"{W}Dimension")
    assert dimension is not None
    assert (dimension.get("name"), dimension.get("units")) == ("time", "ISO8601")


def test_the_update_sequence_is_obeyed(wms: Wms) -> None:
    current = capabilities(wms).get("updateSequence") or ""
    assert capabilities(wms, UPDATESEQUENCE="2020-01-01T00:00:00Z").get("updateSequence") == current
    assert read_exception(wms.get(REQUEST="GetCapabilities", UPDATESEQUENCE=current))[0] == "CurrentUpdateSequence"
    assert read_exception(wms.get(REQUEST="GetCapabilities", UPDATESEQUENCE="9999-01-01T00:00:00Z"))[0] == "InvalidUpdateSequence"


def test_an_unchanged_document_is_not_sent_twice(wms: Wms) -> None:
    first = wms.get(REQUEST="GetCapabilities")
    again = wms.client.get("/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
