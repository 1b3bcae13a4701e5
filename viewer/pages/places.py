# SPDX-License-Identifier: MIT
"""Coordinates as people type them, read on the server for the page that works without script.

The same spellings as the map understands (`frontend/src/services/coordinates.ts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.crs.definitions import Crs
from server.crs.transform import Vn2000Reading, read_vn2000
from viewer.describe import NATIONAL_FRAME

Point = tuple[float, float]
_NORTH, _EAST = (880_000, 2_650_000), (150_000, 870_000)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?", re.ASCII)
_FOREIGN = re.compile(r"[^\d\s.,;+\-°'\"′’″”:xynsewbđt]", re.IGNORECASE)
_SEXAGESIMAL = re.compile(r"(\d{1,3})\s*°\s*(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:[\"″”]|''))?", re.ASCII)


def read_place(text: str, zone: Crs) -> Point | None:
    """Lon/lat of "10.36, 106.36", "10,36 106,36", 10°21'36"B 106°21'36"Đ or VN-2000 "1152563 521493" (X, Y of `zone`), either order.

    None when the text is no place in Vietnam.
    """
    cleaned = re.sub(r"vn-?2000", " ", text, flags=re.IGNORECASE).strip()
    if not cleaned or _FOREIGN.search(cleaned):
        return None
    for first, second in _read_pairs(cleaned):
        for north, east in ((first, second), (second, first)):
            point = _from_metres(north, east, zone) if _is_metric(north, east) else (east, north)
            if _is_inside(point):
                return point
    return None


def _read_pairs(text: str) -> Iterator[tuple[float, float]]:
    """Every way the text can be two numbers, the likeliest first."""
    parts = _SEXAGESIMAL.findall(text)
    if len(parts) == 2:
        first, second = (sum(float((part or "0").replace(",", ".")) / 60**power for power, part in enumerate(one)) for one in parts)
        yield first, second
        return
    spellings = (
        re.sub(r"[,;]", " ", text),
        re.sub(r"(\d),(?=\d)", r"\1.", re.sub(r"(\d)\.(?=\d{3}\b)", r"\1", text)).replace(";", " "),
        re.sub(r"(\d)[.,](?=\d{3}\b)", r"\1", text),
    )
    for spelling in spellings:
        numbers = [float(number) for number in _NUMBER.findall(spelling)]
        if len(numbers) == 2:
            yield numbers[0], numbers[1]


def _is_metric(north: float, east: float) -> bool:
    return _NORTH[0] < north < _NORTH[1] and _EAST[0] < east < _EAST[1]


def _from_metres(north: float, east: float, zone: Crs) -> Point:
    return read_vn2000(Vn2000Reading(north, east), zone)


def _is_inside(point: Point) -> bool:
    west, south, east, north = NATIONAL_FRAME
    return west <= point[0] <= east and south <= point[1] <= north
