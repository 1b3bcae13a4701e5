# SPDX-License-Identifier: MIT
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.crs.extent import parse_ogcapi_bbox
from server.errors import InvalidParameter
from server.filter.kvp import read_box, read_datetime, read_equality, read_ids
from server.filter.tree import Box, Comparison, Constant, Ids, IsNull, Period, Property, Spatial


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2025-07-01", at(2025, 7, 1), at(2025, 7, 1, 23, 59, 59, 999_999)),
        ("2025-02", at(2025, 2, 1), at(2025, 2, 28, 23, 59, 59, 999_999)),
        ("2024", at(2024, 1, 1), at(2024, 12, 31, 23, 59, 59, 999_999)),
        ("2025-07-01T07:00:00+07:00", at(2025, 7, 1), at(2025, 7, 1)),
        ("2025-07-01T07:00:00 07:00", at(2025, 7, 1), at(2025, 7, 1)),
        ("2025-07-01T00:00:00Z", at(2025, 7, 1), at(2025, 7, 1)),
        ("2025-07-01t00:00:00z", at(2025, 7, 1), at(2025, 7, 1)),
        ("2025-01-01/2025-01-31", at(2025, 1, 1), at(2025, 1, 31, 23, 59, 59, 999_999)),
        ("../2025-01-31", None, at(2025, 1, 31, 23, 59, 59, 999_999)),
        ("2025-01-01/..", at(2025, 1, 1), None),
        ("0000-01-01T00:00:00Z/2025-01-31T00:00:00Z", None, at(2025, 1, 31)),
        ("2025-01-01/", at(2025, 1, 1), None),
        ("../..", None, None),
    ],
)
def test_a_time_stands_for_all_of_what_it_names(text: str, begin: datetime | None, end: datetime | None) -> None:
    assert read_datetime(text) == Period(begin, end)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2025-13", "2025-02-30", "2025-07-01/2025-01-01", "a/b/c", "2025-07-01T25:00:00Z", "0000", "..", "9" * 400]
)
def test_a_time_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read_datetime(text)
    assert caught.value.locator == "datetime"


def test_a_box_keeps_its_crs_and_puts_x_first() -> None:
    assert read_box(parse_ogcapi_bbox("105,10,106,11")) == Spatial("intersects", Box(105.0, 10.0, 106.0, 11.0, 84))


def test_an_empty_value_asks_for_features_without_one() -> None:
    assert read_equality("name", "") == IsNull(Property("name"))
    assert read_equality("name", "Gò Công") == Comparison("=", Property("name"), Constant("Gò Công"))


def test_an_overlong_value_is_refused() -> None:
    with pytest.raises(InvalidParameter):
        read_equality("name", "x" * 1001)


def test_ids_are_numbers_and_not_too_many() -> None:
    assert read_ids(["1", "22"], ceiling=2, locator="id") == Ids((1, 22))
    for wrong in (["1", "x"], ["-1"], [""], ["1", "2", "3"], ["１"]):
        with pytest.raises(InvalidParameter):
            read_ids(wrong, ceiling=2, locator="id")
