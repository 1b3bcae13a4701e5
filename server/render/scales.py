# SPDX-License-Identifier: MIT
"""Scale denominators and map resolutions."""

from __future__ import annotations

from server.query.maps import MapQuery

PIXEL_M = 0.00028
METRES_PER_DEGREE = 111_319.49079327358


def map_resolution(query: MapQuery, geographic: bool) -> float:
    """Metres per pixel of the map (degrees count as at the equator, as the scale denominators of WMS do), the finer of both axes."""
    minx, miny, maxx, maxy = query.extent
    unit = METRES_PER_DEGREE if geographic else 1.0
    return min((maxx - minx) / query.width, (maxy - miny) / query.height) * unit
