# SPDX-License-Identifier: MIT
"""The parts of SLD 1.0 and SE 1.1 the model keeps."""

from __future__ import annotations

from server.filter.tree import Comparison, Constant, IsNull, Like, Not, Property
from server.style.elements import Losses
from server.style.fields import used_fields
from server.style.model import LinePlacement, PolygonSymbolizer, RasterSymbolizer, TextSymbolizer
from server.style.read import read_style
from tests.unit.style.documents import DOT, document, equals, read_rules


def test_scale_limits_else_and_filters_stay_with_their_rules() -> None:
    style, losses = read_rules(
        f"<Rule><Name>a</Name>{equals('kind', 'auto')}<MinScaleDenominator>10</MinScaleDenominator>{DOT}</Rule>"
        f"<Rule><Name>b</Name><ElseFilter/><MaxScaleDenominator>5e5</MaxScaleDenominator>{DOT}</Rule>"
    )
    first, second = style.rules
    assert losses == []
    assert first.where == Comparison("=", Property("kind"), Constant("auto"))
    assert (first.min_scale, first.max_scale) == (10.0, None)
    assert (second.is_else, second.max_scale) == (True, 500_000.0)


def test_not_and_null_are_read() -> None:
    style, _ = read_rules(
        f"<Rule><ogc:Filter><ogc:Not><ogc:PropertyIsNull><ogc:PropertyName>wqi</ogc:PropertyName></ogc:PropertyIsNull></ogc:Not>"
        f"</ogc:Filter>{DOT}</Rule>"
    )
    assert style.rules[0].where == Not(IsNull(Property("wqi")))


def test_wildcards_of_any_writer_become_the_trees_own() -> None:
    style, _ = read_rules(
        '<Rule><ogc:Filter><ogc:PropertyIsLike wildCard="%" singleChar="?" escapeChar="!"><ogc:PropertyName>name</ogc:PropertyName>'
        f"<ogc:Literal>50!% %_?</ogc:Literal></ogc:PropertyIsLike></ogc:Filter>{DOT}</Rule>"
    )
    assert style.rules[0].where == Like(Property("name"), "50\\% %\\__")


def test_a_prefix_before_a_field_name_is_dropped() -> None:
    style, _ = read_rules(f"<Rule>{equals('xanh:kind', 'auto')}{DOT}</Rule>")
    assert used_fields(style) == ("kind",)


def test_labels_along_lines_repeat_at_their_gap() -> None:
    placement = "<LinePlacement><PerpendicularOffset>4</PerpendicularOffset><IsRepeated>true</IsRepeated><Gap>300</Gap></LinePlacement>"
    style, losses = read_rules(
        "<Rule><TextSymbolizer><Label><ogc:PropertyName>name</ogc:PropertyName></Label>"
        f"<LabelPlacement>{placement}</LabelPlacement></TextSymbolizer></Rule>"
    )
    text = style.rules[0].symbolizers[0]
    assert isinstance(text, TextSymbolizer)
    assert text.placement == LinePlacement(4.0, 300.0)
    assert losses == []


def test_intervals_of_a_colour_map_keep_values_labels_and_opacity() -> None:
    entries = (
        '<ColorMapEntry color="#FF0000" quantity="10" label="Thấp | Low"/><ColorMapEntry color="#00ff00" quantity="20" opacity="0.5"/>'
    )
    style, losses = read_rules(f'<Rule><RasterSymbolizer><ColorMap type="intervals">{entries}</ColorMap></RasterSymbolizer></Rule>')
    raster = style.rules[0].symbolizers[0]
    assert isinstance(raster, RasterSymbolizer)
    assert [(stop.value, stop.colour, stop.opacity) for stop in raster.stops] == [(10, "#ff0000", 1.0), (20, "#00ff00", 0.5)]
    assert raster.stops[0].label is not None
    assert raster.stops[0].label.en == "Low"
    assert losses == []


def test_categorize_is_a_colour_map_of_intervals() -> None:
    content = document("<Rule><RasterSymbolizer><ColorMap><Categorize><LookupValue>Rasterdata</LookupValue><Value>#111111</Value>"
                       "<Threshold>5</Threshold><Value>#222222</Value></Categorize></ColorMap></RasterSymbolizer></Rule>")  # fmt: skip
    raster = read_style(content, "probe", Losses()).rules[0].symbolizers[0]
    assert isinstance(raster, RasterSymbolizer)
    assert raster.scale == "intervals"
    assert [(stop.value, stop.colour) for stop in raster.stops] == [(5.0, "#111111"), (1e30, "#222222")]


def test_a_polygon_without_fill_is_an_outline() -> None:
    style, _ = read_rules("<Rule><PolygonSymbolizer><Stroke/></PolygonSymbolizer></Rule>")
    area = style.rules[0].symbolizers[0]
    assert isinstance(area, PolygonSymbolizer)
    assert area.fill is None
    assert area.stroke is not None


def test_the_fingerprint_changes_with_every_byte() -> None:
    one = read_style(document(f"<Rule>{DOT}</Rule>"), "probe", Losses())
    other = read_style(document(f"<Rule> {DOT}</Rule>"), "probe", Losses())
    assert one.fingerprint != other.fingerprint
