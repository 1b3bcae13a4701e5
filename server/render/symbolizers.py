# SPDX-License-Identifier: MIT
"""Points, lines and areas of the style model in Mapnik's XML."""

from __future__ import annotations

from dataclasses import replace

from server.render.colorizer import write_raster
from server.render.drawing import Drawing
from server.render.labels import element, symbol_attributes, write_text
from server.style.coverage import is_driven
from server.style.model import (
    Fill,
    Graphic,
    LineSymbolizer,
    Mark,
    PointSymbolizer,
    PolygonSymbolizer,
    Stroke,
    Symbolizer,
    SymbolRow,
    TextSymbolizer,
)

_PLACEMENTS = {"centroid": "point", "interior": "interior", "vertices": "vertex", "start": "vertex-first", "end": "vertex-last"}


def write_symbolizer(symbolizer: Symbolizer, drawing: Drawing) -> str:
    """The Mapnik elements of one symbolizer. Raises ConfigError for fields or pictures that are not there."""
    if isinstance(symbolizer, PointSymbolizer):
        return _write_point(symbolizer, drawing)
    if isinstance(symbolizer, LineSymbolizer):
        # SE 1.1: positive is left of the line, in Mapnik right
        driven = drawing.values(symbolizer.driven).get("offset")
        return _write_line(symbolizer.stroke, f"-1*{driven}" if driven else _number(-symbolizer.offset), drawing)
    if isinstance(symbolizer, PolygonSymbolizer):
        return _write_polygon(symbolizer, drawing)
    if isinstance(symbolizer, TextSymbolizer):
        return write_text(symbolizer, drawing)
    return write_raster(symbolizer)


def _number(value: float) -> str:
    return f"{value:g}" if value else ""


def _write_point(symbolizer: PointSymbolizer, drawing: Drawing) -> str:
    graphic, apart = symbolizer.graphic, symbolizer.declutter
    places = {"allow-overlap": "false" if apart else "true", "ignore-placement": "false" if apart else "true"}
    if is_driven(graphic):
        return _write_driven(symbolizer, drawing, places)
    attributes = {**symbol_attributes(graphic, drawing), **places}
    # Mapnik's PointSymbolizer does not move bitmaps that are only moved.
    if symbolizer.place == "own" and "translate" not in attributes.get("transform", ""):
        return element("PointSymbolizer", attributes)
    attributes["placement"] = _PLACEMENTS.get(symbolizer.place, "point")
    return element("MarkersSymbolizer", attributes)


def _write_driven(symbolizer: PointSymbolizer, drawing: Drawing, places: dict[str, str]) -> str:
    """A symbol drawn anew for every feature: circles keep the width of their outline, other shapes are enlarged as a whole."""
    graphic = symbolizer.graphic
    values = drawing.values(graphic.driven)
    size = values.get("size", f"{graphic.size:g}")
    mark = graphic.symbol if isinstance(graphic.symbol, Mark) else None
    attributes: dict[str, str] = {}
    painted = mark is not None and (mark.driven or (mark.stroke is not None and mark.stroke.driven))
    if mark is not None and (painted or mark.shape == "circle"):
        attributes.update(_mark_attributes(mark, drawing))
    if mark is not None and mark.shape == "circle":
        attributes.update({"marker-type": "ellipse", "width": size, "height": size})
    else:
        attributes["file"] = str(drawing.symbols.vector(_upright(graphic), painted=bool(painted)))
        attributes.update({"height": size} if mark is None else {"width": size, "height": size})
    steps = _steps(graphic)
    if "rotation" in values or graphic.rotation:
        steps.append(f"rotate({values.get('rotation', f'{graphic.rotation:g}')})")
    if steps:
        attributes["transform"] = " ".join(steps)
    attributes["opacity"] = values.get("opacity", f"{graphic.opacity:g}")
    attributes["placement"] = _PLACEMENTS.get(symbolizer.place, "point")
    return element("MarkersSymbolizer", {**attributes, **places})


def _upright(graphic: Graphic) -> Graphic:
    """The picture before it is turned, moved or faded; one file serves all features."""
    symbol, size = graphic.symbol, max(graphic.size, 1.0)
    if isinstance(symbol, Mark):
        symbol = replace(symbol, driven=(), stroke=replace(symbol.stroke, driven=()) if symbol.stroke else None)
    return replace(graphic, symbol=symbol, driven=(), rotation=0.0, opacity=1.0, displacement=(0.0, 0.0), size=size, anchor=(0.5, 0.5))


