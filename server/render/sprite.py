# SPDX-License-Identifier: MIT
"""Sprites: all icons of a style in one picture, with an index of their places, as MapLibre and Mapbox GL read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import mapnik

from server.render.png import write_png
from server.render.symbols import SymbolStore
from server.style.model import Fill, Graphic, Mark

_WIDTH = 1024


@dataclass(frozen=True)
class Sprite:
    """The picture (PNG) and for every icon its place in it: x, y, width, height in pixels, and pixels per 0.28 mm."""

    picture: bytes
    index: dict[str, dict[str, float]]


@dataclass(frozen=True)
class _Placed:
    x: int
    y: int
    image: mapnik.Image


def render_sprite(icons: Mapping[str, Graphic | Fill], symbols: SymbolStore, ratio: float = 1.0) -> Sprite:
    """The icons side by side in rows; no icons give one transparent pixel. Raises ConfigError when a picture is missing."""
    placed: dict[str, _Placed] = {}
    x = y = row = 0
    for name, picture in sorted(icons.items()):
        image = mapnik.Image.open(str(_find_file(picture, symbols, ratio)))
        if x and x + image.width() > _WIDTH:
            x, y, row = 0, y + row, 0
        placed[name] = _Placed(x, y, image)
        x, row = x + image.width(), max(row, image.height())
    width = max((one.x + one.image.width() for one in placed.values()), default=1)
    height = max((one.y + one.image.height() for one in placed.values()), default=1)
    sheet = bytearray(width * height * 4)
    for one in placed.values():
        _paste(sheet, width, one)
    index = {name: _describe(one, ratio) for name, one in placed.items()}
    return Sprite(write_png(bytes(sheet), width, height, transparent=True), index)


def _find_file(picture: Graphic | Fill, symbols: SymbolStore, ratio: float) -> str:
    if isinstance(picture, Graphic):
        return str(symbols.file(picture, ratio))
    return str(symbols.pattern(picture, picture.pattern or Graphic(Mark()), ratio))


def _paste(sheet: bytearray, width: int, one: _Placed) -> None:
    pixels, line = one.image.to_string(), one.image.width() * 4
    for number in range(one.image.height()):
        start = ((one.y + number) * width + one.x) * 4
        sheet[start : start + line] = pixels[number * line : (number + 1) * line]


def _describe(one: _Placed, ratio: float) -> dict[str, float]:
    return {"x": one.x, "y": one.y, "width": one.image.width(), "height": one.image.height(), "pixelRatio": ratio}
