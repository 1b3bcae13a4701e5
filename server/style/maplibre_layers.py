# SPDX-License-Identifier: MIT
"""Symbolizers as layers of the MapLibre Style Specification (version 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from server.style.maplibre_values import Fields, write_number, write_text, write_value
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
    Stroke,
    Symbolizer,
    TextSymbolizer,
)

# Metres per pixel of zoom 0 (tiles of 512 pixels, at the equator).
_RESOLUTION_0 = 78_271.51696402048
_UNITS = {"metre": 1.0, "foot": 0.3048}
_WEIGHTS = {"500": "Medium", "600": "SemiBold", "700": "SemiBold", "bold": "SemiBold"}
_ANCHORS = {
    ("left", "center"): "left",
    ("right", "center"): "right",
    ("center", "top"): "top",
    ("center", "bottom"): "bottom",
    ("center", "center"): "center",
}


class NotDrawn(Exception):
    """A symbolizer without a counterpart; the message says which."""


def group_symbolizers(symbolizers: tuple[Symbolizer, ...]) -> list[tuple[Symbolizer, ...]]:
    """The symbolizers of a rule one by one; one group of two where a symbol that keeps clear of others bears a label in its middle."""
    if len(symbolizers) == 2:
        point, text = symbolizers
        if isinstance(point, PointSymbolizer) and point.declutter and isinstance(text, TextSymbolizer) and text.graphic is None:
            place = text.placement
            if not isinstance(place, LinePlacement) and place.anchor == (0.5, 0.5):
                return [symbolizers]
    return [(one,) for one in symbolizers]


@dataclass(frozen=True)
class Layers:
    """Writes the layers of one rule; `icons` collects the pictures they name, `losses` what they lack."""

    fields: Fields
    icons: dict[str, Graphic | Fill]
    name: Callable[[Graphic | Fill], str]
    losses: list[str]
    opacity: float = 1.0

    def write(self, group: tuple[Symbolizer, ...]) -> list[dict[str, Any]]:
        """The layers of a group (`group_symbolizers`), without id, source and filter. Raises NotInBrowsers, NotDrawn."""
        symbolizer = group[0]
        if isinstance(symbolizer, PointSymbolizer) and isinstance(group[-1], TextSymbolizer):
            return [self._write_shield(symbolizer, group[-1])]
        if isinstance(symbolizer, RasterSymbolizer):
            raise NotDrawn("a RasterSymbolizer draws picture tiles only")
        if isinstance(symbolizer, PointSymbolizer):
            layers = self._write_point(symbolizer)
        elif isinstance(symbolizer, LineSymbolizer):
            layers = [self._write_line(symbolizer.stroke, -symbolizer.offset, symbolizer.unit, symbolizer.driven)]
        elif isinstance(symbolizer, PolygonSymbolizer):
            layers = self._write_area(symbolizer)
        else:
            layers = [self._write_text(symbolizer)]
        return layers

    def _length(self, value: float, unit: str, driven: Driven = (), name: str = "", factor: float = 1.0) -> Any:
        """A length in pixels: a constant, an expression, or for ground units one that doubles with every zoom."""
        formula = dict(driven).get(name)
        amount: Any = value * factor if formula is None else ["*", write_number(formula, self.fields), factor]
        if unit == "pixel":
            return amount
        metres = _UNITS[unit]
        ends = [(zoom, metres * 2**zoom / _RESOLUTION_0) for zoom in (0, 24)]
        shown = [(zoom, amount * scale if isinstance(amount, float | int) else ["*", amount, scale]) for zoom, scale in ends]
        return ["interpolate", ["exponential", 2], ["zoom"], shown[0][0], shown[0][1], shown[1][0], shown[1][1]]

    def _value(self, constant: Any, driven: Driven, name: str) -> Any:
        formula = dict(driven).get(name)
        return constant if formula is None else write_value(formula, self.fields)

    def _share(self, constant: float, driven: Driven, name: str, part: float = 1.0) -> Any:
        """An opacity, `part` of it."""
        found = self._value(constant * part, driven, name)
        return found if not isinstance(found, list) or part == 1.0 else ["*", found, part]

    def _icon(self, picture: Graphic | Fill) -> str:
        name = self.name(picture)
        self.icons[name] = picture
        return name

    def _write_point(self, symbolizer: PointSymbolizer) -> list[dict[str, Any]]:
        graphic = symbolizer.graphic
        mark = graphic.symbol if isinstance(graphic.symbol, Mark) else None
        if symbolizer.place not in ("own", "centroid", "interior"):
            raise NotDrawn("symbols at the ends and corners of lines are not drawn in browsers")
        if mark is not None and mark.shape == "circle" and not symbolizer.declutter and graphic.anchor == (0.5, 0.5):
            return [self._write_circle(symbolizer, mark)]
        return [self._write_icon(symbolizer, graphic)]

    def _write_circle(self, symbolizer: PointSymbolizer, mark: Mark) -> dict[str, Any]:
        graphic, unit = symbolizer.graphic, symbolizer.unit
        opacity = self.opacity * graphic.opacity
        paint: dict[str, Any] = {
            "circle-radius": self._length(graphic.size, unit, graphic.driven, "size", 0.5),
            "circle-color": self._value(mark.fill or "#000000", mark.driven, "fill"),
            "circle-opacity": self._share(mark.fill_opacity if mark.fill else 0.0, mark.driven, "fill-opacity", opacity),
        }
        if mark.stroke is not None:
            paint["circle-stroke-color"] = self._value(mark.stroke.colour, mark.stroke.driven, "stroke")
            paint["circle-stroke-width"] = self._length(mark.stroke.width, unit, mark.stroke.driven, "stroke-width")
            paint["circle-stroke-opacity"] = self._share(mark.stroke.opacity, mark.stroke.driven, "stroke-opacity", opacity)
        if graphic.displacement != (0.0, 0.0):
            paint["circle-translate"] = [graphic.displacement[0], -graphic.displacement[1]]
        return {"type": "circle", "paint": paint}

    def _write_icon(self, symbolizer: PointSymbolizer, graphic: Graphic) -> dict[str, Any]:
        layout = self._icon_layout(graphic, symbolizer.unit)
        apart = symbolizer.declutter
        layout.update({"icon-allow-overlap": not apart, "icon-ignore-placement": not apart})
        return {"type": "symbol", "layout": layout, "paint": {"icon-opacity": self._share(1.0, graphic.driven, "opacity", self.opacity)}}

    def _icon_layout(self, graphic: Graphic, unit: str = "pixel") -> dict[str, Any]:
        """The icon as it is drawn without displacement and turn, which the browser does."""
        mark = graphic.symbol if isinstance(graphic.symbol, Mark) else Mark()
        if mark.driven or (mark.stroke and mark.stroke.driven):
            self.losses.append("colours of marks other than circles are the same for all features")
        still = replace(graphic, driven=(), displacement=(0.0, 0.0), anchor=(0.5, 0.5), rotation=0.0)
        if isinstance(still.symbol, Mark):
            stroke = replace(still.symbol.stroke, driven=()) if still.symbol.stroke else None
            still = replace(still, symbol=replace(still.symbol, driven=(), stroke=stroke))
        layout: dict[str, Any] = {"icon-image": self._icon(still)}
        size = self._length(graphic.size, unit, graphic.driven, "size", 1 / max(graphic.size, 0.1))
        if size != 1.0:
            layout["icon-size"] = size
        turn = self._value(graphic.rotation, graphic.driven, "rotation")
        if turn:
            layout["icon-rotate"] = turn
        right = graphic.displacement[0] + (0.5 - graphic.anchor[0]) * graphic.size
        up = graphic.displacement[1] + (0.5 - graphic.anchor[1]) * graphic.size
        if (right, up) != (0.0, 0.0):
            layout["icon-offset"] = [right, -up]
        return layout

    def _write_line(self, stroke: Stroke, offset: float, unit: str, driven: Driven = ()) -> dict[str, Any]:
        if stroke.symbols is not None:
            layout = self._icon_layout(stroke.symbols.graphic, unit)
            spacing = max(stroke.symbols.graphic.size + stroke.symbols.gap, 1.0)
            layout.update(
                {"symbol-placement": "line", "symbol-spacing": spacing, "icon-allow-overlap": True, "icon-ignore-placement": True}
            )
            return {"type": "symbol", "layout": layout, "paint": {"icon-opacity": self.opacity}}
        paint: dict[str, Any] = {
            "line-color": self._value(stroke.colour, stroke.driven, "stroke"),
            "line-width": self._length(stroke.width, unit, stroke.driven, "stroke-width"),
            "line-opacity": self._share(stroke.opacity, stroke.driven, "stroke-opacity", self.opacity),
        }
        if stroke.dash:
            # in line widths there
            paint["line-dasharray"] = [round(length / max(stroke.width, 0.1), 4) for length in stroke.dash]
        if offset or driven:
            paint["line-offset"] = self._length(offset, unit, driven, "offset", -1.0 if dict(driven).get("offset") else 1.0)
        return {"type": "line", "layout": {"line-cap": stroke.cap, "line-join": stroke.join}, "paint": paint}

    def _write_area(self, symbolizer: PolygonSymbolizer) -> list[dict[str, Any]]:
        layers: list[dict[str, Any]] = []
        right, up = symbolizer.displacement
        if symbolizer.fill is not None:
            fill = symbolizer.fill
            paint: dict[str, Any] = {"fill-opacity": self._share(fill.opacity, fill.driven, "fill-opacity", self.opacity)}
            if fill.pattern is not None:
                paint["fill-pattern"] = self._icon(replace(fill, opacity=1.0, driven=()))
            else:
                paint["fill-color"] = self._value(fill.colour, fill.driven, "fill")
            if (right, up) != (0.0, 0.0):
                paint["fill-translate"] = [right, -up]
            layers.append({"type": "fill", "paint": paint})
        if symbolizer.stroke is not None:
            line = self._write_line(symbolizer.stroke, -symbolizer.offset, symbolizer.unit)
            if (right, up) != (0.0, 0.0) and line["type"] == "line":
                line["paint"]["line-translate"] = [right, -up]
            layers.append(line)
        return layers

    def _write_shield(self, point: PointSymbolizer, text: TextSymbolizer) -> dict[str, Any]:
        """A symbol and the label on it as one layer: they are placed together, and neither is in the other's way."""
        label = self._write_text(text)
        icon = self._icon_layout(point.graphic, point.unit)
        paint = {"icon-opacity": self._share(1.0, point.graphic.driven, "opacity", self.opacity)}
        return {"type": "symbol", "layout": {**label["layout"], **icon}, "paint": {**label["paint"], **paint}}

    def _write_text(self, text: TextSymbolizer) -> dict[str, Any]:
        size = max(text.font.size, 0.1)
        layout: dict[str, Any] = {
            "text-field": self._text_field(text),
            "text-font": [face_name(text.font)],
            "text-size": self._length(text.font.size, text.unit, text.driven, "font-size"),
            "text-padding": max(text.margin, 0.0),
            "text-allow-overlap": text.allow_overlap,
            "text-letter-spacing": round(text.spacing / size, 4),
        }
        if text.priority is not None:
            layout["symbol-sort-key"] = ["*", -1, write_number(text.priority, self.fields)]
        placed = text.placement
        layout.update(self._line_layout(text, placed) if isinstance(placed, LinePlacement) else self._point_layout(text, placed))
        if text.graphic is not None:
            layout.update(self._icon_layout(text.graphic))
        paint: dict[str, Any] = {
            "text-color": self._value(text.colour, text.driven, "fill"),
            "text-opacity": self._share(text.opacity, text.driven, "fill-opacity"),
        }
        if text.halo is not None:
            red, green, blue = (int(text.halo.colour[at : at + 2], 16) for at in (1, 3, 5))
            paint["text-halo-color"] = f"rgba({red}, {green}, {blue}, {text.halo.opacity:g})"
            paint["text-halo-width"] = text.halo.radius
        return {"type": "symbol", "layout": layout, "paint": paint}

    def _text_field(self, text: TextSymbolizer) -> Any:
        parts = [part if isinstance(part, str) else write_text(part, self.fields) for part in text.label]
        return parts[0] if len(parts) == 1 and not isinstance(parts[0], str) else ["concat", *parts]

    def _line_layout(self, text: TextSymbolizer, placement: LinePlacement) -> dict[str, Any]:
        offset = [0, round(-placement.offset / max(text.font.size, 0.1), 4)]
        return {
            "symbol-placement": "line",
            "symbol-spacing": max(placement.repeat, 1.0) if placement.repeat else 1000,
            "text-max-angle": text.bend,
            "text-offset": offset,
        }

    def _point_layout(self, text: TextSymbolizer, placement: PointPlacement) -> dict[str, Any]:
        size = max(text.font.size, 0.1)
        across = _third(placement.anchor[0], ("left", "center", "right"))
        along = _third(placement.anchor[1], ("bottom", "center", "top"))
        right, up = placement.displacement
        layout: dict[str, Any] = {
            "text-anchor": _ANCHORS.get((across, along), f"{along}-{across}"),
            "text-offset": [round(right / size, 4), round(-up / size, 4)],
            "text-max-width": round(text.wrap / size, 3) if text.wrap else 1000,
        }
        turn = self._value(placement.rotation, text.driven, "rotation")
        if turn:
            layout["text-rotate"] = turn
        # Browsers move labels around a point only from their middle: one that is set off stays where it belongs.
        if text.reach and not (right or up):
            layout["text-variable-anchor"] = ["center", "bottom", "top", "left", "right"]
            layout["text-radial-offset"] = round(text.reach / 2 / size, 4)
            del layout["text-offset"]
        return layout


def face_name(font: Font) -> str:
    """The name of a face as glyphs are asked for: `Be Vietnam Pro SemiBold`."""
    weight = _WEIGHTS.get(font.weight, "Regular")
    if font.italic:
        return f"{font.family} Italic" if weight == "Regular" else f"{font.family} {weight} Italic"
    return f"{font.family} {weight}"


def _third(anchor: float, names: tuple[str, str, str]) -> str:
    return names[0 if anchor < 0.25 else 2 if anchor > 0.75 else 1]