def _steps(graphic: Graphic) -> list[str]:
    right, up = graphic.displacement
    return [f"translate({right:g},{-up:g})"] if (right, up) != (0.0, 0.0) else []


def _mark_attributes(mark: Mark, drawing: Drawing) -> dict[str, str]:
    values = drawing.values(mark.driven)
    attributes = {"fill-opacity": values.get("fill-opacity", f"{mark.fill_opacity if mark.fill else 0:g}")}
    attributes["fill"] = values.get("fill", mark.fill or "#000000")
    if mark.stroke is None:
        return {**attributes, "stroke-width": "0", "stroke-opacity": "0"}
    stroke = drawing.values(mark.stroke.driven)
    attributes["stroke"] = stroke.get("stroke", mark.stroke.colour)
    attributes["stroke-width"] = stroke.get("stroke-width", f"{mark.stroke.width:g}")
    attributes["stroke-opacity"] = stroke.get("stroke-opacity", f"{mark.stroke.opacity:g}")
    return attributes


def _write_line(stroke: Stroke, offset: str, drawing: Drawing, move: str = "") -> str:
    moved = {"geometry-transform": move} if move else {}
    if stroke.symbols is not None:
        return _write_row(stroke.symbols, offset, drawing, moved)
    values = drawing.values(stroke.driven)
    attributes = {
        "stroke": values.get("stroke", stroke.colour),
        "stroke-width": values.get("stroke-width", f"{stroke.width:g}"),
        "stroke-linejoin": stroke.join,
        "stroke-linecap": stroke.cap,
    }
    opacity = values.get("stroke-opacity", f"{stroke.opacity:g}")
    if opacity != "1":
        attributes["stroke-opacity"] = opacity
    if stroke.dash:
        attributes["stroke-dasharray"] = ",".join(f"{length:g}" for length in stroke.dash)
        attributes["stroke-dashoffset"] = f"{stroke.dash_offset:g}"
    if offset:
        attributes["offset"] = offset
    return element("LineSymbolizer", {**attributes, **moved})


def _write_row(row: SymbolRow, offset: str, drawing: Drawing, moved: dict[str, str]) -> str:
    """Symbols along a line, turned with it."""
    still = replace(row.graphic, driven=())
    attributes = symbol_attributes(still, drawing)
    attributes["placement"] = "line"
    attributes["spacing"] = f"{max(row.graphic.size + row.gap, 1.0):g}"
    attributes["spacing-offset"] = f"{row.start + row.graphic.size / 2:g}"
    attributes.update({"allow-overlap": "true", "ignore-placement": "true", "max-error": "0.5"})
    if offset:
        attributes["offset"] = offset
    return element("MarkersSymbolizer", {**attributes, **moved})


def _write_polygon(symbolizer: PolygonSymbolizer, drawing: Drawing) -> str:
    right, up = symbolizer.displacement
    move = f"translate({right:g},{-up:g})" if (right, up) != (0.0, 0.0) else ""
    fill = _write_fill(symbolizer.fill, drawing, move) if symbolizer.fill else ""
    # SE 1.1: positive offsets of areas lead outside, and so they do in Mapnik
    line = _write_line(symbolizer.stroke, _number(symbolizer.offset), drawing, move) if symbolizer.stroke else ""
    return fill + line


def _write_fill(fill: Fill, drawing: Drawing, move: str) -> str:
    moved = {"geometry-transform": move} if move else {}
    if fill.pattern is not None:
        file = str(drawing.symbols.pattern(fill, fill.pattern, drawing.ratio))
        attributes = {"file": file, "opacity": f"{fill.opacity:g}", "alignment": "global"}
        if drawing.ratio != 1.0:
            attributes["transform"] = f"scale({1 / drawing.ratio:g})"
        return element("PolygonPatternSymbolizer", {**attributes, **moved})
    values = drawing.values(fill.driven)
    attributes = {"fill": values.get("fill", fill.colour), "fill-opacity": values.get("fill-opacity", f"{fill.opacity:g}")}
    return element("PolygonSymbolizer", {**attributes, **moved})
