# SPDX-License-Identifier: MIT
"""What the front end is told about the published data: counts and extents per layer, and where the province lies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from server.catalog.catalog import Catalog
from server.context import Context
from server.features.read import open_features
from server.features.state import layer_states
from server.filter.tree import Comparison, Constant, Property
from server.query.features import FeatureQuery
from viewer.describe import Extent, Published

_PROVINCES = "provinces"
_COMMUNES = "communes"


def read_published(context: Context) -> Published:
    """The state of every published layer and the box of this installation's province (degrees, west south east north).

    Raises ServerFault when the database is away.
    """
    states = layer_states(context)
    provinces = states.get(_PROVINCES)
    home = _find_province(context, provinces.revision) if provinces and _has_code(context.catalog) else None
    communes = states.get(_COMMUNES)
    return Published(states, home or (communes.extent if communes else None))


def _has_code(catalog: Catalog) -> bool:
    layer = catalog.layers.get(_PROVINCES)
    return layer is not None and "code" in layer.fields


@lru_cache(maxsize=4)
def _find_province(context: Context, _revision: int) -> Extent | None:
    """The box of the province as it is today; read again when the layer's revision changes."""
    where = Comparison("=", Property("code"), Constant(context.settings.province.code))
    query = FeatureQuery(context.catalog.layer(_PROVINCES), where=where, limit=20)
    features = json.loads(b"[" + b"".join(open_features(context, query, "geojson").chunks()) + b"]")
    return find_box(features)


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
