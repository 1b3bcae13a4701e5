# SPDX-License-Identifier: MIT
"""Lengths on the ground become pixels of a map; pixels stay what they are; nothing grows without end."""

from __future__ import annotations

import pytest

from server.filter.tree import Calculation
from server.style.model import LineSymbolizer, PointSymbolizer, Style
from server.style.units import has_ground_units, in_pixels
from tests.unit.style.documents import DOT, read_rules


def with_unit(unit: str, symbolizer: str = DOT) -> Style:
    name = symbolizer.partition(">")[0]
    style, losses = read_rules(f"<Rule>{symbolizer.replace(name, f'{name} uom={chr(34)}{unit}{chr(34)}', 1)}</Rule>")
    assert losses == []
    return style


def size_of(style: Style) -> float:
    point = style.rules[0].symbolizers[0]
    assert isinstance(point, PointSymbolizer)
    return point.graphic.size


@pytest.mark.parametrize(
    ("unit", "pixels"),
    [
        ("http://www.opengeospatial.org/se/units/metre", 16.0),
        ("http://www.opengeospatial.org/se/units/foot", 5.0),
        ("http://www.opengeospatial.org/se/units/pixel", 8.0),
        ("urn:ogc:def:uom:OGC::pixel", 8.0),
    ],
)
def test_eight_units_at_half_a_metre_per_pixel(unit: str, pixels: float) -> None:
    assert size_of(in_pixels(with_unit(unit), 0.5)) == pytest.approx(pixels, abs=0.13)


def test_a_style_without_units_is_the_same_at_every_scale() -> None:
    style, _ = read_rules(f"<Rule>{DOT}</Rule>")
    assert not has_ground_units(style)
    assert in_pixels(style, 0.001) == style


def test_symbols_seen_from_very_near_end_at_a_thousand_pixels() -> None:
    assert size_of(in_pixels(with_unit("http://www.opengeospatial.org/se/units/metre"), 1e-9)) == 1000


def test_widths_dashes_and_offsets_follow() -> None:
    line = (
        '<LineSymbolizer><Stroke><CssParameter name="stroke-width">4</CssParameter>'
        '<CssParameter name="stroke-dasharray">10 5</CssParameter>'
        "</Stroke><PerpendicularOffset><ogc:PropertyName>w</ogc:PropertyName></PerpendicularOffset></LineSymbolizer>"
    )
    found = in_pixels(with_unit("http://www.opengeospatial.org/se/units/metre", line), 2.0).rules[0].symbolizers[0]
    assert isinstance(found, LineSymbolizer)
    assert (found.stroke.width, found.stroke.dash) == (2.0, (5.0, 2.5))
    offset = dict(found.driven)["offset"]
    assert isinstance(offset, Calculation)
    assert isinstance(offset.arguments[0], Calculation)
    assert offset.arguments[0].name == "multiply"


def test_a_unit_nobody_knows_is_reported() -> None:
    _, losses = read_rules('<Rule><PointSymbolizer uom="urn:furlong"><Graphic><Mark/></Graphic></PointSymbolizer></Rule>')
    assert "furlong" in losses[0]
