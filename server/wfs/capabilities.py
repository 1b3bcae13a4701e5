# SPDX-License-Identifier: MIT
"""GetCapabilities (WFS 1.1.0, 04-094 13; OWS Common 1.0.0, 05-008): written from the layer files and the catalogue rows, no table is read.

No DefaultMaxFeatures is advertised: QGIS would stop there and show a part of the layer as if it were all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from server.catalog.model import Layer
from server.config import Settings
from server.crs.definitions import Crs
from server.crs.spelling import Spelling, write_crs
from server.filter.fes_functions import FES_FUNCTIONS
from server.ows.metadata import write_identification, write_provider
from server.query.features import LayerState
from server.wfs.formats import describe_formats, feature_formats
from server.wfs.schema import WFS_SCHEMA, prefixes_of, type_name
from server.wfs.versions import VERSIONS
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, write_document

VERSION = "1.1.0"
SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities")
_PREFIXES = {
    "": Namespace.WFS,
    "wfs": Namespace.WFS,
    "ows": Namespace.OWS,
    "ogc": Namespace.OGC,
    "gml": Namespace.GML,
    "xlink": Namespace.XLINK,
}
_ILLUSTRATIVE = {
    "vi": "DỮ LIỆU MINH HOẠ, không phải số liệu thật.",
    "en": "ILLUSTRATIVE DATA, not real records.",
}
_COMPARISONS = (
    "LessThan",
    "GreaterThan",
    "LessThanEqualTo",
    "GreaterThanEqualTo",
    "EqualTo",
    "NotEqualTo",
    "Like",
    "Between",
    "NullCheck",
)
_SPATIAL = ("BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps", "DWithin", "Beyond")


@dataclass(frozen=True)
class CapabilitiesPlan:
    """What a capabilities document is made of. `address` is the service's public address, `crs` what is offered (EPSG:4326 first).

    `operations` are the wfs:Operation words beside Query the asker may use, by layer; layers without any are left out.
    """

    settings: Settings
    layers: tuple[Layer, ...]
    states: dict[str, LayerState]
    crs: tuple[Crs, ...]
    address: str
    language: str
    operations: dict[str, tuple[str, ...]]


def write_capabilities(plan: CapabilitiesPlan, sections: Collection[str]) -> bytes:
    """The document in `plan.language`, holding the sections named (in the order of the standard)."""
    root = element(
        "wfs:WFS_Capabilities",
        *(_WRITERS[section](plan) for section in SECTIONS if section in sections),
        attributes={"version": VERSION},
    )
    return write_document(root, {**_PREFIXES, **prefixes_of(plan.layers)}, schema_locations={Namespace.WFS: WFS_SCHEMA})


def _operations(plan: CapabilitiesPlan) -> Node:
    limits = plan.settings.limits
    capabilities = [
        _parameter("AcceptVersions", *VERSIONS),
        _parameter("AcceptFormats", "text/xml"),
        _parameter("Sections", *SECTIONS),
        _parameter("Language", *plan.settings.services.languages),
    ]
    feature = [
        _parameter("resultType", "results", "hits"),
        _parameter("outputFormat", *feature_formats(VERSION)),
        _constraint("MaximumFeatures", limits.max_features),
        _constraint("MaximumFilterConditions", limits.max_filter_nodes),
        _constraint("MaximumFeatureIds", limits.max_ids),
    ]
    return element(
        "ows:OperationsMetadata",
        _operation("GetCapabilities", plan.address, capabilities),
        _operation("DescribeFeatureType", plan.address, [_parameter("outputFormat", *describe_formats(VERSION))]),
        _operation("GetFeature", plan.address, feature),
        _operation("GetGmlObject", plan.address, [_parameter("outputFormat", *describe_formats(VERSION)[:1])]),
        *(_editing(plan) if plan.operations else ()),
        _parameter("version", *VERSIONS),
        _constraint("MaximumRequestBytes", limits.max_body_bytes),
    )


def _editing(plan: CapabilitiesPlan) -> tuple[Node, ...]:
    """The operations of those who may change something."""
    limits = plan.settings.limits
    expiry = _constraint("MaximumExpiryMinutes", limits.max_lock_minutes)
    reading = [_parameter("resultType", "results"), _parameter("outputFormat", "text/xml; subtype=gml/3.1.1")]
    locking = [_parameter("lockAction", "ALL", "SOME"), expiry]
    parts = [
        _parameter("inputFormat", "text/xml; subtype=gml/3.1.1"),
        _parameter("releaseAction", "ALL", "SOME"),
        _constraint("MaximumActions", limits.max_actions),
        _constraint("MaximumFeatures", limits.max_edits),
    ]
    return (
        _operation("GetFeatureWithLock", plan.address, [*reading, expiry], by_get=False),
        _operation("LockFeature", plan.address, locking),
        _operation("Transaction", plan.address, parts, by_get=False),
    )


def _operation(name: str, address: str, parts: list[Node], *, by_get: bool = True) -> Node:
    http = element(
        "ows:HTTP",
        element("ows:Get", attributes={"xlink:href": f"{address}?"}) if by_get else None,
        element("ows:Post", attributes={"xlink:href": address}),
    )
    return element("ows:Operation", element("ows:DCP", http), *parts, attributes={"name": name})


def _parameter(name: str, *values: str) -> Node:
    return element("ows:Parameter", *(element("ows:Value", value) for value in values), attributes={"name": name})


def _constraint(name: str, value: int) -> Node:
    return element("ows:Constraint", element("ows:Value", value), attributes={"name": name})


def _feature_types(plan: CapabilitiesPlan) -> Node:
    return element(
        "wfs:FeatureTypeList",
        _write_operations(("Query",)),
        *(_feature_type(plan, layer) for layer in plan.layers),
    )


def _feature_type(plan: CapabilitiesPlan, layer: Layer) -> Node:
    words = keywords_of(layer, plan.language)
    systems = [element("wfs:NoSRS")]
    if layer.has_geometry:
        names = [write_crs(crs, Spelling.URN) for crs in plan.crs]
        systems = [element("wfs:DefaultSRS", names[0]), *(element("wfs:OtherSRS", name) for name in names[1:])]
    return element(
        "wfs:FeatureType",
        element("wfs:Name", type_name(layer)),
        element("wfs:Title", layer.title.text(plan.language)),
        element("wfs:Abstract", describe_layer(layer, plan.language)),
        element("ows:Keywords", *(element("ows:Keyword", word) for word in words)) if words else None,
        *systems,
        _write_operations(("Query", *plan.operations[layer.id])) if layer.id in plan.operations else None,
        _extent(plan.states.get(layer.id)),
    )


def _write_operations(words: tuple[str, ...]) -> Node:
    return element("wfs:Operations", *(element("wfs:Operation", word) for word in words))


def keywords_of(layer: Layer, language: str) -> list[str]:
    """The words a layer is found by."""
    return [*(word.text(language) for word in layer.keywords), *(["minh hoạ", "illustrative"] if layer.illustrative else [])]


def corners_of(state: LayerState | None) -> tuple[float, float, float, float]:
    """West, south, east, north. The schemas want a box of every type: one without any place has the whole world."""
    return (state.extent if state else None) or (-180.0, -90.0, 180.0, 90.0)


def describe_layer(layer: Layer, language: str) -> str:
    """What the layer is, that it is made up where it is, where it comes from and under which licence."""
    source = layer.source
    credit = source.en if language == "en" else source.vi
    words = ("Source", "Licence") if language == "en" else ("Nguồn", "Giấy phép")
    marking = f"{_ILLUSTRATIVE['en' if language == 'en' else 'vi']} " if layer.illustrative else ""
    return f"{marking}{layer.abstract.text(language)} {words[0]}: {credit}. {words[1]}: {source.licence}."


def _extent(state: LayerState | None) -> Node:
    """Longitude first."""
    west, south, east, north = corners_of(state)
    return element(
        "ows:WGS84BoundingBox",
        element("ows:LowerCorner", f"{west:.7f} {south:.7f}"),
        element("ows:UpperCorner", f"{east:.7f} {north:.7f}"),
    )


def _filter(_: CapabilitiesPlan) -> Node:
    shapes = ("Envelope", "Point", "LineString", "Polygon")  # collections are taken as well; the schema has no word for them
    operands = [element("ogc:GeometryOperand", f"gml:{name}") for name in shapes]
    spatial = [element("ogc:SpatialOperator", attributes={"name": name}) for name in _SPATIAL]
    functions = [
        element("ogc:FunctionName", name, attributes={"nArgs": len(function.arguments)}) for name, function in FES_FUNCTIONS.items()
    ]
    arithmetic = element(
        "ogc:ArithmeticOperators",
        element("ogc:SimpleArithmetic"),
        element("ogc:Functions", element("ogc:FunctionNames", *functions)),
    )
    return element(
        "ogc:Filter_Capabilities",
        element(
            "ogc:Spatial_Capabilities",
            element("ogc:GeometryOperands", *operands),
            element("ogc:SpatialOperators", *spatial),
        ),
        element(
            "ogc:Scalar_Capabilities",
            element("ogc:LogicalOperators"),
            element("ogc:ComparisonOperators", *(element("ogc:ComparisonOperator", name) for name in _COMPARISONS)),
            arithmetic,
        ),
        element("ogc:Id_Capabilities", element("ogc:EID"), element("ogc:FID")),
    )


_WRITERS: dict[str, Callable[[CapabilitiesPlan], Node]] = {
    # OWSLib takes the first version for its own
    "ServiceIdentification": lambda plan: write_identification(plan.settings.service, (plan.language,), "WFS", VERSIONS),
    "ServiceProvider": lambda plan: write_provider(plan.settings.service, plan.language),
    "OperationsMetadata": _operations,
    "FeatureTypeList": _feature_types,
    "Filter_Capabilities": _filter,
}
