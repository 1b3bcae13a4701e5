# SPDX-License-Identifier: MIT
"""CQL2 text becomes a filter tree; anything else is refused with a place."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import InvalidParameter
from server.filter.cql2_text import read_cql2_text
from server.filter.tree import And, Between, Comparison, Constant, In, IsNull, Like, Node, Not, Or, Property

KIND = Property("kind")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("kind = 'auto'", Comparison("=", KIND, Constant("auto"))),
        ("kind <> 'it''s'", Comparison("<>", KIND, Constant("it's"))),
        ("eo:cloud_cover > 1", Comparison(">", Property("eo:cloud_cover"), Constant(1))),
        ("depth > -1.5e1", Comparison(">", Property("depth"), Constant(-15.0))),
        ("recognised = TRUE", Comparison("=", Property("recognised"), Constant(True))),
        ("depth >= -1.5", Comparison(">=", Property("depth"), Constant(-1.5))),
        ("to_date >= from_date", Comparison(">=", Property("to_date"), Property("from_date"))),
        ("day > DATE('2020-01-31')", Comparison(">", Property("day"), Constant(date(2020, 1, 31)))),
        ("kind IS NOT NULL", Not(IsNull(KIND))),
        ("kind is null", IsNull(KIND)),
        ("kind IN ('a','b')", In(KIND, ("a", "b"))),
        ("kind NOT IN (1, 2)", Not(In(KIND, (1, 2)))),
        ("wqi BETWEEN 1 AND 2", Between(Property("wqi"), Constant(1), Constant(2))),
        ("name LIKE 'Gò%'", Like(Property("name"), "Gò%")),
        (
            "kind = 'a' OR kind = 'b' AND NOT (wqi < 5)",
            Or(
                (
                    Comparison("=", KIND, Constant("a")),
                    And((Comparison("=", KIND, Constant("b")), Not(Comparison("<", Property("wqi"), Constant(5))))),
                )
            ),
        ),
        (
            "order_no = 1 AND android = 2",
            And((Comparison("=", Property("order_no"), Constant(1)), Comparison("=", Property("android"), Constant(2)))),
        ),
    ],
)
def test_a_condition_becomes_its_tree(text: str, node: Node) -> None:
    assert read_cql2_text(text) == node


@pytest.mark.parametrize(
    "text", ["", "kind", "kind =", "'a'", "kind = 'a' kind", "; drop table x", "kind = DATE('2020-13-01')", "(" * 100, "a" * 5000]
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read_cql2_text(text, locator="when")
    assert caught.value.locator == "when"


@given(st.text(max_size=60))
def test_any_text_is_a_tree_or_refused(text: str) -> None:
    with suppress(InvalidParameter):
        assert isinstance(read_cql2_text(text), Node)
