# SPDX-License-Identifier: MIT
"""What styles work out, worked out by the database: right values, and never an error for odd data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from psycopg import sql

from server.db.calculations import compile_formula
from server.db.fieldvalues import Kind
from server.db.pool import Connection
from server.errors import InvalidParameter
from server.filter.calculations import CALCULATIONS
from server.filter.tree import Calculation, Constant, Formula, Property

KINDS: dict[str, Kind] = {"name": "text", "n": "number", "code": "text", "day": "date", "at": "datetime", "none": "number", "ok": "boolean"}
ROW = ("Sông Tiền", 1234.5, "12a", date(2025, 7, 1), datetime(2025, 7, 1, 20, 30, tzinfo=UTC), None, True)
NAME, N, CODE, DAY, AT, NONE, OK = (Property(name) for name in KINDS)


def call(name: str, *arguments: Formula | str | float) -> Calculation:
    """A calculation; plain values are constants."""
    return Calculation(name, tuple(one if isinstance(one, Property | Constant | Calculation) else Constant(one) for one in arguments))


def work_out(connection: Connection, formula: Formula) -> Any:
    """The value of a formula for ROW."""
    found = compile_formula(formula, KINDS)
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in KINDS)
    table = sql.SQL("(VALUES (%s::text, %s::float8, %s::text, %s::date, %s::timestamptz, %s::float8, %s::boolean)) AS t ({})").format(
        columns
    )
    row = connection.execute(sql.SQL("SELECT {} FROM {}").format(found.sql, table), (*found.params, *ROW)).fetchone()
    return row[0] if row else None


CASES: list[tuple[Calculation, Any]] = [
    (call("concat", NAME, " (", N, ")"), "Sông Tiền (1234.5)"),
    (call("concat", NAME, NONE), "Sông Tiền"),
    (call("upper", NAME), "SÔNG TIỀN"),
    (call("capitalize", "kênh đồng"), "Kênh Đồng"),
    (call("trim", "  a b "), "a b"),
    (call("substring", NAME, 0, 4), "Sông"),
    (call("substring", NAME, 5), "Tiền"),
    (call("substring", NAME, -3, 99), "Sông Tiền"),
    (call("replace", NAME, "Sông", "S."), "S. Tiền"),
    (call("length", NAME), 9),
    (call("position", NAME, "T"), 5),
    (call("position", NAME, "?"), -1),
    (call("starts", NAME, "Sô"), True),
    (call("ends", NAME, "ền"), True),
    (call("format_number", N, "#,##0.00"), "1,234.50"),
    (call("format_number", N, "#,##0.0", ",", "."), "1.234,5"),
    (call("format_number", N, "0"), "1235"),
    (call("format_number", 7, "000"), "007"),
    (call("format_number", 0.5, "#0.###"), "0.5"),
    (call("format_number", 5, "#0.##"), "5"),
    (call("format_date", DAY, "dd/MM/yyyy"), "01/07/2025"),
    (call("format_date", DAY, "'ngày' d 'tháng' M"), "ngày 1 tháng 7"),
    (call("format_date", AT, "dd/MM HH:mm"), "02/07 03:30"),
    (call("add", N, 0.5, CODE), None),
    (call("multiply", N, 2), 2469),
    (call("divide", N, 0), None),
    (call("modulo", 7, 4), 3),
    (call("power", 2, 10), None),
    (call("number", "12,5"), None),
    (call("number", " 12.5 "), 12.5),
    (call("min", 3, NONE, 1), 1),
    (call("clamp", NONE, 6, 0, 100), 6),
    (call("clamp", 5000, 6, 0, 100), 100),
    (call("colour", "#FF0000", "#000000"), "#ff0000"),
    (call("colour", "red", "#000000"), "#000000"),
    (call("if", call(">", N, 1000), "large", "small"), "large"),
    (call("coalesce", NONE, 3), 3),
    (call("recode", CODE, "12a", "#111111", "b", "#222222"), "#111111"),
    (call("recode", N, 1, "a"), None),
    (call("categorize", N, "low", 100, "middle", 1234.5, "high"), "high"),
    (call("categorize_up_to", N, "low", 100, "middle", 1234.5, "high"), "middle"),
    (call("categorize", NONE, "low", 100, "high"), None),
    (call("interpolate", 5, 0, 10, 10, 20), 15),
    (call("interpolate", -5, 0, 10, 10, 20), 10),
    (call("interpolate", 5, 0, "#000000", 10, "#ff8000"), "#804000"),
    (call("interpolate", NONE, 0, 1, 10, 2), None),
    (call("in", CODE, "x", "12a"), True),
    (call("like", NAME, "%Tiền"), True),
    (call("like_any_case", NAME, "sông%"), True),
    (call("not", call("is_null", NONE)), False),
    (call("and", OK, call("<", N, 1)), False),
    (call("or", OK, "no"), True),
    (call("=", CODE, "12a"), True),
    (call("<=", N, "1234.5"), True),
    (call("fold", NAME), "song tien"),
    (call("year", DAY), 2025),
]


@pytest.mark.parametrize(("formula", "expected"), CASES, ids=[f"{number}-{formula.name}" for number, (formula, _) in enumerate(CASES)])
def test_a_calculation_gives_what_it_says(owner_connection: Connection, formula: Calculation, expected: Any) -> None:
    found = work_out(owner_connection, formula)
    if formula.name == "power":
        assert found == 2**9  # powers end at nine
    elif isinstance(expected, float | int) and not isinstance(expected, bool):
        assert found == pytest.approx(expected)
    else:
        assert found == expected


@pytest.mark.parametrize("text", ["'); DROP TABLE x; --", "%s", "100%", "\\", "{}", "a'b"])
def test_a_constant_is_only_ever_a_value(owner_connection: Connection, text: str) -> None:
    assert work_out(owner_connection, call("concat", text, NAME)) == f"{text}Sông Tiền"


@pytest.mark.parametrize("text", ["1e99999", "9" * 400, "NaN", "infinity", "0x10", "", "--1"])
def test_a_text_that_is_no_usable_number_is_empty(owner_connection: Connection, text: str) -> None:
    assert work_out(owner_connection, call("number", Calculation("concat", (Constant(text),)))) is None


@pytest.mark.parametrize(
    "formula",
    [
        call("pg_sleep", 10),
        call("upper"),
        call("upper", Property("secret")),
        call("format_number", N, NAME),
        call("format_number", N, "x" * 200),
        call("format_date", DAY, '"; DROP'),
        call("interpolate", N, 10, 1, 0, 2),
        call("interpolate", N, 0, NAME, 1, 2),
        call("categorize", N, "a", 1),
        call("recode", N, 1, "a", 2),
        call("concat", "\0"),
        call("year", NAME),
        call("array", "a"),
        call("=", call("array", "a"), "a"),
        call("a_contains", call("array", call("array", "a")), "a"),
    ],
    ids=lambda formula: formula.name,
)
def test_what_makes_no_sense_is_refused_before_the_database_sees_it(formula: Calculation) -> None:
    with pytest.raises(InvalidParameter):
        compile_formula(formula, KINDS)


def test_every_name_of_the_table_is_worked_out() -> None:
    from server.db.calculations import _COMPILERS

    assert set(_COMPILERS) == set(CALCULATIONS)
