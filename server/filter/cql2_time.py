# SPDX-License-Identifier: MIT
"""The temporal operators of CQL2 (OGC 21-065r2 8.4) as comparisons of beginnings and ends.

An instant begins and ends at once; a date is the whole day in UTC; `..` is an open end of an interval.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from server.errors import InvalidParameter
from server.filter import tree

Bound = tree.Property | datetime | float
_Part = Literal["begin", "end"]
_Relation = tuple[_Part, tree.ComparisonOperator, _Part]
# (part of the first operand, operator, part of the second one): all must hold.
_RELATIONS: dict[str, tuple[_Relation, ...]] = {
    "t_after": (("begin", ">", "end"),),
    "t_before": (("end", "<", "begin"),),
    "t_contains": (("begin", "<", "begin"), ("end", ">", "end")),
    "t_during": (("begin", ">", "begin"), ("end", "<", "end")),
    "t_equals": (("begin", "=", "begin"), ("end", "=", "end")),
    "t_finishedby": (("begin", "<", "begin"), ("end", "=", "end")),
    "t_finishes": (("begin", ">", "begin"), ("end", "=", "end")),
    "t_intersects": (("begin", "<=", "end"), ("end", ">=", "begin")),
    "t_meets": (("end", "=", "begin"),),
    "t_metby": (("begin", "=", "end"),),
    "t_overlappedby": (("begin", ">", "begin"), ("begin", "<", "end"), ("end", ">", "end")),
    "t_overlaps": (("begin", "<", "begin"), ("end", ">", "begin"), ("end", "<", "end")),
    "t_startedby": (("begin", "=", "begin"), ("end", ">", "end")),
    "t_starts": (("begin", "=", "begin"), ("end", "<", "end")),
}
_DISJOINT: tuple[_Relation, ...] = (("end", "<", "begin"), ("begin", ">", "end"))
TEMPORAL = frozenset({*_RELATIONS, "t_disjoint"})
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TRUE, _FALSE = tree.And(()), tree.Or(())


@dataclass(frozen=True)
class Span:
    """A time with beginning and end: properties, moments in UTC, or -inf and inf for open ends."""

    begin: Bound
    end: Bound


def read_day(text: str) -> tree.Constant:
    """A date `2025-07-01`. Raises ValueError."""
    return tree.Constant(date.fromisoformat(text))


def read_instant(text: str) -> tree.Constant:
    """A time `2025-07-01T00:00:00Z`, in UTC where no zone is given. Raises ValueError, OverflowError."""
    moment = datetime.fromisoformat(text)
    return tree.Constant(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))


def read_bound(text: str) -> tree.Constant:
    """A bound of an interval: a date, a time, or `..`. Raises ValueError, OverflowError."""
    if text == "..":
        return tree.Constant(None)
    return read_day(text) if len(text) <= len("2025-07-01") else read_instant(text)


def build_span(first: tree.Operand, last: tree.Operand) -> Span:
    """INTERVAL(first, last) of properties and bounds. Raises ValueError for constants that are no times."""
    return Span(_begin_of(first), _end_of(last))


def build_temporal(name: str, terms: Sequence[object], locator: str) -> tree.Node:
    """A temporal operator as comparisons. Raises InvalidParameter for operands that are no times."""
    if len(terms) != 2:
        raise InvalidParameter("A temporal operator takes two times.", locator=locator)
    try:
        first, second = (_to_span(term) for term in terms)
    except ValueError as error:
        raise InvalidParameter("A temporal operator takes DATE, TIMESTAMP, INTERVAL or a property.", locator=locator) from error
    relations = _DISJOINT if name == "t_disjoint" else _RELATIONS[name]
    parts = tuple(_compare(getattr(first, one), sign, getattr(second, other)) for one, sign, other in relations)
    if len(parts) == 1:
        return parts[0]
    return tree.Or(parts) if name == "t_disjoint" else tree.And(parts)


def _to_span(term: object) -> Span:
    if isinstance(term, Span):
        return term
    if not isinstance(term, tree.Property | tree.Constant) or (isinstance(term, tree.Constant) and term.value is None):
        raise ValueError("no time")
    return Span(_begin_of(term), _end_of(term))


def _begin_of(operand: tree.Operand) -> Bound:
    if isinstance(operand, tree.Property):
        return operand
    return -math.inf if operand.value is None else _moment(operand.value, time.min)


def _end_of(operand: tree.Operand) -> Bound:
    if isinstance(operand, tree.Property):
        return operand
    return math.inf if operand.value is None else _moment(operand.value, time.max)


def _moment(value: tree.Value, of_day: time) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, of_day, UTC)
    raise ValueError("no time")


def _compare(left: Bound, sign: tree.ComparisonOperator, right: Bound) -> tree.Node:
    """A comparison, decided here where no property takes part or one side is open."""
    if isinstance(left, float) or isinstance(right, float):
        return _compare_open(left, sign, right)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _TRUE if _COMPARE[sign](left, right) else _FALSE
    return tree.Comparison(sign, _operand(left), _operand(right))


def _compare_open(left: Bound, sign: tree.ComparisonOperator, right: Bound) -> tree.Node:
    """Beside an open end every moment is as good as any other."""
    one, other = (bound if isinstance(bound, float) else 0.0 for bound in (left, right))
    if not _COMPARE[sign](one, other):
        return _FALSE
    named = next((bound for bound in (left, right) if isinstance(bound, tree.Property)), None)
    return tree.Not(tree.IsNull(named)) if named else _TRUE


def _operand(bound: tree.Property | datetime) -> tree.Operand:
    return bound if isinstance(bound, tree.Property) else tree.Constant(bound)
