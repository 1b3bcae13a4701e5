# SPDX-License-Identifier: MIT
"""Raster symbolizers: ColorMap of SLD 1.0, Categorize and Interpolate of SE 1.1."""

from __future__ import annotations

from typing import cast

from server.style.elements import Losses, find_child, read_colour, read_number, read_numbers, read_text, report_others
from server.style.model import ColourScale, ColourStop, RasterSymbolizer, Title
from server.style.support import describe_missing
from server.xmlio.parse import Element, attribute, children, local_name

LOWEST = -1e30


def split_title(text: str) -> Title:
    """A title written `tiếng Việt | English`; without the bar both languages are the same text."""
    vi, bar, en = (part.strip() for part in text.partition("|"))
    return Title(vi, en if bar and en else vi)


def read_raster(element: Element, losses: Losses) -> RasterSymbolizer | None:
    """A RasterSymbolizer; None (reported) without a readable colour map."""
    report_others(element, ("Name", "Description", "Opacity", "ColorMap", "VendorOption"), losses)
    opacity = read_number(find_child(element, "Opacity"), 1.0, losses)
    colour_map = find_child(element, "ColorMap")
    if colour_map is None:
        losses.add(element, "<RasterSymbolizer> has no ColorMap; nothing is drawn")
        return None
    first = next(iter(children(colour_map)), None)
    name = local_name(first) if first is not None else ""
    if first is not None and name == "Categorize":
        scale, stops = "intervals", _read_categorize(first, losses)
    elif first is not None and name == "Interpolate":
        scale, stops = "ramp", _read_interpolate(first, losses)
    else:
        scale, stops = (attribute(colour_map, "type") or "ramp"), _read_entries(colour_map, losses)
    if scale not in ("ramp", "intervals", "values") or not stops:
        losses.add(colour_map, "the ColorMap has no entries of a known type; nothing is drawn")
        return None
    return RasterSymbolizer(cast(ColourScale, scale), tuple(stops), opacity)


def _read_entries(colour_map: Element, losses: Losses) -> list[ColourStop]:
    stops: list[ColourStop] = []
    for child in children(colour_map):
        if local_name(child) != "ColorMapEntry":
            losses.add(child, describe_missing(local_name(child)))
            continue
        quantity = read_numbers(attribute(child, "quantity") or "")
        opacity = read_numbers(attribute(child, "opacity") or "1")
        if not quantity or not opacity:
            losses.add(child, "quantity and opacity must be numbers; the entry is left out")
            continue
        label = attribute(child, "label")
        colour = attribute(child, "color") or ""
        stops.append(ColourStop(quantity[0], _check_colour(colour, child, losses), opacity[0], split_title(label) if label else None))
    return stops


def _check_colour(text: str, element: Element, losses: Losses) -> str:
    if len(text) == 7 and text[0] == "#" and all(char in "0123456789abcdefABCDEF" for char in text[1:]):
        return text.lower()
    losses.add(element, "a colour must be written #rrggbb; #808080 is used")
    return "#808080"


def _read_categorize(element: Element, losses: Losses) -> list[ColourStop]:
    """Value, Threshold, Value, ...: each value holds up to the threshold after it; the last one without end."""
    report_others(element, ("LookupValue", "Value", "Threshold"), losses)
    colours = [read_colour(child, "#808080", losses) for child in children(element) if local_name(child) == "Value"]
    limits = [read_number(child, 0.0, losses) for child in children(element) if local_name(child) == "Threshold"]
    if len(colours) != len(limits) + 1:
        losses.add(element, "<Categorize> needs one Value more than Threshold")
        return []
    return [ColourStop(limit, colour) for limit, colour in zip([*limits, -LOWEST], colours, strict=True)]


def _read_interpolate(element: Element, losses: Losses) -> list[ColourStop]:
    report_others(element, ("LookupValue", "InterpolationPoint"), losses)
    if (attribute(element, "mode") or "linear") != "linear":
        losses.add(element, "only linear interpolation is drawn")
    return [
        ColourStop(read_number(find_child(child, "Data"), 0.0, losses), read_colour(find_child(child, "Value"), "#808080", losses))
        for child in children(element)
        if local_name(child) == "InterpolationPoint" and read_text(find_child(child, "Data"))
    ]
