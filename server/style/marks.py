# SPDX-License-Identifier: MIT
"""Names of marks: those of SLD, of QGIS, and the shape:// and extshape:// names of GeoServer. How they look is `server/render/marks.py`."""

from __future__ import annotations

import re

# SLD 1.0 and SE 1.1 know the first six; the others are what QGIS and GeoServer write.
_SIMPLE = ("square", "circle", "triangle", "star", "cross", "x", "diamond", "pentagon", "hexagon", "octagon", "decagon", "dot")
_LINES = ("line", "horline", "slash", "backslash", "plus", "times", "arrowhead", "open_arrow", "half_arc", "third_arc", "quarter_arc")
_ARROWS = ("arrow", "filled_arrowhead", "closed_arrow", "north_arrow", "south_arrow")
_HALVES = ("left_half_triangle", "right_half_triangle", "half_square", "quarter_square", "diagonal_half_square")
_ROUND = ("semi_circle", "third_circle", "quarter_circle", "half_circle", "triangle_half_circle", "rounded_square", "heart", "shield")
_OTHERS = ("cross_fill", "equilateral_triangle", "square_with_corners", "trapezoid", "parallelogram_left", "parallelogram_right")
_STARS = ("star_diamond", "diamond_star", "asterisk_fill", "regular_star")
MARKS = frozenset((*_SIMPLE, *_LINES, *_ARROWS, *_HALVES, *_ROUND, *_OTHERS, *_STARS))
# Shapes of lines alone: they have no inside, and without a stroke they take the colour of the fill.
OPEN_MARKS = frozenset(_LINES)
_NAMES = {
    "shape://vertline": "line",
    "shape://horline": "horline",
    "shape://slash": "slash",
    "shape://backslash": "backslash",
    "shape://dot": "dot",
    "shape://plus": "plus",
    "shape://times": "times",
    "shape://oarrow": "open_arrow",
    "shape://carrow": "closed_arrow",
    "shape://coarrow": "closed_arrow",
    "extshape://triangle": "triangle",
    "extshape://emicircle": "half_circle",
    "extshape://triangleemicircle": "triangle_half_circle",
    "extshape://narrow": "north_arrow",
    "extshape://sarrow": "south_arrow",
    "extshape://arrow": "north_arrow",
    "cross2": "x",
    "filled_circle": "circle",
    "rectangle": "square",
    "regular_triangle": "equilateral_triangle",
    "vertline": "line",
}
_WKT = re.compile(r"(?:MULTI)?(?:LINESTRING|POLYGON)\s*\(([\s\d.,+\-eE()]{3,2000})\)", re.ASCII)
_RING = re.compile(r"[^()]+", re.ASCII)


def find_mark(name: str) -> str | None:
    """The shape a WellKnownName means (`wkt:` and an SVG path for wkt://), None when it is not known.

    Parameters behind extshape://arrow are not looked at.
    """
    text = name.strip()
    if text.startswith("wkt://"):
        return _read_wkt(text.removeprefix("wkt://"))
    key = text.partition("?")[0]
    key = key.removeprefix("qgis://")
    shape = _NAMES.get(key, key)
    return shape if shape in MARKS else None


def is_open(shape: str) -> bool:
    """Whether a shape is lines without an inside."""
    return shape in OPEN_MARKS or (shape.startswith("wkt:") and "Z" not in shape)


def _read_wkt(text: str) -> str | None:
    """Lines or polygons with coordinates between -0.5 and 0.5 (y up) as an SVG path (y down)."""
    match = _WKT.fullmatch(text.strip())
    if match is None:
        return None
    close = " Z" if "POLYGON" in text[:13] else ""
    paths: list[str] = []
    for ring in _RING.findall(match[1]):
        places = [part.split() for part in ring.split(",") if part.strip()]
        try:
            points = [(float(x), -float(y)) for x, y in places]
        except ValueError:
            return None
        if points:
            paths.append("M " + " L ".join(f"{x:g} {y:g}" for x, y in points) + close)
    return "wkt:" + " ".join(paths) if paths else None
