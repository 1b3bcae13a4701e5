# SPDX-License-Identifier: MIT
"""Where the rows of a table lie: columns of longitude and latitude (degrees, or degrees-minutes-seconds), of X and Y in metres in either
order, one column of both, or WKT.

In VN-2000 papers X is north and Y is east (domain reference 5.1); which of two columns in metres is which is told by their values: in
Vietnam northings of a 3-degree zone are 900 000 to 2 600 000 and eastings 335 000 to 665 000.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy
import pyarrow
import shapely

from loaders.mapping import fold
from server.errors import SourceRefused

_LON = ("lon", "lng", "long", "longitude", "kinhdo", "toadokinhdo")
_LAT = ("lat", "latitude", "vido", "toadovido")
_X = ("x", "toadox", "xvn2000", "xm", "coordx", "xcoord", "east", "easting", "e", "dong", "pointx")
_Y = ("y", "toadoy", "yvn2000", "ym", "coordy", "ycoord", "north", "northing", "n", "bac", "pointy")
_BOTH = ("toado", "coordinates", "latlon", "latlng", "vitri", "toadogps")
_WKT = ("wkt", "geom", "geometry", "thegeom", "hinhhoc", "wkbgeometry")
_SHAPES = re.compile(r"(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\b|(SRID=\d+;)?\s*GEOMETRYCOLLECTION\b", re.IGNORECASE)
_PARTS = re.compile(r"\d+(?:[.,]\d+)?")
_ANGLE = re.compile(r"""[\s\d.,+\-°º˚*'’′"”″`dmsđoNSEWBĐnsewb:]+""")
_NORTHINGS, _EASTINGS = (800_000.0, 2_700_000.0), (200_000.0, 800_000.0)
UNREADABLE = b""
_LARGEST = 1e12
# WKB of a point, little-endian.
_POINT_PARTS = numpy.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])

Kind = Literal["degrees", "metres", "both", "wkt"]


@dataclass(frozen=True)
class Places:
    """How a table tells places: the kind, the columns (x, y; or one twice), the type of the first geometries, notes for the plan."""

    kind: Kind
    x: int
    y: int
    geometry: str
    notes: tuple[str, ...] = ()

    def read(self, columns: Sequence[pyarrow.Array]) -> list[bytes | None]:
        """WKB of the places of many rows (x = east), from the columns of their cells as text; None for empty cells, `UNREADABLE` for text
        that tells no place."""
        if self.kind in ("wkt", "both"):
            read_one = _read_wkt if self.kind == "wkt" else _read_both
            return [None if text is None else read_one(text) for text in columns[self.x].to_pylist()]
        plain = _read_plain(columns[self.x], columns[self.y])
        if plain is not None:
            return plain
        return [self._read_pair(x or "", y or "") for x, y in zip(columns[self.x].to_pylist(), columns[self.y].to_pylist(), strict=True)]

    def _read_pair(self, x_text: str, y_text: str) -> bytes | None:
        if not x_text.strip() and not y_text.strip():
            return None
        read = read_angle if self.kind == "degrees" else read_metres
        x, y = read(x_text), read(y_text)
        return UNREADABLE if x is None or y is None else _point(x, y)


def _read_plain(x_texts: pyarrow.Array, y_texts: pyarrow.Array) -> list[bytes | None] | None:
    """Points of columns that hold nothing but plain numbers; None for any others."""
    if x_texts.null_count or y_texts.null_count:
        return None
    try:
        x, y = (texts.cast(pyarrow.float64()).to_numpy() for texts in (x_texts, y_texts))
    except pyarrow.ArrowInvalid:
        return None
    if not (numpy.abs(x) < _LARGEST).all() or not (numpy.abs(y) < _LARGEST).all():
        return None
    points = numpy.empty(len(x), _POINT_PARTS)
    points["order"], points["type"], points["x"], points["y"] = 1, 1, x, y
    out: list[bytes | None] = points.view(f"V{_POINT_PARTS.itemsize}").tolist()
    return out


def find_places(head: Sequence[str], rows: Sequence[Sequence[str]], asked: tuple[str, str] | None, name: str) -> Places | None:
    """How a table with this head and these first rows tells places; None: not at all. Raises SourceRefused for a missing column."""
    if asked:
        missing = [column for column in asked if column not in head]
        if missing:
            raise SourceRefused(f"{name} has no column {missing[0]!r}.", locator=name, message_vi=f"{name} không có cột {missing[0]!r}.")
        return _decide(head, rows, head.index(asked[0]), head.index(asked[1]))
    folded = [fold(column) for column in head]
    x, y = _first(folded, _LON), _first(folded, _LAT)
    if x is not None and y is not None:
        return Places("degrees", x, y, "Point")
    wkt = next((i for i in _all(folded, _WKT) if any(_SHAPES.match(row[i]) for row in rows)), None)
    if wkt is not None:
        return Places("wkt", wkt, wkt, _wkt_type([row[wkt] for row in rows]))
    x, y = _first(folded, _X), _first(folded, _Y)
    if x is not None and y is not None and any(read_metres(row[x]) is not None for row in rows):
        return _decide(head, rows, x, y)
    both = next((i for i in _all(folded, _BOTH) if any(_read_both(row[i]) for row in rows)), None)
    return None if both is None else Places("both", both, both, "Point")


