# SPDX-License-Identifier: MIT
"""Point, line, polygon and text symbolizers of SLD 1.0 and SE 1.1 (rasters: `colours`)."""

from __future__ import annotations

from server.filter.tree import Property
from server.style.elements import (
    Losses,
    find_child,
    is_constant,
    read_number,
    read_numbers,
    read_parameters,
    read_text,
    read_vendor_options,
    report_others,
)
from server.style.model import (
    Fill,
    Font,
    Halo,
    LinePlacement,
    LineSymbolizer,
    PointPlacement,
    PointSymbolizer,
    PolygonSymbolizer,
    Stroke,
    TextSymbolizer,
)
from server.style.support import VENDOR_OPTIONS, describe_missing
from server.style.symbols import read_displacement, read_fill, read_graphic, read_stroke
from server.xmlio.parse import Element, attribute, children, local_name

_COMMON = ("Name", "Description", "VendorOption")
_FONT_PARAMETERS = {"font-family", "font-size", "font-style", "font-weight"}


def _check_options(element: Element, known: set[str], losses: Losses) -> dict[str, str]:
    options = read_vendor_options(element)
    for name in options.keys() - known:
        note = VENDOR_OPTIONS[name].note if name in VENDOR_OPTIONS else "not known"
        losses.add(element, f"VendorOption {name!r} has no effect here ({note or 'not in this symbolizer'})")
    return options


def _check_unit(element: Element, losses: Losses) -> None:
    unit = attribute(element, "uom")
    if unit is not None and not unit.endswith("pixel"):
        losses.add(element, f"sizes in {unit.rpartition('/')[2]!r} are drawn as pixels")


def read_point(element: Element, losses: Losses) -> PointSymbolizer:
    """A PointSymbolizer."""
    report_others(element, (*_COMMON, "Graphic"), losses)
    _check_unit(element, losses)
    options = _check_options(element, {"conflictResolution"}, losses)
    graphic = find_child(element, "Graphic")
    if graphic is None:
        losses.add(element, "<PointSymbolizer> has no Graphic; the standard's grey square is drawn")
    return PointSymbolizer(read_graphic(graphic if graphic is not None else element, losses), options.get("conflictResolution") == "true")


def read_line(element: Element, losses: Losses) -> LineSymbolizer:
    """A LineSymbolizer."""
    report_others(element, (*_COMMON, "Stroke", "PerpendicularOffset"), losses)
    _check_unit(element, losses)
    _check_options(element, set(), losses)
    stroke = find_child(element, "Stroke")
    return LineSymbolizer(
        stroke=read_stroke(stroke, losses) if stroke is not None else Stroke(),
        offset=read_number(find_child(element, "PerpendicularOffset"), 0.0, losses),
    )


def read_polygon(element: Element, losses: Losses) -> PolygonSymbolizer:
    """A PolygonSymbolizer; neither Fill nor Stroke draws nothing, as the standard says."""
    report_others(element, (*_COMMON, "Fill", "Stroke"), losses)
    _check_unit(element, losses)
    _check_options(element, set(), losses)
    fill, stroke = find_child(element, "Fill"), find_child(element, "Stroke")
    return PolygonSymbolizer(
        fill=read_fill(fill, losses) if fill is not None else None,
        stroke=read_stroke(stroke, losses) if stroke is not None else None,
    )


def read_label(element: Element, losses: Losses) -> TextSymbolizer | None:
    """A TextSymbolizer; None (reported) when its label cannot be put together."""
    report_others(element, (*_COMMON, "Label", "Font", "LabelPlacement", "Halo", "Fill"), losses)
    _check_unit(element, losses)
    options = _check_options(element, {"conflictResolution", "autoWrap", "spaceAround", "maxDisplacement", "repeat", "followLine"}, losses)
    label = find_child(element, "Label")
    parts = _read_label_parts(label, losses) if label is not None else ()
    if not parts:
        losses.add(element, "the label is empty or computed by functions; nothing is written")
        return None
    fill_element = find_child(element, "Fill")
    fill = read_fill(fill_element, losses) if fill_element is not None else Fill(colour="#000000")
    return TextSymbolizer(
        label=parts,
        font=_read_font(find_child(element, "Font"), losses),
        colour=fill.colour,
        opacity=fill.opacity,
        halo=_read_halo(find_child(element, "Halo"), losses),
        placement=_read_placement(find_child(element, "LabelPlacement"), options, losses),
        wrap=_read_option(options, "autoWrap"),
        margin=_read_option(options, "spaceAround"),
        reach=_read_option(options, "maxDisplacement"),
        allow_overlap=options.get("conflictResolution") == "false",
    )


