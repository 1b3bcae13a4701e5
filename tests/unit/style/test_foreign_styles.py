# SPDX-License-Identifier: MIT
"""Styles as QGIS and GeoServer write them."""

from __future__ import annotations

from pathlib import Path

from server.filter.tree import And, Between, Comparison, Constant, Like, Or, Property
from server.style.model import ExternalGraphic, Graphic, Mark, PointPlacement, PointSymbolizer, PolygonSymbolizer, TextSymbolizer
from server.style.read import check_style, load_style

STYLES = Path(__file__).parents[2] / "data" / "styles"


def test_an_export_of_qgis_is_read_with_its_filter_scales_and_picture() -> None:
    wastewater, other, label = load_style(STYLES / "qgis_export.sld").rules
    assert wastewater.where == And(
        (
            Comparison("=", Property("medium"), Constant("wastewater")),
            Comparison(">", Property("max_flow"), Constant("100")),
        )
    )
    assert (wastewater.min_scale, wastewater.max_scale) == (1000, 250000)
    picture = wastewater.symbolizers[0]
    assert isinstance(picture, PointSymbolizer)
    assert picture.graphic.symbol == ExternalGraphic("symbols/outfall_water.svg")
    assert picture.graphic.size == 14
    assert other.is_else
    assert not label.in_legend


def test_the_label_of_a_qgis_export_keeps_halo_anchor_and_displacement() -> None:
    text = load_style(STYLES / "qgis_export.sld").rules[2].symbolizers[0]
    assert isinstance(text, TextSymbolizer)
    assert text.placement == PointPlacement((0.0, 0.5), (7.2, 0.0))
    assert text.halo is not None
    assert (text.halo.radius, text.halo.colour) == (1.5, "#fafafa")
    assert text.reach == 1.0


def test_what_a_qgis_export_loses_is_said_in_one_sentence_each() -> None:
    losses = check_style(STYLES / "qgis_export.sld")
    assert len(losses) == 1
    assert "keeps its own colours" in losses[0]


def test_a_style_of_geoserver_is_read_with_both_titles_and_its_pattern() -> None:
    style = load_style(STYLES / "geoserver_sample.sld")
    large, rest, label = style.rules
    assert (style.title.vi, style.title.en) == ("Khu", "Zones")
    assert (large.title.vi, large.title.en) == ("Khu lớn", "Large zone")
    assert large.where == Or((Between(Property("area_ha"), Constant("100"), Constant("1000")), Like(Property("name"), "KCN%")))
    area = large.symbolizers[0]
    assert isinstance(area, PolygonSymbolizer)
    assert area.fill is not None
    assert area.stroke is not None
    assert (area.fill.colour, area.fill.opacity, area.stroke.dash, area.stroke.join) == ("#aaaaff", 0.5, (5.0, 2.0), "miter")
    pattern = rest.symbolizers[0]
    assert isinstance(pattern, PolygonSymbolizer)
    assert pattern.fill is not None
    assert isinstance(pattern.fill.pattern, Graphic)
    assert isinstance(pattern.fill.pattern.symbol, Mark)
    assert pattern.fill.pattern.symbol.shape == "times"
    text = label.symbolizers[0]
    assert isinstance(text, TextSymbolizer)
    assert text.label == ("Khu ", Property("name"))
    assert text.wrap == 60


def test_the_vendor_option_geoserver_alone_knows_is_reported() -> None:
    losses = check_style(STYLES / "geoserver_sample.sld")
    assert [loss for loss in losses if "'group'" in loss]
    assert len(losses) == 1
