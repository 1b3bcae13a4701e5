# SPDX-License-Identifier: MIT
"""Which fields of a layer a style looks at: in filters, labels and the drawing order."""

from __future__ import annotations

from collections.abc import Iterator

from server.filter.tree import (
    And,
    Between,
    Calculation,
    Comparison,
    Formula,
    Holds,
    Ids,
    In,
    IsNull,
    Like,
    Node,
    Not,
    Operand,
    Or,
    Property,
)
from server.style.model import (
    Driven,
    FeatureTypeStyle,
    Graphic,
    LineSymbolizer,
    Mark,
    PointSymbolizer,
    PolygonSymbolizer,
    Stroke,
    Style,
    Symbolizer,
    TextSymbolizer,
)


def used_fields(style: Style) -> tuple[str, ...]:
    """Names of the fields the style needs, sorted, each once."""
    return tuple(sorted({name for one in style.passes for name in _pass_fields(one)}))


def _pass_fields(one: FeatureTypeStyle) -> Iterator[str]:
    yield from (name for name, _ in one.sort_by)
    for rule in one.rules:
        if rule.where is not None:
            yield from filter_fields(rule.where)
        for symbolizer in rule.symbolizers:
            for formula in formulas(symbolizer):
                yield from formula_fields(formula)


def formulas(symbolizer: Symbolizer) -> Iterator[Formula]:
    """Every field and calculation a symbolizer looks at."""
    if isinstance(symbolizer, PointSymbolizer):
        yield from _graphic_formulas(symbolizer.graphic)
    elif isinstance(symbolizer, LineSymbolizer):
        yield from _values(symbolizer.driven)
        yield from _stroke_formulas(symbolizer.stroke)
    elif isinstance(symbolizer, PolygonSymbolizer):
        yield from _values(symbolizer.fill.driven if symbolizer.fill else ())
        yield from _stroke_formulas(symbolizer.stroke)
    elif isinstance(symbolizer, TextSymbolizer):
        yield from (part for part in symbolizer.label if not isinstance(part, str))
        yield from _values(symbolizer.driven)
        if symbolizer.priority is not None:
            yield symbolizer.priority


def list_graphics(style: Style) -> Iterator[Graphic]:
    """Every symbol, pattern and legend picture of a style."""
    for rule in style.rules:
        if rule.legend is not None:
            yield rule.legend
        for symbolizer in rule.symbolizers:
            yield from _symbolizer_graphics(symbolizer)


def _symbolizer_graphics(symbolizer: Symbolizer) -> Iterator[Graphic]:
    if isinstance(symbolizer, PointSymbolizer | TextSymbolizer):
        if symbolizer.graphic is not None:
            yield symbolizer.graphic
    elif isinstance(symbolizer, PolygonSymbolizer) and symbolizer.fill is not None and symbolizer.fill.pattern is not None:
        yield symbolizer.fill.pattern
    stroke = symbolizer.stroke if isinstance(symbolizer, LineSymbolizer | PolygonSymbolizer) else None
    if stroke is not None and stroke.symbols is not None:
        yield stroke.symbols.graphic


def _values(driven: Driven) -> Iterator[Formula]:
    return (formula for _, formula in driven)


def _graphic_formulas(graphic: Graphic) -> Iterator[Formula]:
    yield from _values(graphic.driven)
    if isinstance(graphic.symbol, Mark):
        yield from _values(graphic.symbol.driven)
        yield from _stroke_formulas(graphic.symbol.stroke)


def _stroke_formulas(stroke: Stroke | None) -> Iterator[Formula]:
    if stroke is not None:
        yield from _values(stroke.driven)
        if stroke.symbols is not None:
            yield from _graphic_formulas(stroke.symbols.graphic)


def formula_fields(formula: Formula) -> Iterator[str]:
    """Names of the fields a formula looks at, with repetitions; the geometry is none of them."""
    if isinstance(formula, Property):
        yield formula.name
    elif isinstance(formula, Calculation):
        for argument in formula.arguments:
            yield from formula_fields(argument)


def filter_fields(node: Node) -> Iterator[str]:
    """Names of the fields a filter compares, with repetitions."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from filter_fields(part)
    elif isinstance(node, Not):
        yield from filter_fields(node.part)
    elif isinstance(node, Holds):
        yield from formula_fields(node.calculation)
    elif isinstance(node, Comparison):
        yield from _operand_fields(node.left, node.right)
    elif isinstance(node, Between):
        yield from _operand_fields(node.operand, node.low, node.high)
    elif isinstance(node, Like | In | IsNull):
        yield node.operand.name
    elif isinstance(node, Ids):
        yield "id"


def _operand_fields(*operands: Operand) -> Iterator[str]:
    return (operand.name for operand in operands if isinstance(operand, Property))
