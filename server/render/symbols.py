# SPDX-License-Identifier: MIT
"""Point symbols: marks as SVG, and any symbol drawn once to a bitmap, because placing bitmaps is far cheaper than drawing shapes."""

from __future__ import annotations

import hashlib
import math
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

import mapnik

from server.errors import ConfigError
from server.style.model import ExternalGraphic, Graphic, Mark

# Corners on a square of side 1 around 0, y down; radius-based shapes touch its inscribed circle.
_POLYGONS: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "triangle": ((0.0, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "diamond": ((0.0, -0.5), (0.5, 0.0), (0.0, 0.5), (-0.5, 0.0)),
    "cross": tuple(
        (x / 6, y / 6)
        for x, y in ((-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1), (-3, 1), (-3, -1), (-1, -1))
    ),
}
_OPEN_LINES: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "line": ((0.0, -0.5), (0.0, 0.5)),
    "horline": ((-0.5, 0.0), (0.5, 0.0)),
    "slash": ((-0.5, 0.5), (0.5, -0.5)),
    "backslash": ((-0.5, -0.5), (0.5, 0.5)),
}


def write_mark_svg(graphic: Graphic, mark: Mark, ratio: float = 1.0) -> str:
    """An SVG document of a mark: as large as the symbol with its outline, in whole pixels; `ratio` enlarges it."""
    margin = (mark.stroke.width if mark.stroke else 0.0) / 2 + 0.5
    reach = graphic.size / 2 * (math.sqrt(2) if graphic.rotation % 90 else 1) + margin
    half = math.ceil(reach * ratio * 2) / 2
    transform = f"translate({half} {half}) rotate({graphic.rotation}) scale({ratio})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * half:g}" height="{2 * half:g}">'
        f'<g transform="{transform}" opacity="{graphic.opacity:g}">{_write_shape(mark.shape, graphic.size, _write_paint(mark))}</g></svg>'
    )


def _write_paint(mark: Mark) -> str:
    open_line = mark.shape in _OPEN_LINES
    fill = "none" if mark.fill is None or open_line else mark.fill
    paint = f'fill="{fill}" fill-opacity="{mark.fill_opacity:g}"'
    if mark.stroke is None and not open_line:
        return f'{paint} stroke="none"'
    colour, width, opacity = (
        (mark.stroke.colour, mark.stroke.width, mark.stroke.opacity) if mark.stroke else (mark.fill or "#000000", 1.0, 1.0)
    )
    return f'{paint} stroke="{colour}" stroke-width="{width:g}" stroke-opacity="{opacity:g}" stroke-linejoin="round"'


def _write_shape(shape: str, size: float, paint: str) -> str:
    if shape == "circle":
        return f'<circle cx="0" cy="0" r="{size / 2:g}" {paint}/>'
    if shape == "x":
        points = _turn(_POLYGONS["cross"], 45)
    elif shape in _OPEN_LINES:
        (x1, y1), (x2, y2) = _OPEN_LINES[shape]
        return f'<line x1="{x1 * size:g}" y1="{y1 * size:g}" x2="{x2 * size:g}" y2="{y2 * size:g}" {paint}/>'
    elif shape in ("pentagon", "hexagon"):
        points = _ring(5 if shape == "pentagon" else 6, (0.5,))
    elif shape == "star":
        points = _ring(10, (0.5, 0.2))
    else:
        points = _POLYGONS[shape]
    return f"<polygon points={quoteattr(' '.join(f'{x * size:.3f},{y * size:.3f}' for x, y in points))} {paint}/>"


