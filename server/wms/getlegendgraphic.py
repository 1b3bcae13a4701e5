# SPDX-License-Identifier: MIT
"""GetLegendGraphic (05-078r4 10.2): a picture, or JSON with every class in both languages and its symbol."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, replace

from flask import Response, request

from server.catalog.model import Layer
from server.context import Context
from server.errors import InvalidParameter
from server.render.images import FORMATS, find_format
from server.render.legend import LegendEntry, LegendPart, LegendQuery, list_entries, render_legend, render_parts
from server.render.map import MapRenderer
from server.render.mapxml import find_style
from server.style.model import Style
from server.wms.ceilings import require_known_fields
from server.wms.layers import LayerBook, find_style_name
from server.wms.legendview import LegendView, find_view
from server.wms.requests import GetLegendGraphic
from server.wms.switches import describe_switch

JSON = "application/json"


@dataclass(frozen=True)
class _Part:
    """The legend of one layer: the classes of a style, those of a view where the request names one."""

    layer: Layer
    style: Style
    entries: list[LegendEntry]
    view: LegendView | None


def answer_legend(asked: GetLegendGraphic, context: Context, book: LayerBook, renderer: MapRenderer) -> Response:
    """The legend of a layer and style, of one of its rules, of the classes that exist in a view; of a group that of each of its layers.

    Raises LayerNotDefined, StyleNotDefined, InvalidFormat, InvalidCrs, InvalidParameter, LimitExceeded, ServerFault.
    """
    layers = book.find_layers(asked.layer, "LAYER")
    is_group = asked.layer not in (layers[0].wms_name, layers[0].id)
    parts: list[_Part] = []
    for layer in reversed(layers):
        part, renderer = _find_part(asked, layer, (book, renderer), is_group=is_group)
        parts.append(part)
    if asked.rule and not any(part.entries for part in parts):
        raise InvalidParameter("The style has no rule of that name.", locator="RULE")
    seen = "|".join(f"{part.layer.id}:{part.style.fingerprint}:{part.view and part.view.label}" for part in parts)
    tag = hashlib.sha256(f"{asked}|{seen}".encode()).hexdigest()[:32]
    if request.if_none_match.contains(tag):
        return _label(Response(status=304), tag)
    parts = [replace(part, entries=part.view.keep_existing(part.entries, context)) if part.view else part for part in parts]
    if asked.format.split(";")[0].strip().lower() == JSON:
        documents = [_describe(asked, part, renderer) for part in parts]
        found = {"group": asked.layer, "layers": documents} if is_group else documents[0]
        return _label(Response(json.dumps(found, ensure_ascii=False), content_type=JSON), tag)
    return _label(_draw(asked, parts, renderer, is_group=is_group), tag)


def _find_part(asked: GetLegendGraphic, layer: Layer, desk: tuple[LayerBook, MapRenderer], *, is_group: bool) -> tuple[_Part, MapRenderer]:
    """What of a layer the legend lists (before it looks which classes exist), and the renderer that knows the style."""
    book, renderer = desk
    style, renderer = _find_look(replace(asked, style="") if is_group else asked, layer, renderer)
    view = find_view(asked.view, layer, style, book, is_sized=asked.view_is_sized) if asked.view else None
    entries = list_entries(style, view.scale if view and asked.scale is None and view.is_sized else asked.scale)
    if asked.rule:
        entries = [entry for entry in entries if entry.name == asked.rule]
    return _Part(layer, style, entries, view), renderer


def _draw(asked: GetLegendGraphic, parts: list[_Part], renderer: MapRenderer, *, is_group: bool) -> Response:
    image_format = find_format(asked.format)
    query = LegendQuery(
        width=asked.width,
        height=asked.height,
        titles=asked.titles and not asked.rule,
        language=asked.language,
        transparent=asked.transparent and image_format.transparent,
        background=asked.background,
    )
    shown = [
        LegendPart(part.layer, tuple(part.entries), part.layer.title.text(asked.language) if is_group else "")
        for part in parts
        if part.entries or not is_group
    ]
    return Response(render_parts(shown, query, renderer.symbols, image_format), content_type=image_format.media_type)


def _find_look(asked: GetLegendGraphic, layer: Layer, renderer: MapRenderer) -> tuple[Style, MapRenderer]:
    """The style the legend is of: one sent with the request or one of the layer's."""
    sent = asked.sld.find_style(asked.layer, asked.style) if asked.sld else None
    if sent is not None and sent.style is not None:
        require_known_fields(sent.style, layer)
        return sent.style, renderer.wearing({sent.style.name: sent.style})
    return find_style(renderer.source, find_style_name(layer, sent.name if sent else asked.style)), renderer


def _describe(asked: GetLegendGraphic, part: _Part, renderer: MapRenderer) -> dict[str, object]:
    """Classes in drawing order; `icon` is a PNG as data address, twice as fine as it shall be shown."""
    query = LegendQuery(asked.width, asked.height, titles=False, ratio=2.0)
    classes = [
        {
            "name": entry.name,
            "title": {"vi": entry.title.vi, "en": entry.title.en},
            "icon": _data_address(render_legend(part.layer, [entry], query, renderer.symbols, FORMATS["image/png"])),
            "min_scale": entry.min_scale,
            "max_scale": entry.max_scale,
            **describe_switch(part.layer, part.style, entry),
        }
        for entry in part.entries
    ]
    return {
        "layer": part.layer.id,
        "style": part.style.name,
        "title": {"vi": part.style.title.vi, "en": part.style.title.en},
        "width": asked.width,
        "height": asked.height,
        "classes": classes,
    }


def _data_address(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")


def _label(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
