# SPDX-License-Identifier: MIT
"""What cannot be drawn is said, with its place; nothing is drawn as something else."""

from __future__ import annotations

import pytest

from server.errors import ConfigError
from server.filter.fes_time import TEMPORAL
from server.filter.tree import GeometryLiteral, Not, Spatial
from server.style.elements import Losses
from server.style.model import Mark, PointSymbolizer
from server.style.read import read_style
from server.style.support import SUPPORT
from tests.unit.style.documents import DOT, document, equals, read_rules


def test_a_rule_whose_filter_calls_an_unknown_function_is_left_out() -> None:
    function = (
        '<ogc:Filter><ogc:PropertyIsEqualTo><ogc:Function name="launchMissiles"><ogc:PropertyName>code</ogc:PropertyName></ogc:Function>'
        "<ogc:Literal>5</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>"
    )
    style, losses = read_rules(f"<Rule><Name>long</Name>{function}{DOT}</Rule><Rule><Name>all</Name>{DOT}</Rule>")
    assert [rule.name for rule in style.rules] == ["all"]
    assert "Rule 'long'" in losses[0]
    assert "left out" in losses[0]


def test_a_place_that_cannot_be_read_leaves_its_rule_out() -> None:
    box = "<ogc:Filter><ogc:BBOX><ogc:PropertyName>geom</ogc:PropertyName></ogc:BBOX></ogc:Filter>"
    style, losses = read_rules(f"<Rule>{box}{DOT}</Rule><Rule><Name>all</Name>{DOT}</Rule>")
    assert len(style.rules) == 1
    assert "BBOX" in losses[0]


@pytest.mark.parametrize("name", ["geom", "the_geom", "xanh:shape"])
def test_places_are_read_longitude_first_whatever_the_geometry_is_called(name: str) -> None:
    condition = (
        f'<ogc:DWithin xmlns:gml="http://www.opengis.net/gml"><ogc:PropertyName>{name}</ogc:PropertyName>'
        '<gml:Point srsName="EPSG:4326"><gml:coordinates>105.6,10.4</gml:coordinates></gml:Point>'
        '<ogc:Distance units="km">2</ogc:Distance></ogc:DWithin>'
    )
    style, losses = read_rules(f"<Rule><ogc:Filter><ogc:Not>{condition}</ogc:Not></ogc:Filter>{DOT}</Rule>")
    point = GeometryLiteral({"type": "Point", "coordinates": [105.6, 10.4]}, 4326)
    assert style.rules[0].where == Not(Spatial("dwithin", point, 2000.0))
    assert losses == []


_FIELD = "<ogc:PropertyName>opened</ogc:PropertyName>"
_GML = 'xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="t"'
_INSTANT = f"<gml:TimeInstant {_GML}><gml:timePosition>2024-01-01T00:00:00Z</gml:timePosition></gml:TimeInstant>"
_PERIOD = f"<gml:TimePeriod {_GML}><gml:beginPosition>2020</gml:beginPosition><gml:endPosition>2022</gml:endPosition></gml:TimePeriod>"


@pytest.mark.parametrize("name", sorted(TEMPORAL))
def test_every_temporal_operator_is_read_with_a_literal_an_instant_and_a_period(name: str) -> None:
    for time in ("<ogc:Literal>2024-01-01</ogc:Literal>", _INSTANT, _PERIOD):
        style, losses = read_rules(f"<Rule><ogc:Filter><ogc:{name}>{_FIELD}{time}</ogc:{name}></ogc:Filter>{DOT}</Rule>")
        assert losses == []
        assert style.rules[0].where is not None


@pytest.mark.parametrize("time", ["<ogc:Literal>tomorrow</ogc:Literal>", "", _FIELD + _FIELD, _PERIOD.replace("2020", "2023")])
def test_a_time_that_cannot_be_read_leaves_its_rule_out(time: str) -> None:
    style, losses = read_rules(f"<Rule><ogc:Filter><ogc:After>{_FIELD}{time}</ogc:After></ogc:Filter>{DOT}</Rule><Rule>{DOT}</Rule>")
    assert len(style.rules) == 1
    assert "After" in losses[0]


