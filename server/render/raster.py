# SPDX-License-Identifier: MIT
"""Values of raster layers at a place."""

from __future__ import annotations

import mapnik

from server.catalog.model import Layer
from server.crs.definitions import Crs, find_crs
from server.crs.transform import transform_point
from server.errors import InvalidParameter, ServerFault
from server.render.source import RasterFile


def read_raster_value(raster: RasterFile, layer: Layer, place: tuple[float, float], crs: Crs) -> float | None:
    """The value of the layer's band at `place` (x east, y north, in `crs`); None outside the raster or without data.

    Raises ServerFault when the file cannot be read.
    """
    try:
        x, y = transform_point(*place, crs, find_crs(raster.crs))
    except InvalidParameter:
        return None
    band = layer.raster.band if layer.raster else 1
    try:
        source = mapnik.Gdal(file=str(raster.path), band=band)
        for feature in source.features_at_point(mapnik.Coord(x, y), 0):
            value = feature.attributes.get("value")
            return None if value is None else float(value)
    except RuntimeError as error:
        raise ServerFault("The raster cannot be read.") from error
    return None
