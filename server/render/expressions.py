# SPDX-License-Identifier: MIT
"""The filter tree in Mapnik's expression language. Field names come from the layer, values are escaped; nothing else gets through."""

from __future__ import annotations

import re
from collections.abc import Mapping

from server.errors import ConfigError
from server.filter.tree import (
    And,
    Between,
    Comparison,
    Constant,
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
    Spatial,
    SpatialPair,
    Value,
    compares_moments,
)
from server.render.columns import Columns

NUMBERS = ("integer", "number", "link")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_OPERATORS = {"=": "=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_REGEX_SPECIAL = frozenset(".^$|()[]{}*+?\\/")

FieldTypes = Mapping[str, str]


def write_expression(node: Node, types: FieldTypes, columns: Columns | None = None) -> str:
    """The expression for a filter over fields of `types` (name to type of the layer file, 'link' for links).

    A comparison with an empty field does not hold, as in SQL. What the map engine cannot test becomes one of `columns`.
    Raises ConfigError for an unknown field or an operator no style may use.
    """
    if isinstance(node, And | Or):
        if not node.parts:
            return "true" if isinstance(node, And) else "false"
        word = " and " if isinstance(node, And) else " or "
        return "(" + word.join(write_expression(part, types, columns) for part in node.parts) + ")"
    if isinstance(node, Not):
        return f"(not {write_expression(node.part, types, columns)})"
    if (isinstance(node, Holds | Ids | Spatial | SpatialPair) or compares_moments(node)) and columns is not None:
        return f"([{columns.name(node)}] = true)"
    return _write_condition(node, types)


def write_string(text: str) -> str:
    """A string constant of the expression language: quoted, with quotes and backslashes escaped and control characters dropped."""
    kept = "".join(char for char in text if char.isprintable())
    return "'" + kept.replace("\\", "\\\\").replace("'", "\\'") + "'"


def write_field(name: str, types: FieldTypes) -> str:
    """A field reference; raises ConfigError when the layer has no such field."""
    if name not in types:
        raise ConfigError(f"A style asks for the field {name!r}, which the layer does not have.")
    return f"[{name}]"


def _write_condition(node: Node, types: FieldTypes) -> str:
    if isinstance(node, Comparison):
        return _write_comparison(node, types)
    if isinstance(node, Between):
        low = Comparison(">=", node.operand, node.low)
        high = Comparison("<=", node.operand, node.high)
        return f"({_write_comparison(low, types)} and {_write_comparison(high, types)})"
    if isinstance(node, In):
        return "(" + " or ".join(_write_comparison(Comparison("=", node.operand, Constant(value)), types) for value in node.values) + ")"
    if isinstance(node, IsNull):
        return f"({write_field(node.operand.name, types)} = null)"
    if isinstance(node, Like):
        flag = "" if node.match_case else "(?i)"
        return f"({write_field(node.operand.name, types)}.match({write_string(flag + _write_regex(node.pattern))}))"
    raise ConfigError(f"A style cannot use the operator {type(node).__name__}.")


def _write_comparison(node: Comparison, types: FieldTypes) -> str:
    kind = next((types.get(side.name) for side in (node.left, node.right) if isinstance(side, Property)), None)
    if not node.match_case and node.operator == "=" and isinstance(node.left, Property) and isinstance(node.right, Constant):
        literal = "".join(f"\\{char}" if char in _REGEX_SPECIAL else char for char in str(node.right.value))
        return f"({write_field(node.left.name, types)}.match({write_string('(?i)' + literal)}))"
    sides = [_write_operand(side, kind, types) for side in (node.left, node.right)]
    guards = [f"{_write_operand(side, kind, types)} != null and " for side in (node.left, node.right) if isinstance(side, Property)]
    guard = "" if node.operator == "=" else "".join(guards)
    return f"({guard}{sides[0]} {_OPERATORS[node.operator]} {sides[1]})"


def _write_operand(operand: Operand, kind: str | None, types: FieldTypes) -> str:
    if isinstance(operand, Property):
        return write_field(operand.name, types)
    if not isinstance(operand, Constant):
        raise ConfigError("A style compares fields and values only.")
    return _write_value(operand.value, kind)


def _write_value(value: Value, kind: str | None) -> str:
    """A constant of the type of the field it is compared with (literals of SLD are text)."""
    if value is None:
        return "null"
    text = str(value).strip()
    if kind in NUMBERS:
        if not _NUMBER.fullmatch(text):
            raise ConfigError(f"A style compares a number with {text[:40]!r}.")
        return text
    if kind == "boolean":
        if text.lower() not in ("true", "false", "1", "0"):
            raise ConfigError(f"A style compares a yes/no field with {text[:40]!r}.")
        return "true" if text.lower() in ("true", "1") else "false"
    return write_string(str(value))


def _write_regex(pattern: str) -> str:
    """A LIKE pattern (`%`, `_`, backslash escapes) as a regular expression that matches the whole text."""
    out: list[str] = []
    escaped = False
    for char in pattern:
        if escaped or char not in "%_\\":
            out.append(f"\\{char}" if char in _REGEX_SPECIAL else char)
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            out.append(".*" if char == "%" else ".")
    return "".join(out)
