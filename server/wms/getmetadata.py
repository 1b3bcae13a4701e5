# SPDX-License-Identifier: MIT
"""GetMetadata: a layer or group as ISO 19115 (2003) in ISO/TS 19139, what MetadataURL of the capabilities points at (06-042 7.2.4.6.11)."""

from __future__ import annotations

from flask import Response

from server.catalog.model import Layer
from server.context import Context
from server.ows.iso19139 import IsoRecord, Online, write_iso19139
from server.wms.layers import LayerBook

MEDIA_TYPE = "text/xml; charset=utf-8"


def answer_metadata(name: str, context: Context, book: LayerBook, *, language: str, address: str) -> Response:
    """The record of a layer or group; `address` is where maps of it are asked for. Raises LayerNotDefined, ServerFault."""
    record = _gather(name, context, book, (language, address))
    response = Response(write_iso19139(record, context.settings), content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _gather(name: str, context: Context, book: LayerBook, asked: tuple[str, str]) -> IsoRecord:
    language, address = asked
    layers, states = book.find_layers(name, "LAYER"), book.states()
    extents = [extent for layer in layers if (extent := states[layer.id].extent)]
    first = layers[0]
    is_layer = name in (first.wms_name, first.id)
    group = next((group for group in context.catalog.groups if group.id == name), None)
    title = first.title if is_layer or group is None else group.title
    known_as = first.id if is_layer else name
    return IsoRecord(
        name=known_as,
        title=title.text(language),
        abstract=first.abstract.text(language) if is_layer else "; ".join(layer.title.text(language) for layer in layers),
        keywords=tuple(word.text(language) for layer in layers for word in layer.keywords),
        licences=tuple(dict.fromkeys(_describe_licence(layer, language) for layer in layers)),
        level="dataset" if is_layer else "series",
        published=max(states[layer.id].published_at for layer in layers),
        extent=_union(extents) if extents else None,
        language=language,
        online=(Online(f"{address}?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities", "OGC:WMS", known_as),),
    )


def _describe_licence(layer: Layer, language: str) -> str:
    source = layer.source
    return f"{source.en if language == 'en' else source.vi} · {source.licence}"


def _union(extents: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    west, south, east, north = zip(*extents, strict=True)
    return min(west), min(south), max(east), max(north)
