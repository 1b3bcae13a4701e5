# SPDX-License-Identifier: MIT
"""Lengths in ground units (SE 1.1 `uom`) as pixels of one map, and symbols without what depends on the feature."""

from __future__ import annotations

from dataclasses import replace

from server.filter.tree import Calculation, Constant, Formula
from server.style.model import (
    Driven,
    Fill,
    Font,
    Graphic,
    LinePlacement,
    LineSymbolizer,
    Mark,
    PointPlacement,
    PointSymbolizer,
    PolygonSymbolizer,
    RasterSymbolizer,
    Rule,
    Stroke,
    Style,
    Symbolizer,
    TextSymbolizer,
)

_METRES = {"metre": 1.0, "foot": 0.3048}
_LENGTHS = ("size", "stroke-width", "offset", "font-size")
# Larger than any picture: a metre symbol seen from very near must not cost more than that.
_MOST_PIXELS = 1000.0


def has_ground_units(style: Style) -> bool:
    """Whether any size of the style depends on the scale of the map."""
    return any(_unit(one) != "pixel" for rule in style.rules for one in rule.symbolizers)


def in_pixels(style: Style, resolution: float) -> Style:
    """The style with every length in pixels of a map of `resolution` metres per pixel."""
    return replace(
        style,
        passes=tuple(replace(one, rules=tuple(_rule_in_pixels(rule, resolution) for rule in one.rules)) for one in style.passes),
    )


def _unit(symbolizer: Symbolizer) -> str:
    return "pixel" if isinstance(symbolizer, RasterSymbolizer) else symbolizer.unit


def _rule_in_pixels(rule: Rule, resolution: float) -> Rule:
    return replace(rule, symbolizers=tuple(_scale(one, resolution) for one in rule.symbolizers))


def _scale(symbolizer: Symbolizer, resolution: float) -> Symbolizer:
    unit = _unit(symbolizer)
    if unit == "pixel" or isinstance(symbolizer, RasterSymbolizer):
        return symbolizer
    factor = _METRES[unit] / resolution
    if isinstance(symbolizer, PointSymbolizer):
        return replace(symbolizer, graphic=_graphic(symbolizer.graphic, factor), unit="pixel")
    if isinstance(symbolizer, LineSymbolizer):
        offset, driven = _length(symbolizer.offset, factor), _driven(symbolizer.driven, factor)
        return replace(symbolizer, stroke=_stroke(symbolizer.stroke, factor), offset=offset, driven=driven, unit="pixel")
    if isinstance(symbolizer, PolygonSymbolizer):
        return replace(
            symbolizer,
            fill=_fill(symbolizer.fill, factor) if symbolizer.fill else None,
            stroke=_stroke(symbolizer.stroke, factor) if symbolizer.stroke else None,
            displacement=_pair(symbolizer.displacement, factor),
            offset=_length(symbolizer.offset, factor),
            unit="pixel",
        )
    return _text(symbolizer, factor)


def _text(symbolizer: TextSymbolizer, factor: float) -> TextSymbolizer:
    placement = symbolizer.placement
    moved: PointPlacement | LinePlacement
    if isinstance(placement, LinePlacement):
        moved = replace(placement, offset=_length(placement.offset, factor), repeat=_length(placement.repeat, factor))
    else:
        moved = replace(placement, displacement=_pair(placement.displacement, factor))
    return replace(
        symbolizer,
        font=replace(symbolizer.font, size=max(_length(symbolizer.font.size, factor), 0.1)),
        halo=replace(symbolizer.halo, radius=_length(symbolizer.halo.radius, factor)) if symbolizer.halo else None,
        placement=moved,
        driven=_driven(symbolizer.driven, factor),
        unit="pixel",
    )


def _length(value: float, factor: float) -> float:
    """In quarters of a pixel, so that not every scale makes symbols of its own."""
    return min(max(round(value * factor * 4) / 4, -_MOST_PIXELS), _MOST_PIXELS)


def _width(value: float, factor: float) -> float:
    return min(value * factor, _MOST_PIXELS)


def _pair(values: tuple[float, float], factor: float) -> tuple[float, float]:
    return (_length(values[0], factor), _length(values[1], factor))


def _driven(driven: Driven, factor: float) -> Driven:
    return tuple((name, _times(formula, factor) if name in _LENGTHS else formula) for name, formula in driven)


def _times(formula: Formula, factor: float) -> Formula:
    scaled = Calculation("multiply", (formula, Constant(factor)))
    return Calculation("clamp", (scaled, Constant(0.0), Constant(-_MOST_PIXELS), Constant(_MOST_PIXELS)))


def _stroke(stroke: Stroke, factor: float) -> Stroke:
    row = stroke.symbols
    if row is not None:
        row = replace(row, graphic=_graphic(row.graphic, factor), gap=_length(row.gap, factor), start=_length(row.start, factor))
    return replace(
        stroke,
        width=_width(stroke.width, factor),
        dash=tuple(max(length * factor, 0.1) for length in stroke.dash),
        dash_offset=stroke.dash_offset * factor,
        driven=_driven(stroke.driven, factor),
        symbols=row,
    )


def _graphic(graphic: Graphic, factor: float) -> Graphic:
    symbol = graphic.symbol
    if isinstance(symbol, Mark) and symbol.stroke is not None:
        symbol = replace(symbol, stroke=replace(_stroke(symbol.stroke, factor), width=_length(symbol.stroke.width, factor)))
    return replace(
        graphic,
        symbol=symbol,
        size=max(_length(graphic.size, factor), 0.25),
        displacement=_pair(graphic.displacement, factor),
        driven=_driven(graphic.driven, factor),
    )


def _fill(fill: Fill, factor: float) -> Fill:
    top, right, bottom, left = (_length(value, factor) for value in fill.margin)
    return replace(fill, pattern=_graphic(fill.pattern, factor) if fill.pattern else None, margin=(top, right, bottom, left))


def as_sample(symbolizer: Symbolizer) -> Symbolizer:
    """The symbolizer with its constants alone, in pixels: what a legend shows when no feature is at hand."""
    if isinstance(symbolizer, PointSymbolizer):
        return replace(symbolizer, graphic=_still_graphic(symbolizer.graphic), place="own", unit="pixel")
    if isinstance(symbolizer, LineSymbolizer):
        return replace(symbolizer, stroke=_still_stroke(symbolizer.stroke), driven=(), unit="pixel")
    if isinstance(symbolizer, PolygonSymbolizer):
        return replace(
            symbolizer,
            fill=replace(symbolizer.fill, driven=()) if symbolizer.fill else None,
            stroke=_still_stroke(symbolizer.stroke) if symbolizer.stroke else None,
            displacement=(0.0, 0.0),
            unit="pixel",
        )
    if isinstance(symbolizer, TextSymbolizer):
        return replace(symbolizer, font=symbolizer.font or Font(), driven=(), priority=None, unit="pixel")
    return symbolizer


def _still_graphic(graphic: Graphic) -> Graphic:
    symbol = graphic.symbol
    if isinstance(symbol, Mark):
        symbol = replace(symbol, driven=(), stroke=_still_stroke(symbol.stroke) if symbol.stroke else None)
    return replace(graphic, symbol=symbol, driven=())


def _still_stroke(stroke: Stroke) -> Stroke:
    row = replace(stroke.symbols, graphic=_still_graphic(stroke.symbols.graphic)) if stroke.symbols else None
    return replace(stroke, driven=(), symbols=row)
