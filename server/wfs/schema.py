# SPDX-License-Identifier: MIT
"""How a layer looks in XML: names of feature types, types of properties (GML simple features, 06-049r1 and 10-100r3; XML Schema 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from server.access import may_read, see_layer
from server.catalog.catalog import Catalog
from server.catalog.model import GeometryType, Layer
from server.catalog.projection import PublishedField, published_shapes
from server.errors import InvalidParameter
from server.query.features import RowFormat
from server.signin import current_identity
from server.xmlio.namespaces import Namespace

PREFIX = "xanh"
GEOMETRY = "geom"
WFS_SCHEMA = "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd"

# Multi lines and polygons are written as MultiCurve and MultiSurface from GML 3 on, single ones as LineString and Polygon.
_GEOMETRY_TYPES: dict[GeometryType, str] = {
    "point": "gml:PointPropertyType",
    "multipoint": "gml:MultiPointPropertyType",
    "line": "gml:CurvePropertyType",
    "multiline": "gml:MultiCurvePropertyType",
    "polygon": "gml:SurfacePropertyType",
    "multipolygon": "gml:MultiSurfacePropertyType",
    "any": "gml:GeometryPropertyType",
}
_OLD_GEOMETRY_TYPES: dict[GeometryType, str] = {
    "point": "gml:PointPropertyType",
    "multipoint": "gml:MultiPointPropertyType",
    "line": "gml:LineStringPropertyType",
    "multiline": "gml:MultiLineStringPropertyType",
    "polygon": "gml:PolygonPropertyType",
    "multipolygon": "gml:MultiPolygonPropertyType",
    "any": "gml:GeometryPropertyType",
}


@dataclass(frozen=True)
class GmlSchema:
    """What the schemas of one GML have to say: its namespace and where its schema stands, what features stand for, types of geometries."""

    namespace: Namespace
    address: str
    group: str
    geometries: Mapping[GeometryType, str]


GML_SCHEMAS: dict[RowFormat, GmlSchema] = {
    "gml2": GmlSchema(Namespace.GML, "http://schemas.opengis.net/gml/2.1.2/feature.xsd", "gml:_Feature", _OLD_GEOMETRY_TYPES),
    "gml31": GmlSchema(Namespace.GML, "http://schemas.opengis.net/gml/3.1.1/base/gml.xsd", "gml:_Feature", _GEOMETRY_TYPES),
    "gml32": GmlSchema(Namespace.GML32, "http://schemas.opengis.net/gml/3.2.1/gml.xsd", "gml:AbstractFeature", _GEOMETRY_TYPES),
}
_FIELD_TYPES = {
    "integer": "long",
    "link": "long",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "datetime": "dateTime",
}


def type_name(layer: Layer) -> str:
    """The feature type's qualified name: `xanh:stations`."""
    return f"{layer.names.prefix or PREFIX}:{layer.wfs_name}"


def namespace_of(layer: Layer) -> str:
    """The XML namespace of the feature type and its properties."""
    return layer.names.namespace or Namespace.XANH


def prefixes_of(layers: Iterable[Layer]) -> dict[str, str]:
    """The prefixes their names are written with, ours always among them."""
    return {PREFIX: Namespace.XANH, **{layer.names.prefix: namespace_of(layer) for layer in layers if layer.names.prefix}}


def schema_places(layers: Iterable[Layer], address: str, version: str) -> str:
    """Where the schemas of feature types are, as xsi:schemaLocation wants it behind the name of our namespace.

    Types of other namespaces follow as pairs: one schema document describes one namespace.
    """
    names: dict[str, dict[str, None]] = {Namespace.XANH: {}}
    for layer in layers:
        names.setdefault(namespace_of(layer), {})[type_name(layer)] = None
    stem = f"{address}?SERVICE=WFS&VERSION={version}&REQUEST=DescribeFeatureType"
    key = "TYPENAMES" if version == "2.0.0" else "TYPENAME"
    pairs = [(name, f"{stem}&{key}={quote(','.join(types), safe=':,')}" if types else stem) for name, types in names.items()]
    return " ".join((pairs[0][1], *(f"{name} {place}" for name, place in pairs[1:])))


def shape_names(layer: Layer) -> tuple[str, ...]:
    """The names of its published geometries beside its own."""
    return tuple(shape.name for shape in published_shapes(layer))


def xsd_type(field: PublishedField) -> str:
    """The XML Schema type of a field, with the prefix xsd."""
    return f"xsd:{_FIELD_TYPES.get(field.type, 'string')}"


def open_layers(catalog: Catalog) -> tuple[Layer, ...]:
    """The layers the asker may read, as the asker sees them, in the order of the catalogue."""
    identity = current_identity()
    return tuple(see_layer(identity, catalog, layer) for layer in catalog.feature_layers() if may_read(identity, layer))


def find_type(catalog: Catalog, name: str, *, locator: str = "TYPENAME") -> Layer:
    """The layer of a feature type name. The prefix is left aside: clients choose their own, or none.

    It comes as the asker sees it. Raises InvalidParameter for names that are none of ours, or not for the asker.
    """
    identity = current_identity()
    local = name.strip().rpartition(":")[2]
    layer = catalog.layers.get(local) or next((one for one in catalog.layers.values() if one.names.wfs == local), None)
    if layer is None or not layer.has_table or not may_read(identity, layer):
        shown = "".join(character if character.isprintable() else "?" for character in name[:60])
        raise InvalidParameter(f"There is no feature type {shown!r}.", locator=locator, message_vi=f"Không có lớp dữ liệu {shown!r}.")
    return see_layer(identity, catalog, layer)
