# SPDX-License-Identifier: MIT
"""Graphics, fills and strokes of SLD 1.0 and SE 1.1."""

from __future__ import annotations

import re
from typing import cast

from server.style.elements import (
    Losses,
    find_child,
    is_constant,
    read_fixed,
    read_numbers,
    read_parameters,
    read_text,
    report_others,
)
from server.style.marks import find_mark
from server.style.model import ExternalGraphic, Fill, Graphic, LineCap, LineJoin, Mark, Stroke, SymbolRow
from server.style.values import Drive
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, children, local_name

_ASSET = re.compile(r"(?:assets/)?((?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.(?:svg|png))", re.ASCII)
_STROKE_PARAMETERS = {
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linejoin",
    "stroke-linecap",
}
_PARAMETERS = ("CssParameter", "SvgParameter")
_NO_MARGIN = (0.0, 0.0, 0.0, 0.0)


def read_stroke(element: Element, losses: Losses) -> Stroke:
    """A Stroke element: ink, or symbols along the line (GraphicStroke; GraphicFill of a stroke is reported)."""
    report_others(element, (*_PARAMETERS, "GraphicStroke"), losses)
    values = read_parameters(element, losses)
    for name in values.keys() - _STROKE_PARAMETERS:
        losses.add(values[name], f"stroke parameter {name!r} is not drawn")
    drive = Drive(losses)
    dash = _read_dash(values.get("stroke-dasharray"), losses)
    dash_offset = read_fixed(values.get("stroke-dashoffset"), 0.0, losses)
    return Stroke(
        colour=drive.colour(values.get("stroke"), "stroke", "#000000"),
        width=drive.number(values.get("stroke-width"), "stroke-width", 1.0),
        opacity=drive.number(values.get("stroke-opacity"), "stroke-opacity", 1.0, "share"),
        dash=dash,
        dash_offset=dash_offset,
        join=cast(
            LineJoin, _read_choice(values.get("stroke-linejoin"), {"mitre": "miter", "miter": "miter"}, ("miter", "round", "bevel"), losses)
        ),
        cap=cast(LineCap, _read_choice(values.get("stroke-linecap"), {"flat": "butt"}, ("butt", "round", "square"), losses)),
        driven=drive.driven,
        symbols=_read_row(find_child(element, "GraphicStroke"), dash, dash_offset, losses),
    )


def _read_row(element: Element | None, dash: tuple[float, ...], dash_offset: float, losses: Losses) -> SymbolRow | None:
    """Gap and InitialGap as the standard has them; without them a dash array says, as in GeoServer, symbol length and gap."""
    if element is None:
        return None
    report_others(element, ("Graphic", "Gap", "InitialGap"), losses)
    graphic_element = find_child(element, "Graphic")
    graphic = read_graphic(graphic_element if graphic_element is not None else element, losses)
    if find_child(element, "Gap") is not None or find_child(element, "InitialGap") is not None:
        start = read_fixed(find_child(element, "InitialGap"), 0.0, losses)
        return SymbolRow(graphic, read_fixed(find_child(element, "Gap"), 0.0, losses), max(start, 0.0))
    if dash:
        return SymbolRow(graphic, max(sum(dash) - graphic.size, 0.0), max(-dash_offset, 0.0))
    return SymbolRow(graphic)


def _read_dash(element: Element | None, losses: Losses) -> tuple[float, ...]:
    if element is None:
        return ()
    numbers = read_numbers(read_text(element)) if is_constant(element) else None
    if numbers is None or any(number < 0 for number in numbers):
        losses.add(element, "stroke-dasharray must be positive numbers; the line is drawn unbroken")
        return ()
    if not any(numbers):
        return ()
    return numbers if len(numbers) % 2 == 0 else numbers * 2


def _read_choice(element: Element | None, aliases: dict[str, str], choices: tuple[str, ...], losses: Losses) -> str:
    if element is None:
        return choices[0]
    text = aliases.get(read_text(element), read_text(element))
    if text in choices:
        return text
    losses.add(element, f"{attribute(element, 'name')} must be one of {', '.join(choices)}; {choices[0]} is used")
    return choices[0]


def read_fill(element: Element, losses: Losses, margin: tuple[float, float, float, float] = _NO_MARGIN) -> Fill:
    """A Fill element: a colour or a GraphicFill; `margin` is the free room around each picture of it."""
    report_others(element, (*_PARAMETERS, "GraphicFill"), losses)
    values = read_parameters(element, losses)
    for name in values.keys() - {"fill", "fill-opacity"}:
        losses.add(values[name], f"fill parameter {name!r} is not drawn")
    graphic = find_child(element, "GraphicFill", "Graphic")
    drive = Drive(losses)
    return Fill(
        colour=drive.colour(values.get("fill"), "fill", "#808080"),
        opacity=drive.number(values.get("fill-opacity"), "fill-opacity", 1.0, "share"),
        pattern=read_graphic(graphic, losses, tile=True) if graphic is not None else None,
        margin=margin,
        driven=drive.driven,
    )


