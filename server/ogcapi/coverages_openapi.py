# SPDX-License-Identifier: MIT
"""The paths of OGC API - Coverages for the OpenAPI document (19-087), a set for each raster layer."""

from __future__ import annotations

from collections.abc import Iterable

from server.ogcapi.coverages_documents import FORMATS
from server.ogcapi.openapi_parts import Document, describe_get, query_parameter
from server.ogcapi.plain import HTML, JSON


def describe_coverage_paths(layers: Iterable[str]) -> Document:
    """Collection, values and fields of each layer."""
    text = {"type": "string"}
    factor = {"type": "number", "minimum": 0, "exclusiveMinimum": True}
    asked = [
        {"$ref": "#/components/parameters/bbox"},
        {"$ref": "#/components/parameters/bbox-crs"},
        query_parameter("subset", 'Ranges of axes, as Lat(10:11),Lon(105:106) or E(..:..),N(..:..); time("2024-03-05").', text),
        query_parameter("datetime", "A moment, a day or an interval begin/end; the last raster in it.", text),
        query_parameter("properties", "Fields, as band1,band2.", {"type": "array", "items": text}),
        query_parameter("scale-factor", "So many cells become one along each axis.", factor),
        query_parameter("scale-axes", "The same for each axis, as Lat(2),Lon(2).", text),
        query_parameter("scale-size", "Columns and rows, as Lon(200),Lat(100).", text),
    ]
    paths: Document = {}
    for name in layers:
        start = f"/collections/{name}"
        paths[start] = describe_get(f"describe.{name}", "A coverage", [], {"json": JSON, "html": HTML})
        paths[f"{start}/schema"] = describe_get(f"get.{name}.schema", "Fields of a coverage", [], {"json": "application/schema+json"})
        values = paths[f"{start}/coverage"] = describe_get(f"get.{name}.coverage", "Values of a coverage", asked, FORMATS)
        values["get"]["responses"]["204"] = {"description": "Nothing lies there."}
    return paths
