# SPDX-License-Identifier: MIT
"""Functions of the filter tree as SQL. Names come from one table, fields from the layer, every constant is bound.

Hostile or odd values (a text where a number is meant, division by zero) give NULL, never an error of the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from psycopg import sql

from server.db.condition import Condition
from server.db.fieldvalues import Kind
from server.db.patterns import date_pattern, number_pattern
from server.errors import InvalidParameter
from server.filter.calculations import CALCULATIONS
from server.filter.tree import Calculation, Constant, Formula, Property

_NUMBER = re.compile(r"[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_READ_NUMBER = (
    r"(SELECT CASE WHEN v ~ '^\s*[+-]?([0-9]{{1,40}}\.?[0-9]{{0,40}}|\.[0-9]{{1,40}})([eE][+-]?[0-9]{{1,2}})?\s*$'"
    " THEN v::float8 END FROM (SELECT {}) AS t(v))"
)
_NUMBERS = ("integer", "number")
_ARRAY_SIGNS = {"a_contains": "@>", "a_containedby": "<@", "a_overlaps": "&&"}
# Labels are read on screens, and screens in Viet Nam show its time.
_SCREEN_ZONE = "Asia/Ho_Chi_Minh"
_MAX_TEXT = 4000


@dataclass(frozen=True)
class Computed:
    """A piece of SQL with its values, and the kind of what it gives."""

    sql: sql.Composable
    params: tuple[object, ...]
    kind: Kind

    @property
    def condition(self) -> Condition:
        """The same without its kind."""
        return Condition(self.sql, self.params)


def compile_formula(operand: Formula, kinds: Mapping[str, Kind]) -> Computed:
    """An operand as SQL over columns of `kinds`. Raises InvalidParameter for fields, functions or constants that do not fit."""
    if isinstance(operand, Property):
        kind = kinds.get(operand.name)
        if kind is None:
            raise InvalidParameter(f"There is no field {operand.name[:60]!r} here.", locator=operand.name[:60])
        return Computed(sql.Identifier(operand.name), (), kind)
    if isinstance(operand, Constant):
        return _constant(operand)
    known = CALCULATIONS.get(operand.name)
    if known is None or not known.least <= len(operand.arguments) <= known.most:
        raise InvalidParameter(f"The function {operand.name[:60]!r} is not known with {len(operand.arguments)} arguments.")
    return _COMPILERS[operand.name](operand, kinds)


def _constant(operand: Constant) -> Computed:
    value = operand.value
    if isinstance(value, bool):
        return Computed(sql.SQL("%s::boolean"), (value,), "boolean")
    if isinstance(value, int | float):
        return Computed(sql.SQL("%s::float8"), (float(value),), "number")
    text = "" if value is None else str(value)
    if "\0" in text or len(text) > _MAX_TEXT or any("\ud800" <= char <= "\udfff" for char in text):
        raise InvalidParameter("A constant of a function is not a usable text.")
    return Computed(sql.SQL("%s::text"), (text,), "text")


def as_text(value: Computed) -> Computed:
    """The value as text."""
    return value if value.kind == "text" else Computed(sql.SQL("({})::text").format(value.sql), value.params, "text")


def as_number(value: Computed) -> Computed:
    """The value as double precision; NULL for a text that is no number."""
    if value.kind in _NUMBERS:
        return Computed(sql.SQL("({})::float8").format(value.sql), value.params, "number")
    if value.kind == "boolean":
        return Computed(sql.SQL("({})::int::float8").format(value.sql), value.params, "number")
    text = as_text(value)
    if len(text.params) == 1 and isinstance(text.params[0], str) and _NUMBER.fullmatch(text.params[0].strip()):
        return Computed(sql.SQL("%s::float8"), (float(text.params[0]),), "number")
    written = sql.SQL(_READ_NUMBER).format(text.sql)
    return Computed(written, text.params, "number")


def as_boolean(value: Computed) -> Computed:
    """The value as a condition: numbers other than 0 and the text `true` hold."""
    if value.kind == "boolean":
        return value
    if value.kind in _NUMBERS:
        return Computed(sql.SQL("({} <> 0)").format(value.sql), value.params, "boolean")
    text = as_text(value)
    return Computed(sql.SQL("(lower({}) IN ('true', '1'))").format(text.sql), text.params, "boolean")


def _texts(call: Calculation, kinds: Mapping[str, Kind]) -> list[Computed]:
    return [as_text(compile_formula(one, kinds)) for one in call.arguments]


def _numbers(call: Calculation, kinds: Mapping[str, Kind]) -> list[Computed]:
    return [as_number(compile_formula(one, kinds)) for one in call.arguments]


def _put(pattern: str, kind: Kind, *parts: Computed) -> Computed:
    """SQL of ours with the parts in their places, each used once and in order."""
    return Computed(sql.SQL(pattern).format(*(one.sql for one in parts)), sum((one.params for one in parts), ()), kind)


def _join(parts: list[Computed], word: str, kind: Kind) -> Computed:
    return Computed(sql.SQL("({})").format(sql.SQL(word).join(one.sql for one in parts)), sum((one.params for one in parts), ()), kind)


def _listed(name: str, parts: list[Computed], kind: Kind) -> Computed:
    inside = _join(parts, ", ", kind)
    return Computed(sql.SQL(name) + inside.sql, inside.params, kind)


def _of_texts(pattern: str, kind: Kind = "text") -> Callable[[Calculation, Mapping[str, Kind]], Computed]:
    return lambda call, kinds: _put(pattern, kind, *_texts(call, kinds))


def _of_numbers(pattern: str) -> Callable[[Calculation, Mapping[str, Kind]], Computed]:
    return lambda call, kinds: _put(pattern, "number", *_numbers(call, kinds))


def _substring(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    text = as_text(compile_formula(call.arguments[0], kinds))
    places = [_put("least(greatest({}, 0), 100000)::int", "integer", as_number(compile_formula(one, kinds))) for one in call.arguments[1:]]
    if len(places) == 1:
        return _put("substr({}, {} + 1)", "text", text, places[0])
    return _put("substr(left({}, {}), {} + 1)", "text", text, places[1], places[0])


def _format_number(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    number = as_number(compile_formula(call.arguments[0], kinds))
    signs = [_literal(one, "sign") for one in call.arguments[2:]]
    shape = number_pattern(_literal(call.arguments[1], "pattern"))
    written = _put("to_char({}::numeric, {})", "text", number, Computed(sql.SQL("%s"), (shape.template,), "text"))
    if not shape.least_decimals:
        written = _put("rtrim({}, '.')", "text", written)
    if signs:
        point, group = (*signs, ",")[:2]
        # one pass: swapping one after the other would turn both into the same
        wanted = Computed(sql.SQL("%s::text"), (f"{point[:1] or '.'}{group[:1]}",), "text")
        written = _put("translate({}, '.,', {})", "text", written, wanted)
    ends = [Computed(sql.SQL("%s::text"), (end,), "text") for end in (shape.prefix, shape.suffix)]
    return _put("({} || {} || {})", "text", ends[0], written, ends[1])


def _format_date(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    day = compile_formula(call.arguments[0], kinds)
    template = Computed(sql.SQL("%s::text"), (date_pattern(_literal(call.arguments[1], "pattern")),), "text")
    if day.kind == "datetime":
        return _put(f"to_char({{}} AT TIME ZONE '{_SCREEN_ZONE}', {{}})", "text", day, template)
    if day.kind == "date":
        return _put("to_char({}::timestamp, {})", "text", day, template)
    return as_text(day)


def _literal(operand: Formula, what: str) -> str:
    if not isinstance(operand, Constant):
        raise InvalidParameter(f"The {what} of a format must be a constant.")
    return str(operand.value)


def _choose(values: list[Computed]) -> tuple[list[Computed], Kind]:
    """Results as one kind: numbers when all are numbers or texts that are, else texts."""
    if all(one.kind in _NUMBERS or _is_number_text(one) for one in values):
        return [as_number(one) for one in values], "number"
    if all(one.kind == "boolean" for one in values):
        return values, "boolean"
    return [as_text(one) for one in values], "text"


def _is_number_text(value: Computed) -> bool:
    return len(value.params) == 1 and isinstance(value.params[0], str) and bool(_NUMBER.fullmatch(value.params[0].strip()))


def _if(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    values, kind = _choose([compile_formula(one, kinds) for one in call.arguments[1:]])
    return _put("CASE WHEN {} THEN {} ELSE {} END", kind, as_boolean(compile_formula(call.arguments[0], kinds)), *values)


def _coalesce(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    values, kind = _choose([compile_formula(one, kinds) for one in call.arguments])
    return _listed("coalesce", values, kind)


def _cases(value: Computed, tests: list[tuple[str, Computed, Computed]], last: Computed | None, kind: Kind) -> Computed:
    """`value` looked at once, whatever it costs: the first test `v <operator> limit` that holds gives the result."""
    written = sql.SQL(" ").join(
        sql.SQL(f"WHEN v {operator} {{}} THEN {{}}").format(limit.sql, result.sql) for operator, limit, result in tests
    )
    otherwise = sql.SQL(" ELSE {}").format(last.sql) if last else sql.SQL("")
    text = sql.SQL("(SELECT CASE {}{} END FROM (SELECT {}) AS t(v))").format(written, otherwise, value.sql)
    params = sum((limit.params + result.params for _, limit, result in tests), ()) + (last.params if last else ()) + value.params
    return Computed(text, params, kind)


def _recode(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    value = compile_formula(call.arguments[0], kinds)
    keys = [compile_formula(one, kinds) for one in call.arguments[1::2]]
    results, kind = _choose([compile_formula(one, kinds) for one in call.arguments[2::2]])
    if len(keys) != len(results):
        raise InvalidParameter("Recode takes pairs of a value and what becomes of it.")
    convert = as_number if value.kind in _NUMBERS else as_text
    return _cases(convert(value), [("=", convert(key), result) for key, result in zip(keys, results, strict=True)], None, kind)


def _categorize(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    results, kind = _choose([compile_formula(one, kinds) for one in call.arguments[1::2]])
    limits = [as_number(compile_formula(one, kinds)) for one in call.arguments[2::2]]
    if len(results) != len(limits) + 1:
        raise InvalidParameter("Categorize takes one value more than thresholds.")
    operator = "<=" if call.name == "categorize_up_to" else "<"
    value = as_number(compile_formula(call.arguments[0], kinds))
    tests = [("IS NULL AND", Computed(sql.SQL("TRUE"), (), "boolean"), Computed(sql.SQL("NULL"), (), kind))]
    tests += [(operator, limit, result) for limit, result in zip(limits, results, strict=False)]
    return _cases(value, tests, results[-1], kind)


def _interpolate(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    data = [_fixed_number(one) for one in call.arguments[1::2]]
    results = [str(one.value) if isinstance(one, Constant) else "" for one in call.arguments[2::2]]
    if len(data) != len(results) or sorted(set(data)) != data:
        raise InvalidParameter("Interpolate takes pairs of data and values, the data rising.")
    value = as_number(compile_formula(call.arguments[0], kinds))
    colours = all(_COLOUR.fullmatch(one) for one in results)
    points = [_channels(one) if colours else [_fixed_number(Constant(one))] for one in results]
    parts = [_ramp(value, data, [point[index] for point in points]) for index in range(len(points[0]))]
    if not colours:
        return parts[0]
    hexed = [_put("lpad(to_hex(round({})::int), 2, '0')", "text", part) for part in parts]
    return _put("('#' || {} || {} || {})", "text", *hexed)


def _ramp(value: Computed, data: list[float], values: list[float]) -> Computed:
    tests = [("<=", _number(data[0]), _number(values[0]))]
    for (low, high), (first, last) in zip(pairwise(data), pairwise(values), strict=True):
        slope = (last - first) / (high - low)
        between = Computed(sql.SQL("%s::float8 + (v - %s::float8) * %s::float8"), (first, low, slope), "number")
        tests.append(("<=", _number(high), between))
    tests.append((">", _number(data[-1]), _number(values[-1])))
    return _cases(value, tests, None, "number")


def _number(value: float) -> Computed:
    return Computed(sql.SQL("%s::float8"), (value,), "number")


def _fixed_number(operand: Formula) -> float:
    text = str(operand.value).strip() if isinstance(operand, Constant) else ""
    if not _NUMBER.fullmatch(text):
        raise InvalidParameter("Interpolate works on constant numbers and colours.")
    return float(text)


def _channels(colour: str) -> list[float]:
    return [float(int(colour[start : start + 2], 16)) for start in (1, 3, 5)]


def _compare(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    left, right = (compile_formula(one, kinds) for one in call.arguments)
    convert = as_number if left.kind in _NUMBERS or right.kind in _NUMBERS else as_text
    return _put(f"({{}} {call.name} {{}})", "boolean", convert(left), convert(right))


def _in(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    values = [compile_formula(one, kinds) for one in call.arguments]
    convert = as_number if values[0].kind in _NUMBERS else as_text
    inside = _join([convert(one) for one in values[1:]], ", ", "boolean")
    return _put("({} IN {})", "boolean", convert(values[0]), inside)


def _array(values: list[Computed], kind: str) -> Computed:
    inside = sql.SQL(", ").join(one.sql for one in values)
    written = sql.SQL(f"array_remove(ARRAY[{{}}]::{kind}[], NULL)").format(inside)
    return Computed(written, sum((one.params for one in values), ()), "text")


def _refuse_array(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:  # noqa: ARG001 - called like all others
    raise InvalidParameter("A list stands where one value is wanted.", locator=call.name)


def _relate_arrays(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    """Two lists as arrays: of numbers when all their values are, else of texts. What has no value is in no list.

    A field that holds several texts is a list by itself; where it is empty nothing is known of it.
    """
    sides = [side.arguments if isinstance(side, Calculation) and side.name == "array" else (side,) for side in call.arguments]
    values = [[compile_formula(one, kinds) for one in side] for side in sides]
    found = {one.kind for side in values for one in side}
    if found & {"datetime", "geometry"}:
        raise InvalidParameter("Lists hold texts, numbers, days, true and false.", locator=call.name)
    convert, kind = (as_number, "float8") if found <= set(_NUMBERS) else (as_text, "text")
    if any(one.kind == "texts" for side in values for one in side[1:]) or any(len(side) > 1 and side[0].kind == "texts" for side in values):
        raise InvalidParameter("A field with several values stands in a list with others.", locator=call.name)
    left, right = (side[0] if side and side[0].kind == "texts" else _array([convert(one) for one in side], kind) for side in values)
    if call.name == "a_equals":
        return _put("({} @> {} AND {} <@ {})", "boolean", left, right, left, right)
    return _put(f"({{}} {_ARRAY_SIGNS[call.name]} {{}})", "boolean", left, right)


def _logic(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    return _join([as_boolean(compile_formula(one, kinds)) for one in call.arguments], f" {call.name.upper()} ", "boolean")


def _clamp(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    value, otherwise, low, high = _numbers(call, kinds)
    return _put("least(greatest(coalesce({}, {}), {}), {})", "number", value, otherwise, low, high)


def _colour(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
    value, otherwise = _texts(call, kinds)
    written = "(SELECT CASE WHEN v ~ '^#[0-9a-fA-F]{{6}}$' THEN lower(v) ELSE o END FROM (SELECT {}, {}) AS t(v, o))"
    return _put(written, "text", value, otherwise)


def _of_time(part: str) -> Callable[[Calculation, Mapping[str, Kind]], Computed]:
    def compile_part(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
        value = compile_formula(call.arguments[0], kinds)
        if value.kind not in ("date", "datetime"):
            raise InvalidParameter(f"{call.name} takes a date or a time.", locator=call.name)
        zone = " AT TIME ZONE 'UTC'" if value.kind == "datetime" else ""
        return _put(f"extract({part} FROM {{}}{zone})::float8", "number", value)

    return compile_part


def _of_geometry(pattern: str) -> Callable[[Calculation, Mapping[str, Kind]], Computed]:
    def compile_measure(call: Calculation, kinds: Mapping[str, Kind]) -> Computed:
        value = compile_formula(call.arguments[0], kinds)
        if value.kind != "geometry":
            raise InvalidParameter(f"{call.name} takes the geometry of the layer.", locator=call.name)
        return _put(pattern, "number", value)

    return compile_measure


_COMPILERS: dict[str, Callable[[Calculation, Mapping[str, Kind]], Computed]] = {
    "concat": lambda call, kinds: _listed("concat", _texts(call, kinds), "text"),
    "upper": _of_texts("upper({})"),
    "lower": _of_texts("lower({})"),
    "capitalize": _of_texts("initcap({})"),
    "trim": _of_texts("btrim({})"),
    "substring": _substring,
    "replace": _of_texts("replace({}, {}, {})"),
    "length": _of_texts("length({})::float8", "number"),
    "position": _of_texts("(strpos({}, {}) - 1)::float8", "number"),
    "starts": _of_texts("starts_with({}, {})", "boolean"),
    "ends": _of_texts("starts_with(reverse({}), reverse({}))", "boolean"),
    "format_number": _format_number,
    "format_date": _format_date,
    "add": lambda call, kinds: _join(_numbers(call, kinds), " + ", "number"),
    "subtract": _of_numbers("({} - {})"),
    "multiply": lambda call, kinds: _join(_numbers(call, kinds), " * ", "number"),
    "divide": _of_numbers("({} / nullif({}, 0))"),
    "modulo": _of_numbers("mod({}::numeric, nullif({}, 0)::numeric)::float8"),
    "power": _of_numbers("power(least(greatest({}, 0), 1e9), least(greatest({}, -9), 9))"),
    "quotient": _of_numbers("div({}::numeric, nullif({}, 0)::numeric)::float8"),
    "exponent": _of_numbers("power({}, {})"),
    "sqrt": _of_numbers("sqrt(greatest({}, 0))"),
    "round": _of_numbers("round({})"),
    "floor": _of_numbers("floor({})"),
    "ceil": _of_numbers("ceil({})"),
    "abs": _of_numbers("abs({})"),
    "min": lambda call, kinds: _listed("least", _numbers(call, kinds), "number"),
    "max": lambda call, kinds: _listed("greatest", _numbers(call, kinds), "number"),
    "fold": _of_texts("xanh.fold({})"),
    "year": _of_time("year"),
    "month": _of_time("month"),
    "day": _of_time("day"),
    "area": _of_geometry("ST_Area({}::geography)"),
    "geom_length": _of_geometry("ST_Length({}::geography)"),
    "num_points": _of_geometry("ST_NPoints({})::float8"),
    "number": lambda call, kinds: _numbers(call, kinds)[0],
    "clamp": _clamp,
    "colour": _colour,
    "if": _if,
    "coalesce": _coalesce,
    "recode": _recode,
    "categorize": _categorize,
    "categorize_up_to": _categorize,
    "interpolate": _interpolate,
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">="), _compare),
    "and": _logic,
    "or": _logic,
    "not": lambda call, kinds: _put("(NOT {})", "boolean", as_boolean(compile_formula(call.arguments[0], kinds))),
    "is_null": lambda call, kinds: _put("({} IS NULL)", "boolean", compile_formula(call.arguments[0], kinds)),
    "in": _in,
    "array": _refuse_array,
    **dict.fromkeys(("a_equals", *_ARRAY_SIGNS), _relate_arrays),
    "like": _of_texts("({} LIKE {})", "boolean"),
    "like_any_case": _of_texts("({} ILIKE {})", "boolean"),
}
