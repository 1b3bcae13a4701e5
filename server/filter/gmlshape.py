# SPDX-License-Identifier: MIT
"""Geometries of filters: GML 3.1.1 (03-105r1) and GML 2 (02-069) shapes as boxes and GeoJSON literals, x before y.

Heights are read and left aside: layers are flat. srsName may stand on the shape or on any shape around it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from server.crs.axis import Service, axis_order
from server.crs.definitions import Crs
from server.crs.extent import Extent
from server.crs.spelling import CrsReference, parse_crs
from server.errors import InvalidParameter
from server.filter.tree import Box, GeometryLiteral
from server.xmlio.parse import Element, attribute, children, descendants, first_child, local_name, text_of

Position = list[float]
FARTHEST = {"degree": 3_600.0, "metre": 1e9}
POLE = 90.000001
_MAX_NUMBERS = 400_000


@dataclass(frozen=True)
class GmlReading:
    """The CRS of shapes that name none, the WFS version (axis order), the systems taken, and the parameter to blame."""

    default_crs: CrsReference
    version: str
    offered: Collection[Crs] | None
    locator: str


def read_box(element: Element, reading: GmlReading) -> Box:
    """A gml:Envelope or gml:Box as a box, x = east or longitude. Raises InvalidParameter, InvalidCrs."""
    if local_name(element) not in ("Envelope", "Box"):
        raise _refuse(reading, "A box must be a gml:Envelope or gml:Box")
    reference = _find_crs(element, reading)
    corners = _Positions(reference, reading, 2).read(element)
    if len(corners) != 2:
        raise _refuse(reading, "A box needs a lower and an upper corner")
    (minx, miny), (maxx, maxy) = corners
    if minx > maxx or miny > maxy:
        raise _refuse(reading, "A box has a minimum larger than its maximum; EPSG:n means x first, a URN the authority's order")
    extent = Extent(minx, miny, maxx, maxy, reference.crs)
    if reference.crs.kind == "geographic" and (extent.miny > 90 or extent.maxy < -90):
        raise _refuse(reading, "A box lies beyond the poles: its axes are probably swapped")
    return Box(*extent.bounds, epsg=reference.crs.code)


def read_shape(element: Element, reading: GmlReading) -> GeometryLiteral:
    """A point, line, polygon or a collection of one of them as GeoJSON. Raises InvalidParameter, InvalidCrs."""
    reader = _SHAPES.get(local_name(element))
    if reader is None:
        raise _refuse(reading, "This kind of geometry is not supported in filters")
    reference = _find_crs(element, reading)
    return GeometryLiteral(reader(element, _Positions(reference, reading, _find_dimension(element))), reference.crs.code)


_WORDS_VI = {
    "A box must be a gml:Envelope or gml:Box": "Khung phải là gml:Envelope hoặc gml:Box",
    "A box needs a lower and an upper corner": "Khung cần góc dưới và góc trên",
    "A box has a minimum larger than its maximum; EPSG:n means x first, a URN the authority's order": (
        "Khung có giá trị nhỏ nhất lớn hơn giá trị lớn nhất; EPSG:n ghi x trước, URN theo thứ tự trục của hệ tọa độ"
    ),
    "A box lies beyond the poles: its axes are probably swapped": "Khung nằm ngoài các cực: có thể trục bị đảo",
    "This kind of geometry is not supported in filters": "Không hỗ trợ kiểu hình học này",
    "A geometry has too many coordinates": "Hình học có quá nhiều tọa độ",
    "A geometry has a coordinate that is not a usable number": "Hình học có tọa độ không phải là số dùng được",
    "A geometry has positions that are not pairs of numbers": "Hình học có vị trí không phải là cặp số",
    "A point has one position": "Điểm có đúng một vị trí",
    "A line needs two different positions (arcs are not supported)": "Đường cần ít nhất hai vị trí khác nhau (không hỗ trợ cung tròn)",
    "A surface of several patches is not supported; send a MultiSurface": "Không hỗ trợ mặt gồm nhiều mảnh; hãy gửi MultiSurface",
    "A polygon needs rings of four positions or more, the last the same as the first": (
        "Vùng cần các vòng có từ bốn vị trí trở lên, vị trí cuối trùng vị trí đầu"
    ),
    "A polygon needs an outer ring": "Vùng cần một vòng ngoài",
    "A collection of geometries holds members of another kind, or none": "Tập hợp hình học trống hoặc có phần tử khác kiểu",
    "A geometry is written in one coordinate reference system": "Một hình học chỉ dùng một hệ tọa độ",
}


class _Positions:
    """Reads coordinate texts in one CRS and dimension."""

    def __init__(self, reference: CrsReference, reading: GmlReading, dimension: int) -> None:
        self._swapped = axis_order(reference.crs, Service.WFS, reading.version, reference.spelling) == "yx"
        self._farthest = FARTHEST[reference.crs.unit]
        self._reference = reference
        self._dimension = dimension
        self.reading = reading

    def read(self, element: Element) -> list[Position]:
        """Every position written directly in the element, whichever of the five GML ways is used."""
        found: list[Position] = []
        for child in children(element):
            name = local_name(child)
            if name in ("pos", "lowerCorner", "upperCorner"):
                numbers = self._numbers(text_of(child).split())
                found.append(self._place(numbers[:2])) if len(numbers) in (2, 3) else self._refuse_count()
            elif name == "posList":
                found += self._group(self._numbers(text_of(child).split()))
            elif name == "coordinates":
                found += self._read_coordinates(child)
            elif name == "coord":
                found.append(self._place(self._numbers([text_of(part) for part in children(child)][:2])))
            elif name in ("pointProperty", "pointRep"):
                found += [position for point in children(child, "Point") for position in self.read(point)]
        return found

    def _read_coordinates(self, element: Element) -> list[Position]:
        """GML 2: `x,y x,y`, with separators of one's own."""
        comma, blank, decimal = attribute(element, "cs") or ",", attribute(element, "ts") or " ", attribute(element, "decimal") or "."
        text = text_of(element)
        tuples = text.split() if not blank.strip() else [part.strip() for part in text.split(blank) if part.strip()]
        out = []
        for part in tuples:
            numbers = self._numbers([number.replace(decimal, ".") for number in part.split(comma)])
            out.append(self._place(numbers[:2])) if len(numbers) in (2, 3) else self._refuse_count()
        return out

    def _group(self, numbers: list[float]) -> list[Position]:
        if not numbers or len(numbers) % self._dimension:
            self._refuse_count()
        return [self._place(numbers[start : start + 2]) for start in range(0, len(numbers), self._dimension)]

    def _numbers(self, words: list[str]) -> list[float]:
        if len(words) > _MAX_NUMBERS:
            raise _refuse(self.reading, "A geometry has too many coordinates")
        try:
            numbers = [math.nan if "_" in word else float(word) for word in words]
        except ValueError:
            numbers = [math.nan]
        if not all(abs(number) <= self._farthest for number in numbers):
            raise _refuse(self.reading, "A geometry has a coordinate that is not a usable number")
        return numbers

    def _place(self, pair: list[float]) -> Position:
        if len(pair) != 2:
            self._refuse_count()
        x, y = (pair[1], pair[0]) if self._swapped else (pair[0], pair[1])
        if self._reference.crs.kind == "geographic" and abs(y) > POLE:
            order = "latitude" if self._swapped else "longitude"
            raise _refuse(
                self.reading,
                f"A position lies beyond the poles (latitude {y:g}): its axes are probably swapped; "
                f"{self._reference.text} means {order} first",
                f"Một vị trí nằm ngoài các cực (vĩ độ {y:g}): có thể trục bị đảo; "
                f"{self._reference.text} ghi {'vĩ độ' if self._swapped else 'kinh độ'} trước",
            )
        return [x, y]

    def _refuse_count(self) -> None:
        raise _refuse(self.reading, "A geometry has positions that are not pairs of numbers")


