# SPDX-License-Identifier: MIT
"""Text symbolizers of SLD 1.0 and SE 1.1."""

from __future__ import annotations

from dataclasses import replace

from server.filter.tree import Calculation, Constant, Formula, Property
from server.style.elements import (
    Losses,
    Unreadable,
    find_child,
    is_constant,
    read_fixed,
    read_numbers,
    read_parameters,
    read_text,
    report_others,
)
from server.style.expressions import read_formula
from server.style.model import Driven, Fill, Font, Halo, LinePlacement, PointPlacement, TextSymbolizer
from server.style.symbolizers import COMMON, check_options, read_place, read_unit
from server.style.symbols import read_anchor, read_displacement, read_fill, read_graphic
from server.style.values import Drive
from server.xmlio.parse import Element, children, local_name

# Families that are on the server, and the words for "any plain letters".
FAMILIES = frozenset(("be vietnam pro", "dejavu sans", "sansserif", "sans-serif", "sans serif", "dialog"))
_PARTS = (*COMMON, "Label", "Font", "LabelPlacement", "Halo", "Fill", "Priority", "Graphic")
_FONT_PARAMETERS = {"font-family", "font-size", "font-style", "font-weight"}
_OPTIONS = {
    "conflictResolution",
    "autoWrap",
    "spaceAround",
    "maxDisplacement",
    "repeat",
    "followLine",
    "charSpacing",
    "maxAngleDelta",
}


def read_label(element: Element, losses: Losses) -> TextSymbolizer | None:
    """A TextSymbolizer; None (reported) when its label cannot be put together."""
    report_others(element, _PARTS, losses)
    read_place(element, losses)
    options = check_options(element, _OPTIONS, losses)
    parts = _read_parts(element, losses)
    if not parts:
        return None
    fill_element, graphic = find_child(element, "Fill"), find_child(element, "Graphic")
    fill = read_fill(fill_element, losses) if fill_element is not None else Fill()
    named = fill_element is not None and "fill" in read_parameters(fill_element, Losses())
    font, font_driven = _read_font(children(element, "Font"), losses)
    placement, turned = _read_placement(find_child(element, "LabelPlacement"), options, losses)
    return TextSymbolizer(
        label=parts,
        font=font,
        colour=fill.colour if named else "#000000",
        opacity=fill.opacity,
        halo=_read_halo(find_child(element, "Halo"), losses),
        placement=placement,
        wrap=_read_option(options, "autoWrap"),
        margin=_read_option(options, "spaceAround"),
        reach=_read_option(options, "maxDisplacement"),
        allow_overlap=options.get("conflictResolution") == "false",
        priority=_read_priority(find_child(element, "Priority"), losses),
        graphic=read_graphic(graphic, losses, tile=True) if graphic is not None else None,
        spacing=_read_option(options, "charSpacing"),
        bend=_read_option(options, "maxAngleDelta") or TextSymbolizer.bend,
        driven=(*fill.driven, *font_driven, *turned),
        unit=read_unit(element, losses),
    )


def _read_option(options: dict[str, str], name: str) -> float:
    numbers = read_numbers(options.get(name, ""))
    return min(numbers[0], 2000.0) if numbers else 0.0


def _read_parts(element: Element, losses: Losses) -> tuple[str | Property | Calculation, ...]:
    """Texts, fields and calculations in order; () (reported) when there are none or one cannot be worked out."""
    label = find_child(element, "Label")
    try:
        formula: Formula = read_formula(label) if label is not None else Constant("")
    except Unreadable as problem:
        losses.add(problem.element, f"{problem}; nothing is written")
        return ()
    parts = formula.arguments if isinstance(formula, Calculation) and formula.name == "concat" else (formula,)
    written = tuple(str(part.value) if isinstance(part, Constant) else part for part in parts)
    if not any(written):
        losses.add(element, "the label is empty; nothing is written")
        return ()
    return written