def _decide(head: Sequence[str], rows: Sequence[Sequence[str]], x: int, y: int) -> Places:
    """Degrees or metres, and which of two columns in metres is north, by the values."""
    pairs = [(read_angle(row[x]), read_angle(row[y])) for row in rows]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    if known and 2 * sum(abs(a) <= 180 and abs(b) <= 180 for a, b in known) > len(known):
        return Places("degrees", x, y, "Point")
    metres = [(read_metres(row[x]), read_metres(row[y])) for row in rows]
    found = [(a, b) for a, b in metres if a is not None and b is not None]
    swapped = sum(_NORTHINGS[0] <= a <= _NORTHINGS[1] and _EASTINGS[0] <= b <= _EASTINGS[1] for a, b in found)
    if found and 2 * swapped > len(found):
        note = f"{head[x]} is north and {head[y]} is east, as Vietnamese papers write. · {head[x]} là bắc, {head[y]} là đông."
        return Places("metres", y, x, "Point", (note,))
    return Places("metres", x, y, "Point")


def read_angle(text: str) -> float | None:
    """Degrees a text means: `106.36`, `106,36`, `106°21'36"E`, `106 21 36`, `10d21m36s`; S and W below zero. None for anything else."""
    plain = text.strip()
    if not plain or len(plain) > 60 or not _ANGLE.fullmatch(plain):
        return None
    single = _number(plain)
    if single is not None:
        return single
    parts = [float(part.replace(",", ".")) for part in _PARTS.findall(plain)]
    if not 1 <= len(parts) <= 3 or any(part >= 60 for part in parts[1:]) or any(part != int(part) for part in parts[:-1]):
        return None
    value = sum(part * weight for part, weight in zip(parts, (1, 1 / 60, 1 / 3600), strict=False))
    return -value if plain.startswith("-") or (re.search(r"[SWsw]$", plain) and not re.search(r"\d\s*s$", plain)) else value


def read_metres(text: str) -> float | None:
    """Metres a text means, in either notation: `1145735.536`, `1145735,536`, `1.145.735,536`, `1 145 735.5`. None for anything else."""
    plain = re.sub(r"[\s\u00a0']|m$", "", text.strip())
    if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3}){2,}(,\d+)?|[-+]?\d{1,3}(\.\d{3})+,\d+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[-+]?\d{1,3}(,\d{3}){2,}(\.\d+)?|[-+]?\d{1,3}(,\d{3})+\.\d+", plain):
        plain = plain.replace(",", "")
    return _number(plain)


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", ".")) if len(text) <= 40 else float("nan")
    except ValueError:
        return None
    return value if -_LARGEST < value < _LARGEST else None


def _read_both(text: str) -> bytes | None:
    """`10.36, 106.67`: latitude first unless the numbers say otherwise."""
    if not text.strip():
        return None
    parts = re.split(r"[;|]|,\s+|(?<=\d)\s+(?=\d+\.)|(?<=\d),(?=\d+\.)", text.strip().strip("()[]"))
    values = [read_angle(part) for part in parts]
    if len(values) != 2 or values[0] is None or values[1] is None:
        return UNREADABLE
    first, second = values[0], values[1]
    return _point(second, first) if abs(first) <= 90 else _point(first, second)


def _read_wkt(text: str) -> bytes | None:
    plain = re.sub(r"^SRID=\d+;", "", text.strip(), flags=re.IGNORECASE)
    if not plain:
        return None
    shape = shapely.from_wkt(plain, on_invalid="ignore")
    return UNREADABLE if shape is None else bytes(shapely.to_wkb(shape))


def _wkt_type(texts: Sequence[str]) -> str:
    kinds = {match.group(3).capitalize() for match in map(_SHAPES.match, texts) if match and match.group(3)}
    spelled = {"Linestring": "LineString"}
    return spelled.get(kind := next(iter(kinds)), kind) if len(kinds) == 1 else "Unknown"


def _point(x: float, y: float) -> bytes:
    return struct.pack("<BIdd", 1, 1, x, y)


def _all(folded: Sequence[str], names: tuple[str, ...]) -> list[int]:
    return [i for i, name in enumerate(folded) if name in names]


def _first(folded: Sequence[str], names: tuple[str, ...]) -> int | None:
    return next((folded.index(name) for name in names if name in folded), None)
