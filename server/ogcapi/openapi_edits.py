# SPDX-License-Identifier: MIT
"""The operations of part 4 in the OpenAPI document: shown to those who may edit the collection."""

from __future__ import annotations

from typing import Any

from server.ogcapi.bodies import FEATURE_TYPES, PATCH_TYPES

Document = dict[str, Any]
_TEXTS = {
    200: "The feature as it is now.",
    201: "The feature made; Location is its address.",
    202: "Stored; it waits for review.",
    204: "Gone.",
    400: "The request cannot be read.",
    401: "Sign in.",
    403: "These rights do not suffice.",
    404: "There is no such thing.",
    409: "Somebody else changes the feature at this moment.",
    412: "Somebody else changed the feature; both versions are named.",
    415: "The body has another media type.",
    422: "A value or the geometry breaks a rule of the collection; it is named.",
    428: "A browser must send If-Match.",
}
_REFUSALS = (400, 401, 403, 404, 409)


def describe_edits(layer_id: str, reading: Document, *, of_item: bool) -> Document:
    """The operations by method for `items` or one feature of a layer; `reading` is its GET operation."""
    tags = reading.get("tags", [layer_id])
    if not of_item:
        operation = _operation(f"add{layer_id}Feature", "Add a feature", tags, (201, 202, *_REFUSALS, 415, 422))
        return {
            "post": {**operation, **_body(FEATURE_TYPES), "parameters": [_header("Content-Crs", "The CRS of the body; CRS84 without it.")]}
        }
    key = next(each for each in reading["parameters"] if "featureId" in str(each))
    guarded = [key, _header("If-Match", "The ETag of the feature the change is made for.")]
    placed = [*guarded, _CONTENT_CRS]
    changed = (200, 202, *_REFUSALS, 412, 415, 422, 428)
    replace = _operation(f"replace{layer_id}Feature", "Replace a feature", tags, changed)
    update = _operation(f"update{layer_id}Feature", "Change some of a feature", tags, changed)
    delete = _operation(f"delete{layer_id}Feature", "Delete a feature", tags, (204, *_REFUSALS, 412, 428))
    return {
        "put": {**replace, **_body(FEATURE_TYPES), "parameters": placed},
        "patch": {**update, **_body(PATCH_TYPES), "parameters": placed},
        "delete": {**delete, "parameters": guarded},
    }


def describe_transactions() -> Document:
    """The path of sets of changes."""
    statuses = (200, *_REFUSALS, 412, 415, 422, 428)
    operation = _operation("carryOutTransaction", "Carry out several changes, all or nothing", ["server"], statuses)
    operation["responses"]["200"] = {"description": "What was done.", "content": {"application/json": {"schema": {"type": "object"}}}}
    change: Document = {
        "type": "object",
        "required": ["action", "collection"],
        "properties": {
            "action": {"type": "string", "enum": ["insert", "replace", "update", "delete"]},
            "collection": {"type": "string"},
            "id": {"type": "integer", "minimum": 1},
            "version": {"type": "integer", "minimum": 1},
            "feature": {"type": "object"},
        },
        "additionalProperties": False,
    }
    changes: Document = {"type": "array", "minItems": 1, "items": change}
    schema = {"type": "object", "required": ["changes"], "properties": {"changes": changes}, "additionalProperties": False}
    return {"post": {**operation, "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}}


def _operation(name: str, summary: str, tags: list[str], statuses: tuple[int, ...]) -> Document:
    return {"operationId": name, "summary": summary, "tags": tags, "responses": {str(status): _response(status) for status in statuses}}


def _response(status: int) -> Document:
    media_type = "application/problem+json" if status >= 400 else "application/geo+json"
    content = {} if status == 204 else {"content": {media_type: {"schema": {"type": "object"}}}}
    return {"description": _TEXTS[status], **content}


def _body(media_types: tuple[str, ...]) -> Document:
    return {"requestBody": {"required": True, "content": {each: {"schema": {"type": "object"}} for each in media_types}}}


def _header(name: str, description: str) -> Document:
    return {"name": name, "in": "header", "description": description, "required": False, "schema": {"type": "string"}}


_CONTENT_CRS = _header("Content-Crs", "The CRS of the body; CRS84 without it.")
