# SPDX-License-Identifier: MIT
"""Which band of a layer's render pyramid serves a map (contract: server/publish/README.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from server.catalog.model import Layer
from server.filter.tree import And, In, Node, Or, Period

_BAND_0 = 156543.03392804097  # metres of EPSG:3857 per pixel when the world is one tile of 256 pixels


# Pyramids of points keep one for each square of so many pixels of their band: two symbols of 3.4 pixels in one square touch each other.
CELL_PIXELS = 2.4


def pick_point_band(bands: Sequence[int], resolution: float, symbol: float) -> int | None:
    """The band of points for symbols at least `symbol` pixels wide (0 = not known).

    Cells may be twice, four times ... as wide as long as a symbol left out is sure to touch the one that stands for it: the diagonal of
    a cell is no longer than a symbol. So a map costs what it has room for, however many points there are.
    """
    coarser = 1
    while 2 * coarser * CELL_PIXELS * math.sqrt(2) <= symbol:
        coarser *= 2
    return pick_band(bands, resolution * coarser)


def pick_band(bands: Sequence[int], resolution: float) -> int | None:
    """The coarsest band no coarser than a map of `resolution` metres (EPSG:3857) per pixel; None = the layer itself.

    `bands` is LayerState.pyramid_bands, ascending.
    """
    if not bands or not resolution > 0:
        return None
    wanted = math.ceil(math.log2(_BAND_0 / resolution) - 1e-6)
    return next((band for band in bands if band >= wanted), None)


def slice_fields(layer: Layer) -> tuple[str, ...]:
    """Published fields that decide what a map without any filter shows; a pyramid thins out the features of each value for themselves."""
    validity = ("valid_from", "valid_to") if layer.validity else ()
    return (*validity, layer.elevation.field) if layer.elevation else validity


def fits_pyramid(layer: Layer, where: Node | None) -> bool:
    """Whether a pyramid shows what a condition leaves: only if the condition looks at nothing but the fields the pyramid is sliced by.

    Of features in one place a pyramid keeps the topmost; another condition may take that away, and what lay below is not in it.
    """
    if where is None:
        return True
    if isinstance(where, And | Or):
        return all(fits_pyramid(layer, part) for part in where.parts)
    if isinstance(where, Period):
        return layer.validity
    return isinstance(where, In) and where.operand.name in slice_fields(layer)
