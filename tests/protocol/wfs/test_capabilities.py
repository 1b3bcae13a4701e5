# SPDX-License-Identifier: MIT
"""GetCapabilities of WFS 1.1.0: what QGIS, GDAL and people read from it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask import Flask

from server.context import Context
from server.features.state import layer_states
from server.filter.fes_functions import FES_FUNCTIONS
from tests.protocol.wfs.conftest import NAMES, Wfs, read_exception


@pytest.fixture
def document(wfs: Wfs) -> ElementTree.Element:
    answer = wfs.get(REQUEST="GetCapabilities", VERSION="-")
    assert answer.status_code == 200
    assert answer.content_type == "text/xml; charset=utf-8"
    return ElementTree.fromstring(answer.data)


def test_every_open_layer_with_rows_is_a_feature_type_with_a_vietnamese_title(app: Flask, document: ElementTree.Element) -> None:
    context: Context = app.extensions["xanh"]
    titles = {
        kind.findtext("wfs:Name", namespaces=NAMES): kind.findtext("wfs:Title", namespaces=NAMES)
        for kind in document.iterfind(".//wfs:FeatureType", NAMES)
    }
    assert titles == {f"xanh:{layer.id}": layer.title.vi for layer in context.catalog.feature_layers()}


def test_language_en_gives_english_titles(app: Flask, wfs: Wfs) -> None:
    context: Context = app.extensions["xanh"]
    root = ElementTree.fromstring(wfs.get(REQUEST="GetCapabilities", LANGUAGE="en").data)
    titles = [kind.findtext("wfs:Title", namespaces=NAMES) for kind in root.iterfind(".//wfs:FeatureType", NAMES)]
    assert titles == [layer.title.en for layer in context.catalog.feature_layers()]


def test_only_queries_are_offered(document: ElementTree.Element) -> None:
    assert [operation.attrib["name"] for operation in document.iterfind(".//ows:Operation", NAMES)] == [
        "GetCapabilities",
        "DescribeFeatureType",
        "GetFeature",
        "GetGmlObject",
    ]
    assert [found.text for found in document.iterfind(".//wfs:Operations/wfs:Operation", NAMES)] == ["Query"]


def test_every_operation_has_addresses_for_get_and_post(document: ElementTree.Element) -> None:
    href = f"{{{NAMES['xlink']}}}href"
    for operation in document.iterfind(".//ows:Operation", NAMES):
        assert [get.attrib[href] for get in operation.iterfind(".//ows:Get", NAMES)] == ["http://localhost/wfs?"]
        assert [post.attrib[href] for post in operation.iterfind(".//ows:Post", NAMES)] == ["http://localhost/wfs"]


def test_hits_is_advertised_and_no_default_maximum_that_would_truncate_downloads(document: ElementTree.Element) -> None:
    get_feature = document.find(".//ows:Operation[@name='GetFeature']", NAMES)
    assert get_feature is not None
    values = {
        parameter.attrib["name"]: [value.text for value in parameter.iterfind("ows:Value", NAMES)]
        for parameter in get_feature.iterfind("ows:Parameter", NAMES)
    }
    assert values["resultType"] == ["results", "hits"]
    assert values["outputFormat"][:2] == ["text/xml; subtype=gml/3.1.1", "application/json"]
    assert "DefaultMaxFeatures" not in ElementTree.tostring(document, encoding="unicode")


def test_boxes_are_the_extents_of_the_catalogue_longitude_first(app: Flask, document: ElementTree.Element) -> None:
    states = layer_states(app.extensions["xanh"])
    boxed = 0
    for kind in document.iterfind(".//wfs:FeatureType", NAMES):
        state = states[(kind.findtext("wfs:Name", namespaces=NAMES) or "").removeprefix("xanh:")]
        corners = [
            float(number)
            for corner in ("Lower", "Upper")
            for number in (kind.findtext(f"ows:WGS84BoundingBox/ows:{corner}Corner", namespaces=NAMES) or "").split()
        ]
        assert corners == pytest.approx(state.extent or (-180, -90, 180, 90), abs=1e-6)
        boxed += state.extent is not None
    assert boxed >= 10


def test_default_system_is_the_urn_of_4326_and_records_have_none(document: ElementTree.Element) -> None:
    systems = {
        kind.findtext("wfs:Name", namespaces=NAMES): [child.text for child in kind if child.tag.endswith("SRS")]
        for kind in document.iterfind(".//wfs:FeatureType", NAMES)
    }
    assert systems["xanh:stations"][0] == "urn:ogc:def:crs:EPSG::4326"
    assert "urn:ogc:def:crs:EPSG::3857" in systems["xanh:stations"]
    assert systems["xanh:investors"] == [None]


def test_made_up_data_is_marked_and_licences_are_named(document: ElementTree.Element) -> None:
    abstracts = {
        kind.findtext("wfs:Name", namespaces=NAMES): kind.findtext("wfs:Abstract", namespaces=NAMES) or ""
        for kind in document.iterfind(".//wfs:FeatureType", NAMES)
    }
    assert "MINH HOẠ" in abstracts["xanh:craft_villages"]
    assert "MINH HOẠ" not in abstracts["xanh:provinces"]
    assert all("Giấy phép: " in abstract for abstract in abstracts.values())


def test_filter_capabilities_name_what_is_understood(document: ElementTree.Element) -> None:
    comparisons = {found.text for found in document.iterfind(".//ogc:ComparisonOperator", NAMES)}
    assert {"EqualTo", "Like", "Between", "NullCheck"} <= comparisons
    assert "BBOX" in {found.attrib["name"] for found in document.iterfind(".//ogc:SpatialOperator", NAMES)}
    arithmetic = document.find(".//ogc:ArithmeticOperators", NAMES)
    assert arithmetic is not None
    assert {found.text for found in arithmetic.iterfind(".//ogc:FunctionName", NAMES)} == set(FES_FUNCTIONS)


def test_an_unchanged_document_is_not_sent_again(wfs: Wfs) -> None:
    first = wfs.get(REQUEST="GetCapabilities")
    again = wfs.client.get("/wfs?service=wfs&request=getcapabilities", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_sections_leave_out_the_rest(wfs: Wfs) -> None:
    root = ElementTree.fromstring(wfs.get(REQUEST="GetCapabilities", SECTIONS="FeatureTypeList").data)
    assert [child.tag.rpartition("}")[2] for child in root] == ["FeatureTypeList"]
    assert read_exception(wfs.get(REQUEST="GetCapabilities", SECTIONS="Nonsense")) == (400, "InvalidParameterValue", "SECTIONS")


@pytest.mark.parametrize(
    ("accepted", "version"),
    [("1.1.0", "1.1.0"), ("2.0.0,1.1.0,1.0.0", "2.0.0"), ("1.0.0,1.1.0", "1.0.0"), ("3.0.0,2.0.2", "2.0.0"), ("-", "1.1.0")],
)
def test_the_first_version_of_the_clients_list_answers_and_1_1_0_without_a_list(wfs: Wfs, accepted: str, version: str) -> None:
    root = ElementTree.fromstring(wfs.get(REQUEST="GetCapabilities", VERSION="-", ACCEPTVERSIONS=accepted).data)
    assert root.attrib["version"] == version


@pytest.mark.parametrize(
    ("asked", "version"),
    [("1.0.0", "1.0.0"), ("1.1.0", "1.1.0"), ("2.0.0", "2.0.0"), ("1.0.7", "1.0.0"), ("9.9.9", "2.0.0"), ("0.1", "1.0.0")],
)
def test_older_clients_name_one_version_and_get_it_or_the_next_lower_one(wfs: Wfs, asked: str, version: str) -> None:
    root = ElementTree.fromstring(wfs.get(REQUEST="GetCapabilities", VERSION=asked).data)
    assert root.attrib["version"] == version


def test_browsers_get_their_language(wfs: Wfs) -> None:
    for header, title in (("en-GB,en;q=0.9,vi;q=0.5", "Licence: "), ("vi,en;q=0.5", "Giấy phép: "), ("fr", "Giấy phép: ")):
        answer = wfs.client.get("/wfs?service=WFS&request=GetCapabilities", headers={"Accept-Language": header})
        assert title in answer.text
        assert "Accept-Language" in answer.headers["Vary"]


def test_a_client_that_takes_only_unknown_versions_is_told_so(wfs: Wfs) -> None:
    answer = wfs.get(REQUEST="GetCapabilities", VERSION="-", ACCEPTVERSIONS="3.0.0")
    assert read_exception(answer) == (400, "VersionNegotiationFailed", "AcceptVersions")


def test_get_and_post_give_the_same_document(wfs: Wfs) -> None:
    accept = "<ows:AcceptVersions><ows:Version>2.0.0</ows:Version><ows:Version>1.1.0</ows:Version></ows:AcceptVersions>"
    assert wfs.post("GetCapabilities", accept).data == wfs.get(REQUEST="GetCapabilities", ACCEPTVERSIONS="2.0.0,1.1.0").data


def test_the_public_address_is_the_host_the_client_named(wfs: Wfs) -> None:
    answer = wfs.client.get("/wfs?service=WFS&request=GetCapabilities", base_url="https://maps.example.vn")
    assert 'xlink:href="https://maps.example.vn/wfs?"' in answer.text
