# SPDX-License-Identifier: MIT
"""Communes, and how a random point or a plausible site is placed inside one."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE = 111_320.0
_EDGE_M = 120.0
_TRIES = 60
_TOWN = "phường"


@dataclass(frozen=True)
class Commune:
    """A commune: five-digit code, full name, area (MultiPolygon or Polygon, degrees, x longitude, y latitude)."""

    code: str
    name: str
    area: BaseGeometry

    @property
    def is_town(self) -> bool:
        """Whether the unit is a ward (phường)."""
        return self.name.lower().startswith(_TOWN)


def degrees(metres: float) -> float:
    """Metres as degrees of latitude (close enough for placing symbols)."""
    return metres / METRES_PER_DEGREE


def order_by_town(communes: Sequence[Commune]) -> list[Commune]:
    """The communes, nearest to a ward first (wards themselves have distance 0); ties by code."""
    towns = shapely.MultiPoint([c.area.representative_point() for c in communes if c.is_town] or [communes[0].area.representative_point()])
    return sorted(communes, key=lambda c: (round(float(c.area.representative_point().distance(towns)), 6), c.code))


def place_point(commune: Commune, rng: random.Random) -> shapely.Point:
    """A point inside the commune, 120 m from its edge where it is wide enough (degrees)."""
    inner = commune.area.buffer(-degrees(_EDGE_M))
    area = commune.area if inner.is_empty else inner
    west, south, east, north = area.bounds
    shapely.prepare(area)
    for _ in range(_TRIES):
        point = shapely.Point(round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6))
        if area.contains(point):
            return point
    return commune.area.representative_point()


def place_near(point: shapely.Point, commune: Commune, rng: random.Random) -> shapely.Point:
    """A point 50-400 m from `point`, inside the commune; `point` itself where none is found (degrees)."""
    for _ in range(_TRIES):
        angle, distance = rng.uniform(0, 2 * math.pi), degrees(rng.uniform(50, 400))
        near = shapely.Point(round(point.x + distance * math.cos(angle), 6), round(point.y + distance * math.sin(angle), 6))
        if commune.area.contains(near):
            return near
    return point


def place_site(commune: Commune, hectares: float, rng: random.Random) -> shapely.Polygon | None:
    """A four-cornered site of about `hectares` wholly inside the commune (degrees), or None where none fits."""
    for _ in range(_TRIES):
        site = _quadrilateral(place_point(commune, rng), hectares, rng)
        if commune.area.contains(site):
            return site
    return None


def measure_hectares(site: BaseGeometry) -> float:
    """The area of a small lon/lat shape in hectares."""
    shrink = math.cos(math.radians(site.centroid.y))
    return float(site.area) * METRES_PER_DEGREE**2 * shrink / 10_000


def _quadrilateral(centre: shapely.Point, hectares: float, rng: random.Random) -> shapely.Polygon:
    aspect, turn = rng.uniform(1.1, 2.2), rng.uniform(0, math.pi)
    half_long = math.sqrt(hectares * 10_000 * aspect) / 2
    half_short = half_long / aspect
    stretch = 1 / math.cos(math.radians(centre.y))
    corners = []
    for along, across in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = half_long * along * rng.uniform(0.9, 1.1), half_short * across * rng.uniform(0.9, 1.1)
        east, north = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
        corners.append((round(centre.x + degrees(east) * stretch, 6), round(centre.y + degrees(north), 6)))
    return shapely.Polygon(corners)
