# SPDX-License-Identifier: MIT
"""WFS 1.0.0 for clients that know nothing newer: capabilities, schema, GML 2 with x before y, exceptions."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.protocol.wfs.conftest import NAMES, Truth, Wfs


def test_the_capabilities_are_those_of_the_old_version(wfs: Wfs) -> None:
    root = ElementTree.fromstring(wfs.get(REQUEST="GetCapabilities", VERSION="1.0.0").data)
    assert root.attrib["version"] == "1.0.0"
    stations = next(
        found for found in root.iterfind(".//wfs:FeatureType", NAMES) if found.findtext("wfs:Name", namespaces=NAMES) == "xanh:stations"
    )
    assert stations.findtext("wfs:SRS", namespaces=NAMES) == "EPSG:4326"
    box = stations.find("wfs:LatLongBoundingBox", NAMES)
    assert box is not None
    assert 100 < float(box.attrib["minx"]) < 110
    assert root.find(".//wfs:GetFeature/wfs:ResultFormat/wfs:GML2", NAMES) is not None


@pytest.mark.parametrize("srs_name", ["-", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_coordinates_stand_x_before_y_whatever_the_system_is_called(wfs: Wfs, truth: Truth, srs_name: str) -> None:
    answer = wfs.get(REQUEST="GetFeature", VERSION="1.0.0", TYPENAME="stations", SRSNAME=srs_name, BBOX="104,9,107,11")
    assert answer.content_type == "text/xml; subtype=gml/2.1.2; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    members = root.findall("gml:featureMember", NAMES)
    assert len(members) == truth.count("stations", "geom && ST_MakeEnvelope(104, 9, 107, 11, 4326)")
    assert members[0][0].attrib["fid"].startswith("stations.")
    text = root.findtext(".//gml:Point/gml:coordinates", namespaces=NAMES)
    assert text is not None
    x, y = (float(number) for number in text.split(","))
    assert x > 100 > y


def test_the_schema_is_that_of_gml_2(wfs: Wfs) -> None:
    root = ElementTree.fromstring(wfs.get(REQUEST="DescribeFeatureType", VERSION="1.0.0", TYPENAME="stations,protected_areas").data)
    types = [found.attrib["type"] for found in root.iterfind(".//xsd:sequence/xsd:element[@name='geom']", NAMES)]
    assert types == ["gml:PointPropertyType", "gml:MultiPolygonPropertyType"]


def test_filters_of_the_first_filter_encoding_are_read(wfs: Wfs, truth: Truth) -> None:
    box = '<gml:Box srsName="EPSG:4326"><gml:coordinates>104,9 107,11</gml:coordinates></gml:Box>'
    inside = f"<ogc:Intersect><ogc:PropertyName>geom</ogc:PropertyName>{box}</ogc:Intersect>"
    text = f'<ogc:Filter xmlns:ogc="{NAMES["ogc"]}" xmlns:gml="{NAMES["gml"]}">{inside}</ogc:Filter>'
    answer = wfs.get(REQUEST="GetFeature", VERSION="1.0.0", TYPENAME="stations", FILTER=text)
    expected = truth.count("stations", "geom && ST_MakeEnvelope(104, 9, 107, 11, 4326)")
    assert answer.text.count("<gml:featureMember>") == expected


def test_mistakes_are_service_exceptions(wfs: Wfs) -> None:
    answer = wfs.get(REQUEST="GetFeature", VERSION="1.0.0", TYPENAME="nothing")
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{{{NAMES['ogc']}}}ServiceExceptionReport"
    found = root.find("ogc:ServiceException", NAMES)
    assert found is not None
    assert found.attrib == {"code": "InvalidParameterValue", "locator": "TYPENAME"}
    assert "nothing" in (found.text or "")
