# SPDX-License-Identifier: MIT
"""The functions styles and filters may call: one neutral name each, what it answers, how many arguments it takes.

Readers translate the names of SE 1.1, GeoServer and QGIS into these; compilers (server/db/calculations.py, server/style/maplibre_values.py)
give them meaning. Positions in texts count from 0. Nothing here is evaluated in Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Result = Literal["text", "number", "boolean", "same"]
_MANY = 400


@dataclass(frozen=True)
class Function:
    """What a function answers ("same" = numbers when all its values are numbers, else texts) and how many arguments it takes."""

    result: Result
    least: int
    most: int


CALCULATIONS: dict[str, Function] = {
    # texts
    "concat": Function("text", 1, _MANY),
    "upper": Function("text", 1, 1),
    "lower": Function("text", 1, 1),
    "capitalize": Function("text", 1, 1),
    "trim": Function("text", 1, 1),
    "substring": Function("text", 2, 3),  # text, first position, position after the last
    "replace": Function("text", 3, 3),
    "length": Function("number", 1, 1),
    "position": Function("number", 2, 2),  # of the second text in the first, -1 = nowhere
    "starts": Function("boolean", 2, 2),
    "ends": Function("boolean", 2, 2),
    "format_number": Function("text", 2, 4),  # number, pattern such as #,##0.00, decimal sign, sign between thousands
    "format_date": Function("text", 2, 2),  # date, pattern such as dd/MM/yyyy
    # numbers
    "add": Function("number", 2, _MANY),
    "subtract": Function("number", 2, 2),
    "multiply": Function("number", 2, _MANY),
    "divide": Function("number", 2, 2),
    "modulo": Function("number", 2, 2),
    "power": Function("number", 2, 2),
    "quotient": Function("number", 2, 2),  # the whole number of times
    "exponent": Function("number", 2, 2),  # as in mathematics, where `power` is kept small for maps
    "sqrt": Function("number", 1, 1),
    "round": Function("number", 1, 1),
    "floor": Function("number", 1, 1),
    "ceil": Function("number", 1, 1),
    "abs": Function("number", 1, 1),
    "min": Function("number", 1, _MANY),
    "max": Function("number", 1, _MANY),
    "number": Function("number", 1, 1),
    "clamp": Function("number", 4, 4),  # number, otherwise, at least, at most
    "colour": Function("text", 2, 2),  # #rrggbb, otherwise
    # texts for search, parts of times (in UTC), measures of the geometry (the property `geom`; metres on the ellipsoid)
    "fold": Function("text", 1, 1),
    "year": Function("number", 1, 1),
    "month": Function("number", 1, 1),
    "day": Function("number", 1, 1),
    "area": Function("number", 1, 1),
    "geom_length": Function("number", 1, 1),
    "num_points": Function("number", 1, 1),
    # choices
    "if": Function("same", 3, 3),
    "coalesce": Function("same", 1, _MANY),
    "recode": Function("same", 3, _MANY),  # value, key, result, key, result ...
    "categorize": Function("same", 2, _MANY),  # value, result, threshold, result ...: a threshold belongs to what follows it
    "categorize_up_to": Function("same", 2, _MANY),  # ... to what stands before it
    "interpolate": Function("same", 3, _MANY),  # value, data, result, data, result ...; numbers or colours
    # conditions
    "=": Function("boolean", 2, 2),
    "<>": Function("boolean", 2, 2),
    "<": Function("boolean", 2, 2),
    "<=": Function("boolean", 2, 2),
    ">": Function("boolean", 2, 2),
    ">=": Function("boolean", 2, 2),
    "and": Function("boolean", 2, _MANY),
    "or": Function("boolean", 2, _MANY),
    "not": Function("boolean", 1, 1),
    "is_null": Function("boolean", 1, 1),
    "in": Function("boolean", 2, _MANY),
    "like": Function("boolean", 2, 2),  # text, pattern with % and _
    "like_any_case": Function("boolean", 2, 2),
    # lists of values, for the four that follow alone
    "array": Function("same", 0, _MANY),
    "a_equals": Function("boolean", 2, 2),
    "a_contains": Function("boolean", 2, 2),
    "a_containedby": Function("boolean", 2, 2),
    "a_overlaps": Function("boolean", 2, 2),
}
