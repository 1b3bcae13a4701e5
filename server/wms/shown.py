# SPDX-License-Identifier: MIT
"""What a style shows of a layer at a scale, as conditions for the database: nobody shall hit, or find in a legend, what is not drawn."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.model import Layer
from server.crs.extent import Extent
from server.filter.tree import IsNull, Node, Not, Or, Property
from server.render.scales import METRES_PER_DEGREE, PIXEL_M
from server.style.fields import filter_fields
from server.style.model import FeatureTypeStyle, LineSymbolizer, PointSymbolizer, PolygonSymbolizer, Rule, Style
from server.style.units import has_ground_units, in_pixels

NOTHING = Or(())


def scale_of(extent: Extent, width: int, ratio: float) -> float:
    """The scale denominator of a map `width` pixels wide as the map engine reckons it: pixels of 0.28 mm, degrees as at the equator."""
    metres = extent.width * (METRES_PER_DEGREE if extent.crs.kind == "geographic" else 1.0)
    return metres / width / PIXEL_M * ratio


def is_visible(layer: Layer, scale: float) -> bool:
    """Whether the layer file lets the layer be drawn at the scale."""
    return (layer.scale.min or 0.0) <= scale < (layer.scale.max or float("inf"))


def shown_where(style: Style, scale: float) -> Node | None:
    """The features any rule draws at the scale: None = all of them, `NOTHING` = none."""
    parts: list[Node] = []
    for one in style.passes:
        rules = list(_active(one, scale))
        # What no other rule takes, this one does.
        if any(rule.where is None or rule.is_else for rule in rules):
            return None
        parts += [rule.where for rule in rules if rule.where is not None]
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def rule_where(style: Style, rule: Rule, scale: float | None) -> Node | None:
    """The features a rule of the style draws; for ElseFilter those the other rules of its pass leave (None = all)."""
    if not rule.is_else:
        return rule.where
    siblings = next((one for one in style.passes if rule in one.rules), FeatureTypeStyle(()))
    others = [other.where for other in _active(siblings, scale) if other.where is not None and not other.is_else]
    if not others:
        return None
    # A comparison with an empty field holds neither way; such features are what ElseFilter is there for.
    empty = tuple(IsNull(Property(name)) for name in dict.fromkeys(name for node in others for name in filter_fields(node)))
    return Or((Not(Or(tuple(others))), *empty))


def reach_pixels(layer: Layer, style: Style, scale: float) -> float:
    """How far from a pixel a feature still counts, in pixels of 0.28 mm: half of what is drawn there, and a hand's tremble."""
    if has_ground_units(style):
        style = in_pixels(style, scale * PIXEL_M)
    kind = "point" if "point" in layer.geometry else "line" if "line" in layer.geometry else "polygon"
    drawn = [_half_size(one) for passed in style.passes for rule in _active(passed, scale) for one in rule.symbolizers]
    return max(drawn, default=0.0) + _SLACK_PIXELS[kind]


# A pointer is not exact: so much around a symbol, a line, the edge of an area.
_SLACK_PIXELS = {"point": 3.0, "line": 3.0, "polygon": 0.5}


def _active(one: FeatureTypeStyle, scale: float | None) -> Iterator[Rule]:
    """The rules of a pass that draw at the scale (None = at any)."""
    for rule in one.rules:
        in_scale = scale is None or (rule.min_scale or 0.0) <= scale < (rule.max_scale or float("inf"))
        if rule.on_map and in_scale:
            yield rule


def _half_size(one: object) -> float:
    """How far a symbolizer reaches beyond the geometry."""
    if isinstance(one, PointSymbolizer):
        return one.graphic.size / 2 + max(map(abs, one.graphic.displacement))
    if isinstance(one, LineSymbolizer):
        return one.stroke.width / 2 + abs(one.offset)
    if isinstance(one, PolygonSymbolizer) and one.stroke is not None:
        return one.stroke.width / 2
    return 0.0
