# SPDX-License-Identifier: MIT
"""Neutral questions about tiles."""

from __future__ import annotations

from dataclasses import dataclass

from server.catalog.model import Layer
from server.filter.tree import Node


@dataclass(frozen=True)
class TileState:
    """What tiles of a published layer depend on. `label` differs between any two publications, also of databases made anew;
    `extent` is lon/lat (EPSG:4326), None for a layer without objects; `pyramid_bands` as in LayerState."""

    layer: str
    revision: int
    label: str
    extent: tuple[float, float, float, float] | None
    pyramid_bands: tuple[int, ...]


@dataclass(frozen=True)
class VectorTileQuery:
    """A vector tile of one layer: `extent` (EPSG:3857 metres, x east) becomes 4096 units wide and high.

    A tile of another system (`srid` of PostGIS, `extent` in its units, x east) names in `reach` the box in EPSG:3857 that it lies in.

    `fields` are published fields besides the id; `band` is the pyramid band read, None the layer itself; `where` narrows the features.
    """

    layer: Layer
    fields: tuple[str, ...]
    extent: tuple[float, float, float, float]
    band: int | None = None
    where: Node | None = None
    srid: int = 3857
    reach: tuple[float, float, float, float] | None = None
