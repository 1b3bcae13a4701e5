# SPDX-License-Identifier: MIT
"""Functions as GeoServer, GeoTools and QGIS name them in ogc:Function, and what they are called in the filter tree."""

from __future__ import annotations

from collections.abc import Callable

from server.filter.tree import Calculation, Constant, Formula

_Values = tuple[Formula, ...]

# Keys are lower case without underscores: strToUpperCase, STRTOUPPERCASE, if_then_else.
ALIASES: dict[str, str] = {
    "strconcat": "concat",
    "concatenate": "concat",
    "concat": "concat",
    "strtouppercase": "upper",
    "upper": "upper",
    "strtolowercase": "lower",
    "lower": "lower",
    "strcapitalize": "capitalize",
    "title": "capitalize",
    "strtrim": "trim",
    "trim": "trim",
    "strsubstring": "substring",
    "strsubstringstart": "substring",
    "substr": "substring",
    "left": "substring",
    "strreplace": "replace",
    "replace": "replace",
    "strlength": "length",
    "length": "length",
    "strindexof": "position",
    "strstartswith": "starts",
    "strendswith": "ends",
    "strequalsignorecase": "=",
    "numberformat": "format_number",
    "dateformat": "format_date",
    "formatdate": "format_date",
    "parsedouble": "number",
    "parseint": "number",
    "parselong": "number",
    "tonumber": "number",
    "toreal": "number",
    "toint": "round",
    "tostring": "concat",
    "todouble": "number",
    "round": "round",
    "rint": "round",
    "floor": "floor",
    "ceil": "ceil",
    "abs": "abs",
    "sqrt": "sqrt",
    "pow": "power",
    "min": "min",
    "max": "max",
    "modulo": "modulo",
    "ifthenelse": "if",
    "if": "if",
    "coalesce": "coalesce",
    "recode": "recode",
    "categorize": "categorize",
    "interpolate": "interpolate",
    "isnull": "is_null",
    "equalto": "=",
    "notequalto": "<>",
    "lessthan": "<",
    "lessequalthan": "<=",
    "greaterthan": ">",
    "greaterequalthan": ">=",
    "between": "and",
    "islike": "like",
    "not": "not",
    "in": "in",
    **{f"in{count}": "in" for count in range(2, 11)},
}


def _swap_format(values: _Values) -> _Values:
    """The pattern stands first in GeoServer."""
    return (values[1], values[0], *_signs(values[2:])) if len(values) >= 2 else values


def _signs(values: _Values) -> _Values:
    """GeoServer names minus, decimal and grouping signs; the first is always `-` here."""
    return values[1:3]


def _substr(values: _Values) -> _Values:
    """QGIS counts from 1 and gives a length."""
    if len(values) < 2:
        return values
    start = Calculation("subtract", (values[1], Constant(1)))
    return (values[0], start, *(Calculation("add", (start, length)) for length in values[2:3]))


def _either_case(values: _Values) -> _Values:
    return tuple(Calculation("lower", (value,)) for value in values)


def _categorize(values: _Values) -> _Values:
    """GeoServer may name the side thresholds belong to at the end."""
    last = values[-1] if values else None
    if isinstance(last, Constant) and str(last.value).strip() == "succeeding":
        return values[:-1]
    return values


def _interpolate(values: _Values) -> _Values:
    """GeoServer may name method and mode at the end; numbers or colours show themselves, and all is drawn linear."""
    words = ("linear", "color", "numeric")
    while values and isinstance(values[-1], Constant) and str(values[-1].value).strip().lower() in words:
        values = values[:-1]
    return values


def _between(values: _Values) -> _Values:
    if len(values) != 3:
        return ()
    return (Calculation(">=", values[:2]), Calculation("<=", (values[0], values[2])))


def _plain_replace(values: _Values) -> _Values:
    """GeoServer's fourth argument asks for all places, which is always done."""
    return values[:3]


ORDERS: dict[str, Callable[[_Values], _Values]] = {
    "numberformat": _swap_format,
    "dateformat": lambda values: (values[1], values[0]) if len(values) == 2 else values,
    "substr": _substr,
    "left": lambda values: (values[0], Constant(0), values[1]) if len(values) == 2 else values,
    "strequalsignorecase": _either_case,
    "categorize": _categorize,
    "interpolate": _interpolate,
    "between": _between,
    "strreplace": _plain_replace,
    "concatenate": lambda values: values,
}
