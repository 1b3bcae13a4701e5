# SPDX-License-Identifier: MIT
"""Pieces of the OpenAPI document that several rooms write: parameters and operations that read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.ogcapi.openapi_agency import PROBLEM

Document = dict[str, Any]
LANG: Document = {"$ref": "#/components/parameters/lang"}
_TEXTS = {
    "400": "A parameter is wrong.",
    "401": "The credentials are wrong.",
    "404": "There is no such thing.",
    "429": "The key has asked more than it may; Retry-After says when it may again.",
}


def path_parameter(name: str, description: str) -> Document:
    """A part of the path."""
    return {"name": name, "in": "path", "description": description, "required": True, "schema": {"type": "string"}}


def query_parameter(name: str, description: str, schema: Document) -> Document:
    """A parameter that may be left out; lists are written with commas."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def describe_get(name: str, summary: str, parameters: Sequence[Document], formats: Mapping[str, str]) -> Document:
    """An operation that reads: `formats` maps the names of `f` to media types, the default first."""
    asked = query_parameter("f", "The format.", {"type": "string", "enum": list(formats), "default": next(iter(formats))})
    content = {media_type: {"schema": _schema_of(media_type)} for media_type in dict.fromkeys(formats.values())}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": ["server"],
            "parameters": [*parameters, asked, LANG],
            "responses": {"200": {"description": "The answer.", "content": content}, **problems("400", "401", "404", "429")},
        }
    }


def problems(*statuses: str) -> Document:
    """What mistakes are answered with."""
    content = {"application/problem+json": {"schema": PROBLEM}}
    return {status: {"description": _TEXTS.get(status, "Refused."), "content": content} for status in statuses}


def _schema_of(media_type: str) -> Document:
    if media_type.startswith("image/"):
        return {"type": "string", "format": "binary"}
    return {"type": "object"} if media_type.partition(";")[0].endswith("json") else {"type": "string"}
