# SPDX-License-Identifier: MIT
"""Styles for web clients: a MapLibre document over our vector tiles for each SLD, and its sprite."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import quote

from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.errors import InvalidParameter, LayerNotDefined, StyleNotDefined
from server.render.glyphs import LAST_START, write_glyphs
from server.render.sprite import Sprite, render_sprite
from server.style.maplibre import WebSources, WebStyle, write_web_style
from server.style.maplibre_values import Fields
from server.tiles.desk import TileDesk
from server.tiles.drawings import find_drawing

_RANGE = re.compile(r"(\d{1,5})-(\d{1,5})", re.ASCII)
_LONGEST_NAME = 100
_NUMBERS = ("integer", "number", "link")
_TIGHT = (",", ":")


@dataclass(frozen=True)
class WebLook:
    """A layer in one of its styles, as a client at `root` asks for it in a language."""

    layer: Layer
    style: str
    root: str
    language: str


def find_look(desk: TileDesk, name: str, style: str, address: tuple[str, str]) -> WebLook:
    """The layer of that name in a style of its own; `address` is our root and the language. Raises LayerNotDefined, StyleNotDefined."""
    drawing = find_drawing(desk.context.catalog, name, style)
    if len(drawing.parts) != 1 or drawing.parts[0][0].id != name:
        raise LayerNotDefined("Styles are had for one layer at a time.", locator="LAYER")
    return WebLook(drawing.parts[0][0], drawing.style, *address)


def write_style(desk: TileDesk, look: WebLook) -> bytes:
    """The document as UTF-8 JSON. Raises StyleNotDefined."""
    return json.dumps(_make(desk, look).document, ensure_ascii=False, separators=_TIGHT).encode()


def write_sprite(desk: TileDesk, look: WebLook, ratio: float) -> Sprite:
    """The icons the document names; `ratio` 2 for sharp screens. Raises StyleNotDefined, ConfigError."""
    return render_sprite(_make(desk, look).icons, desk.pictures.renderer.symbols, ratio)


def write_letters(desk: TileDesk, stack: str, letters: str) -> bytes:
    """A range of letters (`0-255`) of a face our documents name. Raises InvalidParameter for a range that is none."""
    match = _RANGE.fullmatch(letters)
    start = int(match[1]) if match else -1
    if match is None or start % 256 or start > LAST_START or int(match[2]) != start + 255:
        raise InvalidParameter("Letters come in ranges such as 0-255 or 7680-7935.", locator="range")
    return write_glyphs(desk.editions.source.assets_dir / "fonts", stack[:_LONGEST_NAME], start)


def _make(desk: TileDesk, look: WebLook) -> WebStyle:
    style = desk.editions.source.styles.get(look.style)
    if style is None:
        raise StyleNotDefined("There is no such style.", locator="STYLE")
    layer, start = look.layer, f"{look.root}/tiles/{quote(look.layer.id)}"
    is_vector = layer.has_geometry
    tiles = f"{start}/{{z}}/{{x}}/{{y}}.mvt" if is_vector else f"{start}/{quote(look.style)}/{{z}}/{{x}}/{{y}}.png"
    sources = WebSources(
        source=layer.id,
        tiles=(tiles,),
        source_layer=layer.id if is_vector else None,
        sprite=f"{start}/styles/{quote(look.style)}/sprite",
        glyphs=f"{look.root}/tiles/fonts/{{fontstack}}/{{range}}.pbf",
        zooms=(0, desk.context.settings.tiles.max_level),
        attribution=layer.source.attribution or (layer.source.en if look.language == "en" else layer.source.vi),
    )
    return write_web_style(style, sources, find_fields(layer) if is_vector else Fields(), look.language)


def find_fields(layer: Layer) -> Fields:
    """Which fields of a layer's tiles hold numbers and which hold yes or no."""
    fields = published_fields(layer)
    numbers = frozenset(field.name for field in fields if str(field.type) in _NUMBERS)
    return Fields(numbers, frozenset(field.name for field in fields if str(field.type) == "boolean"))
