# SPDX-License-Identifier: MIT
"""DescribeFeatureType: the schema tells what GetFeature writes, in types QGIS and GDAL know."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask import Flask

from server.catalog.projection import published_field_names
from server.context import Context
from server.wfs.schema import GML_SCHEMAS
from tests.protocol.wfs.conftest import NAMES, Wfs, read_exception


def describe(wfs: Wfs, **parameters: str) -> ElementTree.Element:
    answer = wfs.get(REQUEST="DescribeFeatureType", **parameters)
    assert answer.status_code == 200, answer.text
    assert answer.content_type.startswith("text/xml; subtype=gml/3.1.1")
    return ElementTree.fromstring(answer.data)


def properties(root: ElementTree.Element, layer: str) -> list[ElementTree.Element]:
    return root.findall(f"xsd:complexType[@name='{layer}Type']//xsd:sequence/xsd:element", NAMES)


def test_without_a_type_name_all_types_are_described_with_their_geometry_and_fields(app: Flask, wfs: Wfs) -> None:
    context: Context = app.extensions["xanh"]
    root = describe(wfs)
    layers = list(context.catalog.feature_layers())
    assert [found.attrib["name"] for found in root.findall("xsd:element", NAMES)] == [layer.id for layer in layers]
    for layer in layers:
        found = [(part.attrib["name"], part.attrib.get("type")) for part in properties(root, layer.id)]
        names = [name for name, _ in found]
        if layer.has_geometry:
            assert found[0] == ("geom", GML_SCHEMAS["gml31"].geometries[layer.geometry])
            names = names[1:]
        assert tuple(names) == published_field_names(layer)


@pytest.mark.parametrize(
    ("layer", "kind"),
    [("stations", "gml:PointPropertyType"), ("communes", "gml:MultiSurfacePropertyType"), ("rivers", "gml:MultiCurvePropertyType")],
)
def test_the_geometry_type_is_exact(wfs: Wfs, layer: str, kind: str) -> None:
    assert properties(describe(wfs, TYPENAME=layer), layer)[0].attrib["type"] == kind


def test_records_without_geometry_have_no_geometry_property(wfs: Wfs) -> None:
    assert all("gml:" not in part.attrib.get("type", "") for part in properties(describe(wfs, TYPENAME="investors"), "investors"))


def test_types_optional_fields_and_codes(wfs: Wfs) -> None:
    fields = {part.attrib["name"]: part for part in properties(describe(wfs, TYPENAME="xanh:stations"), "stations")}
    kinds = {name: part.attrib.get("type") for name, part in fields.items()}
    assert kinds["wqi"] == "xsd:double"
    assert kinds["records"] == "xsd:long"
    assert kinds["sampled_at"] == "xsd:date"
    assert kinds["commune"] == "xsd:long"
    assert kinds["commune_title"] == "xsd:string"
    assert (fields["code"].attrib["minOccurs"], fields["code"].attrib["nillable"]) == ("1", "false")
    assert (fields["wqi"].attrib["minOccurs"], fields["wqi"].attrib["nillable"]) == ("0", "true")
    codes = [found.attrib["value"] for found in fields["kind"].iterfind(".//xsd:enumeration", NAMES)]
    assert {"auto", "periodic"} <= set(codes)
    assert "contact" not in fields


def test_values_of_coded_fields_are_among_the_enumerated_ones(wfs: Wfs) -> None:
    root = describe(wfs)
    for layer in ("stations", "facilities", "places", "provinces"):
        listed = {
            part.attrib["name"]: {found.attrib["value"] for found in part.iterfind(".//xsd:enumeration", NAMES)}
            for part in properties(root, layer)
            if part.find(".//xsd:enumeration", NAMES) is not None
        }
        assert listed, layer
        for feature in wfs.features(TYPENAME=layer):
            for name, allowed in listed.items():
                value = feature.findtext(f"xanh:{name}", namespaces=NAMES)
                assert value is None or value in allowed, (layer, name, value)


def test_the_schema_imports_gml_from_its_official_address(wfs: Wfs) -> None:
    imported = describe(wfs, TYPENAME="stations").find("xsd:import", NAMES)
    assert imported is not None
    assert imported.attrib == {"namespace": NAMES["gml"], "schemaLocation": "http://schemas.opengis.net/gml/3.1.1/base/gml.xsd"}


def test_several_types_in_any_prefix_and_by_post(wfs: Wfs) -> None:
    root = describe(wfs, TYPENAME="stations,other:places")
    assert [found.attrib["name"] for found in root.findall("xsd:element", NAMES)] == ["stations", "places"]
    posted = wfs.post("DescribeFeatureType", "<wfs:TypeName>stations</wfs:TypeName><wfs:TypeName>xanh:places</wfs:TypeName>")
    assert posted.data == wfs.get(REQUEST="DescribeFeatureType", TYPENAME="stations,places").data


def test_unknown_types_and_formats_are_refused(wfs: Wfs) -> None:
    assert read_exception(wfs.get(REQUEST="DescribeFeatureType", TYPENAME="nothing")) == (400, "InvalidParameterValue", "TYPENAME")
    answer = wfs.get(REQUEST="DescribeFeatureType", TYPENAME="stations", OUTPUTFORMAT="application/relax-ng")
    assert read_exception(answer) == (400, "InvalidParameterValue", "outputFormat")
