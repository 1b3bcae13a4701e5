# SPDX-License-Identifier: MIT
"""SLD 1.0 as people write it for GeoServer: functions everywhere, several fonts, symbols by dash arrays, the first rule that matches."""

from __future__ import annotations

from pathlib import Path

from server.filter.tree import And, Calculation, Constant, Holds, Property
from server.style.fields import used_fields
from server.style.model import LineSymbolizer, Mark, PointPlacement, PointSymbolizer, TextSymbolizer
from server.style.read import check_style, load_style

PATH = Path(__file__).parents[2] / "data" / "styles" / "geoserver_dialect.sld"
STYLE = load_style(PATH)


def test_nothing_is_lost() -> None:
    assert check_style(PATH) == []


def test_filters_call_functions() -> None:
    where = STYLE.rules[0].where
    assert isinstance(where, And)
    long, among = where.parts
    assert long == Holds(Calculation(">", (Calculation("length", (Property("name"),)), Constant("3"))))
    assert isinstance(among, Holds)
    assert among.calculation.arguments[0] == Calculation("in", (Property("kind"), Constant("a"), Constant("b"), Constant("c")))


def test_size_and_colour_depend_on_the_feature_and_the_constant_stands_beside() -> None:
    point = STYLE.rules[0].symbolizers[0]
    assert isinstance(point, PointSymbolizer)
    assert isinstance(point.graphic.symbol, Mark)
    size = dict(point.graphic.driven)["size"]
    fill = dict(point.graphic.symbol.driven)["fill"]
    assert isinstance(size, Calculation)
    assert isinstance(fill, Calculation)
    assert (size.name, fill.name) == ("clamp", "colour")
    assert isinstance(size.arguments[0], Calculation)
    assert size.arguments[0].name == "categorize"
    assert (point.graphic.size, point.graphic.symbol.fill, point.graphic.symbol.fill_opacity) == (6, "#808080", 0.8)


def test_a_label_of_texts_fields_and_functions_keeps_its_order() -> None:
    text = STYLE.rules[0].symbolizers[1]
    assert isinstance(text, TextSymbolizer)
    name, bracket, number, end = text.label
    assert (name, bracket, end) == (Property("name"), " (", " m3)")
    assert number == Calculation("format_number", (Property("capacity"), Constant("#,##0")))
    assert (text.font.family, text.font.size) == ("DejaVu Sans", 11)
    assert text.priority == Property("capacity")
    assert text.placement == PointPlacement((0.5, 0.0), (0.0, 0.0), -45)


def test_the_geometry_function_says_where_the_symbol_stands() -> None:
    point = STYLE.rules[1].symbolizers[0]
    assert isinstance(point, PointSymbolizer)
    assert point.place == "centroid"
    assert "rotation" in dict(point.graphic.driven)


def test_a_dash_array_spaces_symbols_along_a_line() -> None:
    line = STYLE.rules[2].symbolizers[0]
    assert isinstance(line, LineSymbolizer)
    assert line.stroke.symbols is not None
    assert (line.stroke.symbols.graphic.size, line.stroke.symbols.gap) == (12, 8)


def test_the_first_match_wins_where_the_pass_says_so() -> None:
    assert [one.first_only for one in STYLE.passes] == [True, False]


def test_every_field_of_every_formula_is_asked_for() -> None:
    assert used_fields(STYLE) == ("capacity", "direction", "kind", "name")
