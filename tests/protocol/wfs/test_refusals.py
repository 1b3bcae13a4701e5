# SPDX-License-Identifier: MIT
"""Bad input is answered with an exception report, a code and a locator; never with a fault of ours."""

from __future__ import annotations

import logging

import pytest

from tests.protocol.wfs.conftest import Truth, Wfs, read_exception


@pytest.mark.parametrize(
    ("parameters", "code", "locator"),
    [
        ({"REQUEST": "-"}, "MissingParameterValue", "REQUEST"),
        ({"SERVICE": "-", "REQUEST": "GetCapabilities"}, "MissingParameterValue", "SERVICE"),
        ({"SERVICE": "WMS"}, "InvalidParameterValue", "SERVICE"),
        ({"REQUEST": "CreateStoredQuery"}, "OperationNotSupported", "createstoredquery"),
        ({"REQUEST": "<script>"}, "OperationNotSupported", "REQUEST"),
        ({"VERSION": "1.2.0"}, "InvalidParameterValue", "VERSION"),
        ({"VERSION": "latest"}, "InvalidParameterValue", "VERSION"),
        ({"TYPENAME": "-"}, "MissingParameterValue", "TYPENAME"),
        ({"TYPENAME": "nothing"}, "InvalidParameterValue", "TYPENAME"),
        ({"TYPENAME": "stations,nothing"}, "InvalidParameterValue", "TYPENAME"),
        ({"TYPENAME": ",".join(["stations"] * 51)}, "InvalidParameterValue", "TYPENAME"),
        ({"TYPENAME": "-", "FEATUREID": "nothing.1"}, "InvalidParameterValue", "FEATUREID"),
        ({"TYPENAME": "-", "FEATUREID": "7"}, "InvalidParameterValue", "FEATUREID"),
        ({"MAXFEATURES": "0"}, "InvalidParameterValue", "MAXFEATURES"),
        ({"MAXFEATURES": "-5"}, "InvalidParameterValue", "MAXFEATURES"),
        ({"MAXFEATURES": "many"}, "InvalidParameterValue", "MAXFEATURES"),
        ({"MAXFEATURES": "9" * 40}, "InvalidParameterValue", "MAXFEATURES"),
        ({"STARTINDEX": "-1"}, "InvalidParameterValue", "STARTINDEX"),
        ({"STARTINDEX": "1.5"}, "InvalidParameterValue", "STARTINDEX"),
        ({"RESULTTYPE": "some"}, "InvalidParameterValue", "RESULTTYPE"),
        ({"OUTPUTFORMAT": "application/x-tar"}, "InvalidParameterValue", "outputFormat"),
        ({"SRSNAME": "EPSG:27700"}, "InvalidParameterValue", "SRSNAME"),
        ({"SRSNAME": "nonsense"}, "InvalidParameterValue", "SRSNAME"),
        ({"PROPERTYNAME": "nothing"}, "InvalidParameterValue", "PROPERTYNAME"),
        ({"PROPERTYNAME": "contact"}, "InvalidParameterValue", "PROPERTYNAME"),
        ({"PROPERTYNAME": "(name)(name)"}, "InvalidParameterValue", "PROPERTYNAME"),
        ({"SORTBY": "nothing"}, "InvalidParameterValue", "SORTBY"),
        ({"SORTBY": "name sideways"}, "InvalidParameterValue", "SORTBY"),
        ({"BBOX": "1,2,3"}, "InvalidParameterValue", "BBOX"),
        ({"BBOX": "a,b,c,d"}, "InvalidParameterValue", "BBOX"),
        ({"BBOX": "nan,1,2,3"}, "InvalidParameterValue", "BBOX"),
        ({"BBOX": "3,3,1,1"}, "InvalidParameterValue", "BBOX"),
        ({"BBOX": "105,10,106,11"}, "InvalidParameterValue", "BBOX"),
        ({"BBOX": "1e300,1,2,3"}, "InvalidParameterValue", "BBOX"),
        ({"BBOX": "1,1,2,2,EPSG:1"}, "InvalidParameterValue", "BBOX"),
        ({"FILTER": "<ogc:Filter>"}, "InvalidParameterValue", "FILTER"),
        ({"FILTER": "not xml"}, "InvalidParameterValue", "FILTER"),
        ({"FILTER": "<!DOCTYPE x [<!ENTITY e 'e'>]><Filter>&e;</Filter>"}, "InvalidParameterValue", "FILTER"),
        ({"FILTER": "<Not>" * 100 + "</Not>" * 100}, "InvalidParameterValue", "FILTER"),
    ],
)
def test_a_bad_parameter_is_named(wfs: Wfs, parameters: dict[str, str], code: str, locator: str) -> None:
    answer = wfs.get(**{"REQUEST": "GetFeature", "TYPENAME": "stations", **parameters})
    assert read_exception(answer) == (400, code, locator)


