# SPDX-License-Identifier: MIT
"""Tiles and documents as Flask's responses."""

from __future__ import annotations

import hashlib

from flask import Response, request

from server.tiles.answers import Bounds, TileAnswer, find_picture, find_vectors
from server.tiles.asked import GetTile
from server.tiles.desk import TileDesk
from server.tiles.drawings import BASE_MAP
from server.tiles.matrix import Tile


def answer_picture(desk: TileDesk, asked: GetTile) -> Response:
    """A picture tile of an XYZ address as HTTP; raises what `find_picture` raises."""
    return _respond(find_picture(desk, asked, request.if_none_match.contains_weak))


def answer_limited(desk: TileDesk, asked: GetTile) -> Response:
    """A picture tile of WMTS, which announces limits (07-057r7 7.2.3) for all but the base map and refuses tiles outside them.

    Raises what `find_picture` raises.
    """
    bounds: Bounds = "matrix" if asked.layer == BASE_MAP else "announced"
    return _respond(find_picture(desk, asked, request.if_none_match.contains_weak, bounds=bounds))


def answer_vectors(desk: TileDesk, layer: str, tile: Tile) -> Response:
    """A vector tile as HTTP; 204 when nothing lies in it. Raises what `find_vectors` raises."""
    return _respond(find_vectors(desk, layer, tile, request.if_none_match.contains_weak))


def _respond(found: TileAnswer) -> Response:
    response = Response(found.body, status=found.status)
    if not found.body:
        del response.headers["Content-Type"]
    for name, value in found.headers():
        response.headers[name] = value
    return response


def answer_document(document: bytes, content_type: str) -> Response:
    """A document whose ETag is made of its bytes."""
    response = _label(Response(document, content_type=content_type), hashlib.sha256(document).hexdigest()[:32])
    response.make_conditional(request.environ)
    return response


def _label(response: Response, tag: str) -> Response:
    """Whoever keeps it must ask whether it still holds: that is what makes the next request after an edit show it."""
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Cache-Control"] = "no-cache"
    return response
