# SPDX-License-Identifier: MIT
"""GetCapabilities of WFS 1.0.0 (02-058 12), for clients that know nothing newer."""

from __future__ import annotations

from server.catalog.model import Layer
from server.filter.fes_functions import FES_FUNCTIONS
from server.wfs.capabilities import CapabilitiesPlan, corners_of, describe_layer, keywords_of
from server.wfs.schema import prefixes_of, type_name
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, write_document

VERSION = "1.0.0"
_SCHEMA = "http://schemas.opengis.net/wfs/1.0.0/WFS-capabilities.xsd"
_PREFIXES = {"": Namespace.WFS, "ogc": Namespace.OGC}
_SPATIAL = ("BBOX", "Equals", "Disjoint", "Intersect", "Touches", "Crosses", "Within", "Contains", "Overlaps", "Beyond", "DWithin")


def write_capabilities10(plan: CapabilitiesPlan) -> bytes:
    """The document in `plan.language`; this version knows no sections."""
    service = plan.settings.service
    root = element(
        "WFS_Capabilities",
        element(
            "Service",
            element("Name", "WFS"),
            element("Title", service.title.text(plan.language)),
            element("Abstract", service.abstract.text(plan.language)),
            element("Keywords", ", ".join(service.keywords)),
            element("OnlineResource", plan.address),
            element("Fees", service.fees),
            element("AccessConstraints", service.access_constraints),
        ),
        element("Capability", _requests(plan)),
        element("FeatureTypeList", _write_operations(("Query",)), *(_feature_type(plan, layer) for layer in plan.layers)),
        _filter(),
        attributes={"version": VERSION},
    )
    return write_document(root, {**_PREFIXES, **prefixes_of(plan.layers)}, schema_locations={Namespace.WFS: _SCHEMA})


def _requests(plan: CapabilitiesPlan) -> Node:
    get, post = _door("Get", f"{plan.address}?"), _door("Post", plan.address)
    return element(
        "Request",
        element("GetCapabilities", get, post),
        element("DescribeFeatureType", element("SchemaDescriptionLanguage", element("XMLSCHEMA")), get, post),
        element("GetFeature", element("ResultFormat", element("GML2")), get, post),
        element("Transaction", post) if plan.operations else None,
    )


def _door(name: str, address: str) -> Node:
    return element("DCPType", element("HTTP", element(name, attributes={"onlineResource": address})))


def _feature_type(plan: CapabilitiesPlan, layer: Layer) -> Node:
    west, south, east, north = corners_of(plan.states.get(layer.id))
    return element(
        "FeatureType",
        element("Name", type_name(layer)),
        element("Title", layer.title.text(plan.language)),
        element("Abstract", describe_layer(layer, plan.language)),
        element("Keywords", ", ".join(keywords_of(layer, plan.language))),
        element("SRS", "EPSG:4326"),
        _write_operations(("Query", *(word for word in plan.operations[layer.id] if word != "Lock")))
        if layer.id in plan.operations
        else None,
        element(
            "LatLongBoundingBox",
            attributes={"minx": f"{west:.7f}", "miny": f"{south:.7f}", "maxx": f"{east:.7f}", "maxy": f"{north:.7f}"},
        ),
    )


def _write_operations(words: tuple[str, ...]) -> Node:
    return element("Operations", *(element(word) for word in words))


def _filter() -> Node:
    functions = [
        element("ogc:Function_Name", name, attributes={"nArgs": len(function.arguments)}) for name, function in FES_FUNCTIONS.items()
    ]
    comparisons = ("Simple_Comparisons", "Like", "Between", "NullCheck")
    return element(
        "ogc:Filter_Capabilities",
        element("ogc:Spatial_Capabilities", element("ogc:Spatial_Operators", *(element(f"ogc:{name}") for name in _SPATIAL))),
        element(
            "ogc:Scalar_Capabilities",
            element("ogc:Logical_Operators"),
            element("ogc:Comparison_Operators", *(element(f"ogc:{name}") for name in comparisons)),
            element(
                "ogc:Arithmetic_Operators",
                element("ogc:Simple_Arithmetic"),
                element("ogc:Functions", element("ogc:Function_Names", *functions)),
            ),
        ),
    )
