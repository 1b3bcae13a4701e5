# SPDX-License-Identifier: MIT
"""Whether a style leaves features of its layer out."""

from __future__ import annotations

from server.filter.tree import And, Node, Not, Or, Spatial
from server.style.model import Style


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
