# SPDX-License-Identifier: MIT
"""What other rooms see of a parsed document."""

from __future__ import annotations

import pytest

from server.xmlio.namespaces import Namespace
from server.xmlio.parse import (
    Element,
    attribute,
    attributes,
    children,
    descendants,
    first_child,
    local_name,
    namespace,
    parse_xml,
    text_of,
)

REQUEST = """<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment --><?pi ignored?>
<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs" xmlns:ogc="http://www.opengis.net/ogc" xmlns:app="urn:xanh:layers"
  xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1.0" xlink:href="here">
  <wfs:Query typeName="app:stations"><!-- inside --><ogc:Filter><ogc:Literal> Gò <b/>Công &amp; <![CDATA[<Tân>]]></ogc:Literal></ogc:Filter>
  </wfs:Query><wfs:Query/></wfs:GetFeature>"""


@pytest.fixture
def root() -> Element:
    return parse_xml(REQUEST.encode(), 10_000, 20)


def test_names_and_namespaces_are_told_apart(root: Element) -> None:
    assert local_name(root) == "GetFeature"
    assert namespace(root) == Namespace.WFS
    assert namespace(parse_xml(b"<a/>", 10, 1)) == ""


def test_children_are_elements_alone(root: Element) -> None:
    assert [local_name(child) for child in children(root)] == ["Query", "Query"]
    query = first_child(root, "Query")
    assert query is not None
    assert [local_name(child) for child in children(query)] == ["Filter"]
    assert children(root, "Filter") == []
    assert first_child(root, "Filter") is None
    assert [local_name(found) for found in descendants(root, "Literal")] == ["Literal"]


def test_text_is_what_stands_directly_inside(root: Element) -> None:
    (literal,) = descendants(root, "Literal")
    assert text_of(literal) == "Gò Công & <Tân>"
    assert text_of(parse_xml(b"<a/>", 10, 1)) == ""


def test_attributes_are_read_with_and_without_namespace(root: Element) -> None:
    assert attribute(root, "version") == "1.1.0"
    assert attribute(root, "href") is None
    assert attribute(root, "href", Namespace.XLINK) == "here"
    assert attributes(root) == {"version": "1.1.0", "{http://www.w3.org/1999/xlink}href": "here"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1258"])
def test_a_declared_encoding_is_honoured(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><a>Gò é</a>'
    if encoding == "windows-1258":
        data = data.replace("ò", "ô")
    assert text_of(parse_xml(data.encode(encoding), 1000, 5)).startswith("G")
    assert "é" in text_of(parse_xml(data.encode(encoding), 1000, 5))


def test_a_byte_order_mark_is_no_text() -> None:
    assert local_name(parse_xml(b"\xef\xbb\xbf<a/>", 100, 5)) == "a"
