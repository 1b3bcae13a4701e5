# SPDX-License-Identifier: MIT
"""The frame around CSV rows (RFC 4180; UTF-8 with a byte order mark, so that spreadsheets read Vietnamese). Rows come from the database."""

from __future__ import annotations

from server.catalog.model import Layer
from server.catalog.projection import published_field_names, published_shapes

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
TAIL = b"\r\n"


def write_head(layer: Layer, fields: tuple[str, ...] | None = None, *, with_geometry: bool = True, bom: bool = True) -> bytes:
    """The header line: id, the chosen published fields in the layer's order, `geometry` (WKT) for layers that have one, further geometries.

    `bom`: with the byte order mark by which spreadsheets know UTF-8.
    """
    names = [name for name in published_field_names(layer) if fields is None or name in fields]
    further = [shape.name for shape in published_shapes(layer) if fields is None or shape.name in fields]
    own = "geometry_" if "geometry" in (*names, *further) else "geometry"
    geometry = [own] if layer.has_geometry and with_geometry else []
    return (("\ufeff" if bom else "") + ",".join(["id", *names, *geometry, *further]) + "\r\n").encode()
