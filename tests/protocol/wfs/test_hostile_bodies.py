# SPDX-License-Identifier: MIT
"""Bodies and filters made to harm, in every version: a standard exception each, at once."""

from __future__ import annotations

import time
from xml.etree import ElementTree

import pytest
from werkzeug.test import TestResponse

from tests.protocol.wfs.conftest import NAMES, Wfs

VERSIONS = ("1.0.0", "1.1.0", "2.0.0")
LAUGHS = "".join(f'<!ENTITY l{step} "{f"&l{step - 1};" * 10}">' for step in range(1, 10))
SPACES = {"1.0.0": ("wfs", "ogc", "gml"), "1.1.0": ("wfs", "ogc", "gml"), "2.0.0": ("wfs2", "fes", "gml2")}


def ask(wfs: Wfs, version: str, query: str, doctype: str = "") -> TestResponse:
    service, filters, shapes = (NAMES[name] for name in SPACES[version])
    spaces = f'xmlns:wfs="{service}" xmlns:f="{filters}" xmlns:gml="{shapes}"'
    body = f'{doctype}<wfs:GetFeature service="WFS" version="{version}" {spaces}>{query}</wfs:GetFeature>'
    return wfs.client.post(f"/wfs?version={version}", data=body.encode(), content_type="text/xml")


def query(version: str, inside: str) -> str:
    key = "typeNames" if version == "2.0.0" else "typeName"
    return f'<wfs:Query {key}="stations">{inside}</wfs:Query>'


def name_of(version: str, field: str) -> str:
    tag = "ValueReference" if version == "2.0.0" else "PropertyName"
    return f"<f:{tag}>{field}</f:{tag}>"


def read(answer: TestResponse, version: str) -> tuple[str, str]:
    """Code and text of the exception of a version."""
    root = ElementTree.fromstring(answer.data)
    names = {"1.0.0": "ServiceExceptionReport", "1.1.0": "ExceptionReport", "2.0.0": "ExceptionReport"}
    assert root.tag.rpartition("}")[2] == names[version], answer.text
    if version == "1.0.0":
        return root[0].attrib["code"], root[0].text or ""
    assert root.attrib["version"] == version
    return root[0].attrib["exceptionCode"], root[0][0].text or ""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY e "&l9;">]>',
    ],
)
def test_entities_are_never_read(wfs: Wfs, version: str, doctype: str) -> None:
    began = time.monotonic()
    condition = f"<f:Filter><f:PropertyIsEqualTo>{name_of(version, 'name')}<f:Literal>&e;</f:Literal></f:PropertyIsEqualTo></f:Filter>"
    answer = ask(wfs, version, query(version, condition), doctype)
    assert answer.status_code == 400
    code, text = read(answer, version)
    assert (code, "DOCTYPE" in text) == ("OperationParsingFailed" if version == "2.0.0" else "InvalidParameterValue", True)
    assert "root:" not in answer.text
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("version", VERSIONS)
def test_ten_thousand_conditions_are_too_many(wfs: Wfs, version: str) -> None:
    one = f"<f:PropertyIsEqualTo>{name_of(version, 'kind')}<f:Literal>auto</f:Literal></f:PropertyIsEqualTo>"
    answer = ask(wfs, version, query(version, f"<f:Filter><f:Or>{one * 10_000}</f:Or></f:Filter>"))
    assert answer.status_code == 400
    assert "conditions" in read(answer, version)[1]


@pytest.mark.parametrize("version", VERSIONS)
def test_conditions_nested_ten_thousand_deep_are_refused(wfs: Wfs, version: str) -> None:
    inside = f"<f:Filter>{'<f:Not>' * 10_000}{'</f:Not>' * 10_000}</f:Filter>"
    answer = ask(wfs, version, query(version, inside))
    assert answer.status_code == 400
    assert "nested" in read(answer, version)[1]


def test_a_hundred_megabytes_are_not_even_read(wfs: Wfs) -> None:
    answer = wfs.client.post("/wfs", data=b"<x/>", content_type="text/xml", environ_overrides={"CONTENT_LENGTH": "100000000"})
    assert answer.status_code == 413
    assert ElementTree.fromstring(answer.data).tag == f"{{{NAMES['ows']}}}ExceptionReport"
    assert "quá lớn" in answer.text


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("field", "value"),
    [("nothing", "1"), ("contact", "1"), ("wqi", "much"), ("sampled_at", "yesterday"), ("illustrative", "maybe"), ("geom", "1")],
)
def test_unknown_properties_and_wrong_types_are_named(wfs: Wfs, version: str, field: str, value: str) -> None:
    condition = f"<f:PropertyIsEqualTo>{name_of(version, field)}<f:Literal>{value}</f:Literal></f:PropertyIsEqualTo>"
    answer = ask(wfs, version, query(version, f"<f:Filter>{condition}</f:Filter>"))
    assert answer.status_code == 400
    code, text = read(answer, version)
    assert code == "InvalidParameterValue"
    assert field in text


@pytest.mark.parametrize("version", VERSIONS)
def test_coordinates_in_the_wrong_order_are_told_so(wfs: Wfs, version: str) -> None:
    pair = "10.3 105.9" if version == "1.0.0" else "105.9 10.3"
    point = f'<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{pair}</gml:pos></gml:Point>'
    answer = ask(wfs, version, query(version, f"<f:Filter><f:Intersects>{name_of(version, 'geom')}{point}</f:Intersects></f:Filter>"))
    assert answer.status_code == 400
    assert "swapped" in read(answer, version)[1]


@pytest.mark.parametrize("version", VERSIONS)
def test_functions_nobody_offers_are_refused_with_the_list_of_those_there_are(wfs: Wfs, version: str) -> None:
    called = '<f:Function name="pg_read_file"><f:Literal>/etc/passwd</f:Literal></f:Function>'
    condition = f"<f:PropertyIsEqualTo>{called}<f:Literal>1</f:Literal></f:PropertyIsEqualTo>"
    answer = ask(wfs, version, query(version, f"<f:Filter>{condition}</f:Filter>"))
    assert answer.status_code == 400
    assert "strToLowerCase" in read(answer, version)[1]


@pytest.mark.parametrize("version", VERSIONS)
def test_arithmetic_that_cannot_be_computed_is_no_fault_of_the_server(wfs: Wfs, version: str) -> None:
    huge = f"<f:Mul>{name_of(version, 'wqi')}<f:Literal>1e300</f:Literal></f:Mul>"
    for sum_ in (f"<f:Mul>{huge}{huge}</f:Mul>", f"<f:Div>{name_of(version, 'wqi')}<f:Literal>0</f:Literal></f:Div>"):
        condition = f"<f:PropertyIsGreaterThan>{sum_}<f:Literal>1</f:Literal></f:PropertyIsGreaterThan>"
        answer = ask(wfs, version, query(version, f"<f:Filter>{condition}</f:Filter>"))
        assert answer.status_code in (200, 400), answer.text
