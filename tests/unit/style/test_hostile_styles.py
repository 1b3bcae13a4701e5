# SPDX-License-Identifier: MIT
"""Styles made to hurt: deep, long, wide, with odd names and numbers. They are refused or reported, and quickly."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from server.config import load_settings
from server.errors import ConfigError
from server.filter.tree import Calculation, Constant, Property
from server.render.columns import Columns
from server.render.drawing import Drawing
from server.render.mapxml import write_rule
from server.render.symbols import SymbolStore
from server.style.elements import Losses
from server.style.maplibre import WebSources, write_web_style
from server.style.maplibre_values import Fields
from server.style.read import read_style
from tests.unit.style.documents import DOT, document, equals, read_rules

NAME = "<ogc:PropertyName>name</ogc:PropertyName>"


def label(content: str) -> str:
    return f"<TextSymbolizer><Label>{content}</Label></TextSymbolizer>"


def nested(depth: int) -> str:
    return '<ogc:Function name="upper">' * depth + NAME + "</ogc:Function>" * depth


def pattern(size: str) -> str:
    graphic = f"<Graphic><Mark><WellKnownName>slash</WellKnownName></Mark>{size}</Graphic>"
    return f"<Rule><PolygonSymbolizer><Fill><GraphicFill>{graphic}</GraphicFill></Fill></PolygonSymbolizer></Rule>"


def symbol(size: str) -> str:
    return f"<Rule><PointSymbolizer><Graphic><Mark/>{size}</Graphic></PointSymbolizer></Rule>"


CONCAT, DASHES = '<ogc:Function name="concat">', '<CssParameter name="stroke-dasharray">'
HOSTILE = {
    "deep function": f"<Rule>{label(nested(40))}{DOT}</Rule>",
    "wide function": f"<Rule>{label(CONCAT + NAME * 5000 + '</ogc:Function>')}{DOT}</Rule>",
    "huge numbers": symbol("<Size>1e300</Size><Rotation>-1e300</Rotation>"),
    "negative size": symbol("<Size>-5</Size>"),
    "not a number": symbol("<Size>NaN</Size>"),
    "quotes": f"<Rule>{label(chr(39) + chr(34) + ' ] } $ {x} [name] &lt;b&gt;' + NAME)}{DOT}</Rule>",
    "wkt": f"<Rule>{DOT.replace('circle', 'wkt://POLYGON((' + '0 0,' * 400 + '1 1))')}</Rule>",
    "wkt script": f"<Rule>{DOT.replace('circle', 'wkt://LINESTRING(0 0, &quot;/&gt;&lt;x 1)')}</Rule>",
    "dashes": f"<Rule><LineSymbolizer><Stroke>{DASHES}{'1 ' * 5000}</CssParameter></Stroke></LineSymbolizer></Rule>",
    "pattern": pattern("<Size>0</Size>"),
    "huge pattern": pattern("<Size>2000</Size><Rotation>1</Rotation>"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_style_is_drawn_in_bounds_or_refused(name: str, tmp_path: Path) -> None:
    drawing = Drawing({"name": "text"}, SymbolStore(tmp_path, load_settings().styles_dir / "assets"))
    start = time.monotonic()
    try:
        style, _ = read_rules(HOSTILE[name])
        written = "".join(write_rule(rule, drawing) for rule in style.rules)
        assert "<b>" not in written
        write_web_style(style, WebSources("s", "t", "l"), Fields())
    except ConfigError:
        pass
    assert time.monotonic() - start < 5
    assert all(path.stat().st_size < 2_000_000 for path in tmp_path.iterdir())


def test_ten_thousand_rules_are_read_within_seconds() -> None:
    rules = "".join(f"<Rule>{equals('name', str(number))}<LineSymbolizer/></Rule>" for number in range(10_000))
    start = time.monotonic()
    style = read_style(document(rules), "probe", Losses())
    assert len(style.rules) == 10_000
    assert time.monotonic() - start < 5


def test_a_document_deeper_than_any_style_is_refused() -> None:
    with pytest.raises(ConfigError):
        read_rules(f"<Rule>{label(nested(100))}</Rule>")


def test_more_columns_than_a_query_may_have_are_refused() -> None:
    columns = Columns({Calculation("upper", (Constant(number),)): f"_c{number}" for number in range(400)})
    with pytest.raises(ConfigError, match="works out more than"):
        columns.name(Calculation("lower", (Property("name"),)))
