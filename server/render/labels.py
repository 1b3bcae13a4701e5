# SPDX-License-Identifier: MIT
"""Labels, and symbols with a label on them, in Mapnik's XML."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from server.filter.tree import Calculation
from server.render.drawing import Drawing
from server.render.expressions import write_string
from server.render.fonts import find_face
from server.style.model import Graphic, LinePlacement, PointPlacement, PointSymbolizer, Symbolizer, TextSymbolizer


def element(name: str, attributes: dict[str, str], content: str | None = None) -> str:
    """An element of Mapnik's XML with quoted attributes and escaped content."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{escape(content)}</{name}>"


def symbol_attributes(graphic: Graphic, drawing: Drawing) -> dict[str, str]:
    """File and transformation of a symbol that is the same for all features."""
    attributes = {"file": str(drawing.symbols.file(graphic, drawing.ratio))}
    steps: list[str] = []
    right = graphic.displacement[0] + (0.5 - graphic.anchor[0]) * graphic.size
    up = graphic.displacement[1] + (0.5 - graphic.anchor[1]) * graphic.size
    if (right, up) != (0.0, 0.0):
        steps.append(f"translate({right:g},{-up:g})")
    if drawing.ratio != 1.0:
        # Drawn larger for a finer picture; Mapnik enlarges it once more.
        steps.append(f"scale({1 / drawing.ratio:g})")
    if steps:
        attributes["transform"] = " ".join(steps)
    return attributes


def write_shield(graphic: Graphic, text: TextSymbolizer, drawing: Drawing) -> str:
    """A symbol and its label as one thing: both are placed, or neither where another one already stands."""
    attributes = symbol_attributes(graphic, drawing)
    attributes["unlock-image"] = "false"
    attributes["margin"] = f"{text.margin:g}"
    attributes.update(_type_attributes(text, drawing))
    overlap = "true" if text.allow_overlap else "false"
    attributes.update({"allow-overlap": overlap, "horizontal-alignment": "middle", "vertical-alignment": "middle"})
    return element("ShieldSymbolizer", attributes, _write_label(text, drawing))


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


def _type_attributes(symbolizer: TextSymbolizer, drawing: Drawing) -> dict[str, str]:
    values = drawing.values(symbolizer.driven)
    attributes = {
        "face-name": find_face(symbolizer.font),
        "size": values.get("font-size", f"{symbolizer.font.size:g}"),
        "fill": values.get("fill", symbolizer.colour),
        "opacity": values.get("fill-opacity", f"{symbolizer.opacity:g}"),
    }
    if symbolizer.halo is not None:
        halo = symbolizer.halo
        attributes.update({"halo-radius": f"{halo.radius:g}", "halo-fill": halo.colour, "halo-opacity": f"{halo.opacity:g}"})
    if symbolizer.wrap:
        attributes["wrap-width"] = f"{symbolizer.wrap:g}"
    if symbolizer.spacing:
        attributes["character-spacing"] = f"{symbolizer.spacing:g}"
    return attributes


def write_text(symbolizer: TextSymbolizer, drawing: Drawing) -> str:
    """A label; with a symbol behind it both are one thing. Raises ConfigError for fields or pictures that are not there."""
    if symbolizer.graphic is not None and isinstance(symbolizer.placement, PointPlacement):
        return write_shield(symbolizer.graphic, symbolizer, drawing)
    attributes = _type_attributes(symbolizer, drawing)
    attributes["margin"] = f"{symbolizer.margin:g}"
    attributes["allow-overlap"] = "true" if symbolizer.allow_overlap else "false"
    if isinstance(symbolizer.placement, LinePlacement):
        attributes.update(_line_attributes(symbolizer, symbolizer.placement))
        return element("TextSymbolizer", attributes, _write_label(symbolizer, drawing))
    attributes.update(_point_attributes(symbolizer, symbolizer.placement, drawing))
    if symbolizer.reach:
        attributes["placement-type"] = "list"
        others = _write_other_places(symbolizer.reach)
        return element("TextSymbolizer", attributes, _write_label(symbolizer, drawing)).replace("</", f"{others}</")
    return element("TextSymbolizer", attributes, _write_label(symbolizer, drawing))


def _line_attributes(symbolizer: TextSymbolizer, placement: LinePlacement) -> dict[str, str]:
    attributes = {"placement": "line", "max-char-angle-delta": f"{symbolizer.bend:g}", "dy": f"{-placement.offset:g}"}
    if placement.repeat:
        attributes["spacing"] = f"{placement.repeat:g}"
    return attributes


def _point_attributes(symbolizer: TextSymbolizer, placement: PointPlacement, drawing: Drawing) -> dict[str, str]:
    right, up = placement.displacement
    attributes = {
        "horizontal-alignment": _pick(placement.anchor[0], ("right", "middle", "left")),
        "vertical-alignment": _pick(placement.anchor[1], ("top", "middle", "bottom")),
        "dx": f"{right:g}",
        "dy": f"{-up:g}",
    }
    # SLD turns clockwise, Mapnik turns texts the other way
    driven = drawing.values(symbolizer.driven).get("rotation")
    if driven or placement.rotation:
        attributes["orientation"] = f"-1*{driven}" if driven else f"{-placement.rotation:g}"
    return attributes


def _write_other_places(reach: float) -> str:
    """Where a label may stand when its own place is taken: above, below, right and left of its point, half as far first."""
    directions = (("middle", "top", 0, -1), ("middle", "bottom", 0, 1), ("right", "middle", 1, 0), ("left", "middle", -1, 0))
    places = [(across, along, x * far, y * far) for far in (reach / 2, reach) for across, along, x, y in directions]
    return "".join(
        element("Placement", {"horizontal-alignment": across, "vertical-alignment": along, "dx": f"{x:g}", "dy": f"{y:g}"})
        for across, along, x, y in places
    )


def _pick(anchor: float, names: tuple[str, str, str]) -> str:
    """Mapnik knows three places along each axis: the nearest one."""
    return names[0 if anchor < 0.25 else 2 if anchor > 0.75 else 1]


def _write_label(symbolizer: TextSymbolizer, drawing: Drawing) -> str:
    parts: list[str] = []
    for part in symbolizer.label:
        if isinstance(part, str):
            parts.append(write_string(part))
        else:
            # as the database writes numbers: 12.5, not 12.500000
            text = Calculation("concat", (part,)) if isinstance(part, Calculation) else part
            parts.append(drawing.value(text))
    return " + ".join(parts)
