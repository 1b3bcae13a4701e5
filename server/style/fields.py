# SPDX-License-Identifier: MIT
"""Which fields of a layer a style looks at: in filters, labels and the drawing order."""

from __future__ import annotations

from collections.abc import Iterator

from server.filter.tree import And, Between, Comparison, In, IsNull, Like, Node, Not, Operand, Or, Property
from server.style.model import FeatureTypeStyle, Style, TextSymbolizer


def used_fields(style: Style) -> tuple[str, ...]:
    """Names of the fields the style needs, sorted, each once."""
    return tuple(sorted({name for one in style.passes for name in _pass_fields(one)}))


def _pass_fields(one: FeatureTypeStyle) -> Iterator[str]:
    if one.sort_by:
        yield one.sort_by[0]
    for rule in one.rules:
        if rule.where is not None:
            yield from filter_fields(rule.where)
        for symbolizer in rule.symbolizers:
            if isinstance(symbolizer, TextSymbolizer):
                yield from (part.name for part in symbolizer.label if isinstance(part, Property))


def filter_fields(node: Node) -> Iterator[str]:
    """Names of the fields a filter compares, with repetitions."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from filter_fields(part)
    elif isinstance(node, Not):
        yield from filter_fields(node.part)
    elif isinstance(node, Comparison):
        yield from _operand_fields(node.left, node.right)
    elif isinstance(node, Between):
        yield from _operand_fields(node.operand, node.low, node.high)
    elif isinstance(node, Like | In | IsNull):
        yield node.operand.name


def _operand_fields(*operands: Operand) -> Iterator[str]:
    return (operand.name for operand in operands if isinstance(operand, Property))