def _read_priority(element: Element | None, losses: Losses) -> Formula | None:
    """What labels are ordered by; a constant orders nothing."""
    if element is None:
        return None
    try:
        formula = read_formula(element)
    except Unreadable as problem:
        losses.add(problem.element, f"{problem}; labels choose their places in any order")
        return None
    if isinstance(formula, Constant):
        losses.add(element, "a constant Priority orders nothing: layers and rules choose their places in their own order")
        return None
    return Calculation("number", (formula,)) if isinstance(formula, Calculation) else formula


def _read_font(elements: list[Element], losses: Losses) -> tuple[Font, Driven]:
    """The first Font whose family is on the server (further ones are alternatives, as in GeoServer)."""
    if not elements:
        return Font(), ()
    chosen = next((one for one in elements if _is_known(read_text(read_parameters(one, Losses()).get("font-family")))), elements[0])
    values = read_parameters(chosen, losses)
    for name in values.keys() - _FONT_PARAMETERS:
        losses.add(values[name], f"font parameter {name!r} has no effect")
    for name in ("font-family", "font-style", "font-weight"):
        if name in values and not is_constant(values[name]):
            losses.add(values[name], f"{name} must be a constant")
    family = read_text(values.get("font-family"))
    if family and not _is_known(family):
        losses.add(values["font-family"], f"the font {family[:40]!r} is not on the server; letters of DejaVu Sans are used")
    drive = Drive(losses)
    font = Font(
        family=family or Font.family,
        weight=read_text(values.get("font-weight")) or "normal",
        italic=read_text(values.get("font-style")) in ("italic", "oblique"),
        size=drive.number(values.get("font-size"), "font-size", 10.0),
    )
    return font, drive.driven


def _is_known(family: str) -> bool:
    return not family or family.lower() in FAMILIES


def _read_halo(element: Element | None, losses: Losses) -> Halo | None:
    if element is None:
        return None
    fill_element = find_child(element, "Fill")
    fill = read_fill(fill_element, losses) if fill_element is not None else Fill(colour="#ffffff")
    if fill.driven and fill_element is not None:
        losses.add(fill_element, "the halo is the same for all features; its constants are used")
    colour = fill.colour if fill_element is None or "fill" in read_parameters(fill_element, Losses()) else "#ffffff"
    return Halo(read_fixed(find_child(element, "Radius"), 1.0, losses), colour, fill.opacity)


def _read_placement(element: Element | None, options: dict[str, str], losses: Losses) -> tuple[PointPlacement | LinePlacement, Driven]:
    line = find_child(element, "LinePlacement") if element is not None else None
    if line is not None:
        return _read_line_placement(line, options, losses), ()
    if options.get("followLine") == "true":
        return LinePlacement(0.0, _read_option(options, "repeat")), ()
    point = find_child(element, "PointPlacement") if element is not None else None
    if point is None:
        return PointPlacement(), ()
    report_others(point, ("AnchorPoint", "Displacement", "Rotation"), losses)
    drive = Drive(losses)
    placement = PointPlacement(
        anchor=read_anchor(find_child(point, "AnchorPoint"), PointPlacement.anchor, losses),
        displacement=read_displacement(find_child(point, "Displacement"), losses),
    )
    rotation = drive.number(find_child(point, "Rotation"), "rotation", 0.0, "angle")
    return replace(placement, rotation=rotation), drive.driven


def _read_line_placement(line: Element, options: dict[str, str], losses: Losses) -> LinePlacement:
    report_others(line, ("PerpendicularOffset", "IsRepeated", "InitialGap", "Gap", "IsAligned", "GeneralizeLine"), losses)
    for child in children(line):
        if local_name(child) == "IsAligned" and read_text(child) in ("false", "0"):
            losses.add(child, "labels along lines follow them")
        if local_name(child) in ("InitialGap", "GeneralizeLine") and read_text(child) not in ("", "0", "0.0", "false"):
            losses.add(child, f"<{local_name(child)}> has no effect on labels")
    repeated = read_text(find_child(line, "IsRepeated")) in ("true", "1")
    repeat = read_fixed(find_child(line, "Gap"), 250.0, losses) if repeated else _read_option(options, "repeat")
    return LinePlacement(read_fixed(find_child(line, "PerpendicularOffset"), 0.0, losses), repeat)
