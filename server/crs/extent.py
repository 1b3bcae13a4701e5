# SPDX-License-Identifier: MIT
"""Boxes: one frozen value, always x = east or longitude and y = north or latitude, and the readers of every protocol's BBOX text."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass

from server.crs.axis import AxisOrder, Service, axis_order
from server.crs.definitions import CRS84, Crs
from server.crs.spelling import CrsReference, Spelling, parse_crs
from server.errors import InvalidParameter

MAX_LENGTH = 600
# Clients draw beyond the edge of the world when zoomed out; further than this is nonsense.
_FARTHEST = {"degree": 3_600.0, "metre": 1e9}
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Extent:
    """A box: `minx`, `maxx` east or longitude, `miny`, `maxy` north or latitude, in the unit of `crs` (metres or degrees)."""

    minx: float
    miny: float
    maxx: float
    maxy: float
    crs: Crs

    @property
    def width(self) -> float:
        """East-west size in units of the CRS."""
        return self.maxx - self.minx

    @property
    def height(self) -> float:
        """North-south size in units of the CRS."""
        return self.maxy - self.miny

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """minx, miny, maxx, maxy."""
        return (self.minx, self.miny, self.maxx, self.maxy)

    def ordered(self, order: AxisOrder) -> tuple[float, float, float, float]:
        """The four numbers as a protocol writes them: lower corner, upper corner, each in `order`."""
        return self.bounds if order == "xy" else (self.miny, self.minx, self.maxy, self.maxx)


def parse_wms_bbox(text: str, reference: CrsReference, version: str, *, locator: str = "BBOX") -> Extent:
    """Read GetMap's BBOX for the CRS or SRS of the request (WMS 1.3.0 7.3.3.6, 1.1.1 7.2.3.6).

    A box beyond the edge of the world is a blank map, not a mistake. Raises InvalidParameter for anything but four finite numbers
    with min < max.
    """
    numbers = _read_numbers(_split(text, locator), (4,), locator)
    order = axis_order(reference.crs, Service.WMS, version, reference.spelling)
    extent = _build(numbers, order, reference.crs, locator)
    if extent.width <= 0 or extent.height <= 0:
        raise InvalidParameter("BBOX has no area: the second corner must be larger than the first on both axes", locator=locator)
    return extent


def parse_wfs_bbox(
    text: str, default: CrsReference, version: str, *, offered: Collection[Crs] | None = None, locator: str = "BBOX"
) -> Extent:
    """Read GetFeature's BBOX: 4 or 6 numbers, then optionally a CRS in any spelling (WFS 1.1.0 14.3.3, 2.0.0 7.9.2.4).

    Without a CRS it is in `default`. Heights are read and left aside. Raises InvalidParameter, or InvalidCrs for the trailing name.
    """
    parts = _split(text, locator)
    reference = default
    if len(parts) in (5, 7):
        reference = parse_crs(parts.pop(), offered=offered, locator=locator)
    numbers = _read_numbers(parts, (4, 6), locator)
    order = axis_order(reference.crs, Service.WFS, version, reference.spelling)
    return _require_world(_build(numbers, order, reference.crs, locator), locator)


def parse_ogcapi_bbox(text: str, reference: CrsReference | None = None, *, locator: str = "bbox") -> Extent:
    """Read `bbox` of OGC API Features: 4 or 6 numbers in CRS84 or in `bbox-crs` (17-069r4 7.15.3, 18-058r1 6.2.2).

    Raises InvalidParameter; boxes across the 180th meridian are refused in so many words.
    """
    used = reference or CrsReference(CRS84, Spelling.URL)
    numbers = _read_numbers(_split(text, locator), (4, 6), locator)
    order = axis_order(used.crs, Service.OGC_API, "1.0", used.spelling)
    west, east = (numbers[0], numbers[2]) if order == "xy" else (numbers[1], numbers[3])
    if used.crs.kind == "geographic" and -180 <= east < west <= 180:
        raise InvalidParameter(
            f"{locator}: west is larger than east, and a box across the 180th meridian is not supported: ask for the two halves",
            locator=locator,
        )
    return _require_world(_build(numbers, order, used.crs, locator), locator)


def parse_ogcapi_boxes(text: str, reference: CrsReference | None = None, *, locator: str = "bbox") -> tuple[Extent, ...]:
    """As `parse_ogcapi_bbox`, but a box across the 180th meridian (west larger than east, 17-069r4 7.15.3) becomes its two halves."""
    used = reference or CrsReference(CRS84, Spelling.URL)
    parts = _split(text, locator)
    numbers = _read_numbers(parts, (4, 6), locator)
    west_at = 0 if axis_order(used.crs, Service.OGC_API, "1.0", used.spelling) == "xy" else 1
    west, east = numbers[west_at], numbers[west_at + 2]
    if used.crs.kind != "geographic" or not -180 <= east < west <= 180:
        return (parse_ogcapi_bbox(text, reference, locator=locator),)
    halves: list[Extent] = []
    for low, high in ((west, 180.0), (-180.0, east)):
        half = list(numbers)
        half[west_at], half[west_at + 2] = low, high
        halves.append(parse_ogcapi_bbox(",".join(map(repr, half)), reference, locator=locator))
    return tuple(halves)


def _split(text: str, locator: str) -> list[str]:
    if len(text) > MAX_LENGTH:
        raise InvalidParameter(f"{locator} is longer than {MAX_LENGTH} characters", locator=locator)
    return [part.strip(" ") for part in text.split(",")]


def _read_numbers(parts: list[str], counts: tuple[int, ...], locator: str) -> tuple[float, float, float, float]:
    """Four finite numbers in the order of the text; of six the heights (third and sixth) are checked and dropped."""
    if len(parts) not in counts:
        wanted = " or ".join(str(count) for count in counts)
        raise InvalidParameter(f"{locator} needs {wanted} numbers separated by commas, not {len(parts)}", locator=locator)
    numbers: list[float] = []
    for position, part in enumerate(parts, start=1):
        number = float(part) if _NUMBER.fullmatch(part) else math.nan
        if not math.isfinite(number):
            raise InvalidParameter(f"Number {position} of {locator} is not a finite decimal number", locator=locator)
        numbers.append(number)
    if len(numbers) == 6:
        low, high = numbers.pop(2), numbers.pop(4)
        if low > high:
            raise InvalidParameter(f"{locator}: the lower height is above the upper one", locator=locator)
    return (numbers[0], numbers[1], numbers[2], numbers[3])


def _build(numbers: tuple[float, float, float, float], order: AxisOrder, crs: Crs, locator: str) -> Extent:
    """Order the axes and refuse upside-down or absurd boxes."""
    first, second, third, fourth = numbers
    farthest = _FARTHEST[crs.unit]
    if any(abs(number) > farthest for number in numbers):
        raise InvalidParameter(f"{locator} has a number beyond ±{farthest:g} {crs.unit}s", locator=locator)
    if first > third or second > fourth:
        expected = "minx,miny,maxx,maxy" if order == "xy" else "miny,minx,maxy,maxx (north first)"
        raise InvalidParameter(f"{locator}: a minimum is larger than its maximum; write {expected}", locator=locator)
    return Extent(first, second, third, fourth, crs) if order == "xy" else Extent(second, first, fourth, third, crs)


def _require_world(extent: Extent, locator: str) -> Extent:
    """Refuse a question about features that lies wholly beyond the poles: nearly always the axes are the wrong way round."""
    if extent.crs.kind == "projected" or (extent.miny <= 90 and extent.maxy >= -90):
        return extent
    raise InvalidParameter(
        f"{locator} lies beyond the poles (latitude {extent.miny:g} to {extent.maxy:g}): "
        "the axes are probably swapped; EPSG:n and CRS84 mean longitude first, URN and address mean latitude first",
        locator=locator,
    )
