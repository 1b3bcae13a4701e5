# SPDX-License-Identifier: MIT
"""The paths of OGC API - Tiles for the OpenAPI document (20-057 clause 12)."""

from __future__ import annotations

from typing import Any

from server.tiles.pictures import FORMATS
from server.tiles.vectors import MEDIA_TYPE

Document = dict[str, Any]
_JSON = {"application/json": {"schema": {"type": "object"}}}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_PARTS = {
    "collectionId": "A collection.",
    "styleId": "One of the styles of the collection.",
    "tileMatrixSetId": "A tile matrix set.",
    "tileMatrix": "The level, from 0.",
    "tileRow": "The row, from 0 at the top.",
    "tileCol": "The column, from 0 at the left.",
}
# Where tiles begin, the word for it in operation ids, and the kinds offered there.
_STARTS = (
    ("", "dataset", ("vector", "map")),
    ("/collections/{collectionId}", "collection", ("vector", "map")),
    ("/collections/{collectionId}/styles/{styleId}", "collection.style", ("map",)),
)


def describe_tile_paths() -> Document:
    """Paths with their operations. Ids end as the standard's table 6 says (`.getTile`, `.getTileSet`, `.getTileSetsList`)."""
    paths: Document = {
        "/tileMatrixSets": _operation("getTileMatrixSetsList", "Tile matrix sets", "/tileMatrixSets", _JSON),
        "/tileMatrixSets/{tileMatrixSetId}": _operation(
            "getTileMatrixSet", "One tile matrix set", "/tileMatrixSets/{tileMatrixSetId}", _JSON
        ),
    }
    for start, name, kinds in _STARTS:
        for kind in kinds:
            listed = f"{start}/tiles" if kind == "vector" else f"{start}/map/tiles"
            one, tile = f"{listed}/{{tileMatrixSetId}}", f"{listed}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
            offered = dict.fromkeys([MEDIA_TYPE] if kind == "vector" else FORMATS.values(), _BINARY)
            paths[listed] = _operation(f"{name}.{kind}.getTileSetsList", f"Tilesets ({kind})", listed, _JSON)
            paths[one] = _operation(f"{name}.{kind}.getTileSet", f"One tileset ({kind})", one, _JSON)
            paths[tile] = _operation(f"{name}.{kind}.getTile", f"A tile ({kind})", tile, offered)
            if name == "dataset":
                for path in (listed, one, tile):
                    paths[path]["get"]["parameters"].append(_COLLECTIONS)
    return paths


_COLLECTIONS: Document = {
    "name": "collections",
    "in": "query",
    "description": "Ids of collections, separated by commas, instead of the base map's.",
    "required": False,
    "schema": {"type": "string"},
}


def _operation(name: str, summary: str, path: str, content: Document) -> Document:
    parts = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    parameters: list[Document] = [
        {"name": part, "in": "path", "description": _PARTS[part], "required": True, "schema": {"type": "string"}} for part in parts
    ]
    is_tile = path.endswith("{tileCol}")
    formats = ["mvt"] if MEDIA_TYPE in content else list(FORMATS) if is_tile else ["json"]
    parameters.append(
        {"name": "f", "in": "query", "description": "The format.", "required": False, "schema": {"type": "string", "enum": formats}}
    )
    if not is_tile:
        parameters.append({"$ref": "#/components/parameters/lang"})
    responses: Document = {"200": {"description": "The answer.", "content": content}}
    if is_tile:
        responses["204"] = {"description": "Nothing lies in the tile."}
    problem = {"application/problem+json": {"schema": {"type": "object"}}}
    responses |= {code: {"description": text, "content": problem} for code, text in (("400", "Not understood."), ("404", "Not there."))}
    return {"get": {"summary": summary, "operationId": name, "tags": ["server"], "parameters": parameters, "responses": responses}}