def _read_option(options: dict[str, str], name: str) -> float:
    numbers = read_numbers(options.get(name, ""))
    return numbers[0] if numbers else 0.0


def _read_label_parts(element: Element, losses: Losses) -> tuple[str | Property, ...]:
    """Literals and fields in order; () when something in between is computed."""
    parts: list[str | Property] = [element.text] if (element.text or "").strip() else []  # type: ignore[list-item]
    for child in children(element):
        name = local_name(child)
        if name in ("PropertyName", "ValueReference") and (child.text or "").strip():
            parts.append(Property((child.text or "").strip().rpartition(":")[2]))
        elif name == "Literal":
            parts.append(child.text or "")
        else:
            losses.add(child, describe_missing(name))
            return ()
        if (child.tail or "").strip():
            parts.append(child.tail or "")
    return tuple(parts)


def _read_font(element: Element | None, losses: Losses) -> Font:
    if element is None:
        return Font()
    values = read_parameters(element, losses)
    for name in values.keys() - _FONT_PARAMETERS:
        losses.add(values[name], f"font parameter {name!r} has no effect")
    for name in ("font-family", "font-style", "font-weight"):
        if name in values and not is_constant(values[name]):
            losses.add(values[name], f"{name} must be a constant")
    return Font(
        family=read_text(values.get("font-family")) or Font.family,
        weight=read_text(values.get("font-weight")) or "normal",
        italic=read_text(values.get("font-style")) in ("italic", "oblique"),
        size=read_number(values.get("font-size"), 10.0, losses),
    )


def _read_halo(element: Element | None, losses: Losses) -> Halo | None:
    if element is None:
        return None
    fill_element = find_child(element, "Fill")
    fill = read_fill(fill_element, losses) if fill_element is not None else Fill(colour="#ffffff")
    colour = fill.colour if fill_element is None or read_parameters(fill_element, Losses()).get("fill") is not None else "#ffffff"
    return Halo(read_number(find_child(element, "Radius"), 1.0, losses), colour, fill.opacity)


def _read_placement(element: Element | None, options: dict[str, str], losses: Losses) -> PointPlacement | LinePlacement:
    line = find_child(element, "LinePlacement") if element is not None else None
    if line is not None:
        report_others(line, ("PerpendicularOffset", "IsRepeated", "Gap", "IsAligned", "GeneralizeLine"), losses)
        repeated = read_text(find_child(line, "IsRepeated")) in ("true", "1")
        repeat = read_number(find_child(line, "Gap"), 250.0, losses) if repeated else _read_option(options, "repeat")
        return LinePlacement(read_number(find_child(line, "PerpendicularOffset"), 0.0, losses), repeat)
    if options.get("followLine") == "true":
        return LinePlacement(0.0, _read_option(options, "repeat"))
    point = find_child(element, "PointPlacement") if element is not None else None
    if point is None:
        return PointPlacement()
    rotation = find_child(point, "Rotation")
    if rotation is not None and read_text(rotation) not in ("", "0"):
        losses.add(rotation, "labels are not rotated")
    anchor = find_child(point, "AnchorPoint")
    if anchor is None:
        return PointPlacement(displacement=read_displacement(find_child(point, "Displacement"), losses))
    return PointPlacement(
        anchor=(
            read_number(find_child(anchor, "AnchorPointX"), 0.0, losses),
            read_number(find_child(anchor, "AnchorPointY"), 0.5, losses),
        ),
        displacement=read_displacement(find_child(point, "Displacement"), losses),
    )
