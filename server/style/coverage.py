# SPDX-License-Identifier: MIT
"""What a style makes of the points of its layer: whether it leaves some out, and how much ground each covers at least."""

from __future__ import annotations

from dataclasses import dataclass

from server.filter.tree import And, Node, Not, Or, Spatial
from server.style.model import Graphic, Mark, PointSymbolizer, Style, TextSymbolizer
from server.style.units import has_ground_units


@dataclass(frozen=True)
class Traits:
    """What a map has to know of a style before it is drawn; found out once, because it takes a walk through all rules."""

    has_ground_units: bool
    looks_at_places: bool
    paints_everything: bool
    smallest_symbol: float


def find_traits(style: Style) -> Traits:
    """The traits of a style."""
    return Traits(has_ground_units(style), looks_at_places(style), paints_everything(style), smallest_symbol(style))


def looks_at_places(style: Style) -> bool:
    """Whether some rule asks where a feature is."""
    return any(rule.where is not None and _holds_place(rule.where) for rule in style.rules)


def _holds_place(node: Node) -> bool:
    if isinstance(node, And | Or):
        return any(_holds_place(part) for part in node.parts)
    return _holds_place(node.part) if isinstance(node, Not) else isinstance(node, Spatial)


def paints_everything(style: Style) -> bool:
    """Whether some pass has a rule for every feature: one without a condition, or one for those no other rule took."""
    return any(rule.on_map and (rule.is_else or rule.where is None) for one in style.passes for rule in one.rules)


def smallest_symbol(style: Style) -> float:
    """Width in pixels that every point covers at least; 0.0 where it depends on the feature or the scale, or labels choose who is shown."""
    painted = [one for rule in style.rules if rule.on_map for one in rule.symbolizers]
    if has_ground_units(style) or any(isinstance(one, TextSymbolizer) and one.priority is not None for one in painted):
        return 0.0
    symbols = [one for one in painted if isinstance(one, PointSymbolizer)]
    return min((_width(one.graphic) for one in symbols), default=0.0)


def _width(graphic: Graphic) -> float:
    """Half of an outline lies outside the shape, on both sides."""
    outline = graphic.symbol.stroke if isinstance(graphic.symbol, Mark) else None
    return 0.0 if is_driven(graphic) else graphic.size + (outline.width if outline else 0.0)


def is_driven(graphic: Graphic) -> bool:
    """Whether anything of a symbol depends on the feature, so that it cannot be drawn once for all."""
    mark = graphic.symbol if isinstance(graphic.symbol, Mark) else Mark()
    return bool(graphic.driven or mark.driven or (mark.stroke is not None and mark.stroke.driven))
