# SPDX-License-Identifier: MIT
"""Where the points of a crowded layer lie: what maps ask when there are too many to be handed over feature by feature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from server.catalog.model import Layer
from server.filter.tree import Node

Box = tuple[float, float, float, float]
# Each point carries the answers to so many conditions at most.
MOST_CONDITIONS = 8


@dataclass(frozen=True)
class SpotQuestion:
    """The points of a band of a layer's pyramid that `where` leaves, and which of the conditions (at most eight) each of them meets."""

    layer: Layer
    band: int
    where: Node | None
    conditions: tuple[Node, ...]


@dataclass(frozen=True)
class Spots:
    """Points (EPSG:3857, metres): `x`, `y` and `met`, whose bit n says whether condition n holds."""

    x: NDArray[numpy.float64]
    y: NDArray[numpy.float64]
    met: NDArray[numpy.int64]


# The points in a box (minx, miny, maxx, maxy; EPSG:3857).
SpotReader = Callable[[Box], Spots]