def test_features_are_ordered_by_several_fields() -> None:
    order = '<VendorOption name="sortBy">kind A, wqi D, name</VendorOption>'
    style, losses = read_rules(f"<Rule>{DOT}</Rule>{order}")
    assert style.passes[0].sort_by == (("kind", False), ("wqi", True), ("name", False))
    assert losses == []
    style, losses = read_rules(f'<Rule>{DOT}</Rule><VendorOption name="sortBy">kind A,, name</VendorOption>')
    assert style.passes[0].sort_by == ()
    assert "sortBy" in losses[0]


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.svg",
        "file:///etc/passwd",
        "../secrets.yml",
        "assets/../../config.svg",
        "/etc/hosts.svg",
        "data:image/svg+xml,x",
    ],
)
def test_a_picture_from_elsewhere_is_never_opened(address: str) -> None:
    graphic = f'<ExternalGraphic><OnlineResource xlink:href="{address}"/><Format>image/svg+xml</Format></ExternalGraphic>'
    style, losses = read_rules(f"<Rule><PointSymbolizer><Graphic>{graphic}<Size>9</Size></Graphic></PointSymbolizer></Rule>")
    symbolizer = style.rules[0].symbolizers[0]
    assert isinstance(symbolizer, PointSymbolizer)
    assert symbolizer.graphic.symbol == Mark()
    assert "styles/assets" in losses[0]


def test_an_element_nobody_knows_is_reported_with_its_place() -> None:
    _, losses = read_rules(f"<Rule><Name>a</Name>{DOT}<Sparkle/></Rule>")
    assert losses == ["line 1: Rule 'a' / Sparkle: <Sparkle> is not known and is not drawn"]


def test_an_element_of_the_standard_that_is_not_drawn_says_why() -> None:
    raster = '<RasterSymbolizer><ColorMap><ColorMapEntry color="#000000" quantity="1"/></ColorMap><ShadedRelief/></RasterSymbolizer>'
    _, losses = read_rules(f"<Rule>{raster}</Rule>")
    assert SUPPORT["ShadedRelief"].level == "none"
    assert "<ShadedRelief> is not drawn here" in losses[0]


def test_a_size_nobody_can_work_out_falls_back_and_is_reported() -> None:
    size = '<Size><ogc:Function name="guess"><ogc:PropertyName>capacity</ogc:PropertyName></ogc:Function></Size>'
    point = f"<PointSymbolizer><Graphic><Mark/>{size}</Graphic></PointSymbolizer>"
    style, losses = read_rules(f"<Rule>{point}</Rule>")
    symbolizer = style.rules[0].symbolizers[0]
    assert isinstance(symbolizer, PointSymbolizer)
    assert symbolizer.graphic.size == 6
    assert "'guess' is not known" in losses[0]


@pytest.mark.parametrize("colour", ["red", "#12345", "rgb(1,2,3)", "#12345g", "url(#x)"])
def test_a_colour_that_is_not_hexadecimal_is_reported(colour: str) -> None:
    area = f'<PolygonSymbolizer><Fill><CssParameter name="fill">{colour}</CssParameter></Fill></PolygonSymbolizer>'
    _, losses = read_rules(f"<Rule>{area}</Rule>")
    assert "#rrggbb" in losses[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<StyledLayerDescriptor/>",
        b"<html/>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><StyledLayerDescriptor>&e;</StyledLayerDescriptor>',
        document(""),
        document(f"<Rule>{equals('a', 'b')}</Rule>"),
    ],
)
def test_a_file_that_is_no_style_or_draws_nothing_is_refused(content: bytes) -> None:
    with pytest.raises(ConfigError, match=r"probe\.sld"):
        read_style(content, "probe", Losses())
