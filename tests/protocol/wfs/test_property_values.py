# SPDX-License-Identifier: MIT
"""GetPropertyValue of WFS 2.0.0 and GetGmlObject of 1.1.0."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.protocol.wfs.conftest import NAMES, Truth, Wfs, Wfs20, read_exception, read_exception20, without_time


def values(wfs20: Wfs20, **parameters: str | int) -> ElementTree.Element:
    answer = wfs20.get(REQUEST="GetPropertyValue", **parameters)
    assert answer.status_code == 200, answer.text
    return ElementTree.fromstring(answer.data)


@pytest.mark.parametrize("reference", ["name", "xanh:name", "xanh:stations/xanh:name", "/stations/name"])
def test_values_come_as_members_only_of_features_that_have_them(wfs20: Wfs20, truth: Truth, reference: str) -> None:
    found = values(wfs20, TYPENAMES="stations", VALUEREFERENCE=reference)
    expected = truth.count("stations", "name IS NOT NULL")
    assert (found.attrib["numberMatched"], found.attrib["numberReturned"]) == (str(expected), str(expected))
    assert {member[0].tag for member in found} == {f"{{{NAMES['xanh']}}}name"}
    assert len(found) == expected


def test_features_without_a_value_are_passed_over(wfs20: Wfs20, truth: Truth) -> None:
    found = values(wfs20, TYPENAMES="stations", VALUEREFERENCE="tss", CQL_FILTER="kind = 'periodic'")
    assert len(found) == truth.count("stations", "kind = 'periodic' AND tss IS NOT NULL")


def test_geometries_and_ids_are_values_too(wfs20: Wfs20) -> None:
    shapes = values(wfs20, TYPENAMES="stations", VALUEREFERENCE="geom", COUNT=3)
    assert [member[0][0].tag for member in shapes] == [f"{{{NAMES['gml2']}}}Point"] * 3
    names = values(wfs20, TYPENAMES="stations", VALUEREFERENCE="@gml:id", COUNT=3)
    assert all((member.text or "").startswith("stations.") for member in names)


def test_values_are_paged_and_counted(wfs20: Wfs20) -> None:
    first = values(wfs20, TYPENAMES="stations", VALUEREFERENCE="name", COUNT=2)
    assert "next" in first.attrib
    hits = values(wfs20, TYPENAMES="stations", VALUEREFERENCE="name", RESULTTYPE="hits")
    assert (len(hits), hits.attrib["numberMatched"]) == (0, first.attrib["numberMatched"])


def test_post_gives_the_same(wfs20: Wfs20) -> None:
    got = wfs20.get(REQUEST="GetPropertyValue", TYPENAMES="stations", VALUEREFERENCE="name")
    posted = wfs20.post("GetPropertyValue", '<wfs:Query typeNames="stations"/>', valueReference="name")
    assert without_time(got) == without_time(posted)


@pytest.mark.parametrize(
    ("parameters", "code", "locator"),
    [
        ({"TYPENAMES": "stations"}, "MissingParameterValue", "valueReference"),
        ({"TYPENAMES": "stations", "VALUEREFERENCE": "nothing"}, "InvalidParameterValue", "valueReference"),
        ({"TYPENAMES": "stations", "VALUEREFERENCE": "contact"}, "InvalidParameterValue", "valueReference"),
        ({"TYPENAMES": "stations", "VALUEREFERENCE": "name[1]; x"}, "InvalidParameterValue", "valueReference"),
        ({"TYPENAMES": "(stations)(places)", "VALUEREFERENCE": "name"}, "InvalidParameterValue", "Query"),
    ],
)
def test_what_is_no_property_is_refused(wfs20: Wfs20, parameters: dict[str, str], code: str, locator: str) -> None:
    assert read_exception20(wfs20.get(REQUEST="GetPropertyValue", **parameters)) == (400, code, locator)


def test_an_object_of_1_1_0_is_the_feature_itself(wfs: Wfs) -> None:
    got = wfs.get(REQUEST="GetGmlObject", GMLOBJECTID="stations.3", TRAVERSEXLINKDEPTH="0")
    root = ElementTree.fromstring(got.data)
    assert root.tag == f"{{{NAMES['xanh']}}}stations"
    assert root.attrib[f"{{{NAMES['gml']}}}id"] == "stations.3"
    posted = wfs.post("GetGmlObject", '<ogc:GmlObjectId gml:id="stations.3"/>', traverseXlinkDepth="0")
    assert posted.data == got.data


def test_an_object_nobody_has_is_not_found(wfs: Wfs) -> None:
    for name in ("stations.99999999", "nothing.1", "x"):
        answer = wfs.get(REQUEST="GetGmlObject", GMLOBJECTID=name, TRAVERSEXLINKDEPTH="*")
        assert read_exception(answer)[0] == 404
    assert read_exception(wfs.get(REQUEST="GetGmlObject", GMLOBJECTID="stations.1", TRAVERSEXLINKDEPTH="x"))[2] == "TRAVERSEXLINKDEPTH"
