# SPDX-License-Identifier: MIT
"""Graphics, fills and strokes of SLD 1.0 and SE 1.1."""

from __future__ import annotations

import re
from typing import cast

from server.style.elements import (
    Losses,
    find_child,
    is_constant,
    read_colour,
    read_number,
    read_numbers,
    read_parameters,
    read_text,
    report_others,
)
from server.style.model import MARKS, ExternalGraphic, Fill, Graphic, LineCap, LineJoin, Mark, Stroke
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, children, local_name

_ASSET = re.compile(r"(?:assets/)?((?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.(?:svg|png))", re.ASCII)
_SHAPE_NAMES = {"shape://times": "x", "shape://plus": "cross", "shape://slash": "slash", "shape://backslash": "backslash"} | {
    "shape://vertline": "line",
    "shape://horline": "horline",
    "cross2": "x",
    "filled_circle": "circle",
}
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


def read_stroke(element: Element, losses: Losses) -> Stroke:
    """A Stroke element; computed values and symbols along the line are reported."""
    report_others(element, _PARAMETERS, losses)
    values = read_parameters(element, losses)
    for name in values.keys() - _STROKE_PARAMETERS:
        losses.add(values[name], f"stroke parameter {name!r} is not drawn")
    return Stroke(
        colour=read_colour(values.get("stroke"), "#000000", losses),
        width=read_number(values.get("stroke-width"), 1.0, losses),
        opacity=read_number(values.get("stroke-opacity"), 1.0, losses),
        dash=_read_dash(values.get("stroke-dasharray"), losses),
        dash_offset=read_number(values.get("stroke-dashoffset"), 0.0, losses),
        join=cast(
            LineJoin, _read_choice(values.get("stroke-linejoin"), {"mitre": "miter", "miter": "miter"}, ("miter", "round", "bevel"), losses)
        ),
        cap=cast(LineCap, _read_choice(values.get("stroke-linecap"), {"flat": "butt"}, ("butt", "round", "square"), losses)),
    )


def _read_dash(element: Element | None, losses: Losses) -> tuple[float, ...]:
    if element is None:
        return ()
    numbers = read_numbers(read_text(element))
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


def read_fill(element: Element, losses: Losses) -> Fill:
    """A Fill element: a colour or a GraphicFill."""
    report_others(element, (*_PARAMETERS, "GraphicFill"), losses)
    values = read_parameters(element, losses)
    for name in values.keys() - {"fill", "fill-opacity"}:
        losses.add(values[name], f"fill parameter {name!r} is not drawn")
    graphic = find_child(element, "GraphicFill", "Graphic")
    return Fill(
        colour=read_colour(values.get("fill"), "#808080", losses),
        opacity=read_number(values.get("fill-opacity"), 1.0, losses),
        pattern=read_graphic(graphic, losses) if graphic is not None else None,
    )


def read_graphic(element: Element, losses: Losses) -> Graphic:
    """A Graphic element; without a readable Mark or ExternalGraphic it is the standard's grey square."""
    report_others(element, ("Mark", "ExternalGraphic", "Size", "Opacity", "Rotation", "Displacement"), losses)
    displacement = find_child(element, "Displacement")
    return Graphic(
        symbol=_read_symbol(element, losses),
        size=read_number(find_child(element, "Size"), 6.0, losses),
        opacity=read_number(find_child(element, "Opacity"), 1.0, losses),
        rotation=read_number(find_child(element, "Rotation"), 0.0, losses),
        displacement=read_displacement(displacement, losses),
    )


def read_displacement(element: Element | None, losses: Losses) -> tuple[float, float]:
    """DisplacementX and DisplacementY in pixels to the right and up."""
    if element is None:
        return (0.0, 0.0)
    return (
        read_number(find_child(element, "DisplacementX"), 0.0, losses),
        read_number(find_child(element, "DisplacementY"), 0.0, losses),
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
    shape = _SHAPE_NAMES.get(name, name)
    if shape not in MARKS or (name_element is not None and not is_constant(name_element)):
        losses.add(element, f"the mark {name!r} is not known; a square is drawn")
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
    )
