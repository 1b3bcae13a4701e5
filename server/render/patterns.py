# SPDX-License-Identifier: MIT
"""Pictures that fill areas: hatches of any angle and marks in rows, drawn so that repeated tiles show no seams."""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from server.render.marks import mark_path
from server.style.marks import is_open
from server.style.model import Graphic, Mark, Stroke

_HATCHES = {"horline": (0.0,), "line": (90.0,), "slash": (-45.0,), "backslash": (45.0,), "plus": (0.0, 90.0), "times": (45.0, -45.0)}
_LARGEST = 512


@dataclass(frozen=True)
class _Hatch:
    """Parallel lines: how many tile widths and heights apart they cross the edges of the tile."""

    angle: float
    width: int
    height: int


def write_pattern_svg(graphic: Graphic, mark: Mark, margin: tuple[float, float, float, float], ratio: float = 1.0) -> str:
    """One tile as an SVG document in whole pixels; `margin` is the free room at the top, right, bottom and left of a mark."""
    if mark.shape in _HATCHES and not any(margin):
        return _write_hatch(graphic, mark, ratio)
    top, right, bottom, left = margin
    width = max(round((graphic.size + left + right) * ratio), 1)
    height = max(round((graphic.size + top + bottom) * ratio), 1)
    x, y = (left + graphic.size / 2) * ratio, (top + graphic.size / 2) * ratio
    # What reaches over an edge comes in again on the other side.
    copies = [(x + dx * width, y + dy * height) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    shape = _write_mark(graphic, mark, ratio)
    placed = "".join(f'<g transform="translate({cx:g} {cy:g})">{shape}</g>' for cx, cy in copies)
    return _document(width, height, graphic.opacity, placed)


def _document(width: int, height: int, opacity: float, content: str) -> str:
    # Mapnik centres a picture on what it holds: an invisible sheet keeps the tile where it is.
    sheet = f'<path d="M 0 0 L {width} 0 L {width} {height} L 0 {height} Z" fill="#000000" fill-opacity="0" stroke="none"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{sheet}<g opacity="{opacity:g}">{content}</g></svg>'


def _write_mark(graphic: Graphic, mark: Mark, ratio: float) -> str:
    size = max(graphic.size, 0.1)
    stroke = mark.stroke or (Stroke(colour=mark.fill or "#000000") if is_open(mark.shape) else None)
    fill = "none" if mark.fill is None or is_open(mark.shape) else mark.fill
    ink = (
        f'stroke="{stroke.colour}" stroke-width="{stroke.width / size:g}" stroke-opacity="{stroke.opacity:g}"'
        if stroke
        else 'stroke="none"'
    )
    transform = f"rotate({graphic.rotation:g}) scale({size * ratio:g})"
    return f'<path d={quoteattr(mark_path(mark.shape))} transform="{transform}" fill="{fill}" fill-opacity="{mark.fill_opacity:g}" {ink}/>'


def _write_hatch(graphic: Graphic, mark: Mark, ratio: float) -> str:
    """The distance between lines is the size for lines along an axis; for diagonals the size is that of the square they cross."""
    diagonal = mark.shape in ("slash", "backslash", "times")
    distance = max(graphic.size * ratio / (math.sqrt(2) if diagonal else 1), 1.0)
    stroke = mark.stroke or Stroke(colour=mark.fill or "#000000")
    hatches = [_fit(angle + graphic.rotation, distance) for angle in _HATCHES[mark.shape]]
    width = max(one.width for one in hatches) if len(hatches) > 1 else hatches[0].width
    height = max(one.height for one in hatches) if len(hatches) > 1 else hatches[0].height
    dash = f' stroke-dasharray="{",".join(f"{length * ratio:g}" for length in stroke.dash)}"' if stroke.dash else ""
    ink = (
        f'stroke="{stroke.colour}" stroke-width="{stroke.width * ratio:g}" stroke-opacity="{stroke.opacity:g}" '
        f'stroke-linecap="square" fill="none"{dash}'
    )
    paths = "".join(f'<path d="{_lines(one, width, height)}" {ink}/>' for one in hatches)
    return _document(width, height, graphic.opacity, paths)


def _fit(angle: float, distance: float) -> _Hatch:
    """Whole pixels between two lines along both axes; the angle gives way by less than the eye sees."""
    folded = (angle + 90) % 180 - 90
    sin, cos = abs(math.sin(math.radians(folded))), abs(math.cos(math.radians(folded)))
    if sin < 0.02:
        return _Hatch(0.0, max(round(distance), 1), max(round(distance), 1))
    if cos < 0.02:
        return _Hatch(90.0, max(round(distance), 1), max(round(distance), 1))
    return _Hatch(folded, min(max(round(distance / sin), 1), _LARGEST), min(max(round(distance / cos), 1), _LARGEST))


def _lines(hatch: _Hatch, width: int, height: int) -> str:
    """The lines of a hatch over a tile, continued beyond its edges."""
    if hatch.angle == 0.0:
        rows = range(max(height // hatch.height, 1))
        return " ".join(f"M {-width} {(row + 0.5) * hatch.height:g} L {2 * width} {(row + 0.5) * hatch.height:g}" for row in rows)
    if hatch.angle == 90.0:
        columns = range(max(width // hatch.width, 1))
        return " ".join(
            f"M {(column + 0.5) * hatch.width:g} {-height} L {(column + 0.5) * hatch.width:g} {2 * height}" for column in columns
        )
    # y grows downwards: a positive angle (clockwise) falls to the right
    falls = hatch.angle > 0
    lines: list[str] = []
    for step in range(-3, 4):
        start = step * hatch.width
        first, last = (-hatch.height, 2 * hatch.height) if falls else (2 * hatch.height, -hatch.height)
        lines.append(f"M {start - hatch.width} {first} L {start + 2 * hatch.width} {last}")
    return " ".join(lines)
