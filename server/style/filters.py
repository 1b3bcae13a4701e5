# SPDX-License-Identifier: MIT
"""Filters of rules (Filter Encoding 1.0 and 1.1 as SLD and SE embed them) as the neutral filter tree. Literals stay text."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from server.filter.tree import And, Between, Comparison, ComparisonOperator, Constant, IsNull, Like, Node, Not, Operand, Or, Property
from server.style.elements import find_child
from server.style.support import describe_missing
from server.xmlio.parse import Element, attribute, children, local_name

_OPERATORS: dict[str, str] = {
    "PropertyIsEqualTo": "=",
    "PropertyIsNotEqualTo": "<>",
    "PropertyIsLessThan": "<",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThan": ">",
    "PropertyIsGreaterThanOrEqualTo": ">=",
}


class UnreadableFilter(Exception):
    """A filter this reader cannot keep whole; the rule must then be left out. The message says what and `element` where."""

    def __init__(self, element: Element, message: str) -> None:
        super().__init__(message)
        self.element = element


def read_filter(element: Element) -> Node:
    """The tree of a Filter element. Raises UnreadableFilter when any part of it has no counterpart."""
    return _read_only_child(element)


def _read_only_child(element: Element) -> Node:
    conditions = children(element)
    if len(conditions) != 1:
        raise UnreadableFilter(element, f"<{local_name(element)}> needs exactly one condition")
    return _read_condition(conditions[0])


def _read_condition(element: Element) -> Node:
    name = local_name(element)
    if name in _OPERATORS:
        return _read_comparison(element, _OPERATORS[name])
    reader = _READERS.get(name)
    if reader is None:
        raise UnreadableFilter(element, describe_missing(name))
    return reader(element)


def _read_comparison(element: Element, operator: str) -> Node:
    operands = [_read_operand(child) for child in children(element)]
    if len(operands) != 2:
        raise UnreadableFilter(element, f"<{local_name(element)}> needs two operands")
    match_case = (attribute(element, "matchCase") or "true") not in ("false", "0")
    return Comparison(cast(ComparisonOperator, operator), operands[0], operands[1], match_case)


def _read_operand(element: Element) -> Operand:
    name = local_name(element)
    if name in ("PropertyName", "ValueReference"):
        return _read_property(element)
    if name == "Literal":
        return Constant((element.text or "").strip())
    raise UnreadableFilter(element, describe_missing(name))


def _read_property(element: Element) -> Property:
    """A field name; a namespace prefix in front is dropped, paths are refused."""
    text = (element.text or "").strip().rpartition(":")[2]
    if not text or "/" in text:
        raise UnreadableFilter(element, "a PropertyName must name one field")
    return Property(text)


def _find_property(element: Element) -> Property:
    found = find_child(element, "PropertyName")
    if found is None:
        found = find_child(element, "ValueReference")
    if found is None:
        raise UnreadableFilter(element, f"<{local_name(element)}> needs a PropertyName")
    return _read_property(found)


def _read_between(element: Element) -> Node:
    operands: list[Operand] = []
    for child in children(element):
        inner = next(iter(children(child)), None) if local_name(child) in ("LowerBoundary", "UpperBoundary") else child
        if inner is None:
            raise UnreadableFilter(child, f"<{local_name(child)}> is empty")
        operands.append(_read_operand(inner))
    if len(operands) != 3:
        raise UnreadableFilter(element, "<PropertyIsBetween> needs a field and two boundaries")
    return Between(operands[0], operands[1], operands[2])


def _read_like(element: Element) -> Node:
    literal = find_child(element, "Literal")
    if literal is None:
        raise UnreadableFilter(element, "<PropertyIsLike> needs a Literal")
    many, one = (attribute(element, "wildCard") or "*"), (attribute(element, "singleChar") or "#")
    escape = attribute(element, "escapeChar") or attribute(element, "escape") or "!"
    pattern = _translate_pattern(literal.text or "", many, one, escape)
    return Like(_find_property(element), pattern, (attribute(element, "matchCase") or "true") not in ("false", "0"))


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


_READERS: dict[str, Callable[[Element], Node]] = {
    "PropertyIsBetween": _read_between,
    "PropertyIsLike": _read_like,
    "PropertyIsNull": lambda element: IsNull(_find_property(element)),
    "And": lambda element: And(tuple(_read_condition(child) for child in children(element))),
    "Or": lambda element: Or(tuple(_read_condition(child) for child in children(element))),
    "Not": lambda element: Not(_read_only_child(element)),
}
