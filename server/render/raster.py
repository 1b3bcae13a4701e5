# SPDX-License-Identifier: MIT
"""Values of raster layers at a place."""

from __future__ import annotations

from collections.abc import Sequence

import mapnik

from server.catalog.model import Layer
from server.crs.definitions import Crs, find_crs
from server.crs.transform import transform_point
from server.errors import InvalidParameter, ServerFault
from server.render.source import RasterFile


def read_raster_value(rasters: Sequence[RasterFile], layer: Layer, place: tuple[float, float], crs: Crs) -> float | None:
    """The value of the layer's band at `place` (x east, y north, in `crs`) in the topmost (last) raster that has one there.

    None outside the rasters or without data. Raises ServerFault when a file cannot be read.
    """
    for raster in reversed(rasters):
        value = _read_value(raster, layer.raster.band if layer.raster else 1, place, crs)
        if value is not None:
            return value
    return None


def _read_value(raster: RasterFile, band: int, place: tuple[float, float], crs: Crs) -> float | None:
    try:
        x, y = transform_point(*place, crs, find_crs(raster.crs))
    except InvalidParameter:
        return None
    try:
        source = mapnik.Gdal(file=str(raster.path), band=band)
        for feature in source.features_at_point(mapnik.Coord(x, y), 0):
            value = feature.attributes.get("value")
            return None if value is None else float(value)
    except RuntimeError as error:
        raise ServerFault("The raster cannot be read.") from error
    return None
