# SPDX-License-Identifier: MIT
"""What the front end is told about the published data: counts and extents per layer, and where the province lies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from server.context import Context
from server.features.read import open_features
from server.features.state import layer_states
from server.filter.tree import Comparison, Constant, Property
from server.query.features import FeatureQuery
from viewer.describe import Extent, Published

_PROVINCES = "provinces"
_COMMUNES = "communes"


class PublishedReader:
    """Reads what is published; the province's box is read again only when the layer of provinces has changed."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._home: tuple[int, Extent | None] = (-1, None)

    def read(self) -> Published:
        """The state of every published layer and the box of this installation's province (degrees, west south east north).

        Raises ServerFault when the database is away.
        """
        states = layer_states(self._context)
        provinces, communes = states.get(_PROVINCES), states.get(_COMMUNES)
        home = self._find_home(provinces.revision) if provinces else None
        return Published(states, home or (communes.extent if communes else None))

    def _find_home(self, revision: int) -> Extent | None:
        remembered, home = self._home
        if remembered != revision:
            home = self._read_home()
            self._home = (revision, home)
        return home

    def _read_home(self) -> Extent | None:
        layer = self._context.catalog.layer(_PROVINCES)
        if "code" not in layer.fields:
            return None
        where = Comparison("=", Property("code"), Constant(self._context.settings.province.code))
        page = open_features(self._context, FeatureQuery(layer, where=where, limit=20), "geojson")
        return find_box(json.loads(b"[" + b"".join(page.chunks()) + b"]"))


def find_box(features: list[dict[str, Any]]) -> Extent | None:
    """The box of the features that are still valid (no `valid_to`), in the units of their coordinates; None without geometry.

    Codes of provinces were reused in July 2025, so a code alone may bring a former unit too.
    """
    present = [feature["geometry"] for feature in features if feature.get("geometry") and not feature["properties"].get("valid_to")]
    points = [point for geometry in present for point in _points(geometry["coordinates"])]
    if not points:
        return None
    return min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)


def _points(coordinates: list[Any]) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from _points(part)
