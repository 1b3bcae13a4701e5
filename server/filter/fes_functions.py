# SPDX-License-Identifier: MIT
"""The functions of Filter Encoding as the capabilities list them: the names GeoServer made common, what they take, what they answer.

Each is one of `server.filter.calculations`. `area` is in square metres and `geomLength` in metres on the ellipsoid; `strFold` is lower case
without accents (đ is d); `strSubstring` counts from 0 and leaves its end out; `year`, `month` and `day` are those of UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ArgumentKind = Literal["string", "double", "dateTime", "geometry"]


@dataclass(frozen=True)
class FesFunction:
    """`name` of `server.filter.calculations`, the arguments as (name, kind), the kind of the answer."""

    name: str
    arguments: tuple[tuple[str, ArgumentKind], ...]
    answers: Literal["string", "double"]


_TEXT: tuple[tuple[str, ArgumentKind], ...] = (("text", "string"),)
_NUMBER: tuple[tuple[str, ArgumentKind], ...] = (("number", "double"),)
_NUMBERS: tuple[tuple[str, ArgumentKind], ...] = (("a", "double"), ("b", "double"))
_TIME: tuple[tuple[str, ArgumentKind], ...] = (("time", "dateTime"),)
_GEOMETRY: tuple[tuple[str, ArgumentKind], ...] = (("geometry", "geometry"),)

FES_FUNCTIONS: dict[str, FesFunction] = {
    "abs": FesFunction("abs", _NUMBER, "double"),
    "area": FesFunction("area", _GEOMETRY, "double"),
    "ceil": FesFunction("ceil", _NUMBER, "double"),
    "day": FesFunction("day", _TIME, "double"),
    "floor": FesFunction("floor", _NUMBER, "double"),
    "geomLength": FesFunction("geom_length", _GEOMETRY, "double"),
    "max": FesFunction("max", _NUMBERS, "double"),
    "min": FesFunction("min", _NUMBERS, "double"),
    "month": FesFunction("month", _TIME, "double"),
    "numPoints": FesFunction("num_points", _GEOMETRY, "double"),
    "round": FesFunction("round", _NUMBER, "double"),
    "sqrt": FesFunction("sqrt", _NUMBER, "double"),
    "strConcat": FesFunction("concat", (("a", "string"), ("b", "string")), "string"),
    "strFold": FesFunction("fold", _TEXT, "string"),
    "strLength": FesFunction("length", _TEXT, "double"),
    "strReplace": FesFunction("replace", (("text", "string"), ("old", "string"), ("new", "string")), "string"),
    "strSubstring": FesFunction("substring", (("text", "string"), ("begin", "double"), ("end", "double")), "string"),
    "strToLowerCase": FesFunction("lower", _TEXT, "string"),
    "strToUpperCase": FesFunction("upper", _TEXT, "string"),
    "strTrim": FesFunction("trim", _TEXT, "string"),
    "year": FesFunction("year", _TIME, "double"),
}
"""By the name in filters."""
ARITHMETIC = {"Add": "add", "Sub": "subtract", "Mul": "multiply", "Div": "divide"}
"""The arithmetic elements of Filter Encoding 1.1 and what they are called in the tree."""
