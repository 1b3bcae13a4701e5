# SPDX-License-Identifier: MIT
"""GetCapabilities of WFS 2.0.0 (09-025r2 8; OWS Common 1.1, 06-121r3): what is claimed here is done here, and nothing else is claimed."""

from __future__ import annotations

from collections.abc import Callable, Collection

from server.catalog.model import Layer
from server.crs.spelling import Spelling, write_crs
from server.filter.fes import COMPARISONS, SPATIAL
from server.filter.fes_functions import FES_FUNCTIONS, ArgumentKind
from server.filter.fes_time import TEMPORAL
from server.ows.metadata import write_identification, write_provider
from server.wfs.capabilities import CapabilitiesPlan, corners_of, describe_layer, keywords_of
from server.wfs.formats import describe_formats, feature_formats
from server.wfs.schema import prefixes_of, type_name
from server.wfs.versions import VERSIONS
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, Scalar, element, write_document

VERSION = "2.0.0"
_SCHEMA = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities")
_PREFIXES = {
    "": Namespace.WFS20,
    "wfs": Namespace.WFS20,
    "ows": Namespace.OWS11,
    "fes": Namespace.FES,
    "gml": Namespace.GML32,
    "xlink": Namespace.XLINK,
    "xs": Namespace.XS,
}
_GEOMETRIES = ("Envelope", "Point", "LineString", "Curve", "Polygon", "Surface", "MultiPoint", "MultiCurve", "MultiSurface")
# AnyInteracts (09-026r2 7.14.6) is taken as well; the schema of capabilities has no word for it.
_NAMED_TIMES = tuple(name for name in TEMPORAL if name != "AnyInteracts")
_QUERIES = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": True,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": True,
    "ImplementsStandardFilter": True,
    "ImplementsMinSpatialFilter": True,
    "ImplementsSpatialFilter": True,
    "ImplementsMinTemporalFilter": True,
    "ImplementsTemporalFilter": True,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": True,
    "ImplementsSchemaElementFunc": False,
}
_RESOLVED = ("local", "none")  # features refer to no others by address: there is nothing to resolve
_TYPES: dict[ArgumentKind, str] = {
    "string": "xs:string",
    "double": "xs:double",
    "dateTime": "xs:dateTime",
    "geometry": "gml:AbstractGeometryType",
}


def write_capabilities20(plan: CapabilitiesPlan, sections: Collection[str]) -> bytes:
    """The document in `plan.language`, holding the sections named (in the order of the standard)."""
    root = element(
        "wfs:WFS_Capabilities",
        *(_WRITERS[section](plan) for section in SECTIONS if section in sections),
        attributes={"version": VERSION},
    )
    return write_document(root, {**_PREFIXES, **prefixes_of(plan.layers)}, schema_locations={Namespace.WFS20: _SCHEMA})


def _operations(plan: CapabilitiesPlan) -> Node:
    limits = plan.settings.limits
    first = [_parameter("AcceptVersions", *VERSIONS), _parameter("AcceptFormats", "text/xml"), _parameter("Sections", *SECTIONS)]
    formats = _parameter("outputFormat", *feature_formats(VERSION))
    resolve = _parameter("resolve", *_RESOLVED)
    reading = [_parameter("resultType", "results", "hits"), formats, resolve]
    return element(
        "ows:OperationsMetadata",
        _operation(plan, "GetCapabilities", [*first, _parameter("Language", *plan.settings.services.languages)]),
        _operation(plan, "DescribeFeatureType", [_parameter("outputFormat", *describe_formats(VERSION))]),
        _operation(plan, "ListStoredQueries", []),
        _operation(plan, "DescribeStoredQueries", []),
        _operation(plan, "GetFeature", reading),
        _operation(plan, "GetPropertyValue", [_parameter("outputFormat", *describe_formats(VERSION)[:1]), resolve]),
        *(_editing(plan) if plan.operations else ()),
        _parameter("version", *VERSIONS),
        *(_constraint(name, value) for name, value in _conformance(plan).items()),
        _default("CountDefault", limits.max_features),
        _default("MaximumFilterConditions", limits.max_filter_nodes),
        _default("MaximumResourceIds", limits.max_ids),
        _default("MaximumRequestBytes", limits.max_body_bytes),
        _constraint("QueryExpressions", "wfs:Query", "wfs:StoredQuery"),
    )


def _conformance(plan: CapabilitiesPlan) -> dict[str, str]:
    """The classes of 09-025r2 table 1 and A.1; transactions and locks only for those who may change something."""
    may_edit = bool(plan.operations)
    claims = {
        "ImplementsSimpleWFS": True,
        "ImplementsBasicWFS": True,
        "ImplementsTransactionalWFS": may_edit,
        "ImplementsLockingWFS": may_edit,
        "KVPEncoding": True,
        "XMLEncoding": True,
        "SOAPEncoding": False,
        "ImplementsInheritance": False,
        "ImplementsRemoteResolve": False,
        "ImplementsResultPaging": True,
        "ImplementsStandardJoins": False,
        "ImplementsSpatialJoins": False,
        "ImplementsTemporalJoins": False,
        "ImplementsFeatureVersioning": False,
        "ManageStoredQueries": False,
        "PagingIsTransactionSafe": False,
    }
    return {name: _say(value) for name, value in claims.items()}


