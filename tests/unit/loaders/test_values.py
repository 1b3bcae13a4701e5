# SPDX-License-Identifier: MIT
"""Numbers and dates are read by one rule per column; mixed columns are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.values import DateFinder, DateRule, NumberFinder, NumberRule, read_date, read_number
from server.errors import SourceRefused


def find_number_rule(values: list[str], column: str) -> NumberRule:
    finder = NumberFinder()
    for value in values:
        finder.note(value)
    return finder.rule(column)


def find_date_rule(values: list[str], column: str) -> DateRule:
    finder = DateFinder()
    for value in values:
        finder.note(value)
    return finder.rule(column)


@pytest.mark.parametrize(
    ("values", "rule", "first"),
    [
        (["7.37", "12.36"], "plain", 7.37),
        (["3.359,80", "12"], "vietnamese", 3359.80),
        (["3074,5", "8"], "vietnamese", 3074.5),
        (["1,949.5", "2"], "english", 1949.5),
        (["1.234.567", "5"], "vietnamese", 1234567.0),
        (["12\u00a0000", "1"], "plain", 12000.0),
    ],
)
def test_a_column_of_numbers_has_one_notation(values: list[str], rule: str, first: float) -> None:
    found = find_number_rule(values, "DIENTICH")
    assert found == rule
    assert read_number(values[0], found) == pytest.approx(first)


def test_a_column_with_two_notations_is_refused() -> None:
    with pytest.raises(SourceRefused, match="DIENTICH"):
        find_number_rule(["1.234,5", "1,234.5"], "DIENTICH")


@given(st.floats(min_value=-1e9, max_value=1e9).map(lambda x: round(x, 2)))
def test_a_number_written_the_vietnamese_way_reads_back(number: float) -> None:
    text = f"{number:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    assert read_number(text, "vietnamese") == pytest.approx(number)


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_nothing(text: str) -> None:
    assert all(read_number(text, rule) is None or isinstance(read_number(text, rule), float) for rule in ("plain", "vietnamese", "english"))


@pytest.mark.parametrize(
    ("values", "rule", "first"),
    [
        (["2022-06-08"], "iso", "2022-06-08"),
        (["08/06/2022"], "day first", "2022-06-08"),
        (["6/17/2022", "2/29/2016"], "month first", "2022-06-17"),
        (["17.6.2022"], "day first", "2022-06-17"),
    ],
)
def test_a_column_of_dates_has_one_order(values: list[str], rule: str, first: str) -> None:
    found = find_date_rule(values, "NGAY")
    assert found == rule
    assert read_date(values[0], found) == first


def test_dates_in_both_orders_are_refused() -> None:
    with pytest.raises(SourceRefused, match="NGAY"):
        find_date_rule(["17/06/2022", "06/17/2022"], "NGAY")


def test_an_impossible_date_is_nothing() -> None:
    assert read_date("31/02/2022", "day first") is None
