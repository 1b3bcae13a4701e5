# SPDX-License-Identifier: MIT
"""A text like one already read means what it would mean if it were parsed; ceilings hold for it all the same."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.errors import InvalidParameter, LimitExceeded
from server.filter import cql2_known
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_text import read_cql2_text
from server.filter.tree import Node

VALUES = st.one_of(
    st.text(alphabet="ab'\"%_\\()\0 0٣đ.,=-", max_size=8).map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.from_regex(r"[+-]?[0-9]{1,4}(\.[0-9]{0,3})?(e[+-]?[0-9])?", fullmatch=True),
    st.sampled_from(["TRUE", "x", "'", "''", "0٣", "1.2.3", "1e999", "9" * 40, "DATE('2020-01-01')", "DATE('x')", "-", ".5", "5.", "1and"]),
)
SHAPES = st.sampled_from(
    [
        "a = {}",
        "{} = a",
        "a <> {} AND b > {}",
        "NOT (a = {} OR b IN ({}, {}))",
        "a BETWEEN {} AND {}",
        "a LIKE {}",
        "CASEI(a) = CASEI({})",
        "ACCENTI(a) LIKE ACCENTI({})",
        "a NOT IN ({},{})",
        "a = {} AND c = TRUE",
        "a + {} > {}",
        "a {} > {}",
        "upper(a) = {}",
        "a = {}and b = {}",
        "a={}-{}",
        "a = - {} AND eo:{} = {}",
        "a:{} = {}",
        "S_INTERSECTS(geometry, POINT({} {}))",
        "{}",
    ]
)


def read(text: str) -> Node | str:
    try:
        return read_cql2_text(text, Cql2Reading(("geometry",)))
    except (InvalidParameter, LimitExceeded) as error:
        return error.message


@given(shape=SHAPES, first=st.lists(VALUES, min_size=3, max_size=3), second=st.lists(VALUES, min_size=3, max_size=3))
@example("a = {}", ["'x'", "", ""], ["'T", "", ""])
@example("a = {}", ["0٠", "", ""], ["5٠", "", ""])
def test_a_text_like_one_read_before_means_what_it_says(shape: str, first: list[str], second: list[str]) -> None:
    cql2_known._known.clear()
    parsed = read(shape.format(*second))
    cql2_known._known.clear()
    read(shape.format(*first))
    assert repr(read(shape.format(*second))) == repr(parsed)


def test_what_is_like_one_read_before_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read_cql2_text("code = 'a' AND (n > 5 OR on_duty = TRUE)")
    monkeypatch.setattr("server.filter.cql2_text._parser", None)
    assert repr(read_cql2_text("code = 'b''' AND (n > -7 OR on_duty = TRUE)")).count("Constant") == 3
    with pytest.raises(TypeError):
        read_cql2_text("code = 'b' AND (n > 5.0 OR on_duty = TRUE)")


def test_the_ceilings_of_a_reading_hold_for_texts_like_those_of_another() -> None:
    text = "NOT (a = {0} OR (a = {0} AND b = {0}))"
    read_cql2_text(text.format(1))
    with pytest.raises(InvalidParameter, match="too deep"):
        read_cql2_text(text.format(2), Cql2Reading(max_depth=1))
    with pytest.raises(LimitExceeded):
        read_cql2_text(text.format(3), Cql2Reading(max_nodes=3))
    with pytest.raises(InvalidParameter, match="too long"):
        read_cql2_text(text.format(4), Cql2Reading(max_length=10))


def test_no_more_is_kept_than_there_is_room_for() -> None:
    for number in range(1200):
        read_cql2_text(f"field_{number}x = 1")
    assert len(cql2_known._known) <= 500