def _point(element: Element, positions: _Positions) -> dict[str, Any]:
    found = positions.read(element)
    if len(found) != 1:
        raise _refuse(positions.reading, "A point has one position")
    return {"type": "Point", "coordinates": found[0]}


def _line(element: Element, positions: _Positions) -> dict[str, Any]:
    segments = first_child(element, "segments")
    sources: Iterable[Element] = children(segments, "LineStringSegment") if segments is not None else (element,)
    found: list[Position] = []
    for source in sources:
        for position in positions.read(source):
            if not found or found[-1] != position:
                found.append(position)
    if len(found) < 2:
        raise _refuse(positions.reading, "A line needs two different positions (arcs are not supported)")
    return {"type": "LineString", "coordinates": found}


def _polygon(element: Element, positions: _Positions) -> dict[str, Any]:
    patches = [patch for holder in children(element, "patches") for patch in children(holder)]
    if len(patches) > 1:
        raise _refuse(positions.reading, "A surface of several patches is not supported; send a MultiSurface")
    source = patches[0] if patches else element
    rings = []
    for holder in children(source):
        if local_name(holder) not in ("exterior", "interior", "outerBoundaryIs", "innerBoundaryIs"):
            continue
        ring = first_child(holder, "LinearRing")
        found = positions.read(ring) if ring is not None else []
        if len(found) < 4 or found[0] != found[-1]:
            raise _refuse(positions.reading, "A polygon needs rings of four positions or more, the last the same as the first")
        rings.append(found)
    if not rings:
        raise _refuse(positions.reading, "A polygon needs an outer ring")
    return {"type": "Polygon", "coordinates": rings}