def _editing(plan: CapabilitiesPlan) -> tuple[Node, ...]:
    """The operations of those who may change something."""
    limits = plan.settings.limits
    gml = describe_formats(VERSION)[0]
    expiry = _default("MaximumExpirySeconds", limits.max_lock_minutes * 60)
    locking = [_parameter("lockAction", "ALL", "SOME"), expiry]
    parts = [
        _parameter("inputFormat", gml),
        _parameter("releaseAction", "ALL", "SOME"),
        _default("MaximumActions", limits.max_actions),
        _default("MaximumFeatures", limits.max_edits),
    ]
    reading = [_parameter("resultType", "results"), _parameter("outputFormat", gml), _parameter("resolve", *_RESOLVED), expiry]
    return (
        _operation(plan, "GetFeatureWithLock", reading, by_get=False),
        _operation(plan, "LockFeature", locking),
        _operation(plan, "Transaction", parts, by_get=False),
    )


def _operation(plan: CapabilitiesPlan, name: str, parts: list[Node], *, by_get: bool = True) -> Node:
    http = element(
        "ows:HTTP",
        element("ows:Get", attributes={"xlink:href": f"{plan.address}?"}) if by_get else None,
        element("ows:Post", attributes={"xlink:href": plan.address}),
    )
    # the schema wants parameters before constraints
    ordered = sorted(parts, key=lambda part: part.name == "ows:Constraint")
    return element("ows:Operation", element("ows:DCP", http), *ordered, attributes={"name": name})


def _parameter(name: str, *values: str) -> Node:
    return element("ows:Parameter", _allowed(values), attributes={"name": name})


def _constraint(name: str, *values: str) -> Node:
    """One of the standard's constraints: a single value stands as default, several are allowed."""
    if len(values) > 1:
        return element("ows:Constraint", _allowed(values), attributes={"name": name})
    return _default(name, values[0])


def _default(name: str, value: Scalar) -> Node:
    return element("ows:Constraint", element("ows:NoValues"), element("ows:DefaultValue", value), attributes={"name": name})


def _allowed(values: Collection[str]) -> Node:
    return element("ows:AllowedValues", *(element("ows:Value", value) for value in values))


def _say(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _feature_types(plan: CapabilitiesPlan) -> Node:
    return element("wfs:FeatureTypeList", *(_feature_type(plan, layer) for layer in plan.layers))


def _feature_type(plan: CapabilitiesPlan, layer: Layer) -> Node:
    systems = [element("wfs:NoCRS")]
    if layer.has_geometry:
        names = [write_crs(crs, Spelling.URN) for crs in plan.crs]
        systems = [element("wfs:DefaultCRS", names[0]), *(element("wfs:OtherCRS", name) for name in names[1:])]
    west, south, east, north = corners_of(plan.states.get(layer.id))
    words = keywords_of(layer, plan.language)
    return element(
        "wfs:FeatureType",
        element("wfs:Name", type_name(layer)),
        element("wfs:Title", layer.title.text(plan.language), attributes={"xml:lang": plan.language}),
        element("wfs:Abstract", describe_layer(layer, plan.language), attributes={"xml:lang": plan.language}),
        element("ows:Keywords", *(element("ows:Keyword", word) for word in words)) if words else None,
        *systems,
        element(
            "ows:WGS84BoundingBox",
            element("ows:LowerCorner", f"{west:.7f} {south:.7f}"),
            element("ows:UpperCorner", f"{east:.7f} {north:.7f}"),
        ),
    )


def _filter(_: CapabilitiesPlan) -> Node:
    comparisons = [*COMPARISONS, "PropertyIsLike", "PropertyIsNull", "PropertyIsNil", "PropertyIsBetween"]
    shapes = [element("fes:GeometryOperand", attributes={"name": f"gml:{name}"}) for name in _GEOMETRIES]
    times = [element("fes:TemporalOperand", attributes={"name": f"gml:{name}"}) for name in ("TimeInstant", "TimePeriod")]
    return element(
        "fes:Filter_Capabilities",
        element("fes:Conformance", *(_claim(name, value) for name, value in _QUERIES.items())),
        element("fes:Id_Capabilities", element("fes:ResourceIdentifier", attributes={"name": "fes:ResourceId"})),
        element(
            "fes:Scalar_Capabilities",
            element("fes:LogicalOperators"),
            element("fes:ComparisonOperators", *_named("fes:ComparisonOperator", comparisons)),
        ),
        element(
            "fes:Spatial_Capabilities",
            element("fes:GeometryOperands", *shapes),
            element("fes:SpatialOperators", *_named("fes:SpatialOperator", ["BBOX", *SPATIAL])),
        ),
        element(
            "fes:Temporal_Capabilities",
            element("fes:TemporalOperands", *times),
            element("fes:TemporalOperators", *_named("fes:TemporalOperator", _NAMED_TIMES)),
        ),
        element("fes:Functions", *(_function(name) for name in FES_FUNCTIONS)),
    )


def _claim(name: str, value: bool) -> Node:
    return element("fes:Constraint", element("ows:NoValues"), element("ows:DefaultValue", _say(value)), attributes={"name": name})


def _named(tag: str, names: Collection[str]) -> list[Node]:
    return [element(tag, attributes={"name": name}) for name in names]


def _function(name: str) -> Node:
    function = FES_FUNCTIONS[name]
    arguments = [element("fes:Argument", element("fes:Type", _TYPES[kind]), attributes={"name": arg}) for arg, kind in function.arguments]
    return element(
        "fes:Function",
        element("fes:Returns", _TYPES[function.answers]),
        element("fes:Arguments", *arguments),
        attributes={"name": name},
    )


_WRITERS: dict[str, Callable[[CapabilitiesPlan], Node]] = {
    "ServiceIdentification": lambda plan: write_identification(
        plan.settings.service, (plan.language,), "WFS", sorted(VERSIONS, reverse=True)
    ),
    "ServiceProvider": lambda plan: write_provider(plan.settings.service, plan.language),
    "OperationsMetadata": _operations,
    "FeatureTypeList": _feature_types,
    "Filter_Capabilities": _filter,
}
