# SPDX-License-Identifier: MIT
"""Conditions written as CQL2 text are read back as the same tree."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from server.filter.cql2_text import read_cql2_text
from server.filter.cql2_write import NotWritten, write_cql2
from server.filter.tree import And, Between, Box, Comparison, Constant, In, IsNull, Like, Node, Not, Or, Property, Spatial

KIND, WQI = Property("kind"), Property("wqi")
WRITTEN: dict[str, Node] = {
    "\"kind\" = 'it''s -- \"'": Comparison("=", KIND, Constant("it's -- \"")),
    '"wqi" >= 91.5': Comparison(">=", WQI, Constant(91.5)),
    "(\"wqi\" < 10 AND NOT (\"kind\" IN ('a', 'b')))": And((Comparison("<", WQI, Constant(10)), Not(In(KIND, ("a", "b"))))),
    '("kind" LIKE \'a%\' OR "kind" IS NULL)': Or((Like(KIND, "a%"), IsNull(KIND))),
    "\"kind\" = DATE('2024-05-06')": Comparison("=", KIND, Constant(date(2024, 5, 6))),
    "\"kind\" > TIMESTAMP('2024-05-06T07:08:09Z')": Comparison(">", KIND, Constant(datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC))),
    '"kind" = TRUE': Comparison("=", KIND, Constant(value=True)),
}


@pytest.mark.parametrize("text", sorted(WRITTEN))
def test_what_is_written_is_read_as_the_same_tree(text: str) -> None:
    assert write_cql2(WRITTEN[text]) == text
    assert read_cql2_text(text) == WRITTEN[text]


def test_texts_beside_a_field_of_numbers_become_numbers_and_ranges_two_comparisons() -> None:
    assert write_cql2(Comparison("<", WQI, Constant(" 10 ")), {"wqi"}) == '"wqi" < 10'
    assert write_cql2(Between(WQI, Constant("1"), Constant("2")), {"wqi"}) == '("wqi" >= 1 AND "wqi" <= 2)'
    assert write_cql2(Comparison("<", WQI, Constant("1 OR 1=1")), {"wqi"}) == "\"wqi\" < '1 OR 1=1'"


@pytest.mark.parametrize(
    "node",
    [
        Spatial("intersects", Box(0, 0, 1, 1, 4326)),
        Comparison("=", KIND, Constant(None)),
        Comparison("=", KIND, Constant("a"), match_case=False),
        Comparison("=", Property('a" OR "b'), Constant(1)),
        Or(()),
    ],
)
def test_what_cannot_be_written_is_refused(node: Node) -> None:
    with pytest.raises(NotWritten):
        write_cql2(node)
