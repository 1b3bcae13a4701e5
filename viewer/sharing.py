# SPDX-License-Identifier: MIT
"""QR codes of views of the map, and who may show the map inside a page of their own."""

from __future__ import annotations

from io import BytesIO

import segno

from server.config import Server
from server.errors import InvalidParameter
from server.features.short_links import is_code

# What still makes a code a phone reads from a screen.
_MOST_LETTERS = 1200


def draw_qr(path: str, root: str) -> bytes:
    """The QR code (SVG) of an address of this site: `path` begins with /map or is a short link, `root` the site without a slash at its end.

    Raises InvalidParameter for any other address, or one too long.
    """
    is_map = path.startswith("/map") and path.isprintable() and (len(path) == 4 or path[4] in "?/#")
    is_own = is_map or (path.startswith("/s/") and is_code(path[3:]))
    if not is_own or len(path) > _MOST_LETTERS:
        raise InvalidParameter(
            f"A QR code is drawn of addresses that begin with /map and have at most {_MOST_LETTERS} letters.",
            locator="to",
            message_vi=f"Mã QR chỉ vẽ cho địa chỉ bắt đầu bằng /map, dài nhất {_MOST_LETTERS} ký tự.",
        )
    out = BytesIO()
    segno.make(root + path, error="l", micro=False).save(
        out, kind="svg", border=4, light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    return out.getvalue()


def frame_ancestors(server: Server) -> str:
    """Who may show the map in a frame (CSP frame-ancestors): this site, and the sites `server.embed_origins` names."""
    return " ".join(["'self'", *server.embed_origins])
