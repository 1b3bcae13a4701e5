# SPDX-License-Identifier: MIT
"""Addresses of map pictures for pages without script: the base map and some layers around a place, by WMS."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from server.catalog.background import background
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from viewer.describe import Extent

_EARTH_M = 6378137.0
_NEAR_M = 2500.0
_AIR = 1.25


@dataclass(frozen=True)
class Frame:
    """Width and height of a picture in CSS pixels."""

    width: int
    height: int
    # A third of the bytes of PNG; previews of other sites understand PNG everywhere.
    image: str = "image/webp"


def picture_address(catalog: Catalog, shown: Sequence[Layer], extent: Extent, frame: Frame, scale: int = 1) -> str:
    """The GetMap address of `shown` on the base map; `extent` (west south east north, degrees) with some air around fills the frame.

    A point becomes a box of 5 km. `scale` 2 gives twice the pixels for fine screens.
    """
    under = background(layer for layer in catalog.layers.values())
    over = [(layer, next(iter(layer.styles), "")) for layer in shown if layer.is_mapped and all(layer is not below for below, _ in under)]
    west, south, east, north = fit_box(extent, frame)
    names, styles = zip(*[(layer.wms_name, style) for layer, style in (*under, *over)], strict=True)
    query = {
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetMap",
        "LAYERS": ",".join(names),
        "STYLES": ",".join(styles),
        "CRS": "EPSG:3857",
        "BBOX": f"{west:.1f},{south:.1f},{east:.1f},{north:.1f}",
        "WIDTH": str(frame.width * scale),
        "HEIGHT": str(frame.height * scale),
        "FORMAT": frame.image,
        "DPI": str(96 * scale),
    }
    return f"/wms?{urlencode(query, safe=',:/')}"


def map_address(layer: Layer, feature_id: int | None, point: tuple[float, float], language: str) -> str:
    """The address of the large map at `point` (lon/lat) with the layer on and the object chosen (`frontend/src/services/link.ts`)."""
    query = {"lang": "en"} if language == "en" else {}
    query |= {"at": f"{point[1]:.5f},{point[0]:.5f},15z", "layers": layer.id}
    if feature_id is not None:
        query["object"] = f"{layer.id}.{feature_id}"
    return f"/map?{urlencode(query, safe=',')}"


def fit_box(extent: Extent, frame: Frame) -> Extent:
    """The box in EPSG:3857 with the proportions of the frame."""
    west, south = project(extent[0], extent[1])
    east, north = project(extent[2], extent[3])
    width, height = max((east - west) * _AIR, 2 * _NEAR_M), max((north - south) * _AIR, 2 * _NEAR_M)
    pixel = max(width / frame.width, height / frame.height)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    half_x, half_y = pixel * frame.width / 2, pixel * frame.height / 2
    return middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y


def project(lon: float, lat: float) -> tuple[float, float]:
    """EPSG:3857 metres (EPSG method 1024)."""
    held = max(-85.0, min(85.0, lat))
    return math.radians(lon) * _EARTH_M, math.log(math.tan(math.pi / 4 + math.radians(held) / 2)) * _EARTH_M
