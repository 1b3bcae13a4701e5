# SPDX-License-Identifier: MIT
"""What lets a client leave classes of a legend out of the map: each class as a condition."""

from __future__ import annotations

from typing import Any

from server.catalog.model import Layer
from server.filter.cql2_write import NotWritten, write_cql2
from server.filter.tree import And, IsNull, Node, Not, Or, Property
from server.render.legend import LegendEntry
from server.style.fields import filter_fields
from server.style.maplibre_values import NotInBrowsers, write_condition
from server.style.model import Style
from server.tiles.webstyles import find_fields
from server.wms.shown import rule_where


def describe_switch(layer: Layer, style: Style, entry: LegendEntry) -> dict[str, Any]:
    """`without`: CQL2 text of all features but those of the class; `condition`: the class as an expression of the MapLibre Style
    Specification. Both null for a class that is drawn of everything, and for conditions that cannot be passed on.
    """
    nothing: dict[str, Any] = {"without": None, "condition": None}
    where = rule_where(style, entry.rule, None)
    if where is None or not layer.has_geometry:
        return nothing
    fields = find_fields(layer)
    try:
        return {
            "without": write_cql2(_without(where, is_else=entry.rule.is_else), fields.numbers),
            "condition": write_condition(where, fields),
        }
    except (NotWritten, NotInBrowsers):
        return nothing


def _without(where: Node, *, is_else: bool) -> Node:
    """Everything but a class: a feature with an empty field is in no class that compares it, and so stays."""
    if is_else:
        return Not(where)
    tested = set(_tested(where))
    empty = tuple(IsNull(Property(name)) for name in dict.fromkeys(filter_fields(where)) if name not in tested and name != "id")
    return Or((Not(where), *empty)) if empty else Not(where)


def _tested(node: Node) -> list[str]:
    """Fields of which the condition asks whether they are empty."""
    if isinstance(node, And | Or):
        return [name for part in node.parts for name in _tested(part)]
    if isinstance(node, Not):
        return _tested(node.part)
    return [node.operand.name] if isinstance(node, IsNull) else []
