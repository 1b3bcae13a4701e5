# SPDX-License-Identifier: MIT
"""Whole columns are read as their values are one by one, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.columns import convert_column
from server.features.convert import CONVERTERS

_ODD = ["Cơ sở", "Cơ so\u031b\u0309", " ", "12", "-3.5e2", "1_0", "\u0663", "nan", "2024-02-29", "2023-02-29", "20240229", "a\tb"]
TEXTS = st.text() | st.sampled_from(_ODD)


@given(st.sampled_from(["text", "number", "date"]), st.lists(TEXTS, max_size=5))
def test_a_column_holds_what_its_values_are_one_by_one(type_: str, values: list[str]) -> None:
    column = convert_column(type_, values)
    if column is not None:
        assert all(value.strip() for value in values)
        assert column == [CONVERTERS[type_](value) for value in values]


@pytest.mark.parametrize(
    ("type_", "values", "column"),
    [
        ("text", ["a", "Ế"], ["a", "Ế"]),
        ("number", ["1", " 2.5 "], [1.0, 2.5]),
        ("number", ["1", "1e999"], None),
        ("number", ["1", "1_0"], None),
        ("text", ["a", 7], None),
        ("text", ["a", "b\x00"], None),
        ("date", ["2024-02-29", "2024-02-29T08:00:00Z"], None),
        ("boolean", ["true"], None),
    ],
)
def test_only_plain_columns_are_read_at_once(type_: str, values: list[object], column: list[object] | None) -> None:
    assert convert_column(type_, values) == column
