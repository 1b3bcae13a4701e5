# SPDX-License-Identifier: MIT
"""What the front end is told about the published data: counts and extents per layer, and where the province lies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.context import Context
from server.features.count import count_features
from server.features.read import open_features
from server.features.state import layer_states
from server.filter.tree import Comparison, Constant, Property
from server.query.features import FeatureQuery, LayerState
from server.query.validity import valid_today
from viewer.describe import Extent, Published

_PROVINCES = "provinces"
_COMMUNES = "communes"


@dataclass(frozen=True)
class Province:
    """The province as it is today: its box (degrees, west south east north) and its name, as far as they are known."""

    box: Extent | None
    full_name: str | None


class PublishedReader:
    """Reads what is published; the province is read again only when the layer of provinces has changed."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._province: tuple[int, Province] = (-1, Province(None, None))

    def read(self) -> Published:
        """The state of every published layer, what is valid today, and the box of this province (degrees, west south east north).

        Raises ServerFault when the database is away.
        """
        states = layer_states(self._context)
        provinces, communes = states.get(_PROVINCES), states.get(_COMMUNES)
        found = self._find_province(provinces.revision) if provinces else Province(None, None)
        home = found.box or (communes.extent if communes else None)
        return Published(states, home, self._count_current(states), found.full_name)

    def _count_current(self, states: Mapping[str, LayerState]) -> dict[str, int]:
        """How many objects are valid today, in layers where they come and go; a count once made is remembered for the day."""
        asked = {name: valid_today(self._context.catalog.layer(name)) for name in states if name in self._context.catalog.layers}
        return {
            name: count_features(self._context, FeatureQuery(self._context.catalog.layer(name), where=period))
            for name, period in asked.items()
            if period is not None
        }

    def _find_province(self, revision: int) -> Province:
        remembered, found = self._province
        if remembered != revision:
            found = self._read_province()
            self._province = (revision, found)
        return found

    def _read_province(self) -> Province:
        layer = self._context.catalog.layer(_PROVINCES)
        if "code" not in layer.fields:
            return Province(None, None)
        where = Comparison("=", Property("code"), Constant(self._context.settings.province.code))
        page = open_features(self._context, FeatureQuery(layer, where=where, limit=20), "geojson")
        features = json.loads(b"[" + b"".join(page.chunks()) + b"]")
        names = [feature["properties"].get("full_name") for feature in features if not feature["properties"].get("valid_to")]
        return Province(find_box(features), next(filter(None, names), None))


def find_box(features: list[dict[str, Any]]) -> Extent | None:
    """The box of the features that are still valid (no `valid_to`), in the units of their coordinates; None without geometry.

    Codes of provinces were reused in July 2025, so a code alone may bring a former unit too.
    """
    present = [feature["geometry"] for feature in features if feature.get("geometry") and not feature["properties"].get("valid_to")]
    points = [point for geometry in present for point in find_points(geometry)]
    if not points:
        return None
    return min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)


def find_points(geometry: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """Every vertex of a GeoJSON geometry, x and y."""
    for part in geometry.get("geometries", ()):
        yield from find_points(part)
    yield from _points(geometry.get("coordinates", []))


def _points(coordinates: list[Any]) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from _points(part)
