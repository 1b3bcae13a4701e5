# SPDX-License-Identifier: MIT
"""Tile matrix sets as WMTS 1.0.0 describes them (07-057r7 table 8 and 11)."""

from __future__ import annotations

from server.crs.axis import Service, axis_order
from server.crs.spelling import Spelling, write_crs
from server.tiles.matrix import TileMatrixSet
from server.xmlio.write import Node, element


def write_matrix_set(found: TileMatrixSet, languages: tuple[str, ...]) -> Node:
    """The set with all its levels."""
    titles = {"vi": found.title_vi, "en": found.title_en}
    return element(
        "TileMatrixSet",
        *(element("ows:Title", titles[language], attributes={"xml:lang": language}) for language in languages),
        element("ows:Identifier", found.id),
        element("ows:SupportedCRS", write_crs(found.crs, Spelling.URN)),
        element("WellKnownScaleSet", found.well_known) if found.well_known else None,
        *(_write_matrix(found, level) for level in range(found.levels)),
    )


def _write_matrix(found: TileMatrixSet, level: int) -> Node:
    columns, rows = found.matrix_size(level)
    corner = (found.left, found.top)
    if axis_order(found.crs, Service.WMTS, "1.0.0", Spelling.URN) == "yx":
        corner = (found.top, found.left)
    return element(
        "TileMatrix",
        element("ows:Identifier", level),
        element("ScaleDenominator", found.scale_denominator(level)),
        element("TopLeftCorner", f"{corner[0]!r} {corner[1]!r}"),
        element("TileWidth", found.tile_size),
        element("TileHeight", found.tile_size),
        element("MatrixWidth", columns),
        element("MatrixHeight", rows),
    )
