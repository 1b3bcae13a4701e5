# SPDX-License-Identifier: MIT
"""A stranger's GeoJSON geometry (RFC 7946 3.1), checked down to the last number and turned to x before y."""

from __future__ import annotations

import math
from typing import Any

from server.crs.axis import AxisOrder
from server.errors import InvalidParameter

# How many lists there are around a position.
_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_COLLECTION = "GeometryCollection"
_MOST_NUMBERS = 4
_SHORTEST_RING = 4


def read_geojson(value: object, order: AxisOrder, *, locator: str) -> dict[str, Any]:
    """The geometry with two coordinates per position, x before y; `order` is how they stand in `value`. Heights are left aside.

    Raises InvalidParameter for anything but one of the seven types with finite numbers, for short lines and open rings.
    """
    if not isinstance(value, dict):
        raise InvalidParameter("A geometry is a GeoJSON object.", locator=locator)
    kind = value.get("type")
    if kind == _COLLECTION:
        return _read_collection(value, order, locator)
    if not isinstance(kind, str) or kind not in _DEPTHS:
        raise InvalidParameter(f"The type of a geometry is one of {', '.join(_DEPTHS)}.", locator=locator)
    coordinates = _read_level(value.get("coordinates"), _DEPTHS[kind], order, locator)
    _require_lines(kind, coordinates, locator)
    return {"type": kind, "coordinates": coordinates}


def _read_collection(value: dict[str, Any], order: AxisOrder, locator: str) -> dict[str, Any]:
    parts = value.get("geometries")
    if not isinstance(parts, list) or not parts or any(isinstance(part, dict) and part.get("type") == _COLLECTION for part in parts):
        raise InvalidParameter("A geometry collection holds geometries, and no other collections.", locator=locator)
    return {"type": _COLLECTION, "geometries": [read_geojson(part, order, locator=locator) for part in parts]}


def _require_lines(kind: str, coordinates: list[Any], locator: str) -> None:
    """Lines have two positions at least, rings four, of which the last is the first (RFC 7946 3.1.4, 3.1.6)."""
    if kind in ("LineString", "MultiLineString"):
        lines = [coordinates] if kind == "LineString" else coordinates
        if any(len(line) < 2 for line in lines):
            raise InvalidParameter("A line of a geometry has two positions at least.", locator=locator)
    if kind in ("Polygon", "MultiPolygon"):
        rings = coordinates if kind == "Polygon" else [ring for polygon in coordinates for ring in polygon]
        if any(len(ring) < _SHORTEST_RING or ring[0] != ring[-1] for ring in rings):
            raise InvalidParameter("A ring of a geometry has four positions at least and ends where it begins.", locator=locator)


def _read_level(value: object, depth: int, order: AxisOrder, locator: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise InvalidParameter("The coordinates of a geometry are not nested as its type asks.", locator=locator)
    if depth:
        return [_read_level(each, depth - 1, order, locator) for each in value]
    if not 2 <= len(value) <= _MOST_NUMBERS or not all(_is_finite(number) for number in value):
        raise InvalidParameter("A position of a geometry is two finite numbers.", locator=locator)
    return value[:2] if order == "xy" else [value[1], value[0]]


def _is_finite(number: object) -> bool:
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    try:
        return math.isfinite(number)
    except OverflowError:
        return False
