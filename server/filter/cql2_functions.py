# SPDX-License-Identifier: MIT
"""Arithmetic and functions of CQL2 (OGC 21-065r2 7.11, 7.12) as calculations of the filter tree, which FES and styles use as well."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from server.errors import InvalidParameter, OperationNotSupported
from server.filter.calculations import CALCULATIONS
from server.filter.tree import Calculation, Comparison, ComparisonOperator, Constant, Formula, Holds, Node, Operand, Property

ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo", "div": "quotient", "^": "exponent"}
_MEASURES = frozenset({"area", "geom_length", "num_points"})
# Functions of filters; what only styles need (formats, colours, classes) is not offered here.
FUNCTIONS = frozenset(
    {"concat", "upper", "lower", "trim", "substring", "replace", "length", "position", "starts", "ends"}
    | {"round", "floor", "ceil", "abs", "sqrt", "min", "max", "number", "coalesce", "year", "month", "day"}
    | _MEASURES
)


def is_calculated(name: str) -> bool:
    """Whether `name` (in small letters) is an arithmetic sign or a function on offer."""
    return name in ARITHMETIC or name in FUNCTIONS


def build_calculation(name: str, terms: Sequence[Formula], geometry: tuple[str, ...], locator: str) -> Calculation:
    """`name(terms...)` or `first name second`; `geometry` are the names the layer's geometry goes by, which measures take.

    Raises OperationNotSupported for unknown functions, InvalidParameter for another number of operands.
    """
    known = ARITHMETIC.get(name, name)
    if not is_calculated(name):
        shown = name if len(name) <= 60 and name.isprintable() else "…"
        raise OperationNotSupported(f"The filter uses {shown!r}, which is not offered.", locator=locator)
    function = CALCULATIONS[known]
    most = 2 if name in ARITHMETIC else function.most
    if not function.least <= len(terms) <= most:
        raise InvalidParameter(f"{name!r} in the filter does not take {len(terms)} operands.", locator=locator)
    if known in _MEASURES:
        terms = [Property("geom") if isinstance(term, Property) and term.name in geometry else term for term in terms]
    return Calculation(known, tuple(terms))


def fold_calculation(formula: Formula, *, case: bool, accents: bool, locator: str) -> Formula:
    """CASEI, or CASEI and ACCENTI, around something worked out. Raises OperationNotSupported for ACCENTI alone."""
    if accents and not case:
        raise OperationNotSupported("ACCENTI around a function needs CASEI as well.", locator=locator)
    return Calculation("fold" if accents else "lower", (formula,)) if case else formula


def drop_accents(text: str) -> str:
    """The text without accents; `đ` becomes `d`."""
    spread = unicodedata.normalize("NFD", text).translate({0x111: "d", 0x110: "D"})
    return unicodedata.normalize("NFC", "".join(sign for sign in spread if not unicodedata.combining(sign)))


def compare(operator: ComparisonOperator, left: Formula, right: Formula) -> Node:
    """A comparison; of fields and constants alone it is one that indexes answer."""
    if isinstance(left, Operand) and isinstance(right, Operand):
        return Comparison(operator, left, right)
    return Holds(Calculation(operator, (left, right)))


def between(operand: Formula, low: Formula, high: Formula) -> Node:
    """low <= operand <= high where at least one of them is worked out."""
    return Holds(Calculation("and", (Calculation(">=", (operand, low)), Calculation("<=", (operand, high)))))


def like(operand: Formula, pattern: str) -> Node:
    """A text that is worked out matches a pattern."""
    return Holds(Calculation("like", (operand, Constant(pattern))))


def relate_arrays(operator: str, terms: Sequence[Formula], locator: str) -> Node:
    """`operator` (small letters) between two lists, each taken as a set; a field or value alone is a list of one.

    Raises InvalidParameter for another number of operands.
    """
    if len(terms) != 2:
        raise InvalidParameter(f"{operator.upper()} takes two lists.", locator=locator)
    return Holds(Calculation(operator, tuple(terms)))


def holds(calculation: Calculation, locator: str) -> Node:
    """A function that stands as a condition by itself. Raises InvalidParameter unless it answers true or false."""
    if CALCULATIONS[calculation.name].result != "boolean":
        raise InvalidParameter("A function that gives a value stands where a condition is wanted.", locator=locator)
    return Holds(calculation)
