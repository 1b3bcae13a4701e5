# SPDX-License-Identifier: MIT
"""How a tile that cannot be had is refused outside WMTS."""

from __future__ import annotations

from flask import Response

from server.errors import InvalidFormat, LayerNotDefined, LimitExceeded, StyleNotDefined, XanhError
from server.tiles.matrix import TileOutOfRange


def refuse_tile(error: XanhError) -> Response:
    """Plain text: what is not there is 404, what cannot be asked 400, what takes too long 503."""
    missing = isinstance(error, LayerNotDefined | StyleNotDefined | TileOutOfRange | InvalidFormat)
    status = 404 if missing else 503 if isinstance(error, LimitExceeded) else 400
    lines = "\n".join(text for text in (error.message, error.message_vi) if text)
    return Response(f"{lines}\n", status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
