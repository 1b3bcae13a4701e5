# SPDX-License-Identifier: MIT
"""CQL2 text -> filter tree (OGC 21-065r2, the basic class with LIKE, BETWEEN, IN): the language of the rules in layer files.

The only importer of lark. Names are not looked up here; the compiler refuses unknown ones.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError, VisitError

from server.errors import InvalidParameter
from server.filter import tree

MAX_LENGTH = 4000
MAX_DEPTH = 50


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "cql2_text.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


def read_cql2_text(text: str, *, locator: str = "filter") -> tree.Node:
    """Read one filter. Raises InvalidParameter naming the place of the fault, for text that is too long or too deep as well."""
    if len(text) > MAX_LENGTH or _depth(text) > MAX_DEPTH:
        raise InvalidParameter("The filter is too long or too deep.", locator=locator)
    try:
        found = _Builder().transform(_parser().parse(text))
    except VisitError as error:
        raise InvalidParameter(f"The filter holds a value that cannot be read: {error.orig_exc}.", locator=locator) from error
    except LarkError as error:
        column = getattr(error, "column", None)
        place = f" near character {column}" if isinstance(column, int) and column > 0 else " at its end"
        raise InvalidParameter(f"The filter is not CQL2 text{place}.", locator=locator) from error
    if not isinstance(found, tree.Node):
        raise InvalidParameter("The filter is a value, not a condition.", locator=locator)
    return found


def _depth(text: str) -> int:
    deepest = depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return max(deepest, text.lower().count("not "))


class _Builder(Transformer[Token, Any]):
    """One method per rule of the grammar."""

    def property(self, items: list[Token]) -> tree.Property:
        return tree.Property(str(items[0]).strip('"'))

    def text(self, items: list[Token]) -> tree.Constant:
        return tree.Constant(str(items[0])[1:-1].replace("''", "'"))

    def number(self, items: list[Token]) -> tree.Constant:
        value = float(items[0])
        return tree.Constant(int(items[0]) if str(items[0]).lstrip("+-").isdigit() else value)

    def boolean(self, items: list[Token]) -> tree.Constant:
        return tree.Constant(str(items[0]).lower() == "true")

    def day(self, items: list[Token]) -> tree.Constant:
        return tree.Constant(date.fromisoformat(str(items[0])[1:-1]))

    def instant(self, items: list[Token]) -> tree.Constant:
        moment = datetime.fromisoformat(str(items[0])[1:-1])
        return tree.Constant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def comparison(self, items: list[Any]) -> tree.Node:
        return tree.Comparison(str(items[1]), items[0], items[2])  # type: ignore[arg-type]  # OPERATOR of the grammar is the literal type

    def between(self, items: list[Any]) -> tree.Node:
        return tree.Between(*items)

    def not_between(self, items: list[Any]) -> tree.Node:
        return tree.Not(tree.Between(*items))

    def like(self, items: list[Any]) -> tree.Node:
        return tree.Like(items[0], str(items[1].value))

    def not_like(self, items: list[Any]) -> tree.Node:
        return tree.Not(self.like(items))

    def within(self, items: list[Any]) -> tree.Node:
        return tree.In(items[0], tuple(item.value for item in items[1:]))

    def not_within(self, items: list[Any]) -> tree.Node:
        return tree.Not(self.within(items))

    def is_null(self, items: list[Any]) -> tree.Node:
        return tree.IsNull(items[0])

    def not_null(self, items: list[Any]) -> tree.Node:
        return tree.Not(tree.IsNull(items[0]))

    def negated(self, items: list[Any]) -> tree.Node:
        return tree.Not(items[0])

    def conjunction(self, items: list[Any]) -> tree.Node:
        return tree.And(tuple(items))

    def disjunction(self, items: list[Any]) -> tree.Node:
        return tree.Or(tuple(items))
