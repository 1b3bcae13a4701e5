# SPDX-License-Identifier: MIT
"""How much ground every point of a style covers at least: what a map may leave out depends on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.filter.tree import Property
from server.style.coverage import smallest_symbol
from server.style.model import FeatureTypeStyle, Graphic, Mark, PointSymbolizer, Rule, Stroke, Style, Symbolizer, TextSymbolizer, Title

DISC = PointSymbolizer(Graphic(Mark("circle", stroke=Stroke(width=1.0)), size=7.0))
NAME = TextSymbolizer(("x",))


def style_of(*symbolizers: Symbolizer) -> Style:
    rules = tuple(Rule("r", Title("r", "r"), (one,)) for one in symbolizers)
    return Style("s", Title("s", "s"), (FeatureTypeStyle(rules),), "0")


def test_the_smallest_symbol_counts_with_its_outline() -> None:
    assert smallest_symbol(style_of(DISC)) == 8.0
    assert smallest_symbol(style_of(DISC, PointSymbolizer(Graphic(Mark(), size=3.0)))) == 3.0
    assert smallest_symbol(style_of(DISC, NAME)) == 8.0


@pytest.mark.parametrize(
    "unsure",
    [
        style_of(),
        style_of(NAME),
        style_of(DISC, replace(NAME, priority=Property("rank"))),
        style_of(DISC, replace(DISC, unit="metre")),
        style_of(DISC, PointSymbolizer(replace(DISC.graphic, driven=(("size", Property("size")),)))),
    ],
)
def test_nothing_is_known_of_symbols_that_depend_on_feature_or_scale_nor_where_labels_choose(unsure: Style) -> None:
    assert smallest_symbol(unsure) == 0.0
