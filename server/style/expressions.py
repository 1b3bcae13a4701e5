# SPDX-License-Identifier: MIT
"""Expressions of SLD 1.0 and SE 1.1 (fields, literals, arithmetic, functions) as formulas of the filter tree."""

from __future__ import annotations

import re
from collections.abc import Callable

from server.filter.calculations import CALCULATIONS
from server.filter.tree import Calculation, Constant, Formula, Property
from server.style.elements import Unreadable, find_child
from server.style.functions import ALIASES, ORDERS
from server.style.support import describe_missing
from server.xmlio.parse import Element, attribute, children, local_name, text_of

_ARITHMETIC = {"Add": "add", "Sub": "subtract", "Mul": "multiply", "Div": "divide"}
_TEMPLATE = re.compile(r"\$\{\s*([A-Za-z_]\w{0,62})\s*\}", re.ASCII)
PROPERTY_NAMES = ("PropertyName", "ValueReference")


def read_formula(element: Element) -> Formula:
    """The value of a parameter: its text and the expressions in it, one after the other. Raises Unreadable."""
    parts: list[Formula] = []
    _add_text(parts, element.text)
    for child in children(element):
        parts.append(read_expression(child))
        _add_text(parts, child.tail)
    if not parts:
        return Constant("")
    if len(parts) == 1:
        return parts[0]
    return Calculation("concat", tuple(parts))


def read_expression(element: Element) -> Formula:
    """One expression element. Raises Unreadable for what has no counterpart."""
    name = local_name(element)
    if name in PROPERTY_NAMES:
        return read_property(element)
    if name == "Literal":
        return Constant(element.text or "")
    if name in _ARITHMETIC:
        return Calculation(_ARITHMETIC[name], _arguments(element, 2))
    reader = _READERS.get(name)
    if reader is None:
        raise Unreadable(element, describe_missing(name))
    return reader(element)


def read_property(element: Element) -> Property:
    """A field name; a namespace prefix in front is dropped, paths are refused. Raises Unreadable."""
    text = text_of(element).rpartition(":")[2]
    if not text or "/" in text or len(text) > 200:
        raise Unreadable(element, "a PropertyName must name one field")
    return Property(text)


def _add_text(parts: list[Formula], text: str | None) -> None:
    """Text around expressions: line breaks and indentation between elements are not meant, blanks beside words are."""
    if not (text or "").strip():
        return
    position = 0
    kept = re.sub(r"\s*\n\s*", "", str(text))
    for match in _TEMPLATE.finditer(kept):
        if match.start() > position:
            parts.append(Constant(kept[position : match.start()]))
        parts.append(Property(match[1]))
        position = match.end()
    if position < len(kept):
        parts.append(Constant(kept[position:]))


def _arguments(element: Element, count: int | None = None) -> tuple[Formula, ...]:
    found = tuple(read_expression(child) for child in children(element))
    if count is not None and len(found) != count:
        raise Unreadable(element, f"<{local_name(element)}> takes {count} operands")
    return found


def _read_function(element: Element) -> Formula:
    """An ogc:Function, under the names of GeoServer, GeoTools and QGIS."""
    name = (attribute(element, "name") or "").strip()
    key = name.lower().replace("_", "")
    if key == "env":
        values = _arguments(element)
        if len(values) == 2:
            return values[1]
        raise Unreadable(element, "the function 'env' needs a value for maps that do not set it")
    known = ALIASES.get(key)
    if known is None:
        raise Unreadable(element, f"the function {name[:40]!r} is not known")
    values = _arguments(element)
    values = ORDERS[key](values) if key in ORDERS else values
    return checked(element, known, values)


def checked(element: Element, name: str, values: tuple[Formula, ...]) -> Calculation:
    """A calculation with as many arguments as it takes. Raises Unreadable."""
    shape = CALCULATIONS[name]
    if not shape.least <= len(values) <= shape.most:
        raise Unreadable(element, f"{name!r} does not take {len(values)} arguments")
    return Calculation(name, values)


def _part(element: Element, *names: str) -> Formula:
    """The expression inside a named child of an SE 1.1 function."""
    found = next((child for child in (find_child(element, name) for name in names) if child is not None), None)
    if found is None:
        raise Unreadable(element, f"<{local_name(element)}> needs <{names[0]}>")
    return read_formula(found)


