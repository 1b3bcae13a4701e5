# SPDX-License-Identifier: MIT
"""TileJSON 3.0.0: what web map libraries read to find tiles."""

from __future__ import annotations

import json
from urllib.parse import quote

from server.catalog.model import Layer, Source
from server.catalog.projection import PublishedField, published_fields
from server.tiles.desk import TileDesk
from server.tiles.editions import Edition

_TYPES = {"integer": "Number", "number": "Number", "link": "Number", "boolean": "Boolean"}


def describe_vectors(desk: TileDesk, layer: Layer, root: str, language: str) -> bytes:
    """The vector tiles of a layer, as UTF-8. Raises LayerNotDefined, ServerFault."""
    edition = desk.editions.of_vectors(layer.id)
    fields = {field.name: _describe_field(field, language) for field in _carried(desk, layer)}
    return _write(
        desk,
        edition,
        {
            "name": layer.title.text(language),
            "description": layer.abstract.text(language),
            "attribution": _credit([layer.source], language),
            "tiles": [f"{root}/tiles/{quote(layer.id)}/{{z}}/{{x}}/{{y}}.mvt"],
            "vector_layers": [{"id": layer.id, "description": layer.title.text(language), "fields": fields}],
        },
    )


def describe_pictures(desk: TileDesk, name: str, style: str, address: tuple[str, str]) -> bytes:
    """The picture tiles of a drawing, as UTF-8; `address` is our root and the language.

    Raises LayerNotDefined, StyleNotDefined, ServerFault.
    """
    root, language = address
    edition = desk.editions.of_drawing(name, style)
    return _write(
        desk,
        edition,
        {
            "name": " · ".join(part.layer.title.text(language) for part in reversed(edition.template.layers)),
            "attribution": _credit([part.layer.source for part in edition.template.layers], language),
            "tiles": [f"{root}/tiles/{quote(name)}/{quote(style)}/{{z}}/{{x}}/{{y}}.png"],
        },
    )


def _write(desk: TileDesk, edition: Edition, found: dict[str, object]) -> bytes:
    document: dict[str, object] = {"tilejson": "3.0.0", "scheme": "xyz", "version": "1.0.0", **found}
    document |= {"minzoom": 0, "maxzoom": desk.context.settings.tiles.max_level}
    if edition.extents:
        west, south, east, north = zip(*edition.extents, strict=True)
        document["bounds"] = [round(number, 6) for number in (min(west), min(south), max(east), max(north))]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _carried(desk: TileDesk, layer: Layer) -> list[PublishedField]:
    names = desk.editions.vector_fields(layer.id)
    return [field for field in published_fields(layer) if field.name in names]


def _describe_field(field: PublishedField, language: str) -> str:
    unit = f" ({field.unit})" if field.unit else ""
    return f"{_TYPES.get(str(field.type), 'String')}: {field.label.text(language)}{unit}"


def _credit(sources: list[Source], language: str) -> str:
    texts = (f"{source.en if language == 'en' else source.vi} · {source.licence}" for source in sources)
    return " | ".join(dict.fromkeys(texts))
