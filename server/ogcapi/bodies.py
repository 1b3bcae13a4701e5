# SPDX-License-Identifier: MIT
"""The body of a change (OGC API - Features part 4, 20-002): one GeoJSON Feature, or a merge patch (RFC 7396) of one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from server.catalog.model import Layer
from server.catalog.projection import published_field_names, published_shapes
from server.crs.axis import Service as Protocol
from server.crs.axis import axis_order
from server.crs.spelling import CrsReference, parse_crs
from server.errors import InvalidParameter
from server.features.faults import Fault
from server.features.whole import is_filled_by_people
from server.filter.geojson import read_geojson
from server.filter.tree import GeometryLiteral
from server.ogcapi.service import CRS84_REFERENCE, Service

FEATURE_TYPES = ("application/geo+json", "application/json")
PATCH_TYPES = ("application/merge-patch+json", *FEATURE_TYPES)
_LONGEST_NAME = 200


@dataclass(frozen=True)
class FeatureBody:
    """What a body says: values of fields that people fill in, a geometry (x before y, in the CRS of `epsg`) and whether it says one.

    `version` is the one the body was read as, where it still bears it.
    """

    values: dict[str, Any]
    geometry: dict[str, Any] | None
    names_geometry: bool
    epsg: int
    version: int | None = None


def read_body(service: Service, layer: Layer, feature_id: int | None, *, as_patch: bool = False) -> FeatureBody:
    """The body of this request about a feature of `layer` (as its editor sees it); `feature_id` None for a new one.

    Fields nobody fills in by hand (version, titles of links, computed ones) are passed over, because clients send back what they read.
    Raises InvalidParameter, InvalidCrs, EditRefused, UnsupportedMediaType, RequestEntityTooLarge.
    """
    accepted = PATCH_TYPES if as_patch else FEATURE_TYPES
    if request.mimetype not in accepted:
        raise UnsupportedMediaType(f"Send {accepted[0]}.")
    return read_feature_body(read_json(request.get_data()), layer, feature_id, read_content_crs(service), as_patch=as_patch)


def read_feature_body(
    document: dict[str, Any], layer: Layer, feature_id: int | None, reference: CrsReference, *, as_patch: bool = False
) -> FeatureBody:
    """The same of a document that was read already, its coordinates in the CRS of `reference`."""
    if not as_patch or "type" in document:
        _require(document.get("type") == "Feature", "The body is one GeoJSON Feature.", "type")
    if feature_id is not None and document.get("id") is not None:
        _require(str(document["id"]) == str(feature_id), "The id in the body is not the one in the address.", "id")
    properties = document.get("properties", {})
    if properties is None and not as_patch:
        properties = {}
    _require(isinstance(properties, dict), "The properties of a feature are an object.", "properties")
    if not as_patch and layer.has_geometry and "geometry" not in document:
        raise InvalidParameter(
            "A GeoJSON feature has a geometry; null where nobody knows it.",
            locator="geometry",
            message_vi="Đối tượng GeoJSON phải có geometry; null khi chưa biết vị trí.",
        )
    geometry = document.get("geometry")
    if geometry is not None:
        if not layer.has_geometry:
            raise Fault("geometry_none", "geometry").error(layer)
        geometry = read_geojson(geometry, _order(reference), locator="geometry")
    version = properties.get("version")
    return FeatureBody(
        _read_values(layer, properties, reference),
        geometry,
        "geometry" in document,
        reference.crs.code,
        version if type(version) is int else None,
    )


def read_json(data: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8. Raises InvalidParameter."""
    try:
        document = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidParameter("The body is not JSON in UTF-8.", message_vi="Nội dung không phải JSON mã UTF-8.") from error
    _require(isinstance(document, dict), "The body is a JSON object.", None)
    return dict(document)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def read_content_crs(service: Service) -> CrsReference:
    """The CRS of the body's coordinates: that of Content-Crs, else CRS84. Raises InvalidCrs."""
    written = request.environ.get("HTTP_CONTENT_CRS")
    if written is None:
        return CRS84_REFERENCE
    return parse_crs(written.strip().removeprefix("<").removesuffix(">"), offered=service.crs, locator="Content-Crs")


def _order(reference: CrsReference) -> Literal["xy", "yx"]:
    return axis_order(reference.crs, Protocol.OGC_API, "1.0", reference.spelling)


def _read_values(layer: Layer, properties: dict[str, Any], reference: CrsReference) -> dict[str, Any]:
    """The properties that are for us to store, further geometries among them. Unknown ones stay: the write door refuses them by name."""
    known = {"id", *published_field_names(layer)}
    shapes = {shape.name for shape in published_shapes(layer)}
    values = {}
    for name, value in properties.items():
        _require(len(name) <= _LONGEST_NAME, "A property has a name longer than any field.", "properties")
        if name in known and not is_filled_by_people(layer, name):
            continue
        if name in shapes and isinstance(value, dict):
            values[name] = GeometryLiteral(read_geojson(value, _order(reference), locator=name), reference.crs.code)
            continue
        if isinstance(value, dict | list):
            raise Fault("type", name, "…").error(layer)
        values[name] = value
    return values


def _require(holds: bool, message: str, locator: str | None) -> None:
    if not holds:
        raise InvalidParameter(message, locator=locator)