def _read_concatenate(element: Element) -> Formula:
    return checked(element, "concat", tuple(read_formula(child) for child in children(element, "StringValue")))


def _read_change_case(element: Element) -> Formula:
    name = "lower" if (attribute(element, "direction") or "toUpper") == "toLower" else "upper"
    return Calculation(name, (_part(element, "StringValue"),))


def _read_substring(element: Element) -> Formula:
    """SE 1.1 counts from 1 and gives a length."""
    start = (
        Calculation("subtract", (_part(element, "Position"), Constant(1))) if find_child(element, "Position") is not None else Constant(0)
    )
    text = _part(element, "StringValue")
    if find_child(element, "Length") is None:
        return Calculation("substring", (text, start))
    return Calculation("substring", (text, start, Calculation("add", (start, _part(element, "Length")))))


def _read_trim(element: Element) -> Formula:
    if (attribute(element, "stripOffChar") or " ") != " ":
        raise Unreadable(element, "<Trim> removes blanks only")
    return Calculation("trim", (_part(element, "StringValue"),))


def _read_position(element: Element) -> Formula:
    """SE 1.1 counts from 1, 0 = nowhere."""
    found = Calculation("position", (_part(element, "StringValue"), _part(element, "LookupString")))
    return Calculation("add", (found, Constant(1)))


def _read_format_number(element: Element) -> Formula:
    signs = Constant(attribute(element, "decimalPoint") or "."), Constant(attribute(element, "groupingSeparator") or ",")
    pattern = _pattern(element, "Pattern")
    positive = Calculation("format_number", (_part(element, "NumericValue"), pattern, *signs))
    if find_child(element, "NegativePattern") is None:
        return positive
    value = _part(element, "NumericValue")
    negative = Calculation("format_number", (Calculation("abs", (value,)), _pattern(element, "NegativePattern"), *signs))
    return Calculation("if", (Calculation("<", (value, Constant(0))), negative, positive))


def _read_format_date(element: Element) -> Formula:
    return Calculation("format_date", (_part(element, "DateValue"), _pattern(element, "Pattern")))


def _pattern(element: Element, name: str) -> Constant:
    found = find_child(element, name)
    if found is None:
        raise Unreadable(element, f"<{local_name(element)}> needs <{name}>")
    return Constant(text_of(found))


def _read_recode(element: Element) -> Formula:
    values: list[Formula] = [_part(element, "LookupValue")]
    for item in children(element, "MapItem"):
        values += [_part(item, "Data"), _part(item, "Value")]
    recoded = checked(element, "recode", tuple(values))
    fallback = attribute(element, "fallbackValue")
    return Calculation("coalesce", (recoded, Constant(fallback))) if fallback else recoded


def _read_categorize(element: Element) -> Formula:
    before = (attribute(element, "thresholdsBelongTo") or attribute(element, "threshholdsBelongTo") or "succeeding") == "preceding"
    values = [_part(element, "LookupValue")]
    values += [read_formula(child) for child in children(element) if local_name(child) in ("Value", "Threshold")]
    categorized = checked(element, "categorize_up_to" if before else "categorize", tuple(values))
    fallback = attribute(element, "fallbackValue")
    return Calculation("coalesce", (categorized, Constant(fallback))) if fallback else categorized


def _read_interpolate(element: Element) -> Formula:
    values: list[Formula] = [_part(element, "LookupValue")]
    for point in children(element, "InterpolationPoint"):
        values += [_part(point, "Data"), _part(point, "Value")]
    return checked(element, "interpolate", tuple(values))


_READERS: dict[str, Callable[[Element], Formula]] = {
    "Function": _read_function,
    "Concatenate": _read_concatenate,
    "ChangeCase": _read_change_case,
    "Substring": _read_substring,
    "Trim": _read_trim,
    "StringLength": lambda element: Calculation("length", (_part(element, "StringValue"),)),
    "StringPosition": _read_position,
    "FormatNumber": _read_format_number,
    "FormatDate": _read_format_date,
    "Recode": _read_recode,
    "Categorize": _read_categorize,
    "Interpolate": _read_interpolate,
}
