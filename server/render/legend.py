# SPDX-License-Identifier: MIT
"""Legends: the symbol of one rule, all of a style one under the other with their titles, or those of several layers under their names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

import mapnik

from server.catalog.model import Layer
from server.errors import ServerFault
from server.render.drawing import Drawing
from server.render.fonts import find_face
from server.render.images import ImageFormat, encode_image
from server.render.mapxml import field_types, write_rule
from server.render.symbols import SymbolStore
from server.style.model import (
    ColourStop,
    Fill,
    Font,
    PointSymbolizer,
    PolygonSymbolizer,
    RasterSymbolizer,
    Rule,
    Stroke,
    Style,
    Symbolizer,
    TextSymbolizer,
    Title,
)
from server.style.units import as_sample

_FONT = Font(size=11.0)
_INK = "#16302b"
_GAP, _MARGIN = 8, 4
# Mean width of a letter of the legend font in ems, generous.
_LETTER_EM = 0.62


@dataclass(frozen=True)
class LegendEntry:
    """One line of a legend: the rule that draws the symbol (its filter and scale limits do not matter here).

    `min_scale` and `max_scale` (denominators, None = open) say where something of this class is drawn at all.
    """

    name: str
    title: Title
    rule: Rule
    min_scale: float | None = None
    max_scale: float | None = None


@dataclass(frozen=True)
class LegendQuery:
    """How a legend shall look: size of one symbol in pixels, with titles or without, in which language."""

    width: int = 24
    height: int = 20
    titles: bool = True
    language: str = "vi"
    transparent: bool = True
    background: str = "#ffffff"
    ratio: float = 1.0


def list_entries(style: Style, scale: float | None = None) -> list[LegendEntry]:
    """The lines of a style's legend, in drawing order; `scale` (a denominator) leaves out what is not drawn there."""
    entries: list[LegendEntry] = []
    for number, rule in enumerate(style.legend_rules):
        low, high = style.scales(rule)
        if scale is not None and not (low or 0) <= scale < (high or float("inf")):
            continue
        raster = next((one for one in rule.symbolizers if isinstance(one, RasterSymbolizer)), None)
        if raster is None:
            entries.append(LegendEntry(rule.name or str(number), rule.title, rule, low, high))
        else:
            entries += [_stop_entry(stop, raster, index) for index, stop in enumerate(raster.stops)]
    return entries


def _stop_entry(stop: ColourStop, raster: RasterSymbolizer, index: int) -> LegendEntry:
    """A colour of a raster as a filled area."""
    title = stop.label or Title(f"{stop.value:g}", f"{stop.value:g}")
    area = PolygonSymbolizer(Fill(stop.colour, stop.opacity * raster.opacity), Stroke("#8f8576", 0.6))
    return LegendEntry(f"{index}", title, Rule(f"{index}", title, (area,)))


@dataclass(frozen=True)
class LegendPart:
    """The lines of one layer, below its name where that is given."""

    layer: Layer
    entries: tuple[LegendEntry, ...]
    heading: str = ""


def legend_size(entries: list[LegendEntry], query: LegendQuery) -> tuple[int, int]:
    """Width and height of a legend of one layer in pixels (before `query.ratio`)."""
    longest = max((len(entry.title.text(query.language)) for entry in entries), default=0)
    return query.width + _text_width(longest, query), _row_height(query) * max(len(entries), 1)


def _row_height(query: LegendQuery) -> int:
    return max(query.height + 2, round(_FONT.size * 1.6)) if query.titles else query.height


def _text_width(letters: int, query: LegendQuery) -> int:
    return round(letters * _FONT.size * _LETTER_EM) + _GAP if query.titles and letters else 0


def render_legend(layer: Layer, entries: list[LegendEntry], query: LegendQuery, symbols: SymbolStore, image_format: ImageFormat) -> bytes:
    """The entries one under the other as an image; an empty list is one blank line. Raises ServerFault when it cannot be drawn."""
    return render_parts([LegendPart(layer, tuple(entries))], query, symbols, image_format)


