# SPDX-License-Identifier: MIT
"""Neutral questions about maps: what GetMap and tiles ask and the render room answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from server.catalog.model import Layer
from server.filter.tree import Node

MapParts = Literal["all", "shapes", "labels"]


@dataclass(frozen=True)
class MapLayer:
    """One layer drawn with one of its styles (a style name = `styles/<name>.sld`); `revision` is part of cache keys.

    `pyramid_bands` are the bands the layer's catalogue row names (web mercator zooms); `where` narrows the features.
    An `unseen` layer is not drawn, but the labels of the others keep clear of its labels.
    """

    layer: Layer
    style: str
    revision: int
    where: Node | None = None
    pyramid_bands: tuple[int, ...] = ()
    unseen: bool = False


@dataclass(frozen=True)
class MapQuery:
    """A map: `extent` is (minx, miny, maxx, maxy), x = east or longitude, in the CRS `crs` (EPSG code; 84 is CRS:84).

    `parts`: everything, the labels alone (with the symbols that go with them) or everything but them.
    `width` and `height` in pixels; `pixel_ratio` scales symbols and text (1 = 0.28 mm pixels). `background` is `#rrggbb`.
    """

    layers: tuple[MapLayer, ...]
    crs: int
    extent: tuple[float, float, float, float]
    width: int
    height: int
    format: str = "image/png"
    transparent: bool = False
    background: str = "#ffffff"
    pixel_ratio: float = 1.0
    language: str = "vi"
    parts: MapParts = "all"