def _many(kind: str, reader: Callable[[Element, _Positions], dict[str, Any]]) -> Callable[[Element, _Positions], dict[str, Any]]:
    def read(element: Element, positions: _Positions) -> dict[str, Any]:
        members = [part for holder in children(element) if local_name(holder) in _MEMBERS for part in children(holder)]
        if not members or any(_SHAPES.get(local_name(part)) is not reader for part in members):
            raise _refuse(positions.reading, "A collection of geometries holds members of another kind, or none")
        return {"type": kind, "coordinates": [reader(part, positions)["coordinates"] for part in members]}

    return read


_MEMBERS = frozenset(
    f"{kind}{ending}" for kind in ("point", "lineString", "curve", "polygon", "surface") for ending in ("Member", "Members")
)
_SHAPES: dict[str, Callable[[Element, _Positions], dict[str, Any]]] = {
    "Point": _point,
    "LineString": _line,
    "Curve": _line,
    "Polygon": _polygon,
    "Surface": _polygon,
    "MultiPoint": _many("MultiPoint", _point),
    "MultiLineString": _many("MultiLineString", _line),
    "MultiCurve": _many("MultiLineString", _line),
    "MultiPolygon": _many("MultiPolygon", _polygon),
    "MultiSurface": _many("MultiPolygon", _polygon),
}


def _find_crs(element: Element, reading: GmlReading) -> CrsReference:
    """The srsName of the shape, or of the first part that has one; else the default."""
    names = {name for part in element.iter() if (name := part.get("srsName"))}
    if not names:
        return reading.default_crs
    if len(names) > 1:
        raise _refuse(reading, "A geometry is written in one coordinate reference system")
    return parse_crs(str(names.pop()).strip(), offered=reading.offered, locator=reading.locator)


def _find_dimension(element: Element) -> int:
    """srsDimension of the shape or its parts (GML 3.1.1 9.1); two when nothing is said."""
    bearers = [element] if local_name(element) == "Point" else (element, *descendants(element, "posList"))
    return 3 if any((part.get("srsDimension") or part.get("dimension")) == "3" for part in bearers) else 2


def _refuse(reading: GmlReading, message: str, message_vi: str | None = None) -> InvalidParameter:
    return InvalidParameter(message, locator=reading.locator, message_vi=message_vi or _WORDS_VI[message])