def read_graphic(element: Element, losses: Losses, *, tile: bool = False) -> Graphic:
    """A Graphic element; without a readable Mark or ExternalGraphic it is the standard's grey square.

    `tile`: one of a pattern, which is the same everywhere.
    """
    report_others(element, ("Mark", "ExternalGraphic", "Size", "Opacity", "Rotation", "Displacement", "AnchorPoint", "Gap"), losses)
    drive = Drive(losses)
    symbol = _read_symbol(element, losses)
    default = 16.0 if isinstance(symbol, ExternalGraphic) else 6.0
    graphic = Graphic(
        symbol=symbol,
        size=drive.number(find_child(element, "Size"), "size", default),
        opacity=drive.number(find_child(element, "Opacity"), "opacity", 1.0, "share"),
        rotation=drive.number(find_child(element, "Rotation"), "rotation", 0.0, "angle"),
        displacement=read_displacement(find_child(element, "Displacement"), losses),
        anchor=read_anchor(find_child(element, "AnchorPoint"), (0.5, 0.5), losses),
        driven=() if tile else drive.driven,
    )
    if tile and drive.driven:
        losses.add(element, "a pattern is the same for all features; its constants are used")
    return graphic


def read_anchor(element: Element | None, default: tuple[float, float], losses: Losses) -> tuple[float, float]:
    """AnchorPointX and AnchorPointY: parts of width and height from the lower left corner."""
    if element is None:
        return default
    return (
        read_fixed(find_child(element, "AnchorPointX"), default[0], losses),
        read_fixed(find_child(element, "AnchorPointY"), default[1], losses),
    )


def read_displacement(element: Element | None, losses: Losses) -> tuple[float, float]:
    """DisplacementX and DisplacementY in pixels to the right and up."""
    if element is None:
        return (0.0, 0.0)
    return (
        read_fixed(find_child(element, "DisplacementX"), 0.0, losses),
        read_fixed(find_child(element, "DisplacementY"), 0.0, losses),
    )


def _read_symbol(element: Element, losses: Losses) -> Mark | ExternalGraphic:
    """The first symbol that can be drawn, as the standard orders alternatives by preference."""
    for child in children(element):
        if local_name(child) == "ExternalGraphic":
            picture = _read_external(child, losses)
            if picture is not None:
                return picture
        if local_name(child) == "Mark":
            return _read_mark(child, losses)
    return Mark()


def _read_external(element: Element, losses: Losses) -> ExternalGraphic | None:
    report_others(element, ("OnlineResource", "Format"), losses)
    resource = find_child(element, "OnlineResource")
    address = (attribute(resource, "href", Namespace.XLINK) or "") if resource is not None else ""
    # QGIS writes an SVG twice, the first time with the colours it shall take as a query.
    path, _, colours = address.partition("?")
    match = _ASSET.fullmatch(path)
    if match is None:
        losses.add(element, "a picture must be a .svg or .png file under styles/assets (write assets/name.svg)")
        return None
    if colours:
        losses.add(element, "the picture keeps its own colours")
    return ExternalGraphic(match.group(1))


def _read_mark(element: Element, losses: Losses) -> Mark:
    report_others(element, ("WellKnownName", "Fill", "Stroke"), losses)
    name_element = find_child(element, "WellKnownName")
    name = read_text(name_element) or "square"
    shape = find_mark(name)
    if shape is None or (name_element is not None and not is_constant(name_element)):
        losses.add(element, f"the mark {name[:60]!r} is not known; a square is drawn")
        shape = "square"
    fill_element, stroke_element = find_child(element, "Fill"), find_child(element, "Stroke")
    if fill_element is None and stroke_element is None:
        return Mark(shape=shape)
    fill = read_fill(fill_element, losses) if fill_element is not None else None
    if fill is not None and fill.pattern is not None and fill_element is not None:
        losses.add(fill_element, "a pattern inside a mark is not drawn")
    return Mark(
        shape=shape,
        fill=fill.colour if fill else None,
        fill_opacity=fill.opacity if fill else 1.0,
        stroke=read_stroke(stroke_element, losses) if stroke_element is not None else None,
        driven=fill.driven if fill else (),
    )
