# SPDX-License-Identifier: MIT
"""Whatever text goes in, the document that comes out is well-formed and says the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.xmlio.namespaces import Namespace
from server.xmlio.parse import attribute, children, local_name, namespace, parse_xml, text_of
from server.xmlio.write import element, escape_attribute, escape_text, format_scalar, write_document

PREFIXES = {"": Namespace.WMS, "ows": Namespace.OWS, "xlink": Namespace.XLINK}


def test_a_document_has_declaration_namespaces_and_schema_location() -> None:
    root = element("Service", element("Name", "WMS"), element("ows:Title", "Trạm đo & <nước>"), attributes={"version": "1.3.0"})
    assert write_document(root, PREFIXES, schema_locations={Namespace.WMS: "http://example.org/wms.xsd"}).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Service xmlns="http://www.opengis.net/wms" xmlns:ows="http://www.opengis.net/ows" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://www.opengis.net/wms http://example.org/wms.xsd" version="1.3.0">'
        "<Name>WMS</Name><ows:Title>Trạm đo &amp; &lt;nước&gt;</ows:Title></Service>\n"
    )


def test_none_is_left_out_and_an_empty_element_is_short() -> None:
    root = element("a", None, element("b", attributes={"c": None, "d": 0}), "")
    assert write_document(root, {}).endswith(b'<a><b d="0"/></a>\n')


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (False, "false"), (3, "3"), (0.1, "0.1"), (1e-7, "1e-07"), (float("inf"), "INF"), (float("-inf"), "-INF"),
     (float("nan"), "NaN"), ("x", "x")],
)  # fmt: skip
def test_values_are_written_as_xml_schema_does(value: str | float | bool, text: str) -> None:
    assert format_scalar(value) == text


@pytest.mark.parametrize("name", ["", "1a", "a b", "a:b:c", "a>", ":a", "a:", "a\n"])
def test_a_wrong_name_is_our_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="not an XML name"):
        element(name)
    with pytest.raises(ValueError, match="not an XML name"):
        element("a", attributes={name: 1})


def test_an_undeclared_prefix_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="gml:Point"):
        write_document(element("a", element("gml:Point")), PREFIXES)
    with pytest.raises(ValueError, match="foo:bar"):
        write_document(element("a", attributes={"foo:bar": 1}), PREFIXES)


def test_characters_xml_cannot_carry_are_dropped() -> None:
    assert escape_text("a\x00b\x0bc\ud800d\ufffee\U0001f30df\t\n") == "abcde\U0001f30df\t\n"
    assert escape_attribute('"a"\n\t\r\x1f<&>') == "&quot;a&quot;&#10;&#9;&#13;&lt;&amp;&gt;"


@given(st.text(alphabet=st.characters(codec=None), max_size=60), st.text(alphabet=st.characters(codec=None), max_size=60))
def test_any_text_survives_but_for_illegal_characters(text: str, value: str) -> None:
    document = write_document(
        element("a", element("ows:b", f"|{text}|", attributes={"c": value}), attributes={"xlink:href": value}), PREFIXES
    )
    root = parse_xml(document, 100_000, 5)
    (child,) = children(root)
    assert (local_name(child), namespace(child)) == ("b", Namespace.OWS)
    illegal = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
    assert text_of(child) == f"|{illegal.sub('', text)}|"
    assert attribute(child, "c") == attribute(root, "href", Namespace.XLINK) == illegal.sub("", value)
