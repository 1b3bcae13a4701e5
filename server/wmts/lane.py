# SPDX-License-Identifier: MIT
"""The fast lane: XYZ tiles are answered before the web framework sees them, whose routing and objects cost as much as a small tile.

Everything that is not plain - other methods, credentials, addresses that are no tile, any mistake - takes the ordinary way, which also
words every refusal. Only a server that is busy says so here: asking it twice would not help.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from server.errors import LimitExceeded
from server.tiles.answers import TileAnswer, find_picture, find_vectors
from server.tiles.asked import GetTile, read_tile
from server.tiles.desk import TileDesk
from server.wmts.refusals import refuse_tile
from server.wmts.requests import read_last

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_START = "/tiles/"
_VECTORS = ".mvt"
# Parts of an address after /tiles/: layer, level, column, row.mvt; or layer, style, level, column, row.png.
_VECTOR_PARTS, _PICTURE_PARTS = 4, 5


class TilesLane:
    """WSGI around the application."""

    def __init__(self, inner: WSGIApplication, desk: TileDesk) -> None:
        self._inner = inner
        self._desk = desk

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer here or hand on."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith(_START) or environ["REQUEST_METHOD"] != "GET" or "HTTP_AUTHORIZATION" in environ:
            return self._inner(environ, start_response)
        try:
            found = self._find(path[len(_START) :].split("/"), environ.get("HTTP_IF_NONE_MATCH", ""))
        except LimitExceeded as error:
            return refuse_tile(error)(environ, start_response)
        except Exception:  # noqa: BLE001 - nothing was sent yet: the ordinary way meets the same mistake, words it and logs it
            found = None
        if found is None:
            return self._inner(environ, start_response)
        start_response(found.status, found.headers())
        return (found.body,) if found.body else ()

    def _find(self, parts: list[str], held: str) -> TileAnswer | None:
        def holds(tag: str) -> bool:
            return f'"{tag}"' in held or held == "*"

        if len(parts) == _VECTOR_PARTS and parts[3].endswith(_VECTORS):
            layer, level, column, last = parts
            return find_vectors(self._desk, layer, read_tile(level, column, last[: -len(_VECTORS)]), holds)
        if len(parts) == _PICTURE_PARTS:
            layer, style, level, column, last = parts
            row, ending, ratio = read_last(last)
            asked = GetTile(layer, style, "WebMercatorQuad", read_tile(level, column, row), ending, ratio)
            return find_picture(self._desk, asked, holds)
        return None
