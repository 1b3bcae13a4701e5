# SPDX-License-Identifier: MIT
"""The provider pygeoapi asks about a collection: it knows the fields from the layer file and never opens the database."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from pygeoapi.provider.base import BaseProvider

from server.access import store_of
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields

PROVIDER = "server.ogcapi.provider.CatalogueProvider"
_TYPES: dict[str, dict[str, str]] = {
    "text": {"type": "string"},
    "link": {"type": "integer"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}


class CatalogueProvider(BaseProvider):  # type: ignore[misc]  # pygeoapi has no types
    """Fields of a published layer, given in the definition's `options`. Features are not read here: `items` has a path of its own."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self.get_fields()

    def get_fields(self) -> dict[str, dict[str, Any]]:
        """JSON Schema of each field, a fresh copy: pygeoapi changes what it is given."""
        fields: dict[str, dict[str, Any]] = deepcopy(self.options)
        self._fields = fields
        return fields


def describe_fields(layer: Layer, catalog: Catalog, language: str) -> dict[str, dict[str, Any]]:
    """JSON Schema of the published fields of a layer: type, title, unit, codes (as `oneOf` with titles), the layer a link leads to.

    Staff, who may write, are also told what nobody fills in by hand.
    """
    schemas = {field.name: _describe(field, catalog, language) for field in published_fields(layer)}
    if store_of(layer) == "official":
        for name, field in layer.fields.items():
            if field.read_only or field.computed:
                schemas[name]["readOnly"] = True
    return schemas


def _describe(field: PublishedField, catalog: Catalog, language: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": field.label.text(language), **_TYPES[field.type]}
    if field.unit:
        schema["x-ogc-unit"] = field.unit
    if field.max_length:
        schema["maxLength"] = field.max_length
    if field.link:
        schema["x-ogc-role"] = "reference"
        schema["x-ogc-collectionId"] = field.link
    codes = catalog.code_lists.get(field.codes) if field.codes else None
    if codes is not None:
        schema["oneOf"] = [{"const": code.code, "title": code.en if language == "en" else code.vi} for code in codes.codes]
    return schema
