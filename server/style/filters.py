# SPDX-License-Identifier: MIT
"""Filters of rules (Filter Encoding 1.0, 1.1 and 2.0 as SLD and SE embed them) as the neutral filter tree. Literals stay text.

Where nothing is computed, the plain nodes of the tree are used, which the map engine tests by itself; a condition over functions or
arithmetic becomes `Holds`, which the database works out; so are places and times.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from server.crs.definitions import WGS84
from server.crs.spelling import CrsReference, Spelling
from server.errors import XanhError
from server.filter.fes import SPATIAL, read_place
from server.filter.fes_time import TEMPORAL, read_temporal
from server.filter.fes_value import GEOMETRY, NAMES, FesReading
from server.filter.tree import (
    And,
    Between,
    Calculation,
    Comparison,
    ComparisonOperator,
    Constant,
    Formula,
    Holds,
    Ids,
    IsNull,
    Like,
    Node,
    Not,
    Or,
    Property,
)
from server.style.elements import Unreadable
from server.style.expressions import read_expression
from server.style.support import describe_missing
from server.xmlio.parse import Element, attribute, attributes, children, first_child, local_name, text_of

_OPERATORS: dict[str, str] = {
    "PropertyIsEqualTo": "=",
    "PropertyIsNotEqualTo": "<>",
    "PropertyIsLessThan": "<",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThan": ">",
    "PropertyIsGreaterThanOrEqualTo": ">=",
}
_ID = re.compile(r"(?:[\w:-]+\.)?(\d{1,18})", re.ASCII)
_LON_LAT = CrsReference(WGS84, Spelling.SHORT)
_ID_NAMES = ("FeatureId", "GmlObjectId", "ResourceId")


def read_filter(element: Element) -> Node:
    """The tree of a Filter element. Raises Unreadable when any part of it has no counterpart: the rule must then be left out."""
    conditions = children(element)
    if conditions and all(local_name(child) in _ID_NAMES for child in conditions):
        return _read_ids(conditions)
    return _read_only_child(element)


def _read_only_child(element: Element) -> Node:
    conditions = children(element)
    if len(conditions) != 1:
        raise Unreadable(element, f"<{local_name(element)}> needs exactly one condition")
    return _read_condition(conditions[0])


def _read_condition(element: Element) -> Node:
    name = local_name(element)
    if name in _OPERATORS:
        return _read_comparison(element, _OPERATORS[name])
    reader = _READERS.get(name)
    if reader is None:
        raise Unreadable(element, describe_missing(name))
    return reader(element)


def _read_comparison(element: Element, operator: str) -> Node:
    operands = [_stripped(read_expression(child)) for child in children(element)]
    if len(operands) != 2:
        raise Unreadable(element, f"<{local_name(element)}> needs two operands")
    left, right = operands
    match_case = _is_true(element, "matchCase")
    if isinstance(left, Calculation) or isinstance(right, Calculation):
        return _read_computed(operator, left, right, match_case)
    if isinstance(left, Constant) and isinstance(right, Constant):
        return Holds(Calculation(operator, (left, right)))
    return Comparison(cast(ComparisonOperator, operator), left, right, match_case)


def _read_computed(operator: str, left: Formula, right: Formula, match_case: bool) -> Node:
    """QGIS writes `function(...) = true`; others compare what a function answers."""
    sides = (left, right) if match_case else (Calculation("lower", (left,)), Calculation("lower", (right,)))
    return Holds(Calculation(operator, sides))


def _stripped(value: Formula) -> Formula:
    return Constant(value.value.strip()) if isinstance(value, Constant) and isinstance(value.value, str) else value


def _is_true(element: Element, name: str) -> bool:
    return (attribute(element, name) or "true").strip() not in ("false", "0")


def _read_between(element: Element) -> Node:
    operands: list[Formula] = []
    for child in children(element):
        inner = next(iter(children(child)), None) if local_name(child) in ("LowerBoundary", "UpperBoundary") else child
        if inner is None:
            raise Unreadable(child, f"<{local_name(child)}> is empty")
        operands.append(_stripped(read_expression(inner)))
    if len(operands) != 3:
        raise Unreadable(element, "<PropertyIsBetween> needs a field and two boundaries")
    value, low, high = operands
    if isinstance(value, Calculation) or isinstance(low, Calculation) or isinstance(high, Calculation):
        return And((Holds(Calculation(">=", (value, low))), Holds(Calculation("<=", (value, high)))))
    return Between(value, low, high)


def _read_like(element: Element) -> Node:
    literal = first_child(element, "Literal")
    operands = [child for child in children(element) if local_name(child) != "Literal"]
    if literal is None or len(operands) != 1:
        raise Unreadable(element, "<PropertyIsLike> needs a field and a Literal")
    many, one = (attribute(element, "wildCard") or "*"), (attribute(element, "singleChar") or "#")
    escape = attribute(element, "escapeChar") or attribute(element, "escape") or "!"
    pattern = _translate_pattern(literal.text or "", many, one, escape)
    match_case = _is_true(element, "matchCase")
    value = read_expression(operands[0])
    if isinstance(value, Property):
        return Like(value, pattern, match_case)
    return Holds(Calculation("like" if match_case else "like_any_case", (value, Constant(pattern))))


def _translate_pattern(text: str, many: str, one: str, escape: str) -> str:
    out: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char == escape and position + 1 < len(text):
            position += 1
            out.append(_quote(text[position]))
        elif char == many:
            out.append("%")
        elif char == one:
            out.append("_")
        else:
            out.append(_quote(char))
        position += 1
    return "".join(out)


def _quote(char: str) -> str:
    return f"\\{char}" if char in "%_\\" else char


def _read_null(element: Element) -> Node:
    operands = children(element)
    if len(operands) != 1:
        raise Unreadable(element, f"<{local_name(element)}> needs one field")
    value = read_expression(operands[0])
    return IsNull(value) if isinstance(value, Property) else Holds(Calculation("is_null", (value,)))


def _read_ids(elements: list[Element]) -> Node:
    numbers = []
    for element in elements:
        values = attributes(element).values()
        match = next((found for found in (_ID.fullmatch(value.strip()) for value in values) if found), None)
        if match is None:
            raise Unreadable(element, "a feature id must end in its number")
        numbers.append(int(match[1]))
    return Ids(tuple(numbers))


def _read_place(element: Element) -> Node:
    """Where a feature is, longitude first unless srsName is a URN. A style knows no layer: whatever name stands there is its geometry."""
    names = {text_of(child).rpartition(":")[2].rpartition("/")[2] for child in children(element) if local_name(child) in NAMES}
    try:
        return read_place(element, FesReading("", _LON_LAT, geometry=(*names, GEOMETRY), locator="Filter"))
    except XanhError as problem:
        raise Unreadable(element, f"<{local_name(element)}>: {problem.message}") from problem


def _read_time(element: Element) -> Node:
    """How a field of dates or times lies to an instant or a period; times without zone are UTC."""
    try:
        return read_temporal(element, FesReading("", _LON_LAT, locator="Filter"))
    except XanhError as problem:
        raise Unreadable(element, f"<{local_name(element)}>: {problem.message}") from problem


def _read_parts(element: Element) -> tuple[Node, ...]:
    parts = tuple(_read_condition(child) for child in children(element))
    if not parts:
        raise Unreadable(element, f"<{local_name(element)}> needs conditions")
    return parts


def _read_call(element: Element) -> Node:
    """A function that is a condition by itself, as GeoServer accepts and some versions of QGIS write."""
    value = read_expression(element)
    if not isinstance(value, Calculation):
        raise Unreadable(element, f"<{local_name(element)}> is not a condition")
    return Holds(value)


_READERS: dict[str, Callable[[Element], Node]] = {
    "PropertyIsBetween": _read_between,
    "PropertyIsLike": _read_like,
    "PropertyIsNull": _read_null,
    "PropertyIsNil": _read_null,
    "And": lambda element: And(_read_parts(element)),
    "Or": lambda element: Or(_read_parts(element)),
    "Not": lambda element: Not(_read_only_child(element)),
    "Function": _read_call,
    **{name: _read_place for name in ("BBOX", *SPATIAL)},
    **{name: _read_time for name in TEMPORAL},
    **{name: lambda element: _read_ids([element]) for name in _ID_NAMES},
}
