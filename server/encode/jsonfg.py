# SPDX-License-Identifier: MIT
"""The frame around JSON-FG features (OGC 21-045r1, 1.0): what they are, the CRS of their places. Rows come from the database."""

from __future__ import annotations

import json
from typing import Any

from server.catalog.model import Layer

MEDIA_TYPE = "application/vnd.ogc.fg+json"
_CLASSES = [f"http://www.opengis.net/spec/json-fg-1/1.0/conf/{name}" for name in ("core", "types-schemas")]
_DIMENSIONS = {"point": 0, "multipoint": 0, "line": 1, "multiline": 1, "polygon": 2, "multipolygon": 2}


def describe_features(layer: Layer, crs_uri: str, schema_url: str) -> dict[str, Any]:
    """The members that say what the features (or the one feature) of a document are.

    `crs_uri` is the CRS asked for; WGS 84 with longitude first is that of GeoJSON and stands nowhere. `schema_url` is that of part 5.
    """
    members: dict[str, Any] = {"conformsTo": _CLASSES, "featureType": layer.id, "featureSchema": schema_url}
    if layer.has_geometry and not crs_uri.endswith("/CRS84"):
        members["coordRefSys"] = crs_uri
    if layer.geometry in _DIMENSIONS:
        members["geometryDimension"] = _DIMENSIONS[layer.geometry]
    return members


def write_head(members: dict[str, Any]) -> bytes:
    """The beginning of a FeatureCollection up to its first feature."""
    return b'{"type":"FeatureCollection",' + json.dumps(members, separators=(",", ":")).encode()[1:-1] + b',"features":[\n'
