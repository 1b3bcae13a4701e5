# SPDX-License-Identifier: MIT
"""Scale denominators, map resolutions and the choice of a pyramid band."""

from __future__ import annotations

import math

from server.query.maps import MapQuery

PIXEL_M = 0.00028
METRES_PER_DEGREE = 111_319.49079327358
ZOOM_0_M = 156_543.03392804097


def map_resolution(query: MapQuery, geographic: bool) -> float:
    """Metres per pixel of the map (degrees count as at the equator, as the scale denominators of WMS do), the finer of both axes."""
    minx, miny, maxx, maxy = query.extent
    unit = METRES_PER_DEGREE if geographic else 1.0
    return min((maxx - minx) / query.width, (maxy - miny) / query.height) * unit


def choose_band(bands: tuple[int, ...], resolution: float) -> int | None:
    """The coarsest pyramid band (web mercator zoom of 256 px tiles) not coarser than `resolution` metres per pixel; None = full data.

    A tenth of a zoom is forgiven, so that a map drawn at exactly a zoom takes that band.
    """
    wanted = math.log2(ZOOM_0_M / resolution) - 0.1
    fitting = [band for band in bands if band >= wanted]
    return min(fitting) if fitting else None
