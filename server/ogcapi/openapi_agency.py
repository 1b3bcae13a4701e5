# SPDX-License-Identifier: MIT
"""The OpenAPI 3.0 document of /api/v1."""

from __future__ import annotations

from typing import Any

from server.catalog.catalog import Catalog

Document = dict[str, Any]
# What a mistake is answered with everywhere (RFC 9457).
PROBLEM: Document = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "In English."},
        "detail_vi": {"type": "string", "description": "In Vietnamese."},
        "code": {"type": "string"},
        "locator": {"type": "string", "description": "The field, parameter or header at fault."},
    },
}
_CHANGE: Document = {
    "type": "object",
    "required": ["revision", "id", "action", "at", "feature"],
    "properties": {
        "revision": {"type": "integer"},
        "id": {"type": "integer"},
        "action": {"type": "string", "enum": ["insert", "update", "delete"]},
        "at": {"type": "string", "format": "date-time"},
        "feature": {"type": "object", "nullable": True},
    },
}
_CHANGES: Document = {
    "type": "object",
    "required": ["layer", "revision", "more", "next", "changes"],
    "properties": {
        "layer": {"type": "string"},
        "revision": {"type": "integer"},
        "more": {"type": "boolean"},
        "next": {"type": "string"},
        "changes": {"type": "array", "items": _CHANGE},
    },
}
_ROWS: Document = {
    "type": "object",
    "required": ["layer", "revision", "count", "next", "rows"],
    "properties": {
        "layer": {"type": "string"},
        "revision": {"type": "integer"},
        "count": {"type": "integer", "description": "Rows of the whole layer."},
        "next": {"type": "string", "nullable": True},
        "rows": {"type": "array", "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}},
    },
}
_LINKED = ("catalogue", "dataset")
_TEXTS = {400: "A parameter is wrong.", 401: "The key is wrong.", 404: "There is no such thing.", 410: "Begin anew.", 429: "Ask later."}


def describe_agency_api(catalog: Catalog, base: str, layers: list[str]) -> Document:
    """The document; `layers` are the ids whoever asks may read, `base` the address of /api/v1."""
    layer = {"name": "layer", "in": "path", "required": True, "schema": {"type": "string", "enum": layers}}
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "enum": list(catalog.code_lists)}}
    day = {"name": "on", "in": "query", "description": "Only the codes valid on a day.", "schema": {"type": "string", "format": "date"}}
    number = {"type": "integer", "minimum": 0}
    feed: list[Document] = [
        layer,
        {"name": "since", "in": "query", "description": "Changes after this revision.", "schema": number},
        {"name": "cursor", "in": "query", "description": "Taken from next, instead of since.", "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "schema": {**number, "minimum": 1, "default": 100}},
    ]
    rows: list[Document] = [
        layer,
        {"name": "after", "in": "query", "description": "Rows with a larger id.", "schema": number},
        {"name": "limit", "in": "query", "schema": {**number, "minimum": 1, "default": 1000}},
    ]
    plain = {"type": "object"}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Dữ liệu dùng chung · Shared data", "version": "1.0.0"},
        "servers": [{"url": base}],
        "paths": {
            "/": _get("index", "Where to begin", [], plain, ()),
            "/layers": _get("layers", "The layers", [], plain, ()),
            "/layers/{layer}": _get("layer", "One layer: metadata and fields", [layer], plain, (404,)),
            "/layers/{layer}/changes": _get("changes", "What changed since a revision", feed, _CHANGES, (404, 410)),
            "/layers/{layer}/rows": _get("rows", "The rows of a layer; any field may be asked for by its name", rows, _ROWS, (404,)),
            "/codes": _get("codes", "The code lists", [], plain, ()),
            "/codes/{name}": _get("codeList", "One code list with validity", [name, day], plain, (404,)),
            "/dcat": _get("catalogue", "The layers as a DCAT-AP catalogue", [], plain, ()),
            "/layers/{layer}/dcat": _get("dataset", "One layer as a DCAT-AP dataset", [layer], plain, (404,)),
            "/openapi": _get("openapi", "This document", [], plain, ()),
        },
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"key": []}],
    }


def _get(name: str, summary: str, parameters: list[Document], schema: Document, statuses: tuple[int, ...]) -> Document:
    media_type = "application/ld+json" if name in _LINKED else "application/json"
    responses: Document = {"200": {"description": "The answer.", "content": {media_type: {"schema": schema}}}}
    for status in (400, 401, *statuses, 429):
        responses[str(status)] = {"description": _TEXTS[status], "content": {"application/problem+json": {"schema": PROBLEM}}}
    return {"get": {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}}
