# SPDX-License-Identifier: MIT
"""CQL2 JSON -> filter tree (OGC 21-065r2 10)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, NoReturn

from server.errors import InvalidParameter, XanhError
from server.filter import tree
from server.filter.cql2 import (
    ARRAYS,
    Cql2Reading,
    Term,
    build_array,
    build_box,
    build_calculated,
    build_condition,
    build_folded,
    build_geometry,
    require_small,
)
from server.filter.cql2_functions import is_calculated
from server.filter.cql2_time import build_span, read_bound, read_day, read_instant


def read_cql2_json(text: str, reading: Cql2Reading) -> tree.Node:
    """Read one filter.

    Raises InvalidParameter for what is no CQL2 JSON, too long or too deep, LimitExceeded for too many conditions, OperationNotSupported
    for functions that are not offered.
    """
    if len(text) > reading.max_length:
        raise InvalidParameter("The filter is too long or too deep.", locator=reading.locator)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidParameter("The filter is not JSON.", locator=reading.locator) from error
    return require_small(_Reader(reading).read(value, 0), reading)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


class _Reader:
    """Walks one filter; every level is counted."""

    def __init__(self, reading: Cql2Reading) -> None:
        self._reading = reading
        self._terms: dict[str, Callable[[Any, int], Term]] = {
            "property": self._property,
            "date": lambda value, _: read_day(_text(value)),
            "timestamp": lambda value, _: read_instant(_text(value)),
            "interval": self._interval,
            "bbox": self._box,
        }

    def read(self, value: object, depth: int) -> tree.Node:
        """A condition."""
        self._require_shallow(depth)
        if isinstance(value, bool):
            return tree.And(()) if value else tree.Or(())
        name, arguments = self._split(value)
        if name in ("and", "or"):
            if not arguments:
                raise self._refuse(f"{name} needs conditions")
            parts = tuple(self.read(each, depth + 1) for each in arguments)
            return tree.And(parts) if name == "and" else tree.Or(parts)
        if name == "not":
            if len(arguments) != 1:
                raise self._refuse("not takes one condition")
            return tree.Not(self.read(arguments[0], depth + 1))
        return build_condition(name, self._read_terms(name, arguments, depth), self._reading)

    def _read_terms(self, name: str, arguments: list[Any], depth: int) -> list[Term]:
        if name in ARRAYS:
            return [self._array(each, depth + 1) if isinstance(each, list) else self._term(each, depth + 1) for each in arguments]
        if name == "in" and len(arguments) == 2 and isinstance(arguments[1], list):
            arguments = [arguments[0], *arguments[1]]
        return [self._term(each, depth + 1) for each in arguments]

    def _array(self, values: list[Any], depth: int) -> Term:
        self._require_shallow(depth)
        return build_array([self._term(each, depth + 1) for each in values], self._reading)

    def _term(self, value: object, depth: int) -> Term:
        self._require_shallow(depth)
        if isinstance(value, str | bool | int):
            return tree.Constant(value)
        if isinstance(value, float) and math.isfinite(value):
            return tree.Constant(value)
        if not isinstance(value, dict):
            raise self._refuse("an operand is a text, a number, true, false or an object")
        name = next((each for each in self._terms if each in value and "type" not in value), None)
        try:
            if name is not None:
                return self._terms[name](value[name], depth)
        except XanhError:
            raise
        except (ValueError, OverflowError) as error:
            raise self._refuse(f"a {name} cannot be read") from error
        if "type" in value:
            return build_geometry(value, self._reading)
        return self._folded(value, depth)

    def _folded(self, value: object, depth: int) -> Term:
        name, arguments = self._split(value)
        if is_calculated(name):
            return build_calculated(name, [self._term(each, depth + 1) for each in arguments], self._reading)
        if name not in ("casei", "accenti"):
            build_condition(name, [], self._reading)  # says of a function that it is not offered
            raise self._refuse("a condition stands where a value is wanted")
        if len(arguments) != 1:
            raise self._refuse(f"{name} takes one text")
        return build_folded(name, self._term(arguments[0], depth + 1), self._reading)

    def _split(self, value: object) -> tuple[str, list[Any]]:
        name = value.get("op") if isinstance(value, dict) else None
        arguments = value.get("args") if isinstance(value, dict) else None
        if not isinstance(name, str) or not isinstance(arguments, list):
            raise self._refuse("a condition is an object with op and args")
        return name.lower(), arguments

    def _property(self, value: object, _: int) -> tree.Property:
        return tree.Property(_text(value))

    def _interval(self, value: object, depth: int) -> Term:
        if not isinstance(value, list) or len(value) != 2:
            raise self._refuse("an interval has two bounds")
        first, last = (read_bound(each) if isinstance(each, str) else self._term(each, depth + 1) for each in value)
        if not isinstance(first, tree.Property | tree.Constant) or not isinstance(last, tree.Property | tree.Constant):
            raise self._refuse("the bounds of an interval are times or properties")
        return build_span(first, last)

    def _box(self, value: object, _: int) -> tree.Box:
        if not isinstance(value, list) or any(isinstance(each, bool) or not isinstance(each, int | float) for each in value):
            raise self._refuse("a bbox is four or six numbers")
        return build_box([float(each) for each in value], self._reading)

    def _require_shallow(self, depth: int) -> None:
        if depth > self._reading.max_depth:
            raise InvalidParameter("The filter is too long or too deep.", locator=self._reading.locator)

    def _refuse(self, what: str) -> InvalidParameter:
        return InvalidParameter(f"The filter is not CQL2 JSON: {what}.", locator=self._reading.locator)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")
    return value
