# SPDX-License-Identifier: MIT
"""Which maps are stamped, and which are left to the map engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.catalog.model import Scale
from server.filter.tree import And, Between, Comparison, Constant, In, IsNull, Like, Not, Property
from server.query.maps import MapLayer, MapQuery
from server.render.crowd import fits_crowd, plain_rules
from server.style.model import FeatureTypeStyle, Graphic, Mark, PointSymbolizer, Rule, Style, TextSymbolizer, Title
from tests.db.catalogs import awkward_catalog

CATALOG = awkward_catalog()
LAYER = MapLayer(CATALOG.layer("sites"), "x", 1)
QUERY = MapQuery((LAYER,), 3857, (0.0, 0.0, 512_000.0, 512_000.0), 512, 512)
POINT = PointSymbolizer(Graphic(Mark("circle"), 7))
LABEL = TextSymbolizer(("a",))
IS_AUTO = Comparison("=", Property("kind"), Constant("auto"))


def _rule(*symbolizers: Any, **options: Any) -> Rule:
    return Rule("r", Title("a", "b"), symbolizers, **options)


def _style(*rules: Rule, **options: Any) -> Style:
    return Style("x", Title("a", "b"), (FeatureTypeStyle(rules, **options),), "f")


def test_one_layer_of_points_in_web_mercator_is_stamped() -> None:
    assert fits_crowd(QUERY)
    assert fits_crowd(replace(QUERY, parts="shapes"))


@pytest.mark.parametrize(
    "options",
    [
        {"layers": (LAYER, LAYER)},
        {"layers": ()},
        {"layers": (replace(LAYER, unseen=True),)},
        {"layers": (MapLayer(CATALOG.layer("roads"), "x", 1),)},
        {"layers": (replace(LAYER, layer=LAYER.layer.model_copy(update={"scale": Scale(max=1e6)})),)},
        {"crs": 4326},
        {"parts": "labels"},
        {"width": 9000, "height": 9000},
        {"width": 1500},
        {"height": 100_000},
    ],
)
def test_other_maps_are_the_engines(options: dict[str, Any]) -> None:
    assert not fits_crowd(replace(QUERY, **options))


def test_rules_of_ready_symbols_are_stamped_at_the_scales_they_are_drawn_at() -> None:
    found = plain_rules(QUERY, _style(_rule(POINT, where=IS_AUTO), _rule(LABEL, max_scale=1000.0), _rule(POINT, POINT, is_else=True)))
    assert found is not None
    assert [(len(one.graphics), one.where, one.is_else) for one in found] == [(1, IS_AUTO, False), (2, None, True)]


def test_conditions_that_database_and_engine_read_alike_are_stamped() -> None:
    depth = Property("depth")
    where = And((IS_AUTO, Between(depth, Constant(1), Constant(2)), In(depth, (1, 2)), IsNull(depth)))
    assert plain_rules(QUERY, _style(_rule(POINT, where=where))) is not None


def test_where_the_shapes_alone_are_asked_for_labels_do_not_count() -> None:
    style = _style(_rule(POINT, LABEL))
    assert plain_rules(QUERY, style) is None
    assert plain_rules(replace(QUERY, parts="shapes"), style) is not None
    assert plain_rules(replace(QUERY, parts="shapes"), _style(_rule(LABEL))) is None
    shield = _style(_rule(replace(POINT, declutter=True), LABEL))
    assert plain_rules(replace(QUERY, parts="shapes"), shield) is None


@pytest.mark.parametrize(
    "style",
    [
        _style(),
        _style(_rule(POINT, max_scale=1000.0)),
        _style(_rule(POINT), _rule(LABEL)),
        _style(_rule(replace(POINT, declutter=True))),
        _style(_rule(replace(POINT, place="centroid"))),
        _style(_rule(PointSymbolizer(Graphic(Mark(), 7, displacement=(3.0, 0.0))))),
        _style(_rule(PointSymbolizer(Graphic(Mark(), 7, anchor=(0.5, 0.0))))),
        _style(_rule(PointSymbolizer(Graphic(Mark(), 7, driven=(("size", Property("depth")),))))),
        _style(_rule(PointSymbolizer(Graphic(Mark(), 200)))),
        _style(_rule(POINT, where=Not(IS_AUTO)), _rule(POINT, is_else=True)),
        _style(_rule(POINT, where=Like(Property("name"), "a%"))),
        _style(_rule(POINT, where=replace(IS_AUTO, match_case=False))),
        _style(_rule(POINT), sort_by=(("code", False),)),
        _style(_rule(POINT), composite="multiply"),
        _style(_rule(POINT), opacity=0.5),
        _style(*[_rule(POINT, where=IS_AUTO)] * 9),
        Style("x", Title("a", "b"), (FeatureTypeStyle((_rule(POINT),)), FeatureTypeStyle((_rule(POINT),))), "f"),
    ],
)
def test_whatever_is_more_than_ready_symbols_is_the_engines(style: Style) -> None:
    assert plain_rules(QUERY, style) is None
