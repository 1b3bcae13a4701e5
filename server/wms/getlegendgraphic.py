# SPDX-License-Identifier: MIT
"""GetLegendGraphic (05-078r4 10.2): a picture, or JSON with every class in both languages and its symbol."""

from __future__ import annotations

import base64
import hashlib
import json

from flask import Response, request

from server.catalog.model import Layer
from server.context import Context
from server.errors import InvalidParameter, LayerNotDefined
from server.render.images import FORMATS, find_format
from server.render.legend import LegendEntry, LegendQuery, list_entries, render_legend
from server.render.map import MapRenderer
from server.render.mapxml import find_style
from server.style.model import Style
from server.wms.ceilings import require_known_fields
from server.wms.layers import LayerBook, find_style_name
from server.wms.legendview import find_view
from server.wms.requests import GetLegendGraphic

JSON = "application/json"


def answer_legend(asked: GetLegendGraphic, context: Context, book: LayerBook, renderer: MapRenderer) -> Response:
    """The legend of one layer and style, or of one of its rules, or of the classes that exist in a view.

    Raises LayerNotDefined, StyleNotDefined, InvalidFormat, InvalidCrs, InvalidParameter, LimitExceeded, ServerFault.
    """
    layers = book.find_layers(asked.layer, "LAYER")
    if asked.layer not in (layers[0].wms_name, layers[0].id):
        raise LayerNotDefined(f"The group {asked.layer!r} has no legend of its own; ask for its layers.", locator="LAYER")
    layer = layers[0]
    style, renderer = _find_look(asked, layer, renderer)
    view = find_view(asked.view, style, book, is_sized=asked.view_is_sized) if asked.view else None
    entries = list_entries(style, view.scale if view and asked.scale is None and view.is_sized else asked.scale)
    if asked.rule:
        entries = [entry for entry in entries if entry.name == asked.rule]
        if not entries:
            raise InvalidParameter("The style has no rule of that name.", locator="RULE")
    tag = hashlib.sha256(f"{asked}|{style.fingerprint}|{view and view.label}".encode()).hexdigest()[:32]
    if request.if_none_match.contains(tag):
        return _label(Response(status=304), tag)
    if view:
        entries = view.keep_existing(entries, context)
    if asked.format.split(";")[0].strip().lower() == JSON:
        return _label(Response(_write_json(asked, layer, style, entries, renderer), content_type=JSON), tag)
    image_format = find_format(asked.format)
    query = LegendQuery(
        width=asked.width,
        height=asked.height,
        titles=asked.titles and not asked.rule,
        language=asked.language,
        transparent=asked.transparent and image_format.transparent,
        background=asked.background,
    )
    return _label(Response(render_legend(layer, entries, query, renderer.symbols, image_format), content_type=image_format.media_type), tag)


def _find_look(asked: GetLegendGraphic, layer: Layer, renderer: MapRenderer) -> tuple[Style, MapRenderer]:
    """The style the legend is of: one sent with the request or one of the layer's."""
    sent = asked.sld.find_style(asked.layer, asked.style) if asked.sld else None
    if sent is not None and sent.style is not None:
        require_known_fields(sent.style, layer)
        return sent.style, renderer.wearing({sent.style.name: sent.style})
    return find_style(renderer.source, find_style_name(layer, sent.name if sent else asked.style)), renderer


def _write_json(asked: GetLegendGraphic, layer: Layer, style: Style, entries: list[LegendEntry], renderer: MapRenderer) -> str:
    """Classes in drawing order; `icon` is a PNG as data address, twice as fine as it shall be shown."""
    query = LegendQuery(asked.width, asked.height, titles=False, ratio=2.0)
    classes = [
        {
            "name": entry.name,
            "title": {"vi": entry.title.vi, "en": entry.title.en},
            "icon": _data_address(render_legend(layer, [entry], query, renderer.symbols, FORMATS["image/png"])),
            "min_scale": entry.min_scale,
            "max_scale": entry.max_scale,
        }
        for entry in entries
    ]
    document = {
        "layer": layer.id,
        "style": style.name,
        "title": {"vi": style.title.vi, "en": style.title.en},
        "width": asked.width,
        "height": asked.height,
        "classes": classes,
    }
    return json.dumps(document, ensure_ascii=False)


def _data_address(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")


def _label(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
