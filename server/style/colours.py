# SPDX-License-Identifier: MIT
"""Raster symbolizers: ColorMap of SLD 1.0, Categorize and Interpolate of SE 1.1, channels, contrast."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import cast

from server.style.elements import (
    Losses,
    find_child,
    is_colour,
    is_constant,
    read_fixed,
    read_numbers,
    read_text,
    read_vendor_options,
    report_others,
)
from server.style.model import ColourScale, ColourStop, RasterSymbolizer, Title
from server.style.support import describe_missing
from server.xmlio.parse import Element, attribute, children, local_name

LOWEST = -1e30
_STEPS = 16
_GREY = "#808080"


def split_title(text: str) -> Title:
    """A title written `tiếng Việt | English`; without the bar both languages are the same text."""
    vi, bar, en = (part.strip() for part in text.partition("|"))
    return Title(vi, en if bar and en else vi)


def read_raster(element: Element, losses: Losses) -> RasterSymbolizer | None:
    """A RasterSymbolizer; None (reported) when neither a colour map nor channels say what is drawn."""
    known = ("Name", "Description", "Opacity", "ColorMap", "ChannelSelection", "ContrastEnhancement", "VendorOption", "Geometry")
    report_others(element, known, losses)
    opacity = min(max(read_fixed(find_child(element, "Opacity"), 1.0, losses), 0.0), 1.0)
    bands = _read_bands(find_child(element, "ChannelSelection"), losses)
    contrast = find_child(element, "ContrastEnhancement")
    colour_map = find_child(element, "ColorMap")
    if colour_map is None:
        if len(bands) == 3:
            _report_contrast(contrast, losses)
            return RasterSymbolizer("ramp", (), opacity, bands)
        grey = find_child(element, "ChannelSelection", "GrayChannel", "ContrastEnhancement")
        return _read_grey(element, grey if grey is not None else contrast, opacity, bands, losses)
    _report_contrast(contrast, losses)
    scale, stops = _read_map(colour_map, losses)
    if scale not in ("ramp", "intervals", "values") or not stops:
        losses.add(colour_map, "the ColorMap has no entries of a known type; nothing is drawn")
        return None
    return RasterSymbolizer(cast(ColourScale, scale), tuple(stops), opacity, bands[:1])


def _read_map(colour_map: Element, losses: Losses) -> tuple[str, list[ColourStop]]:
    first = next(iter(children(colour_map)), None)
    name = local_name(first) if first is not None else ""
    if first is not None and name == "Categorize":
        return "intervals", _read_categorize(first, losses)
    if first is not None and name == "Interpolate":
        return "ramp", _read_interpolate(first, losses)
    if attribute(colour_map, "extended") == "true":
        losses.add(colour_map, "more than 256 colours are always drawn: 'extended' has no effect")
    return attribute(colour_map, "type") or "ramp", _read_entries(colour_map, losses)


def _read_bands(element: Element | None, losses: Losses) -> tuple[int, ...]:
    """Band numbers from 1 on: one (GrayChannel), or red, green and blue."""
    if element is None:
        return ()
    report_others(element, ("RedChannel", "GreenChannel", "BlueChannel", "GrayChannel"), losses)
    found: list[int] = []
    for child in sorted(children(element), key=local_name, reverse=True):  # red, green, blue
        text = read_text(find_child(child, "SourceChannelName"))
        if text.isdecimal() and 1 <= int(text) <= 999 and len(text) <= 3:
            found.append(int(text))
        else:
            losses.add(child, "SourceChannelName must be the number of a band; the selection is not used")
            return ()
        enhanced = find_child(child, "ContrastEnhancement")
        if local_name(child) != "GrayChannel" and enhanced is not None and children(enhanced):
            losses.add(enhanced, "the contrast of single colours stays")
    return tuple(found) if len(found) == 3 else tuple(found[:1])


def _report_contrast(element: Element | None, losses: Losses) -> None:
    if element is not None and children(element):
        losses.add(element, "contrast is enhanced for grey rasters without ColorMap only")


def _read_grey(
    element: Element, contrast: Element | None, opacity: float, bands: tuple[int, ...], losses: Losses
) -> RasterSymbolizer | None:
    """Grey from black to white between the limits Normalize gives, bent by GammaValue, Logarithmic or Exponential."""
    gamma, low, high, curve = 1.0, 0.0, 255.0, "linear"
    if contrast is not None:
        gamma = max(read_fixed(find_child(contrast, "GammaValue"), 1.0, losses), 0.01)
        method = next((child for child in children(contrast) if local_name(child) in ("Normalize", "Logarithmic", "Exponential")), None)
        if find_child(contrast, "Histogram") is not None:
            losses.add(contrast, "Histogram would need all values; the range is drawn evenly")
        if method is not None:
            curve = local_name(method).lower()
            options = read_vendor_options(method)
            limits = [read_numbers(options.get(name, "")) or (default,) for name, default in (("minValue", low), ("maxValue", high))]
            low, high = limits[0][0], limits[1][0]
    elif not bands:
        losses.add(element, "<RasterSymbolizer> has neither ColorMap nor ChannelSelection; nothing is drawn")
        return None
    if high <= low:
        losses.add(element, "maxValue must be larger than minValue; nothing is drawn")
        return None
    return RasterSymbolizer("ramp", tuple(_grey_stops(low, high, gamma, curve)), opacity, bands[:1])


def _grey_stops(low: float, high: float, gamma: float, curve: str) -> list[ColourStop]:
    count = 1 if gamma == 1.0 and curve in ("linear", "normalize") else _STEPS
    stops: list[ColourStop] = []
    for step in range(count + 1):
        part = step / count
        bent = {"logarithmic": math.log1p(part * (math.e - 1)), "exponential": math.expm1(part) / math.expm1(1)}.get(curve, part)
        level = round(255 * bent ** (1 / gamma))
        stops.append(ColourStop(low + (high - low) * part, f"#{level:02x}{level:02x}{level:02x}"))
    return stops


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
        colour = _check_colour(attribute(child, "color") or "", child, losses)
        stops.append(ColourStop(quantity[0], colour, min(max(opacity[0], 0.0), 1.0), split_title(label) if label else None))
    return stops


def _check_colour(text: str, element: Element, losses: Losses) -> str:
    if is_colour(text):
        return text.lower()
    losses.add(element, f"a colour must be written #rrggbb; {_GREY} is used")
    return _GREY


def _read_colour(element: Element | None, losses: Losses) -> str:
    if element is None:
        return _GREY
    return _check_colour(read_text(element) if is_constant(element) else "", element, losses)


def _read_categorize(element: Element, losses: Losses) -> list[ColourStop]:
    """Value, Threshold, Value, ...: each value holds up to the threshold after it; the last one without end."""
    report_others(element, ("LookupValue", "Value", "Threshold"), losses)
    colours = [_read_colour(child, losses) for child in children(element) if local_name(child) == "Value"]
    limits = [read_fixed(child, 0.0, losses) for child in children(element) if local_name(child) == "Threshold"]
    if len(colours) != len(limits) + 1:
        losses.add(element, "<Categorize> needs one Value more than Threshold")
        return []
    return [ColourStop(limit, colour) for limit, colour in zip([*limits, -LOWEST], colours, strict=True)]


def _read_interpolate(element: Element, losses: Losses) -> list[ColourStop]:
    report_others(element, ("LookupValue", "InterpolationPoint"), losses)
    stops = [
        ColourStop(read_fixed(find_child(child, "Data"), 0.0, losses), _read_colour(find_child(child, "Value"), losses))
        for child in children(element)
        if local_name(child) == "InterpolationPoint" and read_text(find_child(child, "Data"))
    ]
    mode = attribute(element, "mode") or "linear"
    if mode == "linear" or len(stops) < 2:
        return stops
    if mode != "cosine":
        losses.add(element, f"the mode {mode[:20]!r} is drawn as cosine")
    return [*_bend(stops), stops[-1]]


def _bend(stops: list[ColourStop]) -> list[ColourStop]:
    """Cosine interpolation as many short straight pieces."""
    bent: list[ColourStop] = []
    for first, last in pairwise(stops):
        for step in range(_STEPS):
            part = step / _STEPS
            weight = (1 - math.cos(math.pi * part)) / 2
            colour = "#" + "".join(f"{_mix(first.colour, last.colour, at, weight):02x}" for at in (1, 3, 5))
            bent.append(ColourStop(first.value + (last.value - first.value) * part, colour))
    return bent


def _mix(first: str, last: str, at: int, weight: float) -> int:
    low, high = int(first[at : at + 2], 16), int(last[at : at + 2], 16)
    return round(low + (high - low) * weight)
