# SPDX-License-Identifier: MIT
"""A filter tree as CQL2 text (OGC 21-065r2), for clients that pass a condition of ours back to us."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime

from server.filter.tree import And, Between, Comparison, Constant, In, IsNull, Like, Node, Not, Operand, Or, Property, Value

_PLAIN = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


class NotWritten(Exception):
    """A condition that is not written as CQL2 text; the message says which."""


def write_cql2(node: Node, numbers: Collection[str] = ()) -> str:
    """The tree as text that `read_cql2_text` reads; texts compared with the fields `numbers` are written as numbers. Raises NotWritten.

    Names are always quoted, so that none is a word of the language.
    """
    if isinstance(node, And | Or):
        if not node.parts:
            raise NotWritten("an empty list of conditions")
        word = " AND " if isinstance(node, And) else " OR "
        return "(" + word.join(write_cql2(part, numbers) for part in node.parts) + ")"
    if isinstance(node, Not):
        return f"NOT ({write_cql2(node.part, numbers)})"
    if isinstance(node, Comparison) and node.match_case and node.match_accents:
        left, right = _pair(node.left, node.right, numbers)
        return f"{left} {node.operator} {right}"
    if isinstance(node, Between):
        (operand, low), (_, high) = _pair(node.operand, node.low, numbers), _pair(node.operand, node.high, numbers)
        return f"({operand} >= {low} AND {operand} <= {high})"
    if isinstance(node, In) and node.values:
        is_number = node.operand.name in numbers
        return f"{_name(node.operand)} IN ({', '.join(_value(value, is_number=is_number) for value in node.values)})"
    if isinstance(node, Like) and node.match_case and node.match_accents:
        return f"{_name(node.operand)} LIKE {_value(node.pattern)}"
    if isinstance(node, IsNull):
        return f"{_name(node.operand)} IS NULL"
    raise NotWritten(f"{type(node).__name__} is not written as CQL2 text")


def _pair(left: Operand, right: Operand, numbers: Collection[str]) -> tuple[str, str]:
    is_number = any(isinstance(side, Property) and side.name in numbers for side in (left, right))
    one, other = (_name(side) if isinstance(side, Property) else _value(side.value, is_number=is_number) for side in (left, right))
    return one, other


def _name(operand: Operand) -> str:
    if isinstance(operand, Constant):
        return _value(operand.value)
    if not _PLAIN.fullmatch(operand.name):
        raise NotWritten("a field with an unusual name")
    return f'"{operand.name}"'


def _value(value: Value, *, is_number: bool = False) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return f"TIMESTAMP('{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}')"
    if isinstance(value, date):
        return f"DATE('{value.isoformat()}')"
    if value is None:
        raise NotWritten("a comparison with nothing")
    if is_number and _NUMBER.fullmatch(value.strip()):
        return value.strip()
    return "'" + value.replace("'", "''") + "'"