def render_parts(parts: list[LegendPart], query: LegendQuery, symbols: SymbolStore, image_format: ImageFormat) -> bytes:
    """The legends of several layers one under the other as an image. Raises ServerFault when it cannot be drawn."""
    row = _row_height(query)
    headings = [part.heading for part in parts if part.heading and query.titles]
    widths = [legend_size(list(part.entries), query)[0] for part in parts]
    width = max([*widths, *(_text_width(len(heading), query) for heading in headings)], default=query.width)
    height = top = row * max(sum(len(part.entries) for part in parts) + len(headings), 1)
    written: list[str] = []
    for number, part in enumerate(parts):
        if part.heading and query.titles:
            written.append(_write_title(f"h{number}", part.heading, (_GAP / 2, top - row / 2)))
            top -= row
        drawing = Drawing(field_types(part.layer), symbols, query.ratio)
        for index, entry in enumerate(part.entries):
            written.append(_write_entry(f"{number}.{index}", entry, (part.layer, drawing, query), (top, row)))
            top -= row
    background = "" if query.transparent and image_format.transparent else f" background-color={quoteattr(query.background)}"
    image = _draw(f'<Map srs="epsg:3857"{background}>{"".join(written)}</Map>', (width, height), query.ratio)
    return encode_image(image, image_format, transparent=query.transparent)


def _write_entry(name: str, entry: LegendEntry, look: tuple[Layer, Drawing, LegendQuery], place: tuple[int, int]) -> str:
    """One line whose upper edge is at `place[0]` pixels above the bottom and which is `place[1]` high."""
    (layer, drawing, query), (top, row) = look, place
    shape = _sample_shape(entry.rule, layer, (_MARGIN, top - row + 3, query.width - _MARGIN, top - 3))
    symbol = _write_layer(f"s{name}", write_rule(_sample_rule(entry.rule, query), drawing), shape, {})
    if not query.titles:
        return symbol
    return symbol + _write_title(f"t{name}", entry.title.text(query.language), (query.width + _GAP / 2, top - row / 2))


def _draw(document: str, size: tuple[int, int], ratio: float) -> mapnik.Image:
    pixels = (round(size[0] * ratio), round(size[1] * ratio))
    try:
        drawing = mapnik.Map(*pixels)
        mapnik.load_map_from_string(drawing, document)
        drawing.zoom_to_box(mapnik.Box2d(0, 0, *size))
        image = mapnik.Image(*pixels)
        mapnik.render(drawing, image, ratio)
    except RuntimeError as error:
        raise ServerFault("The legend could not be drawn.") from error
    return image


def _sample_rule(rule: Rule, query: LegendQuery) -> Rule:
    """What of a rule a small sample shows: no filter, no labels, symbols not larger than the sample."""
    largest = min(query.width, query.height) - 2
    shown: list[Symbolizer] = []
    symbolizers = (PointSymbolizer(rule.legend),) if rule.legend is not None else tuple(map(as_sample, rule.symbolizers))
    for one in symbolizers:
        if isinstance(one, PointSymbolizer):
            graphic = replace(one.graphic, size=min(one.graphic.size, largest), displacement=(0.0, 0.0))
            shown.append(PointSymbolizer(graphic))
        elif not isinstance(one, TextSymbolizer | RasterSymbolizer):
            shown.append(one)
    return Rule(rule.name, rule.title, tuple(shown))


def _write_title(name: str, title: str, place: tuple[float, float]) -> str:
    label = (
        f"<Rule><TextSymbolizer face-name={quoteattr(find_face(_FONT))} size={quoteattr(f'{_FONT.size:g}')} fill={quoteattr(_INK)} "
        'horizontal-alignment="right" vertical-alignment="middle" allow-overlap="true">[title]</TextSymbolizer></Rule>'
    )
    return _write_layer(name, label, {"type": "Point", "coordinates": list(place)}, {"title": title})


def _sample_shape(rule: Rule, layer: Layer, box: tuple[float, float, float, float]) -> Mapping[str, object]:
    """A geometry of the layer's kind inside a box of pixels."""
    left, bottom, right, top = box
    if rule.legend is not None or any(isinstance(one, PointSymbolizer) and one.place == "own" for one in rule.symbolizers):
        return {"type": "Point", "coordinates": [(left + right) / 2, (bottom + top) / 2]}
    if "line" in layer.geometry:
        third = (right - left) / 3
        corners = [[left, bottom + 2], [left + third, top - 2], [right - third, bottom + 2], [right, top - 2]]
        return {"type": "LineString", "coordinates": corners}
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    return {"type": "Polygon", "coordinates": [ring]}


def _write_layer(name: str, rule: str, geometry: Mapping[str, object], properties: dict[str, str]) -> str:
    collection = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": properties, "geometry": geometry}]}
    return (
        f'<Style name={quoteattr(name)}>{rule}</Style><Layer name={quoteattr(name)} srs="epsg:3857"><StyleName>{escape(name)}</StyleName>'
        '<Datasource><Parameter name="type">geojson</Parameter><Parameter name="inline">'
        f"{escape(json.dumps(collection, ensure_ascii=False))}</Parameter></Datasource></Layer>"
    )
