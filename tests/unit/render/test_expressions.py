# SPDX-License-Identifier: MIT
"""Filters in Mapnik's language: evaluated by Mapnik itself, hostile values included."""

from __future__ import annotations

import json

import mapnik
import pytest

from server.errors import ConfigError
from server.filter.tree import And, Between, Comparison, Constant, In, IsNull, Like, Node, Not, Or, Period, Property
from server.render.expressions import write_expression, write_string

TYPES = {"name": "text", "wqi": "number", "count": "integer", "public": "boolean", "sampled_at": "date"}


def holds(node: Node, **values: object) -> bool:
    """Whether Mapnik keeps a feature with these values under the filter."""
    feature = mapnik.Feature(mapnik.Context(), 1)
    context = mapnik.Context()
    for name in TYPES:
        context.push(name)
    geojson = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}, "properties": {**dict.fromkeys(TYPES), **values}}
    feature = mapnik.Feature.from_geojson(json.dumps(geojson), context)
    return bool(mapnik.Expression(write_expression(node, TYPES)).evaluate(feature))


def compare(operator: str, name: str, value: object) -> Comparison:
    return Comparison(operator, Property(name), Constant(value))  # type: ignore[arg-type]


def test_text_of_a_style_is_compared_with_numbers_as_a_number() -> None:
    assert holds(compare(">=", "wqi", "51"), wqi=100.0)
    assert not holds(compare(">=", "wqi", "51"), wqi=9.5)


@pytest.mark.parametrize("operator", ["=", "<>", "<", "<=", ">", ">="])
def test_an_empty_field_meets_no_comparison(operator: str) -> None:
    assert not holds(compare(operator, "wqi", "51"), wqi=None)
    assert not holds(compare(operator, "name", "a"), name=None)


def test_null_between_in_and_not_hold_as_in_sql() -> None:
    assert holds(IsNull(Property("wqi")), wqi=None)
    assert not holds(IsNull(Property("wqi")), wqi=0.0)
    assert holds(Between(Property("count"), Constant("2"), Constant("4")), count=4)
    assert holds(In(Property("name"), ("a", "b")), name="b")
    assert holds(Not(compare("=", "name", "a")), name="b")
    assert holds(Or((compare("=", "name", "a"), And((compare("=", "public", "true"), compare("<", "wqi", "5"))))), public=True, wqi=1)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("Trạm%", "Trạm Cao Lãnh", True),
        ("Trạm%", "trạm Cao Lãnh", False),
        ("a_c", "abc", True),
        ("a_c", "ac", False),
        ("100\\%", "100%", True),
        ("100\\%", "1000", False),
        ("a.c", "abc", False),
        ("(x)", "(x)", True),
    ],
)
def test_like_matches_the_whole_text_and_takes_nothing_for_a_regular_expression(pattern: str, text: str, expected: bool) -> None:
    assert holds(Like(Property("name"), pattern), name=text) is expected


@pytest.mark.parametrize("value", ["it's", "a\\", "\\'", "'] or [name] != '", "{[(", "a\\'b", "đường Nguyễn Huệ", '"', "]]>", "\\u0041"])
def test_a_hostile_value_is_only_ever_itself(value: str) -> None:
    assert holds(compare("=", "name", value), name=value)
    assert not holds(compare("=", "name", value), name="x")


def test_control_characters_are_dropped() -> None:
    assert write_string("a\n\x00b") == "'ab'"


@pytest.mark.parametrize(
    "node",
    [
        compare("=", "secret", "a"),
        compare("=", "wqi", "1; drop"),
        compare("=", "public", "maybe"),
        compare("=", "name] or [x", "a"),
        Period(None, None),
    ],
)
def test_what_does_not_fit_the_layer_is_refused(node: Node) -> None:
    with pytest.raises(ConfigError):
        write_expression(node, TYPES)
