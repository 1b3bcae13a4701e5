# SPDX-License-Identifier: MIT
"""Formulas and filters of a style in the expression language of the MapLibre Style Specification (version 8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from server.filter.tree import (
    And,
    Between,
    Calculation,
    Comparison,
    Constant,
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
    compares_moments,
)
from server.style.elements import is_colour, is_number

Expression = Any
_COMPARISONS = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_DECIMALS = re.compile(r"\.([#0]*)")


class NotInBrowsers(Exception):
    """Something the browser cannot work out; the message says what."""


@dataclass(frozen=True)
class Fields:
    """Which fields of the vector tiles hold numbers and which hold yes or no; all others are texts."""

    numbers: Collection[str] = ()
    booleans: Collection[str] = ()

    def is_number(self, formula: Formula) -> bool:
        """Whether a formula answers a number without being asked to."""
        if isinstance(formula, Property):
            return formula.name in self.numbers
        if isinstance(formula, Constant):
            return isinstance(formula.value, int | float) and not isinstance(formula.value, bool)
        return formula.name in _NUMERIC


def write_value(formula: Formula, fields: Fields) -> Expression:
    """A formula as an expression. Raises NotInBrowsers."""
    if isinstance(formula, Property):
        return ["id"] if formula.name == "id" else ["get", formula.name]
    if isinstance(formula, Constant):
        return formula.value if isinstance(formula.value, int | float | str) else ""
    writer = _WRITERS.get(formula.name)
    if writer is None:
        raise NotInBrowsers(f"{formula.name!r} is not worked out in browsers")
    return writer(formula, fields)


def write_text(formula: Formula, fields: Fields) -> Expression:
    """A formula as text; nothing for an empty field."""
    value = write_value(formula, fields)
    return value if isinstance(value, str) else ["to-string", value]


def write_number(formula: Formula, fields: Fields) -> Expression:
    """A formula as a number. Raises NotInBrowsers."""
    if isinstance(formula, Constant):
        text = str(formula.value).strip()
        return float(text) if is_number(text) else 0.0
    value = write_value(formula, fields)
    return value if isinstance(formula, Calculation) and formula.name in _NUMERIC else ["to-number", value, 0]


def write_condition(node: Node, fields: Fields) -> Expression:
    """A filter as an expression; a comparison with an empty field does not hold. Raises NotInBrowsers."""
    if isinstance(node, And | Or):
        return ["all" if isinstance(node, And) else "any", *(write_condition(part, fields) for part in node.parts)]
    if isinstance(node, Not):
        return _negate(write_condition(node.part, fields))
    if isinstance(node, Comparison) and not compares_moments(node):
        return _write_comparison(node.operator, node.left, node.right, fields, match_case=node.match_case)
    if isinstance(node, Between):
        sides = ((">=", node.low), ("<=", node.high))
        return ["all", *(_write_comparison(operator, node.operand, limit, fields) for operator, limit in sides)]
    if isinstance(node, Like):
        return _write_like(["to-string", write_value(node.operand, fields)], node.pattern, match_case=node.match_case)
    if isinstance(node, In):
        return ["any", *(_write_comparison("=", node.operand, Constant(value), fields) for value in node.values)]
    if isinstance(node, IsNull):
        return ["!", ["has", node.operand.name]]
    if isinstance(node, Ids):
        return ["in", ["id"], ["literal", list(node.ids)]]
    if isinstance(node, Holds):
        return ["to-boolean", write_value(node.calculation, fields)]
    raise NotInBrowsers("places and times are not compared in browsers")


def _negate(condition: Expression) -> Expression:
    """The opposite of a condition, with `!` before its leaves alone: QGIS drops filters that have it before `all` and `any`."""
    operator, *parts = condition
    if operator in ("all", "any"):
        return ["any" if operator == "all" else "all", *map(_negate, parts)]
    if operator == "!":
        return parts[0]
    return [_OPPOSITES[operator], *parts] if operator in _OPPOSITES else ["!", condition]


def _write_comparison(operator: str, left: Operand, right: Operand, fields: Fields, *, match_case: bool = True) -> Expression:
    named = [side.name for side in (left, right) if isinstance(side, Property) and side.name != "id"]
    guards = [["has", name] for name in named]
    if any(name in fields.booleans for name in named):
        sides = [_write_boolean(side, fields) for side in (left, right)]
    elif any(fields.is_number(side) for side in (left, right)) or "id" in (getattr(left, "name", ""), getattr(right, "name", "")):
        sides = [write_number(side, fields) for side in (left, right)]
    else:
        sides = [write_text(side, fields) for side in (left, right)]
        sides = sides if match_case else [["downcase", side] for side in sides]
    return ["all", *guards, [_COMPARISONS[operator], *sides]]


def _write_boolean(side: Operand, fields: Fields) -> Expression:
    if isinstance(side, Constant):
        return str(side.value).strip().lower() in ("true", "1")
    return ["to-boolean", write_value(side, fields)]


def _write_like(text: Expression, pattern: str, *, match_case: bool) -> Expression:
    """Patterns of fixed pieces with `%` between them; the order of more than two pieces is not looked at. Raises NotInBrowsers."""
    pieces = _split_pattern(pattern if match_case else pattern.lower())
    text = text if match_case else ["downcase", text]
    if len(pieces) == 1:
        return ["==", text, pieces[0]]
    first, *middle, last = pieces
    tests: list[Expression] = [["in", piece, text] for piece in middle if piece]
    if first:
        tests.append(["==", ["slice", text, 0, len(first)], first])
    if last:
        tests.append(["all", [">=", ["length", text], len(first) + len(last)], ["==", ["slice", text, -len(last)], last]])
    return ["all", *tests]


def _split_pattern(pattern: str) -> list[str]:
    pieces, escaped = [""], False
    for char in pattern:
        if escaped or char not in "%_\\":
            pieces[-1] += char
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "%":
            pieces.append("")
        else:
            raise NotInBrowsers("patterns with a sign for one letter are not looked for in browsers")
    return pieces


def _numbers(operator: str) -> Callable[[Calculation, Fields], Expression]:
    return lambda call, fields: [operator, *(write_number(one, fields) for one in call.arguments)]


def _texts(operator: str) -> Callable[[Calculation, Fields], Expression]:
    return lambda call, fields: [operator, *(write_text(one, fields) for one in call.arguments)]


def _plain(call: Calculation, fields: Fields) -> Expression:
    return write_text(call.arguments[0], fields)


def _format_number(call: Calculation, fields: Fields) -> Expression:
    pattern = str(getattr(call.arguments[1], "value", ""))
    decimals = (_DECIMALS.search(pattern) or ["", ""])[1]
    comma = len(call.arguments) > 2 and getattr(call.arguments[2], "value", ".") == ","
    options = {
        "locale": "vi" if comma else "en",
        "min-fraction-digits": decimals.count("0"),
        "max-fraction-digits": len(decimals),
    }
    return ["number-format", write_number(call.arguments[0], fields), options]


def _clamp(call: Calculation, fields: Fields) -> Expression:
    value, otherwise, low, high = call.arguments
    inner = write_value(value, fields)
    return ["max", write_number(low, fields), ["min", write_number(high, fields), ["to-number", inner, write_number(otherwise, fields)]]]


def _results(values: tuple[Formula, ...], fields: Fields) -> list[Expression]:
    """Results of a choice: numbers when all are, else texts."""
    if all(fields.is_number(one) or (isinstance(one, Constant) and is_number(str(one.value).strip())) for one in values):
        return [write_number(one, fields) for one in values]
    return [write_text(one, fields) for one in values]


def _recode(call: Calculation, fields: Fields) -> Expression:
    value, results = call.arguments[0], _results(call.arguments[2::2], fields)
    keys = [str(getattr(one, "value", "")).strip() for one in call.arguments[1::2]]
    shown: list[Expression] = [float(key) if is_number(key) else key for key in keys] if fields.is_number(value) else list(keys)
    looked_up = write_number(value, fields) if fields.is_number(value) else write_text(value, fields)
    tests: list[Expression] = []
    for key, result in zip(shown, results, strict=True):
        tests += [["==", looked_up, key], result]
    return ["case", *tests, 0 if results and not isinstance(results[0], str | list) else ""]


def _categorize(call: Calculation, fields: Fields) -> Expression:
    results = _results(call.arguments[1::2], fields)
    limits = [write_number(one, fields) for one in call.arguments[2::2]]
    stops: list[Expression] = []
    for limit, result in zip(limits, results[1:], strict=True):
        stops += [limit, result]
    return ["step", write_number(call.arguments[0], fields), results[0], *stops] if stops else results[0]


def _interpolate(call: Calculation, fields: Fields) -> Expression:
    stops: list[Expression] = []
    for data, result in zip(call.arguments[1::2], call.arguments[2::2], strict=True):
        text = str(getattr(result, "value", "")).strip()
        stops += [write_number(data, fields), ["to-color", text] if is_colour(text) else write_number(result, fields)]
    return ["interpolate", ["linear"], write_number(call.arguments[0], fields), *stops]


def _if(call: Calculation, fields: Fields) -> Expression:
    return ["case", ["to-boolean", write_value(call.arguments[0], fields)], *_results(call.arguments[1:], fields)]


def _compare(call: Calculation, fields: Fields) -> Expression:
    left, right = call.arguments
    if any(fields.is_number(one) for one in call.arguments):
        return [_COMPARISONS[call.name], write_number(left, fields), write_number(right, fields)]
    return [_COMPARISONS[call.name], write_text(left, fields), write_text(right, fields)]


def _logic(operator: str) -> Callable[[Calculation, Fields], Expression]:
    return lambda call, fields: [operator, *(["to-boolean", write_value(one, fields)] for one in call.arguments)]


def _in(call: Calculation, fields: Fields) -> Expression:
    return ["any", *(_compare(Calculation("=", (call.arguments[0], one)), fields) for one in call.arguments[1:])]


def _like(call: Calculation, fields: Fields) -> Expression:
    pattern = str(getattr(call.arguments[1], "value", ""))
    return _write_like(write_text(call.arguments[0], fields), pattern, match_case=call.name == "like")


def _substring(call: Calculation, fields: Fields) -> Expression:
    return ["slice", write_text(call.arguments[0], fields), *(write_number(one, fields) for one in call.arguments[1:])]


def _starts(call: Calculation, fields: Fields) -> Expression:
    text, piece = (write_text(one, fields) for one in call.arguments)
    return ["==", ["index-of", piece, text], 0]


_WRITERS: dict[str, Callable[[Calculation, Fields], Expression]] = {
    "concat": _texts("concat"),
    "upper": _texts("upcase"),
    "lower": _texts("downcase"),
    "trim": _plain,
    "substring": _substring,
    "length": _texts("length"),
    "position": lambda call, fields: ["index-of", write_text(call.arguments[1], fields), write_text(call.arguments[0], fields)],
    "starts": _starts,
    "format_number": _format_number,
    "format_date": _plain,
    "add": _numbers("+"),
    "subtract": _numbers("-"),
    "multiply": _numbers("*"),
    "divide": _numbers("/"),
    "modulo": _numbers("%"),
    "power": _numbers("^"),
    "min": _numbers("min"),
    "max": _numbers("max"),
    **{name: _numbers(name) for name in ("sqrt", "round", "floor", "ceil", "abs")},
    "number": lambda call, fields: ["to-number", write_value(call.arguments[0], fields), 0],
    "clamp": _clamp,
    "colour": lambda call, fields: ["to-color", write_value(call.arguments[0], fields), write_value(call.arguments[1], fields)],
    "if": _if,
    "coalesce": lambda call, fields: ["coalesce", *(write_value(one, fields) for one in call.arguments)],
    "recode": _recode,
    "categorize": _categorize,
    "categorize_up_to": _categorize,
    "interpolate": _interpolate,
    **dict.fromkeys(_COMPARISONS, _compare),
    "and": _logic("all"),
    "or": _logic("any"),
    "not": _logic("!"),
    "is_null": lambda call, fields: ["==", write_value(call.arguments[0], fields), None],
    "in": _in,
    "like": _like,
    "like_any_case": _like,
}
_COUNTED = ("length", "position", "min", "max", "number", "clamp")
_SUMS = ("add", "subtract", "multiply", "divide", "modulo", "power", "sqrt", "round", "floor", "ceil", "abs")
_NUMERIC = frozenset((*_COUNTED, *_SUMS))