def _ring(count: int, radii: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    return tuple(
        (radii[i % len(radii)] * math.sin(2 * math.pi * i / count), -radii[i % len(radii)] * math.cos(2 * math.pi * i / count))
        for i in range(count)
    )


def _turn(points: tuple[tuple[float, float], ...], degrees: float) -> tuple[tuple[float, float], ...]:
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return tuple((x * cos - y * sin, x * sin + y * cos) for x, y in points)


@dataclass(frozen=True)
class SymbolStore:
    """Symbols as files: `file` gives a bitmap (drawn the first time it is asked for), the same for all threads and processes."""

    directory: Path
    assets_dir: Path
    _known: dict[str, Path] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def file(self, graphic: Graphic, ratio: float = 1.0) -> Path:
        """A PNG of the symbol, centred. Raises ConfigError when its picture is missing or unreadable."""
        key = self._key(graphic, ratio)
        found = self._known.get(key)
        if found is not None and found.exists():
            return found
        with self._lock:
            path = self.directory / f"{key}.png"
            if not path.exists():
                self._draw(graphic, ratio, path)
            self._known[key] = path
            return path

    def _key(self, graphic: Graphic, ratio: float) -> str:
        parts = [repr(graphic), repr(ratio)]
        if isinstance(graphic.symbol, ExternalGraphic):
            parts.append(self._read_picture(graphic.symbol).hex())
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]

    def _read_picture(self, picture: ExternalGraphic) -> bytes:
        try:
            return (self.assets_dir / picture.path).read_bytes()
        except OSError as error:
            raise ConfigError(f"The picture styles/assets/{picture.path} of a style is missing.", locator=picture.path) from error

    def _draw(self, graphic: Graphic, ratio: float, path: Path) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        unique = f"{path.stem}.{os.getpid()}.{threading.get_ident()}"
        svg = self.directory / f"{unique}.svg"
        if isinstance(graphic.symbol, Mark):
            svg.write_text(write_mark_svg(graphic, graphic.symbol, ratio), encoding="utf-8")
            image = draw_picture(svg, None)
        else:
            image = draw_picture(self.assets_dir / graphic.symbol.path, graphic, ratio)
        draft = self.directory / f"{unique}.png"
        image.save(str(draft), "png32")
        draft.replace(path)
        svg.unlink(missing_ok=True)


def draw_picture(path: Path, graphic: Graphic | None, ratio: float = 1.0) -> mapnik.Image:
    """Draw an SVG or PNG file on a transparent image that fits it; with `graphic` at its size (height), rotation and opacity.

    Raises ConfigError when Mapnik cannot read it.
    """
    attributes = f"file={quoteattr(str(path))}"
    side = _svg_size(path)
    if graphic is not None:
        side = math.ceil(graphic.size * ratio * (math.sqrt(2) if graphic.rotation % 90 else 1)) + 2
        attributes += f' height="{graphic.size * ratio:g}" opacity="{graphic.opacity:g}" transform="rotate({graphic.rotation:g})"'
    document = (
        '<Map srs="epsg:3857"><Style name="s"><Rule><MarkersSymbolizer allow-overlap="true" ignore-placement="true" '
        f'{attributes}/></Rule></Style><Layer name="l" srs="epsg:3857"><StyleName>s</StyleName><Datasource>'
        '<Parameter name="type">csv</Parameter><Parameter name="inline">x,y\n0,0\n</Parameter></Datasource></Layer></Map>'
    )
    try:
        drawing = mapnik.Map(side, side, "epsg:3857")
        mapnik.load_map_from_string(drawing, document)
        drawing.zoom_to_box(mapnik.Box2d(-side / 2, -side / 2, side / 2, side / 2))
        image = mapnik.Image(side, side)
        mapnik.render(drawing, image)
    except RuntimeError as error:
        raise ConfigError(f"The picture {path.name} of a style cannot be drawn.", locator=path.name) from error
    return image


def _svg_size(path: Path) -> int:
    """Width of one of our own SVG documents in pixels (the first attribute `width`)."""
    if path.suffix != ".svg":
        return 64
    head = path.read_text(encoding="utf-8", errors="replace").partition('width="')[2]
    digits = head.partition('"')[0]
    return math.ceil(float(digits)) if digits.replace(".", "", 1).isdigit() else 64
