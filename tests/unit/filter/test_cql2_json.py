# SPDX-License-Identifier: MIT
"""CQL2 JSON and CQL2 text become the same tree; anything else is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.crs.spelling import parse_crs
from server.errors import InvalidParameter, LimitExceeded, OperationNotSupported
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_json import read_cql2_json
from server.filter.cql2_text import read_cql2_text
from server.filter.tree import Box, Comparison, Constant, GeometryLiteral, Node, Property, Spatial

READING = Cql2Reading(geometry=("geometry",))
NAMES = st.sampled_from(["name", "rank", "depth", "opened"])
SCALARS = st.one_of(st.integers(-(10**6), 10**6), st.booleans(), st.text("abcđ' %_\\", max_size=8), st.dates())


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return f"DATE('{value.isoformat()}')"
    return "'" + str(value).replace("'", "''") + "'"


def as_json(value: Any) -> Any:
    return {"date": value.isoformat()} if isinstance(value, date) else value


@st.composite
def predicates(draw: st.DrawFn) -> tuple[str, Any]:
    """The same condition in both languages."""
    name, value = draw(NAMES), draw(SCALARS)
    prop = {"property": name}
    kind = draw(st.sampled_from(["compare", "in", "null", "between", "casei", "place", "time"]))
    if kind == "in":
        return f"{name} IN ({as_text(value)}, 1)", {"op": "in", "args": [prop, [as_json(value), 1]]}
    if kind == "null":
        return f"{name} IS NULL", {"op": "isNull", "args": [prop]}
    if kind == "between":
        return f"{name} BETWEEN {as_text(value)} AND 5", {"op": "between", "args": [prop, as_json(value), 5]}
    if kind == "casei":
        folded = [{"op": "casei", "args": [prop]}, {"op": "casei", "args": ["x"]}]
        return f"CASEI({name}) LIKE CASEI('x')", {"op": "like", "args": folded}
    if kind == "place":
        shape = {"type": "Point", "coordinates": [1.5, 2.0]}
        return "S_WITHIN(POINT(1.5 2), geometry)", {"op": "s_within", "args": [shape, {"property": "geometry"}]}
    if kind == "time":
        return f"T_DURING({name}, INTERVAL('2020-01-01', '..'))", {"op": "t_during", "args": [prop, {"interval": ["2020-01-01", ".."]}]}
    sign = draw(st.sampled_from(["=", "<>", "<", "<=", ">", ">="]))
    return f"{name} {sign} {as_text(value)}", {"op": sign, "args": [prop, as_json(value)]}


def combine(inner: st.SearchStrategy[tuple[str, Any]]) -> st.SearchStrategy[tuple[str, Any]]:
    def join(word: str) -> st.SearchStrategy[tuple[str, Any]]:
        return st.lists(inner, min_size=2, max_size=3).map(
            lambda parts: (f" {word.upper()} ".join(f"({text})" for text, _ in parts), {"op": word, "args": [each for _, each in parts]})
        )

    negated = inner.map(lambda part: (f"NOT ({part[0]})", {"op": "not", "args": [part[1]]}))
    return st.one_of(join("and"), join("or"), negated)


@given(st.recursive(predicates(), combine, max_leaves=8))
def test_a_condition_is_the_same_tree_in_both_languages(pair: tuple[str, Any]) -> None:
    text, value = pair
    assert read_cql2_json(json.dumps(value), READING) == read_cql2_text(text, READING)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["op", "args", "property", "date", "interval", "bbox", "type", "coordinates", "geometries"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_a_tree_or_refused(value: Any) -> None:
    with suppress(InvalidParameter, OperationNotSupported, LimitExceeded):
        assert isinstance(read_cql2_json(json.dumps(value), READING), Node)


@given(st.text("ANDORT_S()'\" ,=<1.-+nameCEI\\%\n", max_size=80))
def test_any_text_made_of_the_language_is_a_tree_or_refused(text: str) -> None:
    with suppress(InvalidParameter, OperationNotSupported, LimitExceeded):
        assert isinstance(read_cql2_text(text, READING), Node)


@pytest.mark.parametrize(("name", "expected"), [("EPSG:4326", [105.5, 10.25]), ("CRS:84", [10.25, 105.5]), ("EPSG:3857", [10.25, 105.5])])
def test_geometries_stand_x_before_y_in_the_tree_whatever_the_crs_says(name: str, expected: list[float]) -> None:
    reading = Cql2Reading(geometry=("geometry",), crs=parse_crs(name))
    node = read_cql2_text("S_EQUALS(geometry, POINT(10.25 105.5))", reading)
    assert isinstance(node, Spatial)
    assert isinstance(node.geometry, GeometryLiteral)
    assert node.geometry.geojson["coordinates"] == expected


def test_a_box_in_the_middle_of_a_text_keeps_its_numbers() -> None:
    node = read_cql2_text("S_INTERSECTS(geometry, BBOX(105.25, -9.5, 1.0625e2, 11))", READING)
    assert node == Spatial("intersects", Box(105.25, -9.5, 106.25, 11.0, 84))


def test_names_may_be_words_of_the_language_when_quoted() -> None:
    assert read_cql2_text('"like" = 1') == Comparison("=", Property("like"), Constant(1))


def test_without_a_geometry_places_are_refused_by_name() -> None:
    with pytest.raises(InvalidParameter) as caught:
        read_cql2_text("S_EQUALS(geometry, POINT(1 2))")
    assert caught.value.locator == "geometry"


def test_rules_keep_their_own_place_in_messages() -> None:
    with pytest.raises(InvalidParameter) as caught:
        read_cql2_text("nonsense", locator="when")
    assert caught.value.locator == "when"
