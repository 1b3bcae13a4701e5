# SPDX-License-Identifier: MIT
"""How marks look: paths on a square of side 1 around 0, y down, in the language of SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]


def mark_path(shape: str) -> str:
    """The SVG path of a shape of `server/style/marks.py` (or `wkt:` and a path); a square for anything else."""
    if shape.startswith("wkt:"):
        return shape.removeprefix("wkt:")
    return _PATHS.get(shape, _PATHS["square"])


def _closed(points: Sequence[Point]) -> str:
    return _open(points) + " Z"


def _open(points: Sequence[Point]) -> str:
    return "M " + " L ".join(f"{x:.4f} {y:.4f}" for x, y in points)


def _ring(count: int, radii: tuple[float, ...] = (0.5,), turn: float = 0.0) -> list[Point]:
    """Corners on circles, the first at the top, turned clockwise by `turn` degrees."""
    angles = [2 * math.pi * index / count + math.radians(turn) for index in range(count)]
    return [
        (radii[index % len(radii)] * math.sin(angle), -radii[index % len(radii)] * math.cos(angle)) for index, angle in enumerate(angles)
    ]


def _turned(points: Sequence[Point], degrees: float) -> list[Point]:
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return [(x * cos - y * sin, x * sin + y * cos) for x, y in points]


def _disc(radius: float) -> str:
    return f"M {-radius} 0 A {radius} {radius} 0 1 1 {radius} 0 A {radius} {radius} 0 1 1 {-radius} 0 Z"


def _arc(degrees: float, *, pie: bool) -> str:
    """A part of the circle that begins at the left (9 o'clock) and runs over the top; `pie` closes it through the centre."""
    angle = math.radians(180 - degrees)
    end = f"{0.5 * math.cos(angle):.4f} {-0.5 * math.sin(angle):.4f}"
    return f"M -0.5 0 A 0.5 0.5 0 0 1 {end}" + (" L 0 0 Z" if pie else "")


_CROSS = [
    (x / 6, y / 6) for x, y in ((-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1), (-3, 1), (-3, -1), (-1, -1))
]
_THIN_CROSS = [
    (x / 10, y / 10)
    for x, y in ((-1, -5), (1, -5), (1, -1), (5, -1), (5, 1), (1, 1), (1, 5), (-1, 5), (-1, 1), (-5, 1), (-5, -1), (-1, -1))
]
_SQUARE = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
_DIAMOND = [(0.0, -0.5), (0.5, 0.0), (0.0, 0.5), (-0.5, 0.0)]
_ARROW = [(0.0, -0.5), (0.25, -0.25), (0.125, -0.25), (0.125, 0.5), (-0.125, 0.5), (-0.125, -0.25), (-0.25, -0.25)]
_UPRIGHT, _LEVEL = [(0.0, -0.5), (0.0, 0.5)], [(-0.5, 0.0), (0.5, 0.0)]
_RISING, _FALLING = [(-0.5, 0.5), (0.5, -0.5)], [(-0.5, -0.5), (0.5, 0.5)]

_PATHS: dict[str, str] = {
    "square": _closed(_SQUARE),
    "circle": _disc(0.5),
    "triangle": _closed([(0.0, -0.5), (0.5, 0.5), (-0.5, 0.5)]),
    "star": _closed(_ring(10, (0.5, 0.2))),
    "regular_star": _closed(_ring(10, (0.5, 0.19098))),
    "cross": _closed(_CROSS),
    "x": _closed(_turned(_CROSS, 45)),
    "cross_fill": _closed(_THIN_CROSS),
    "diamond": _closed(_DIAMOND),
    "pentagon": _closed(_ring(5)),
    "hexagon": _closed(_ring(6)),
    "octagon": _closed(_ring(8, turn=22.5)),
    "decagon": _closed(_ring(10)),
    "equilateral_triangle": _closed(_ring(3)),
    "line": _open(_UPRIGHT),
    "horline": _open(_LEVEL),
    "slash": _open(_RISING),
    "backslash": _open(_FALLING),
    "plus": f"{_open(_UPRIGHT)} {_open(_LEVEL)}",
    "times": f"{_open(_RISING)} {_open(_FALLING)}",
    "dot": _disc(0.125),
    "arrow": _closed(_ARROW),
    "north_arrow": _closed([(0.0, -0.5), (0.35, 0.5), (0.0, 0.3), (-0.35, 0.5)]),
    "south_arrow": _closed([(0.0, 0.5), (0.35, -0.5), (0.0, -0.3), (-0.35, -0.5)]),
    "arrowhead": _open([(-0.5, -0.5), (0.0, 0.0), (-0.5, 0.5)]),
    "filled_arrowhead": _closed([(0.0, 0.0), (-0.5, 0.5), (-0.5, -0.5)]),
    "open_arrow": _open([(-0.5, -0.25), (0.5, 0.0), (-0.5, 0.25)]),
    "closed_arrow": _closed([(-0.5, -0.25), (0.5, 0.0), (-0.5, 0.25)]),
    "left_half_triangle": _closed([(0.0, -0.5), (0.5, 0.5), (0.0, 0.5)]),
    "right_half_triangle": _closed([(0.0, -0.5), (0.0, 0.5), (-0.5, 0.5)]),
    "half_square": _closed([(-0.5, -0.5), (0.0, -0.5), (0.0, 0.5), (-0.5, 0.5)]),
    "quarter_square": _closed([(-0.5, -0.5), (0.0, -0.5), (0.0, 0.0), (-0.5, 0.0)]),
    "diagonal_half_square": _closed([(-0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]),
    "semi_circle": _arc(180, pie=True),
    "third_circle": _arc(120, pie=True),
    "quarter_circle": _arc(90, pie=True),
    "half_arc": _arc(180, pie=False),
    "third_arc": _arc(120, pie=False),
    "quarter_arc": _arc(90, pie=False),
    "half_circle": _arc(180, pie=True),
    "triangle_half_circle": "M -0.5 0 A 0.5 0.5 0 0 0 0.5 0 L 0 -0.5 Z",
    "rounded_square": (
        "M -0.25 -0.5 L 0.25 -0.5 A 0.25 0.25 0 0 1 0.5 -0.25 L 0.5 0.25 A 0.25 0.25 0 0 1 0.25 0.5 L -0.25 0.5 "
        "A 0.25 0.25 0 0 1 -0.5 0.25 L -0.5 -0.25 A 0.25 0.25 0 0 1 -0.25 -0.5 Z"
    ),
    "square_with_corners": _closed(
        [(-0.25, -0.5), (0.25, -0.5), (0.5, -0.25), (0.5, 0.25), (0.25, 0.5), (-0.25, 0.5), (-0.5, 0.25), (-0.5, -0.25)]
    ),
    "trapezoid": _closed([(-0.25, -0.25), (0.25, -0.25), (0.5, 0.25), (-0.5, 0.25)]),
    "parallelogram_left": _closed([(-0.5, -0.25), (0.25, -0.25), (0.5, 0.25), (-0.25, 0.25)]),
    "parallelogram_right": _closed([(-0.25, -0.25), (0.5, -0.25), (0.25, 0.25), (-0.5, 0.25)]),
    "shield": "M -0.5 -0.5 L 0.5 -0.5 L 0.5 0.1 Q 0.45 0.35 0 0.5 Q -0.45 0.35 -0.5 0.1 Z",
    "heart": (
        "M 0 0.5 C -0.35 0.2 -0.5 0.05 -0.5 -0.2 C -0.5 -0.5 -0.1 -0.5 0 -0.22 C 0.1 -0.5 0.5 -0.5 0.5 -0.2 C 0.5 0.05 0.35 0.2 0 0.5 Z"
    ),
    "star_diamond": _closed(_ring(8, (0.5, 0.2))),
    "diamond_star": _closed(_ring(8, (0.5, 0.3))),
    "asterisk_fill": " ".join(_closed(_turned([(-0.06, -0.5), (0.06, -0.5), (0.06, 0.5), (-0.06, 0.5)], angle)) for angle in (0, 60, 120)),
}
SHAPES = frozenset(_PATHS)
