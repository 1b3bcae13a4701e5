# SPDX-License-Identifier: MIT
"""Vertices on the grid of a layer: the nearest node, so that what was drawn to the millimetre is not stored to the atom."""

from __future__ import annotations

from typing import Any

import numpy
import shapely

from server.crs.transform import Coordinates
from server.features.shapes import ShapeArray


def snap_places(places: Coordinates, width: float) -> Coordinates:
    """Places (columns x, y) on the grid of this width; both in the unit of the layer's CRS."""
    scale = 1 / width
    return numpy.round(places * scale) / scale


def snap_shapes(shapes: ShapeArray, width: float) -> tuple[ShapeArray, Any]:
    """Valid shapes on the grid, and which of them changed. A shape that would vanish or fall into several parts stays as it is."""
    snapped = shapely.set_precision(shapes, width)
    fits = ~shapely.is_empty(snapped) & (shapely.get_type_id(snapped) == shapely.get_type_id(shapes))
    changed = fits & ~shapely.equals_identical(shapely.normalize(snapped), shapely.normalize(shapes))
    # a shape made on a grid keeps to it in everything that is done with it; ours shall be plain again
    plain = shapely.set_precision(snapped, 0, mode="pointwise")
    return numpy.where(changed, plain, shapes), changed
