# SPDX-License-Identifier: MIT
"""GetFeature and GetCapabilities of WFS 2.0.0: counts, pages, several types, ids, and what the capabilities claim."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from tests.protocol.wfs.conftest import NAMES, Truth, Wfs20, read_exception20, without_time

ID = f"{{{NAMES['gml2']}}}id"
BOX = "9.8,104.5,11,107"


def ids(collection: ElementTree.Element) -> list[str]:
    return [member[0].attrib[ID] for member in collection.findall("wfs2:member", NAMES)]


def test_a_collection_says_how_many_match_and_how_many_it_holds(wfs20: Wfs20, truth: Truth) -> None:
    found = wfs20.collection(TYPENAMES="xanh:stations", COUNT=7)
    assert found.attrib["numberMatched"] == str(truth.count("stations"))
    assert found.attrib["numberReturned"] == "7"
    assert len(ids(found)) == 7


def test_hits_hold_no_members(wfs20: Wfs20, truth: Truth) -> None:
    found = wfs20.collection(TYPENAMES="stations", RESULTTYPE="hits", CQL_FILTER="wqi < 40")
    assert (found.attrib["numberMatched"], found.attrib["numberReturned"]) == (str(truth.count("stations", "wqi < 40")), "0")
    assert len(found) == 0


def test_pages_are_walked_by_their_links_and_hold_everything_once(wfs20: Wfs20, truth: Truth) -> None:
    seen: list[str] = []
    answer = wfs20.get(REQUEST="GetFeature", TYPENAMES="stations", COUNT=50, CQL_FILTER="kind = 'periodic'", SORTBY="name DESC")
    last = ""
    while True:
        page = ElementTree.fromstring(answer.data)
        seen += ids(page)
        if last:
            assert "previous" in page.attrib
        if "next" not in page.attrib:
            break
        last = page.attrib["next"]
        answer = wfs20.client.get("/wfs", query_string=urlsplit(last).query)
    assert len(seen) == len(set(seen)) == truth.count("stations", "kind = 'periodic'")
    assert parse_qs(urlsplit(last).query)["CQL_FILTER"] == ["kind = 'periodic'"]


def test_several_types_are_collections_of_their_own(wfs20: Wfs20, truth: Truth) -> None:
    whole = wfs20.collection(TYPENAMES="(stations)(places)", COUNT=100000)
    inner = [member[0] for member in whole.findall("wfs2:member", NAMES)]
    assert [one.attrib["numberMatched"] for one in inner] == [str(truth.count("stations")), str(truth.count("places"))]
    assert [len(one) for one in inner] == [int(one.attrib["numberReturned"]) for one in inner]
    assert int(whole.attrib["numberReturned"]) == sum(len(one) for one in inner)


def test_get_and_post_of_several_types_with_filters_of_their_own_are_the_same(wfs20: Wfs20) -> None:
    one = "<fes:Filter xmlns:fes='http://www.opengis.net/fes/2.0'><fes:PropertyIsGreaterThan><fes:ValueReference>wqi</fes:ValueReference>"
    one += "<fes:Literal>40</fes:Literal></fes:PropertyIsGreaterThan></fes:Filter>"
    other = "<fes:Filter xmlns:fes='http://www.opengis.net/fes/2.0'><fes:ResourceId rid='places.3'/></fes:Filter>"
    got = wfs20.get(REQUEST="GetFeature", TYPENAMES="(stations)(places)", FILTER=f"({one})({other})", COUNT=10)
    posted = wfs20.post(
        "GetFeature", f'<wfs:Query typeNames="stations">{one}</wfs:Query><wfs:Query typeNames="places">{other}</wfs:Query>', count=10
    )
    assert got.status_code == posted.status_code == 200
    # the addresses of the next page write the filters each in their way
    assert re.sub(rb' next="[^"]*"', b"", without_time(got)) == re.sub(rb' next="[^"]*"', b"", without_time(posted))


def test_a_request_as_xml_has_addresses_of_the_pages_before_and_after(wfs20: Wfs20, truth: Truth) -> None:
    inside = "<fes:Filter><fes:PropertyIsLessThan><fes:ValueReference>wqi</fes:ValueReference><fes:Literal>60</fes:Literal>"
    inside = f'<wfs:Query typeNames="xanh:stations">{inside}</fes:PropertyIsLessThan></fes:Filter></wfs:Query>'
    answer = wfs20.post("GetFeature", inside, count=40)
    seen: list[str] = []
    while True:
        page = ElementTree.fromstring(answer.data)
        seen += ids(page)
        assert ("previous" in page.attrib) == (len(seen) > 40)
        if "next" not in page.attrib:
            break
        answer = wfs20.client.get("/wfs", query_string=urlsplit(page.attrib["next"]).query)
    assert len(seen) == len(set(seen)) == truth.count("stations", "wqi < 60") > 40


def test_the_number_of_features_comes_with_the_address_of_the_first_page(wfs20: Wfs20) -> None:
    for number in (
        wfs20.collection(TYPENAMES="stations", RESULTTYPE="hits", COUNT=3),
        ElementTree.fromstring(wfs20.post("GetFeature", '<wfs:Query typeNames="stations"/>', resultType="hits", count=3).data),
    ):
        assert number.attrib["numberReturned"] == "0"
        page = ElementTree.fromstring(wfs20.client.get("/wfs", query_string=urlsplit(number.attrib["next"]).query).data)
        assert len(ids(page)) == 3


def test_an_id_of_another_type_is_refused_and_one_of_no_type_finds_nothing(wfs20: Wfs20) -> None:
    refused = wfs20.get(REQUEST="GetFeature", TYPENAMES="stations", RESOURCEID="places.1")
    assert refused.status_code == 400
    assert 'exceptionCode="InvalidParameterValue" locator="RESOURCEID"' in refused.text
    assert ids(wfs20.collection(TYPENAMES="stations", RESOURCEID="nothing.1")) == []


def test_a_geometry_compared_with_a_value_cannot_be_processed(wfs20: Wfs20) -> None:
    box = "<gml:Envelope xmlns:gml='http://www.opengis.net/gml/3.2'><gml:lowerCorner>1 1</gml:lowerCorner>"
    box += "<gml:upperCorner>2 2</gml:upperCorner></gml:Envelope>"
    condition = f"<fes:ValueReference>gml:boundedBy</fes:ValueReference><fes:Literal>{box}</fes:Literal>"
    wanted = f"<fes:Filter><fes:PropertyIsLessThan>{condition}</fes:PropertyIsLessThan></fes:Filter>"
    refused = wfs20.post("GetFeature", f'<wfs:Query typeNames="stations">{wanted}</wfs:Query>')
    assert refused.status_code == 400
    assert 'exceptionCode="OperationProcessingFailed"' in refused.text


@pytest.mark.parametrize(
    ("parameters", "attributes", "query"),
    [
        ({"TYPENAMES": "stations", "COUNT": 5}, {"count": 5}, '<wfs:Query typeNames="xanh:stations"/>'),
        ({"TYPENAMES": "stations", "RESULTTYPE": "hits"}, {"resultType": "hits"}, '<wfs:Query typeNames="stations"/>'),
        (
            {"RESOURCEID": "stations.3,stations.5"},
            {},
            '<wfs:Query typeNames="stations"><fes:Filter><fes:ResourceId rid="stations.3"/><fes:ResourceId rid="stations.5"/>'
            "</fes:Filter></wfs:Query>",
        ),
        (
            {"TYPENAMES": "stations", "BBOX": BOX, "PROPERTYNAME": "name", "SORTBY": "wqi DESC", "SRSNAME": "EPSG:3857"},
            {},
            '<wfs:Query typeNames="stations" srsName="EPSG:3857"><wfs:PropertyName>name</wfs:PropertyName><fes:Filter><fes:BBOX>'
            '<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>9.8 104.5</gml:lowerCorner>'
            "<gml:upperCorner>11 107</gml:upperCorner></gml:Envelope></fes:BBOX></fes:Filter><fes:SortBy><fes:SortProperty>"
            "<fes:ValueReference>wqi</fes:ValueReference><fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy></wfs:Query>",
        ),
    ],
)
def test_both_ways_give_the_same_features(
    wfs20: Wfs20, parameters: dict[str, str | int], attributes: dict[str, str | int], query: str
) -> None:
    got = ElementTree.fromstring(wfs20.get(REQUEST="GetFeature", **parameters).data)
    posted = ElementTree.fromstring(wfs20.post("GetFeature", query, **attributes).data)
    assert got.attrib["numberMatched"] == posted.attrib["numberMatched"]
    assert got.attrib["numberReturned"] == posted.attrib["numberReturned"]
    assert [ElementTree.tostring(one) for one in got] == [ElementTree.tostring(one) for one in posted]


@pytest.mark.parametrize(
    ("srs_name", "box"),
    [
        ("urn:ogc:def:crs:EPSG::4326", BOX),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", BOX),
        ("EPSG:4326", "104.5,9.8,107,11"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "104.5,9.8,107,11"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "104.5,9.8,107,11"),
    ],
)
def test_boxes_and_answers_follow_the_spelling_of_the_system(wfs20: Wfs20, truth: Truth, srs_name: str, box: str) -> None:
    expected = truth.count("stations", "geom && ST_MakeEnvelope(104.5, 9.8, 107, 11, 4326)")
    found = wfs20.collection(TYPENAMES="stations", BBOX=f"{box},{srs_name}", SRSNAME=srs_name)
    assert found.attrib["numberMatched"] == str(expected)
    point = found.find(".//gml2:Point", NAMES)
    assert point is not None
    assert point.attrib["srsName"] == srs_name
    first = float((point.findtext("gml2:pos", namespaces=NAMES) or "").split()[0])
    assert (first < 90) == (box == BOX)


@pytest.mark.parametrize(
    ("parameters", "locator"),
    [
        ({}, "TYPENAMES"),
        ({"TYPENAMES": "nothing"}, "TYPENAMES"),
        ({"TYPENAMES": "stations,places"}, "TYPENAMES"),
        ({"TYPENAMES": "stations", "COUNT": "-1"}, "COUNT"),
        ({"TYPENAMES": "stations", "STARTINDEX": "x"}, "STARTINDEX"),
        ({"TYPENAMES": "stations", "RESULTTYPE": "many"}, "RESULTTYPE"),
        ({"TYPENAMES": "stations", "BBOX": "1,2,3"}, "BBOX"),
        ({"TYPENAMES": "stations", "BBOX": "104,9,107,11"}, "BBOX"),
        ({"TYPENAMES": "stations", "OUTPUTFORMAT": "application/pdf"}, "outputFormat"),
        ({"TYPENAMES": "stations", "SORTBY": "nothing"}, "SORTBY"),
        ({"TYPENAMES": "stations", "CQL_FILTER": "wqi <"}, "CQL_FILTER"),
    ],
)
def test_a_bad_parameter_is_named_in_a_report_of_2_0_0(wfs20: Wfs20, parameters: dict[str, str], locator: str) -> None:
    status, code, found = read_exception20(wfs20.get(REQUEST="GetFeature", **parameters))
    assert (status, found) == (400, locator)
    assert code in ("InvalidParameterValue", "MissingParameterValue")


def test_the_capabilities_claim_what_is_done_and_no_transactions_for_strangers(wfs20: Wfs20) -> None:
    root = ElementTree.fromstring(wfs20.get(REQUEST="GetCapabilities").data)
    assert root.attrib["version"] == "2.0.0"
    claims = {
        found.attrib["name"]: found.findtext("ows1:DefaultValue", namespaces=NAMES)
        for found in root.iterfind("ows1:OperationsMetadata/ows1:Constraint", NAMES)
    }
    assert claims["ImplementsBasicWFS"] == claims["ImplementsResultPaging"] == claims["KVPEncoding"] == "TRUE"
    assert claims["ImplementsTransactionalWFS"] == claims["ImplementsStandardJoins"] == claims["SOAPEncoding"] == "FALSE"
    named = [found.attrib["name"] for found in root.iterfind(".//ows1:Operation", NAMES)]
    for operation in named:
        answer = wfs20.get(REQUEST=operation, TYPENAMES="stations", VALUEREFERENCE="name")
        assert answer.status_code == 200, (operation, answer.text)


def test_the_schema_is_that_of_gml_3_2(wfs20: Wfs20) -> None:
    answer = wfs20.get(REQUEST="DescribeFeatureType", TYPENAMES="xanh:stations")
    assert answer.content_type == "application/gml+xml; version=3.2; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    found = root.find("xsd:import", NAMES)
    assert found is not None
    assert found.attrib["namespace"] == NAMES["gml2"]
    element = root.find("xsd:element[@name='stations']", NAMES)
    assert element is not None
    assert element.attrib["substitutionGroup"] == "gml:AbstractFeature"
