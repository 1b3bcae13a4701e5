# SPDX-License-Identifier: MIT
"""What is at a place and what is near it, by layer, for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.access import ANONYMOUS, may_read
from server.catalog.model import Layer
from server.context import Context
from server.db.catalogue import read_states
from server.db.nearby import holding_rows, nearest_rows
from server.features.search import describe_hit
from server.query.features import Neighbour


@dataclass(frozen=True)
class Found:
    """A published feature at or near a place; `subtitle` in words, `point` lon/lat, `distance` in metres (0: it holds the place)."""

    layer: str
    id: int
    title: str
    subtitle: str
    point: tuple[float, float] | None
    distance: float


@dataclass(frozen=True)
class Surroundings:
    """`areas` hold the place, the smallest first; `near` are the nearest features, by layer in the order of the layer tree."""

    areas: Sequence[Found]
    near: Sequence[Found]


def look_around(context: Context, point: tuple[float, float], language: str, radius: float = 20_000, limit: int = 3) -> Surroundings:
    """Areas that hold `point` (lon/lat, EPSG:4326) and the `limit` nearest features of each other layer within `radius` metres.

    Only what is valid today and open to everybody. Raises LimitExceeded, ServerFault.
    """
    with context.database.reader() as connection:
        published = read_states(connection)
        known = [
            layer
            for group in context.catalog.groups
            for layer in context.catalog.layers_of(group.id)
            if layer.id in published and layer.has_geometry and layer.queryable and may_read(ANONYMOUS, layer)
        ]
        areas = [layer for layer in known if _is_area(layer)]
        holding = holding_rows(connection, areas, point)
        near = nearest_rows(connection, [layer for layer in known if not _is_area(layer)], point, radius, limit)
    order = {layer.id: position for position, layer in enumerate(known)}
    near.sort(key=lambda one: (order[one.row.layer], one.distance))
    return Surroundings([_describe(context, one, language) for one in holding], [_describe(context, one, language) for one in near])


def _is_area(layer: Layer) -> bool:
    return layer.geometry in ("polygon", "multipolygon")


def _describe(context: Context, one: Neighbour, language: str) -> Found:
    row = one.row
    return Found(row.layer, row.id, row.title, describe_hit(context.catalog, row, language), row.point, one.distance)
