# SPDX-License-Identifier: MIT
"""The paths of OGC API - Styles for the OpenAPI document (20-009)."""

from __future__ import annotations

from server.ogcapi.openapi_parts import Document, describe_get, path_parameter
from server.ogcapi.plain import HTML, JSON
from server.ogcapi.styles import FORMATS

_STARTS = (("", ""), ("/collections/{collectionId}", "Collection"))


def describe_style_paths() -> Document:
    """Lists, styles and their metadata, of the whole and of a collection."""
    paths: Document = {}
    for start, name in _STARTS:
        above = [path_parameter("collectionId", "A collection.")] if start else []
        below = [*above, path_parameter("styleId", "A style.")]
        paths[f"{start}/styles"] = describe_get(f"get{name}Styles", "Styles", above, {"json": JSON, "html": HTML})
        paths[f"{start}/styles/{{styleId}}"] = describe_get(f"get{name}Style", "One style", below, FORMATS)
        paths[f"{start}/styles/{{styleId}}/metadata"] = describe_get(
            f"get{name}StyleMetadata", "What a style is and draws", below, {"json": JSON}
        )
    return paths
