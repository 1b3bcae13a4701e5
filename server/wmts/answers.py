# SPDX-License-Identifier: MIT
"""Tiles as HTTP answers: the ETag is the key, so a client that has the tile gets 304 before anything is read or drawn.

Tags are compared weakly (RFC 9110 13.1.2): a proxy that compresses on the way makes weak ones of them.
"""

from __future__ import annotations

import hashlib

from flask import Response, request

from server.tiles.cache import TileKey
from server.tiles.desk import TileDesk
from server.tiles.matrix import Tile, web_mercator
from server.tiles.pictures import FORMATS, PicturePlace, make_key
from server.tiles.vectors import MEDIA_TYPE, vector_key
from server.wmts.requests import GetTile


def answer_picture(desk: TileDesk, asked: GetTile) -> Response:
    """A picture tile.

    Raises LayerNotDefined, StyleNotDefined, InvalidParameter, InvalidFormat, TileOutOfRange, LimitExceeded, ServerFault.
    """
    matrix_set = desk.matrix_set(asked.matrix_set)
    place = PicturePlace(matrix_set, matrix_set.require(asked.tile), asked.ending, asked.ratio)
    edition = desk.editions.of_drawing(asked.layer, asked.style)
    tag = _make_tag(make_key(edition, place))
    if request.if_none_match.contains_weak(tag):
        return _label(Response(status=304), tag)
    return _label(Response(desk.pictures.read(edition, place), content_type=FORMATS[asked.ending]), tag)


def answer_vectors(desk: TileDesk, layer: str, tile: Tile) -> Response:
    """A vector tile; 204 when nothing lies in it. Raises LayerNotDefined, InvalidParameter, TileOutOfRange, LimitExceeded, ServerFault."""
    web_mercator(desk.context.settings.tiles.max_level + 1).require(tile)
    edition = desk.editions.of_vectors(layer)
    tag = _make_tag(vector_key(edition, tile))
    if request.if_none_match.contains_weak(tag):
        return _label(Response(status=304), tag)
    made = desk.vectors.read(edition, tile)
    return _label(Response(made, content_type=MEDIA_TYPE) if made else Response(status=204), tag)


def answer_document(document: bytes, content_type: str) -> Response:
    """A document whose ETag is made of its bytes."""
    response = _label(Response(document, content_type=content_type), hashlib.sha256(document).hexdigest()[:32])
    response.make_conditional(request.environ)
    return response


def _make_tag(key: TileKey) -> str:
    return hashlib.sha256(key.path.encode()).hexdigest()[:32]


def _label(response: Response, tag: str) -> Response:
    """Whoever keeps it must ask whether it still holds: that is what makes the next request after an edit show it."""
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Cache-Control"] = "no-cache"
    return response
