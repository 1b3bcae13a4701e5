# SPDX-License-Identifier: MIT
"""Point, line and polygon symbolizers of SLD 1.0 and SE 1.1."""

from __future__ import annotations

from dataclasses import replace

from server.style.elements import Losses, find_child, read_fixed, read_numbers, read_vendor_options, report_others
from server.style.expressions import PROPERTY_NAMES
from server.style.model import Fill, LineSymbolizer, Place, PointSymbolizer, PolygonSymbolizer, Stroke, Unit
from server.style.support import VENDOR_OPTIONS
from server.style.symbols import read_displacement, read_fill, read_graphic, read_stroke
from server.style.values import Drive
from server.xmlio.parse import Element, attribute, children, local_name

COMMON = ("Name", "Title", "Abstract", "Description", "VendorOption", "Geometry")
_UNITS: dict[str, Unit] = {"pixel": "pixel", "metre": "metre", "meter": "metre", "foot": "foot"}
# Functions over the geometry that say where on it a symbol stands.
_PLACES: dict[str, Place] = {
    "centroid": "centroid",
    "interiorpoint": "interior",
    "pointonsurface": "interior",
    "vertices": "vertices",
    "startpoint": "start",
    "endpoint": "end",
}


def check_options(element: Element, known: set[str], losses: Losses) -> dict[str, str]:
    """The vendor options of a symbolizer; those without effect here are reported."""
    options = read_vendor_options(element)
    for name in options.keys() - known:
        note = VENDOR_OPTIONS[name].note if name in VENDOR_OPTIONS else "not known"
        losses.add(element, f"VendorOption {name!r} has no effect here ({note or 'not in this symbolizer'})")
    return options


def read_unit(element: Element, losses: Losses) -> Unit:
    """The unit of all lengths of a symbolizer (SE 1.1 `uom`), pixels when nothing is said."""
    unit = attribute(element, "uom")
    if unit is None:
        return "pixel"
    word = unit.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    if word not in _UNITS:
        losses.add(element, f"sizes in {word[:40]!r} are drawn as pixels")
    return _UNITS.get(word, "pixel")


def read_place(element: Element, losses: Losses, *, point: bool = False) -> Place:
    """Where on its geometry a symbol stands; for symbolizers other than points every function is reported."""
    geometry = find_child(element, "Geometry")
    inner = children(geometry)[0] if geometry is not None and len(children(geometry)) == 1 else None
    if inner is None or local_name(inner) in PROPERTY_NAMES:
        # a layer has one geometry, whatever the file calls it
        return "own"
    name = (attribute(inner, "name") or "").strip()
    place = _PLACES.get(name.lower().replace("_", ""))
    if place is None or not point:
        losses.add(inner, f"the geometry is not changed by {name[:40]!r}; the feature's own is drawn")
        return "own"
    return place


def read_point(element: Element, losses: Losses) -> PointSymbolizer:
    """A PointSymbolizer."""
    report_others(element, (*COMMON, "Graphic"), losses)
    options = check_options(element, {"conflictResolution"}, losses)
    graphic = find_child(element, "Graphic")
    if graphic is None:
        losses.add(element, "<PointSymbolizer> has no Graphic; the standard's grey square is drawn")
    return PointSymbolizer(
        read_graphic(graphic if graphic is not None else element, losses),
        options.get("conflictResolution") == "true",
        read_place(element, losses, point=True),
        read_unit(element, losses),
    )


def read_line(element: Element, losses: Losses) -> LineSymbolizer:
    """A LineSymbolizer."""
    report_others(element, (*COMMON, "Stroke", "PerpendicularOffset"), losses)
    read_place(element, losses)
    check_options(element, set(), losses)
    stroke = find_child(element, "Stroke")
    drive = Drive(losses)
    return LineSymbolizer(
        stroke=read_stroke(stroke, losses) if stroke is not None else Stroke(),
        offset=drive.number(find_child(element, "PerpendicularOffset"), "offset", 0.0, "signed"),
        driven=drive.driven,
        unit=read_unit(element, losses),
    )


def read_polygon(element: Element, losses: Losses) -> PolygonSymbolizer:
    """A PolygonSymbolizer; neither Fill nor Stroke draws nothing, as the standard says."""
    report_others(element, (*COMMON, "Fill", "Stroke", "Displacement", "PerpendicularOffset"), losses)
    read_place(element, losses)
    options = check_options(element, {"graphic-margin", "distance"}, losses)
    fill_element, stroke = find_child(element, "Fill"), find_child(element, "Stroke")
    fill = read_fill(fill_element, losses, _read_margin(element, options, losses)) if fill_element is not None else None
    return PolygonSymbolizer(
        fill=_space(fill, options) if fill is not None else None,
        stroke=read_stroke(stroke, losses) if stroke is not None else None,
        displacement=read_displacement(find_child(element, "Displacement"), losses),
        offset=read_fixed(find_child(element, "PerpendicularOffset"), 0.0, losses),
        unit=read_unit(element, losses),
    )


def _space(fill: Fill, options: dict[str, str]) -> Fill:
    """QGIS writes from centre to centre what is otherwise free room: `distance` = two numbers, across and along."""
    numbers = read_numbers(options.get("distance", ""))
    if not numbers or len(numbers) != 2 or fill.pattern is None or not all(0 < number <= 1000 for number in numbers):
        return fill
    across, along = (max(number - fill.pattern.size, 0.0) / 2 for number in numbers)
    return replace(fill, margin=(along, across, along, across))


def _read_margin(element: Element, options: dict[str, str], losses: Losses) -> tuple[float, float, float, float]:
    """One to four numbers, as margins of CSS."""
    numbers = read_numbers(options.get("graphic-margin", ""))
    if numbers is None or len(numbers) > 4 or any(not 0 <= number <= 500 for number in numbers):
        losses.add(element, "graphic-margin must be one to four numbers")
        return (0.0, 0.0, 0.0, 0.0)
    top = numbers[0] if numbers else 0.0
    right = numbers[1] if len(numbers) > 1 else top
    bottom = numbers[2] if len(numbers) > 2 else top
    return (top, right, bottom, numbers[3] if len(numbers) > 3 else right)
