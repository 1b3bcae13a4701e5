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
from server.render.marks import mark_path
from server.render.patterns import write_pattern_svg
from server.style.marks import is_open
from server.style.model import ExternalGraphic, Fill, Graphic, Mark, Stroke


def write_mark_svg(graphic: Graphic, mark: Mark, ratio: float = 1.0) -> str:
    """An SVG document of a mark: as large as the symbol with its outline, in whole pixels; `ratio` enlarges it."""
    margin = (mark.stroke.width if mark.stroke else 0.0) / 2 + 0.5
    reach = graphic.size / 2 * (math.sqrt(2) if graphic.rotation % 90 else 1) + margin
    half = math.ceil(reach * ratio * 2) / 2
    transform = f"translate({half} {half}) rotate({graphic.rotation:g}) scale({ratio:g})"
    # Mapnik centres a picture on what it holds: an invisible sheet keeps shapes that fill one half where they are.
    sheet = f'<path d="M 0 0 H {2 * half:g} V {2 * half:g} H 0 Z" fill="#000000" fill-opacity="0" stroke="none"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * half:g}" height="{2 * half:g}">{sheet}'
        f'<g transform="{transform}" opacity="{graphic.opacity:g}">{write_shape(mark, graphic.size)}</g></svg>'
    )


def write_shape(mark: Mark, size: float) -> str:
    """A mark of `size` pixels around 0 as an SVG element."""
    if size <= 0:
        return ""
    return f'<path d={quoteattr(mark_path(mark.shape))} transform="scale({size:g})" {_write_paint(mark, size)}/>'


def _write_paint(mark: Mark, size: float) -> str:
    """Fill and stroke; lengths are divided by the size the path will be scaled with."""
    open_line = is_open(mark.shape)
    fill = "none" if mark.fill is None or open_line else mark.fill
    paint = f'fill="{fill}" fill-opacity="{mark.fill_opacity:g}"'
    if mark.stroke is None and not open_line:
        return f'{paint} stroke="none"'
    stroke = mark.stroke or Stroke(colour=mark.fill or "#000000")
    dash = f' stroke-dasharray="{",".join(f"{length / size:g}" for length in stroke.dash)}"' if stroke.dash else ""
    join, cap = ("round" if stroke.join == "miter" else stroke.join), stroke.cap
    return (
        f'{paint} stroke="{stroke.colour}" stroke-width="{stroke.width / size:g}" stroke-opacity="{stroke.opacity:g}" '
        f'stroke-linejoin="{join}" stroke-linecap="{cap}"{dash}'
    )


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

    def vector(self, graphic: Graphic, *, painted: bool) -> Path:
        """The symbol as an SVG file (or the picture itself), for symbols whose size or colour depends on the feature.

        `painted`: the map engine gives it its colours, to everything that is in the file.

        Raises ConfigError when its picture is missing.
        """
        if isinstance(graphic.symbol, ExternalGraphic):
            self._read_picture(graphic.symbol)
            return self.assets_dir / graphic.symbol.path
        half = graphic.size / 2
        sheet = "" if painted else f'<path d="M {-half:g} {-half:g} H {half:g} V {half:g} H {-half:g} Z" fill-opacity="0" stroke="none"/>'
        shape = write_shape(graphic.symbol, graphic.size)
        return self._write_svg(self._key(graphic, float(painted)), f'<svg xmlns="http://www.w3.org/2000/svg">{sheet}{shape}</svg>')

    def pattern(self, fill: Fill, graphic: Graphic, ratio: float = 1.0) -> Path:
        """A PNG that fills an area without seams when it is repeated. Raises ConfigError as `file` does."""
        if isinstance(graphic.symbol, ExternalGraphic):
            return self.file(graphic, ratio)
        key = self._key(graphic, ratio, fill.margin)
        path = self.directory / f"{key}.png"
        with self._lock:
            if not path.exists():
                self._save(path, write_pattern_svg(graphic, graphic.symbol, fill.margin, ratio))
        return path

    def _write_svg(self, key: str, svg: str) -> Path:
        path = self.directory / f"{key}.svg"
        if not path.exists():
            self.directory.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.stem}.{os.getpid()}.{threading.get_ident()}.draft.svg")
            draft.write_text(svg, encoding="utf-8")
            draft.replace(path)
        return path

    def _save(self, path: Path, svg: str) -> None:
        """Draw an SVG document into a PNG file."""
        self.directory.mkdir(parents=True, exist_ok=True)
        unique = f"{path.stem}.{os.getpid()}.{threading.get_ident()}"
        source, draft = self.directory / f"{unique}.svg", self.directory / f"{unique}.png"
        source.write_text(svg, encoding="utf-8")
        draw_picture(source, None).save(str(draft), "png32")
        draft.replace(path)
        source.unlink(missing_ok=True)

    def _key(self, graphic: Graphic, ratio: float, margin: tuple[float, ...] = ()) -> str:
        parts = [repr(graphic), repr(ratio), repr(margin)]
        if isinstance(graphic.symbol, ExternalGraphic):
            parts.append(self._read_picture(graphic.symbol).hex())
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]

    def _read_picture(self, picture: ExternalGraphic) -> bytes:
        try:
            return (self.assets_dir / picture.path).read_bytes()
        except OSError as error:
            raise ConfigError(f"The picture styles/assets/{picture.path} of a style is missing.", locator=picture.path) from error

    def _draw(self, graphic: Graphic, ratio: float, path: Path) -> None:
        if isinstance(graphic.symbol, Mark):
            self._save(path, write_mark_svg(graphic, graphic.symbol, ratio))
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        draft = self.directory / f"{path.stem}.{os.getpid()}.{threading.get_ident()}.png"
        draw_picture(self.assets_dir / graphic.symbol.path, graphic, ratio).save(str(draft), "png32")
        draft.replace(path)


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
