# SPDX-License-Identifier: MIT
"""Tile matrix sets as WMTS 1.0.0 describes them (07-057r7 table 8 and 11)."""

from __future__ import annotations

from server.crs.axis import Service, axis_order
from server.crs.spelling import Spelling, write_crs
from server.tiles.matrix import TileMatrixSet
from server.xmlio.write import Node, element

# Annex E.4 of 07-057r7 spells the CRS with the version of the register it was taken from. The scale set annex E.3 has for degrees begins
# with a level of one tile, which WorldCRS84Quad does not have.
_SPELLED = {"urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible": "urn:ogc:def:crs:EPSG:6.18:3:3857"}


def write_matrix_set(found: TileMatrixSet, languages: tuple[str, ...]) -> Node:
    """The set with all its levels."""
    titles = {"vi": found.title_vi, "en": found.title_en}
    return element(
        "TileMatrixSet",
        *(element("ows:Title", titles[language], attributes={"xml:lang": language}) for language in languages),
        element("ows:Identifier", found.id),
        element("ows:SupportedCRS", _SPELLED.get(found.well_known or "") or write_crs(found.crs, Spelling.URN)),
        element("WellKnownScaleSet", found.well_known) if found.well_known in _SPELLED else None,
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
