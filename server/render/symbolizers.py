# SPDX-License-Identifier: MIT
"""Symbolizers of the style model in Mapnik's XML."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from server.filter.tree import Property
from server.render.expressions import FieldTypes, write_field, write_string
from server.render.fonts import find_face
from server.render.symbols import SymbolStore
from server.style.model import (
    Fill,
    Graphic,
    LinePlacement,
    LineSymbolizer,
    PointSymbolizer,
    PolygonSymbolizer,
    RasterSymbolizer,
    Stroke,
    Symbolizer,
    TextSymbolizer,
)

# A raster interval without an upper end.
_NO_LIMIT = 1e29


@dataclass(frozen=True)
class Drawing:
    """What writing symbolizers needs: the layer's field types, the symbols, and pixels per 0.28 mm (1 = normal)."""

    types: FieldTypes
    symbols: SymbolStore
    ratio: float = 1.0


def write_symbolizer(symbolizer: Symbolizer, drawing: Drawing) -> str:
    """The Mapnik elements of one symbolizer. Raises ConfigError for fields or pictures that are not there."""
    if isinstance(symbolizer, PointSymbolizer):
        return _write_point(symbolizer, drawing)
    if isinstance(symbolizer, LineSymbolizer):
        return _write_line(symbolizer.stroke, symbolizer.offset)
    if isinstance(symbolizer, PolygonSymbolizer):
        fill = _write_fill(symbolizer.fill, drawing) if symbolizer.fill else ""
        return fill + (_write_line(symbolizer.stroke, 0.0) if symbolizer.stroke else "")
    if isinstance(symbolizer, TextSymbolizer):
        return _write_text(symbolizer, drawing)
    return _write_raster(symbolizer)


def write_shield(point: PointSymbolizer, text: TextSymbolizer, drawing: Drawing) -> str:
    """A symbol and its label as one thing: both are placed, or neither where another one already stands."""
    attributes = _symbol_attributes(point.graphic, drawing)
    attributes["unlock-image"] = "false"
    attributes["margin"] = f"{text.margin:g}"
    attributes.update(_type_attributes(text))
    attributes.update({"allow-overlap": "false", "horizontal-alignment": "middle", "vertical-alignment": "middle"})
    return _element("ShieldSymbolizer", attributes, _write_label(text, drawing.types))


def is_shield(symbolizers: tuple[Symbolizer, ...]) -> bool:
    """Whether a rule is one decluttered symbol with a label on it."""
    if len(symbolizers) != 2:
        return False
    point, text = symbolizers
    return (
        isinstance(point, PointSymbolizer)
        and point.declutter
        and isinstance(text, TextSymbolizer)
        and not isinstance(text.placement, LinePlacement)
        and text.placement.anchor == (0.5, 0.5)
    )


def _element(name: str, attributes: dict[str, str], content: str | None = None) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{escape(content)}</{name}>"


def _symbol_attributes(graphic: Graphic, drawing: Drawing) -> dict[str, str]:
    attributes = {"file": str(drawing.symbols.file(graphic, drawing.ratio))}
    steps: list[str] = []
    if graphic.displacement != (0.0, 0.0):
        steps.append(f"translate({graphic.displacement[0]:g},{-graphic.displacement[1]:g})")
    if drawing.ratio != 1.0:
        # Drawn larger for a finer picture; Mapnik enlarges it once more.
        steps.append(f"scale({1 / drawing.ratio:g})")
    if steps:
        attributes["transform"] = " ".join(steps)
    return attributes


def _write_point(symbolizer: PointSymbolizer, drawing: Drawing) -> str:
    attributes = _symbol_attributes(symbolizer.graphic, drawing)
    apart = symbolizer.declutter
    attributes.update({"allow-overlap": "false" if apart else "true", "ignore-placement": "false" if apart else "true"})
    return _element("PointSymbolizer", attributes)


def _write_line(stroke: Stroke, offset: float) -> str:
    attributes = {
        "stroke": stroke.colour,
        "stroke-width": f"{stroke.width:g}",
        "stroke-linejoin": stroke.join,
        "stroke-linecap": stroke.cap,
    }
    if stroke.opacity != 1.0:
        attributes["stroke-opacity"] = f"{stroke.opacity:g}"
    if stroke.dash:
        attributes["stroke-dasharray"] = ",".join(f"{length:g}" for length in stroke.dash)
        attributes["stroke-dashoffset"] = f"{stroke.dash_offset:g}"
    if offset:
        attributes["offset"] = f"{offset:g}"
    return _element("LineSymbolizer", attributes)


