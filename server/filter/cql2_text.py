# SPDX-License-Identifier: MIT
"""CQL2 text -> filter tree (OGC 21-065r2 9): the language of `filter` and of the rules in layer files.

The only importer of lark. Names are not looked up here; the compiler refuses unknown ones.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError, VisitError

from server.errors import InvalidParameter, XanhError
from server.filter import tree
from server.filter.cql2 import (
    Cql2Reading,
    Folded,
    Term,
    build_array,
    build_box,
    build_calculated,
    build_condition,
    build_folded,
    build_geometry,
    require_small,
)
from server.filter.cql2_functions import holds
from server.filter.cql2_known import recall, remember, take_apart
from server.filter.cql2_time import Span, build_span, read_bound, read_day, read_instant

_RULES = Cql2Reading()
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SIGNS = re.compile(r"[+-](?=\s*[+-])")
_NOT = re.compile(r"\bnot\b", re.IGNORECASE)
_TYPES = {
    "point": "Point",
    "linestring": "LineString",
    "polygon": "Polygon",
    "multipoint": "MultiPoint",
    "multilinestring": "MultiLineString",
    "multipolygon": "MultiPolygon",
}


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "cql2_text.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


def read_cql2_text(text: str, reading: Cql2Reading = _RULES, *, locator: str | None = None) -> tree.Node:
    """Read one filter; `locator` names the place in errors where it is not the reading's.

    Raises InvalidParameter naming the place of the fault, for text that is too long or too deep as well, LimitExceeded for too many
    conditions, OperationNotSupported for operators that are not offered.
    """
    locator = locator or reading.locator
    if len(text) > reading.max_length:
        raise InvalidParameter("The filter is too long or too deep.", locator=locator)
    written = take_apart(text)
    known = recall(written, reading.max_depth, reading.max_nodes) if written else None
    if known is not None:
        return known
    depth = _depth(text)
    if depth > reading.max_depth:
        raise InvalidParameter("The filter is too long or too deep.", locator=locator)
    found = _parse(text, reading, locator)
    if written:
        remember(written, found, depth)
    return found


def _parse(text: str, reading: Cql2Reading, locator: str) -> tree.Node:
    try:
        found = _Builder(reading).transform(_parser().parse(text))
    except VisitError as error:
        if isinstance(error.orig_exc, XanhError):
            raise error.orig_exc from error
        raise InvalidParameter(f"The filter holds a value that cannot be read: {error.orig_exc}.", locator=locator) from error
    except LarkError as error:
        column = getattr(error, "column", None)
        place = f" near character {column}" if isinstance(column, int) and column > 0 else " at its end"
        raise InvalidParameter(f"The filter is not CQL2 text{place}.", locator=locator) from error
    if not isinstance(found, tree.Node):
        raise InvalidParameter("The filter is a value, not a condition.", locator=locator)
    return require_small(found, reading)


def _depth(text: str) -> int:
    """How deep the tree can be at most: brackets, negations and signs outside texts."""
    bare = _QUOTED.sub("", text)
    deepest = depth = 0
    for char in bare:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return max(deepest, len(_NOT.findall(bare)), len(_SIGNS.findall(bare)))


class _Builder(Transformer[Token, Any]):
    """One method per rule of the grammar."""

    def __init__(self, reading: Cql2Reading) -> None:
        super().__init__()
        self._reading = reading
        self._signs = 0

    def property(self, items: list[Token]) -> tree.Property:
        return tree.Property(str(items[0]).strip('"'))

    def text(self, items: list[Token]) -> tree.Constant:
        return tree.Constant(_unquote(items[0]))

    def number(self, items: list[Token]) -> tree.Constant:
        value = float(items[0])
        return tree.Constant(int(items[0]) if str(items[0]).lstrip("+-").isdigit() else value)

    def boolean(self, items: list[Token]) -> tree.Constant:
        return tree.Constant(str(items[0]).lower() == "true")

    def truth(self, items: list[Token]) -> tree.Node:
        return tree.And(()) if str(items[0]).lower() == "true" else tree.Or(())

    def day(self, items: list[Token]) -> tree.Constant:
        return read_day(_unquote(items[0]))

    def instant(self, items: list[Token]) -> tree.Constant:
        return read_instant(_unquote(items[0]))

    def bound_text(self, items: list[Token]) -> tree.Constant:
        return read_bound(_unquote(items[0]))

    def interval(self, items: list[tree.Operand]) -> Span:
        return build_span(items[0], items[1])

    def folded(self, items: list[Any]) -> Folded:
        return build_folded(str(items[0]), items[1], self._reading)

    def function(self, items: list[Any]) -> tree.Calculation:
        return build_calculated(str(items[0]), [item for item in items[1:] if item is not None], self._reading)

    def called(self, items: list[tree.Calculation]) -> tree.Node:
        return holds(items[0], self._reading.locator)

    def value(self, items: list[tree.Calculation]) -> tree.Calculation:
        return items[0]

    def arithmetic(self, items: list[Any]) -> Any:
        """`a + b - c` from the left, as all signs of one rank. They are counted, because each is a level of the tree."""
        self._signs += len(items) // 2
        if self._signs > self._reading.max_depth:
            raise InvalidParameter("The filter is too long or too deep.", locator=self._reading.locator)
        found = items[0]
        for sign, operand in zip(items[1::2], items[2::2], strict=True):
            found = build_calculated(str(sign), [found, operand], self._reading)
        return found

    def signed(self, items: list[Any]) -> Any:
        """A sign before something that is no number: minus once as much."""
        return items[1] if items[0] == "+" else build_calculated("*", [tree.Constant(-1), items[1]], self._reading)

    def position(self, items: list[Token]) -> list[float]:
        return [float(item) for item in items]

    def line(self, items: list[Any]) -> list[Any]:
        return list(items)

    def lines(self, items: list[Any]) -> list[Any]:
        return list(items)

    def box(self, items: list[Token]) -> tree.Box:
        crs = _unquote(items.pop()) if items[-1].type == "TEXT" else None
        return build_box([float(item) for item in items], self._reading, crs)

    def shape(self, items: list[Any]) -> dict[str, Any]:
        name = str(items[0]).split()[0].lower()
        if name == "geometrycollection":
            return {"type": "GeometryCollection", "geometries": items[1:]}
        return {"type": _TYPES[name], "coordinates": items[1:] if name in ("multipoint", "multipolygon") else items[1]}

    def geometry(self, items: list[Any]) -> Term:
        srid = int(str(items[0])[len("srid=") : -1]) if len(items) > 1 else None
        return build_geometry(items[-1], self._reading, srid)

    def array(self, items: list[Any]) -> tree.Calculation:
        return build_array([item for item in items if item is not None], self._reading)

    def relation(self, items: list[Any]) -> tree.Node:
        terms = [tree.Constant(float(item)) if isinstance(item, Token) else item for item in items[1:]]
        return build_condition(str(items[0]).lower(), terms, self._reading)

    def comparison(self, items: list[Any]) -> tree.Node:
        return build_condition(str(items[1]), [items[0], items[2]], self._reading)

    def between(self, items: list[Any]) -> tree.Node:
        return build_condition("between", items, self._reading)

    def not_between(self, items: list[Any]) -> tree.Node:
        return tree.Not(self.between(items))

    def like(self, items: list[Any]) -> tree.Node:
        return build_condition("like", items, self._reading)

    def not_like(self, items: list[Any]) -> tree.Node:
        return tree.Not(self.like(items))

    def within(self, items: list[Any]) -> tree.Node:
        return build_condition("in", items, self._reading)

    def not_within(self, items: list[Any]) -> tree.Node:
        return tree.Not(self.within(items))

    def is_null(self, items: list[Any]) -> tree.Node:
        return build_condition("isnull", items, self._reading)

    def not_null(self, items: list[Any]) -> tree.Node:
        return tree.Not(self.is_null(items))

    def negated(self, items: list[Any]) -> tree.Node:
        return tree.Not(items[0])

    def conjunction(self, items: list[Any]) -> tree.Node:
        return tree.And(tuple(items))

    def disjunction(self, items: list[Any]) -> tree.Node:
        return tree.Or(tuple(items))


def _unquote(token: Token) -> str:
    return str(token)[1:-1].replace("''", "'")
