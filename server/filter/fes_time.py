# SPDX-License-Identifier: MIT
"""The temporal operators of Filter Encoding 2.0 (09-026r2 7.9) on gml:TimeInstant and gml:TimePeriod.

They mean what the temporal operators of CQL2 mean (both follow ISO 19108), so the comparisons are made in one place.
"""

from __future__ import annotations

import math

from server.errors import InvalidParameter
from server.filter.cql2_time import Bound, Span, build_temporal
from server.filter.fes_value import NAMES, FesReading, read_expression, read_property_name, shown
from server.filter.kvp import read_moment
from server.filter.tree import Constant, Node, Property
from server.xmlio.parse import Element, attribute, children, first_child, local_name, text_of

TEMPORAL: dict[str, str] = {
    "After": "t_after",
    "Before": "t_before",
    "Begins": "t_starts",
    "BegunBy": "t_startedby",
    "TContains": "t_contains",
    "During": "t_during",
    "EndedBy": "t_finishedby",
    "Ends": "t_finishes",
    "TEquals": "t_equals",
    "Meets": "t_meets",
    "MetBy": "t_metby",
    "TOverlaps": "t_overlaps",
    "OverlappedBy": "t_overlappedby",
    "AnyInteracts": "t_intersects",
}
"""Element names of Filter Encoding 2.0 and what CQL2 calls the same relation."""


def read_temporal(element: Element, reading: FesReading) -> Node:
    """A temporal operator as comparisons. Raises InvalidParameter for operands that are no times."""
    terms = [_read_term(child, reading) for child in children(element)]
    if len(terms) != 2 or not any(isinstance(term, Property) for term in terms):
        raise InvalidParameter(f"{local_name(element)} takes a property and a time", locator=reading.locator)
    return build_temporal(TEMPORAL[local_name(element)], terms, reading.locator)


def _read_term(element: Element, reading: FesReading) -> Property | Span:
    name = local_name(element)
    if name in NAMES:
        return Property(read_property_name(text_of(element), reading))
    if name == "Literal":
        inside = children(element)
        if len(inside) == 1:
            return _read_term(inside[0], reading)
        literal = read_expression(element, reading)
        text = literal.value if isinstance(literal, Constant) else None
        return Span(*read_moment(str(text).strip(), reading.locator))
    if name == "TimeInstant":
        position = first_child(element, "timePosition")
        begin, end = _read_position(position, reading)
        if isinstance(begin, float):
            raise InvalidParameter("A TimeInstant needs a time", locator=reading.locator)
        return Span(begin, end)
    if name == "TimePeriod":
        return _read_period(element, reading)
    raise InvalidParameter(f"{shown(name)} is not a time", locator=reading.locator)


def _read_period(element: Element, reading: FesReading) -> Span:
    begin = _read_position(_bound_of(element, "begin"), reading, at_begin=True)[0]
    end = _read_position(_bound_of(element, "end"), reading)[1]
    if begin > end:  # type: ignore[operator]  # both are moments, or one is endless
        raise InvalidParameter("A TimePeriod ends before it begins", locator=reading.locator)
    return Span(begin, end)


def _bound_of(element: Element, which: str) -> Element | None:
    """beginPosition, or begin/TimeInstant/timePosition (GML 3.2.1 14.2.2.5)."""
    position = first_child(element, f"{which}Position")
    if position is not None:
        return position
    holder = first_child(element, which)
    instant = first_child(holder, "TimeInstant") if holder is not None else None
    return first_child(instant, "timePosition") if instant is not None else None


def _read_position(position: Element | None, reading: FesReading, *, at_begin: bool = False) -> tuple[Bound, Bound]:
    """First and last moment of a timePosition; an indeterminate one is open (`now` is not known here)."""
    if position is None:
        raise InvalidParameter("A time needs a timePosition, or a beginPosition and an endPosition", locator=reading.locator)
    text = text_of(position)
    vague = attribute(position, "indeterminatePosition")
    if vague is not None and not text:
        if vague == "now":
            raise InvalidParameter("indeterminatePosition='now' is not offered: say the time", locator=reading.locator)
        return (-math.inf, -math.inf) if at_begin else (math.inf, math.inf)
    return read_moment(text, reading.locator)