# fmt: off
PARAMETERS = [
    "SERVICE", "VERSION", "REQUEST", "TYPENAME", "FEATUREID", "BBOX", "FILTER", "PROPERTYNAME", "SORTBY", "SRSNAME", "MAXFEATURES",
    "STARTINDEX", "OUTPUTFORMAT", "RESULTTYPE", "NAMESPACE", "LANGUAGE",
]
# fmt: on
HOSTILE = [
    "'; DROP TABLE published.stations; --",
    '" OR 1=1 --',
    "stations) UNION SELECT rolname FROM pg_roles --",
    "%s%s%s{0}{}",
    "\\'; SELECT pg_sleep(10)--",
    "../../etc/passwd",
    "\u202e\ufffe💥",
    "x" * 3000,
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", PARAMETERS)
def test_hostile_text_in_any_parameter_does_no_harm(wfs: Wfs, truth: Truth, name: str, text: str, caplog: pytest.LogCaptureFixture) -> None:
    before = truth.count("stations")
    with caplog.at_level(logging.WARNING):
        answer = wfs.get(**{"REQUEST": "GetFeature", "TYPENAME": "stations", "MAXFEATURES": "1", name: text})
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        read_exception(answer)
    assert not caplog.records
    assert truth.count("stations") == before


@pytest.mark.parametrize("raw", ["TYPENAME=%ff%fe", "TYPENAME=a%00b", "TYPENAME=stations&TYPENAME=places", "&".join(["a=1"] * 300)])
def test_broken_query_strings_are_refused(wfs: Wfs, raw: str) -> None:
    answer = wfs.client.get(f"/wfs?SERVICE=WFS&REQUEST=GetFeature&{raw}")
    assert read_exception(answer)[:2] == (400, "InvalidParameterValue")


@pytest.mark.parametrize(
    "body",
    [
        "<GetFeature",
        "just text",
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs"/>',
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        "<a>" * 200 + "</a>" * 200,
    ],
)
def test_broken_and_dangerous_xml_is_refused(wfs: Wfs, body: str) -> None:
    answer = wfs.client.post("/wfs", data=body, content_type="text/xml")
    assert read_exception(answer)[:2] == (400, "InvalidParameterValue")


@pytest.mark.parametrize(
    ("inside", "attributes", "locator"),
    [
        ("", {}, "Query"),
        ("<wfs:Query/>", {}, "typeName"),
        ('<wfs:Query typeName="stations places"/>', {}, "typeName"),
        ('<wfs:Query typeName="nothing"/>', {}, "TYPENAME"),
        ('<wfs:Query typeName="stations"/>', {"maxFeatures": 0}, "MAXFEATURES"),
        ('<wfs:Query typeName="stations"/>', {"version": "2.1.0"}, "VERSION"),
        ('<wfs:Query typeName="stations"><wfs:PropertyName>nothing</wfs:PropertyName></wfs:Query>', {}, "PROPERTYNAME"),
        ('<wfs:Query typeName="stations"><ogc:SortBy><ogc:SortProperty/></ogc:SortBy></wfs:Query>', {}, "SortBy"),
    ],
)
def test_xml_requests_that_make_no_sense_are_refused(wfs: Wfs, inside: str, attributes: dict[str, str | int], locator: str) -> None:
    status, code, found = read_exception(wfs.post("GetFeature", inside, **attributes))
    assert (status, found) == (400, locator)
    assert code in ("InvalidParameterValue", "MissingParameterValue")


def test_operations_not_offered_are_refused_as_xml_too(wfs: Wfs) -> None:
    answer = wfs.post("DropStoredQuery")
    assert read_exception(answer) == (400, "OperationNotSupported", "dropstoredquery")


def test_a_bad_request_writes_one_line_into_the_log(wfs: Wfs, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    with caplog.at_level(logging.INFO):
        wfs.get(REQUEST="GetFeature", TYPENAME="nothing\nforged")
    assert caplog.records == []
    assert [line.split()[3] for line in capsys.readouterr().err.splitlines()] == ["xanh.access"]


def test_an_absurd_query_string_is_refused(wfs: Wfs) -> None:
    assert wfs.get(REQUEST="GetFeature", TYPENAME="x" * 1_000_000).status_code == 414