def _write_fill(fill: Fill, drawing: Drawing) -> str:
    if fill.pattern is not None:
        file = str(drawing.symbols.file(fill.pattern, drawing.ratio))
        return _element("PolygonPatternSymbolizer", {"file": file, "opacity": f"{fill.opacity:g}", "alignment": "global"})
    return _element("PolygonSymbolizer", {"fill": fill.colour, "fill-opacity": f"{fill.opacity:g}"})


def _type_attributes(symbolizer: TextSymbolizer) -> dict[str, str]:
    attributes = {
        "face-name": find_face(symbolizer.font),
        "size": f"{symbolizer.font.size:g}",
        "fill": symbolizer.colour,
        "opacity": f"{symbolizer.opacity:g}",
    }
    if symbolizer.halo is not None:
        halo = symbolizer.halo
        attributes.update({"halo-radius": f"{halo.radius:g}", "halo-fill": halo.colour, "halo-opacity": f"{halo.opacity:g}"})
    if symbolizer.wrap:
        attributes["wrap-width"] = f"{symbolizer.wrap:g}"
    return attributes


def _write_text(symbolizer: TextSymbolizer, drawing: Drawing) -> str:
    attributes = _type_attributes(symbolizer)
    attributes["margin"] = f"{symbolizer.margin:g}"
    attributes["allow-overlap"] = "true" if symbolizer.allow_overlap else "false"
    if isinstance(symbolizer.placement, LinePlacement):
        attributes.update({"placement": "line", "max-char-angle-delta": "25", "dy": f"{-symbolizer.placement.offset:g}"})
        if symbolizer.placement.repeat:
            attributes["spacing"] = f"{symbolizer.placement.repeat:g}"
    else:
        anchor_x, anchor_y = symbolizer.placement.anchor
        attributes["horizontal-alignment"] = _pick(anchor_x, ("right", "middle", "left"))
        attributes["vertical-alignment"] = _pick(anchor_y, ("top", "middle", "bottom"))
        right, up = symbolizer.placement.displacement
        attributes.update({"dx": f"{right:g}", "dy": f"{-up:g}"})
        if symbolizer.reach:
            attributes["placement-type"] = "list"
            others = _write_other_places(symbolizer.reach)
            return _element("TextSymbolizer", attributes, _write_label(symbolizer, drawing.types)).replace("</", f"{others}</")
    return _element("TextSymbolizer", attributes, _write_label(symbolizer, drawing.types))


def _write_other_places(reach: float) -> str:
    """Where a label may stand when its own place is taken: above, below, right and left of its point, half as far first."""
    directions = (("middle", "top", 0, -1), ("middle", "bottom", 0, 1), ("right", "middle", 1, 0), ("left", "middle", -1, 0))
    places = [(across, along, x * far, y * far) for far in (reach / 2, reach) for across, along, x, y in directions]
    return "".join(
        _element("Placement", {"horizontal-alignment": across, "vertical-alignment": along, "dx": f"{x:g}", "dy": f"{y:g}"})
        for across, along, x, y in places
    )


def _pick(anchor: float, names: tuple[str, str, str]) -> str:
    """Mapnik knows three places along each axis: the nearest one."""
    return names[0 if anchor < 0.25 else 2 if anchor > 0.75 else 1]


def _write_label(symbolizer: TextSymbolizer, types: FieldTypes) -> str:
    parts = [write_field(part.name, types) if isinstance(part, Property) else write_string(part) for part in symbolizer.label]
    return " + ".join(parts)


def _write_raster(symbolizer: RasterSymbolizer) -> str:
    """Mapnik's discrete stops hold from their value up to the next, SLD's intervals up to theirs: values move by one."""
    mode = {"ramp": "linear", "intervals": "discrete", "values": "exact"}[symbolizer.scale]
    stops: list[tuple[float, str]] = [(stop.value, _write_rgba(stop.colour, stop.opacity)) for stop in symbolizer.stops]
    if symbolizer.scale == "intervals":
        starts = [-_NO_LIMIT, *(value for value, _ in stops)]
        stops = [(start, colour) for start, (_, colour) in zip(starts, stops, strict=False)]
        if symbolizer.stops[-1].value < _NO_LIMIT:
            stops.append((symbolizer.stops[-1].value, "rgba(0,0,0,0)"))
    written = "".join(_element("stop", {"value": f"{value:.12g}", "color": colour}) for value, colour in stops)
    colorizer = f'<RasterColorizer default-mode="{mode}" default-color="rgba(0,0,0,0)" epsilon="0.0001">{written}</RasterColorizer>'
    scaling = "bilinear" if symbolizer.scale == "ramp" else "near"
    return f'<RasterSymbolizer scaling="{scaling}" opacity="{symbolizer.opacity:g}">{colorizer}</RasterSymbolizer>'


def _write_rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
