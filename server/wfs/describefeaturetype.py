# SPDX-License-Identifier: MIT
"""DescribeFeatureType (WFS 2.0.0: 09-025r2 9; 1.1.0: 04-094 8; 1.0.0: 02-058 8): schemas of feature types.

They are made from the layer files alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields, published_shapes
from server.catalog.staffview import NOTED_FIELDS
from server.query.features import RowFormat
from server.wfs.schema import GML_SCHEMAS, GmlSchema, namespace_of, prefixes_of, schema_places, type_name, xsd_type
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, write_document

_VERSIONS: dict[RowFormat, str] = {"gml2": "1.0.0", "gml31": "1.1.0", "gml32": "2.0.0"}


def write_schema(catalog: Catalog, layers: Sequence[Layer], address: str, row_format: RowFormat = "gml31") -> bytes:
    """The schema of the feature types in the given order, as an XML document; `address` is that of the service,
    `row_format` says which GML the features are written in.

    The first property is the geometry (layers without one have none), then further geometries and the published fields as GetFeature
    writes them. Types of another namespace than the first one are imported from the schema that describes them.
    """
    gml = GML_SCHEMAS[row_format]
    target = namespace_of(layers[0]) if layers else Namespace.XANH
    parts: list[Node] = [element("xsd:import", attributes={"namespace": gml.namespace, "schemaLocation": gml.address})]
    for other in dict.fromkeys(namespace_of(layer) for layer in layers if namespace_of(layer) != target):
        place = schema_places((layer for layer in layers if namespace_of(layer) == other), address, _VERSIONS[row_format]).rpartition(" ")[
            2
        ]
        parts.append(element("xsd:import", attributes={"namespace": other, "schemaLocation": place}))
    for layer in layers:
        if namespace_of(layer) == target:
            parts += _describe(catalog, layer, gml)
    root = element("xsd:schema", *parts, attributes={"targetNamespace": target, "elementFormDefault": "qualified", "version": "1.1.0"})
    return write_document(root, {"xsd": Namespace.XS, "gml": gml.namespace, **prefixes_of(layers)})


def _describe(catalog: Catalog, layer: Layer, gml: GmlSchema) -> tuple[Node, Node]:
    properties: list[Node] = []
    if layer.has_geometry:
        own = _facets(layer.geometry_name, gml.geometries[layer.geometry], required=False)
        properties.append(element("xsd:element", attributes=own))
    for shape in published_shapes(layer):
        facets = _facets(shape.name, gml.geometries[shape.geometry], required=shape.required)
        properties.append(element("xsd:element", _document(shape.label.vi, shape.label.en), attributes=facets))
    # every feature of GML has them, if it likes; a schema of somebody else's has no place for what the house notes
    standard = {name for name, field in layer.fields.items() if field.gml} | (NOTED_FIELDS if layer.names.namespace else frozenset())
    properties += [_property(catalog, field) for field in published_fields(layer) if field.name not in standard]
    extension = element("xsd:extension", element("xsd:sequence", *properties), attributes={"base": "gml:AbstractFeatureType"})
    kind = element("xsd:complexType", element("xsd:complexContent", extension), attributes={"name": f"{layer.wfs_name}Type"})
    declared = element(
        "xsd:element",
        _document(layer.title.vi, layer.title.en),
        attributes={"name": layer.wfs_name, "type": f"{type_name(layer)}Type", "substitutionGroup": gml.group},
    )
    return kind, declared


def _property(catalog: Catalog, field: PublishedField) -> Node:
    """A field: its labels for people, its type for programs; codes as the values of their list."""
    unit = f" ({field.unit})" if field.unit else ""
    labels = _document(field.label.vi + unit, field.label.en + unit)
    restriction = _restriction(catalog, field)
    if restriction is None:
        return element("xsd:element", labels, attributes=_facets(field.name, xsd_type(field), required=field.required))
    return element(
        "xsd:element",
        labels,
        element("xsd:simpleType", restriction),
        attributes=_facets(field.name, None, required=field.required),
    )


def _restriction(catalog: Catalog, field: PublishedField) -> Node | None:
    facets: list[Node] = []
    listed = catalog.code_lists.get(field.codes) if field.codes else None
    if listed:
        facets = [element("xsd:enumeration", attributes={"value": code.code}) for code in listed.codes]
    elif field.max_length and field.type == "text":
        facets = [element("xsd:maxLength", attributes={"value": field.max_length})]
    return element("xsd:restriction", *facets, attributes={"base": "xsd:string"}) if facets else None


def _facets(name: str, kind: str | None, *, required: bool) -> dict[str, str | int | bool | None]:
    return {"name": name, "type": kind, "minOccurs": 1 if required else 0, "maxOccurs": 1, "nillable": not required}


def _document(vi: str, en: str) -> Node:
    return element(
        "xsd:annotation",
        element("xsd:documentation", vi, attributes={"xml:lang": "vi"}),
        element("xsd:documentation", en, attributes={"xml:lang": "en"}),
    )
