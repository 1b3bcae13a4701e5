# SPDX-License-Identifier: MIT
"""GetMap (06-042 7.3, 01-068r3 7.2)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

from flask import Response, request

from server.config import Limits
from server.crs.extent import Extent
from server.errors import InvalidFormat, LimitExceeded, XanhError
from server.query.maps import MapQuery
from server.render.images import find_format, find_map_format
from server.render.map import MapRenderer
from server.render.notice import render_notice
from server.render.patience import PATIENCE
from server.render.scales import map_resolution
from server.tiles.desk import TileDesk
from server.tiles.pictures import PicturePlace
from server.wms.exceptions import describe_error
from server.wms.layers import LayerBook
from server.wms.place import read_extent
from server.wms.requests import ExceptionForm, GetMap, read_background
from server.wms.tiled import find_place, tile_edition, tile_tag

_SMALL_INTEGER = re.compile(r"\d{1,4}", re.ASCII)


def answer_map(asked: GetMap, book: LayerBook, desk: TileDesk) -> Response:
    """The map, with a tag made of the question and the revisions of its layers.

    Raises InvalidFormat, InvalidCrs, LayerNotDefined, StyleNotDefined, InvalidParameter, LimitExceeded, ServerFault.
    """
    image_format = find_map_format(asked.format)
    extent = read_extent(asked.frame, book)
    chosen = book.choose_layers(asked.frame)
    query = MapQuery(
        layers=tuple(replace(one, unseen=one.layer.id in asked.unseen) for one in chosen.layers),
        crs=extent.crs.code,
        extent=extent.bounds,
        width=asked.frame.width,
        height=asked.frame.height,
        format=asked.format,
        transparent=asked.transparent and image_format.transparent,
        background=asked.background,
        pixel_ratio=asked.frame.pixel_ratio,
        language=asked.frame.language,
        parts=asked.parts,
    )
    _require_coarse(query, extent, book.context.settings.limits)
    place = find_place(query, desk) if asked.tiled else None
    renderer = desk.pictures.renderer.wearing(chosen.styles)
    seconds = book.context.settings.limits.max_map_seconds if chosen.is_costly else None
    if place is not None:
        response = _answer_tile(query, place, desk, seconds)
    else:
        response = _answer_picture(query, book, renderer, lambda: _draw(lambda: renderer.render_map(query), seconds))
    for note in chosen.notes:
        response.headers.add("Warning", note)
    return response


def _require_coarse(query: MapQuery, extent: Extent, limits: Limits) -> None:
    """Shapes with a symbol or label at one place are laid out whole: one of millions of pixels takes minutes, and shows nothing."""
    if map_resolution(query, extent.crs.kind == "geographic") < limits.min_pixel_metres:
        raise LimitExceeded(f"A pixel of a map is at least {limits.min_pixel_metres:g} m wide here.", locator="BBOX")


def _answer_picture(query: MapQuery, book: LayerBook, renderer: MapRenderer, draw: Callable[[], bytes]) -> Response:
    tag = _make_tag(query, book, renderer)
    if request.if_none_match.contains(tag):
        return _label(Response(status=304), tag)
    return _label(Response(draw(), content_type=find_map_format(query.format).media_type), tag)


def _draw(draw: Callable[[], bytes], seconds: float | None) -> bytes:
    """What `draw` gives, where that may take long not after more than `seconds`."""
    return draw() if seconds is None else PATIENCE.run(draw, seconds)


def _answer_tile(query: MapQuery, place: PicturePlace, desk: TileDesk, seconds: float | None) -> Response:
    edition = tile_edition(query, desk)
    tag = tile_tag(edition, place)
    if request.if_none_match.contains(tag):
        return _label(Response(status=304), tag)
    picture = desk.pictures.kept(edition, place) or _draw(lambda: desk.pictures.read(edition, place), seconds)
    return _label(Response(picture, content_type=find_format(query.format).media_type), tag)


def answer_notice(error: Exception, form: ExceptionForm, parameters: dict[str, str]) -> Response | None:
    """The error as a picture, where the client wants that and its size and format are usable; None = it must be told as XML."""
    width, height = parameters.get("WIDTH", ""), parameters.get("HEIGHT", "")
    if not (_SMALL_INTEGER.fullmatch(width) and _SMALL_INTEGER.fullmatch(height)) or not (int(width) and int(height)):
        return None
    transparent = parameters.get("TRANSPARENT", "").upper() == "TRUE"
    size, background = (int(width), int(height)), read_background(parameters)
    query = MapQuery((), 3857, (0.0, 0.0, 1.0, 1.0), *size, parameters.get("FORMAT", ""), transparent, background)
    try:
        image_format = find_format(query.format)
    except InvalidFormat:
        return None
    _, code, _, texts = describe_error(error)
    text = "" if form == "BLANK" else f"{code}: {texts[0]}" if code else texts[0]
    response = Response(render_notice(replace(query, transparent=transparent), text), content_type=image_format.media_type)
    response.headers["Cache-Control"] = "no-store"
    if isinstance(error, XanhError) and not error.is_client_fault:
        response.status_code = 500
    return response


def _make_tag(query: MapQuery, book: LayerBook, renderer: MapRenderer) -> str:
    states = book.states()
    parts = [
        f"{one.layer.id}:{one.style}:{one.revision}:{states[one.layer.id].published_at}:{one.where}:{one.unseen}" for one in query.layers
    ]
    parts += [renderer.source.styles[one.style].fingerprint for one in query.layers if one.style in renderer.source.styles]
    parts.append(repr(replace(query, layers=())))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def _label(response: Response, tag: str) -> Response:
    """Caches may keep the picture and must ask whether it still holds."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response
