# SPDX-License-Identifier: MIT
"""Maps as GeoTIFF: the drawn picture with its place on the ground, for GIS programs that go on working with it."""

from __future__ import annotations

import numpy as np
import rasterio.crs
from rasterio.enums import ColorInterp
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds

from server.crs.definitions import find_crs
from server.crs.engines import gdal_definition
from server.query.maps import MapQuery

_RGBA = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
_TILED_FROM = 512


def encode_geotiff(pixels: bytes, query: MapQuery) -> bytes:
    """A GeoTIFF (OGC 19-008r4) of `pixels` (RGBA rows, top first) at the place of `query`; alpha only where the map is transparent.

    VN-2000 carries the legal datum shift in its definition, as everywhere.
    """
    bands = 4 if query.transparent else 3
    picture = np.frombuffer(pixels, dtype=np.uint8).reshape(query.height, query.width, 4)[:, :, :bands]
    tiles = {"tiled": True, "blockxsize": 256, "blockysize": 256} if min(query.width, query.height) >= _TILED_FROM else {}
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=query.width,
            height=query.height,
            count=bands,
            dtype="uint8",
            crs=rasterio.crs.CRS.from_user_input(gdal_definition(find_crs(query.crs))),
            transform=from_bounds(*query.extent, query.width, query.height),
            compress="deflate",
            predictor=2,
            zlevel=4,
            interleave="pixel",
            photometric="rgb",
            **tiles,
        ) as raster:
            raster.write(np.moveaxis(picture, 2, 0))
            raster.colorinterp = _RGBA[:bands]
        return bytes(memory.read())
