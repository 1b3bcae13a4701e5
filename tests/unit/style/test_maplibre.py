# SPDX-License-Identifier: MIT
"""Styles for web clients: every shipped style becomes a document of the MapLibre Style Specification with the addresses it was given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.config import load_settings
from server.style.maplibre import WebSources, WebStyle, icon_name, write_web_style
from server.style.maplibre_values import Fields
from server.style.model import RasterSymbolizer, Style
from server.style.shelf import load_styles
from tests.unit.style.documents import DOT, equals, read_rules

_GOLDEN = Path(__file__).parents[2] / "golden" / "styles"
STYLES = {**load_styles(load_settings().styles_dir), **load_styles(_GOLDEN)}
SOURCES = WebSources(
    "xanh", "https://maps.test/tiles.json", "stations", "https://maps.test/sprite", "https://maps.test/{fontstack}/{range}"
)
KINDS = {"circle", "line", "fill", "symbol", "raster"}
_LOGIC = {"get", "has", "id", "literal", "all", "any", "!", "==", "!=", "<", "<=", ">", ">=", "in", "case", "step", "coalesce"}
_RAMPS = {"interpolate", "linear", "exponential", "zoom"}
_TEXTS = {
    "concat",
    "upcase",
    "downcase",
    "slice",
    "index-of",
    "length",
    "to-string",
    "to-number",
    "to-boolean",
    "to-color",
    "number-format",
}
_SUMS = {"+", "-", "*", "/", "%", "^", "min", "max", "sqrt", "round", "floor", "ceil", "abs"}
OPERATORS = _LOGIC | _RAMPS | _TEXTS | _SUMS
_LIST_VALUES = {"text-font", "text-offset", "icon-offset", "line-dasharray", "circle-translate", "fill-translate", "line-translate"}
_LISTS = _LIST_VALUES | {"text-variable-anchor"}


def write(style: Style) -> WebStyle:
    """The document over vector tiles, or over pictures for a raster."""
    raster = any(isinstance(one, RasterSymbolizer) for rule in style.rules for one in rule.symbolizers)
    sources = WebSources("xanh", ("https://maps.test/{z}/{x}/{y}",), None) if raster else SOURCES
    return write_web_style(style, sources, Fields(numbers=("wqi", "length_km")))


def layers_of(rules: str) -> list[dict[str, Any]]:
    style, _ = read_rules(rules)
    layers: list[dict[str, Any]] = write(style).document["layers"]
    return layers


def expressions(value: Any) -> Iterator[list[Any]]:
    """Every expression in a value, from the outside in."""
    if isinstance(value, list) and value and value[0] != "literal":
        yield value
        for part in value[1:]:
            yield from expressions(part)


@pytest.mark.parametrize("name", sorted(STYLES))
def test_a_style_becomes_a_document_of_known_layers_and_expressions(name: str) -> None:
    web = write(STYLES[name])
    document = json.loads(json.dumps(web.document))
    assert document["version"] == 8
    assert document["layers"]
    ids = [layer["id"] for layer in document["layers"]]
    assert len(ids) == len(set(ids))
    for layer in document["layers"]:
        assert layer["type"] in KINDS
        assert layer["source"] in document["sources"]
        assert 0 <= layer.get("minzoom", 0) <= layer.get("maxzoom", 24) <= 24
        values = [layer.get("filter"), *(value for key, value in _looks(layer).items() if key not in _LISTS)]
        for expression in (one for value in values for one in expressions(value)):
            assert expression[0] in OPERATORS, (name, expression)
        kinds = {key.partition("-")[0] for key in _looks(layer)} - {"symbol"}
        assert kinds <= ({"icon", "text"} if layer["type"] == "symbol" else {layer["type"]})


def _looks(layer: dict[str, Any]) -> dict[str, Any]:
    return {**layer.get("layout", {}), **layer.get("paint", {})}


@pytest.mark.parametrize("name", sorted(STYLES))
def test_a_document_names_only_the_addresses_and_icons_it_was_given(name: str) -> None:
    web = write(STYLES[name])
    text = json.dumps(web.document)
    assert text.count("://") == text.count("https://maps.test/")
    named = {layer["layout"]["icon-image"] for layer in web.document["layers"] if "icon-image" in layer.get("layout", {})}
    named |= {layer["paint"]["fill-pattern"] for layer in web.document["layers"] if "fill-pattern" in layer.get("paint", {})}
    assert named == set(web.icons)
    assert all(icon_name(picture) == icon for icon, picture in web.icons.items())


def test_scale_limits_become_zooms_of_512_pixel_tiles() -> None:
    (layer,) = layers_of(
        f"<Rule><MinScaleDenominator>10000</MinScaleDenominator><MaxScaleDenominator>250000</MaxScaleDenominator>{DOT}</Rule>"
    )
    assert (layer["minzoom"], layer["maxzoom"]) == (pytest.approx(10.127, abs=0.001), pytest.approx(14.771, abs=0.001))


def test_a_circle_stays_a_circle_with_half_its_size_as_radius() -> None:
    (layer,) = layers_of(f"<Rule>{DOT}</Rule>")
    assert layer["type"] == "circle"
    assert layer["paint"]["circle-radius"] == 4


def test_else_takes_what_no_other_rule_takes() -> None:
    first, rest = layers_of(f"<Rule>{equals('kind', 'auto')}{DOT}</Rule><Rule><ElseFilter/>{DOT}</Rule>")
    assert first["filter"] == ["all", ["has", "kind"], ["==", ["to-string", ["get", "kind"]], "auto"]]
    # "!" stands before leaves alone: QGIS drops filters that negate whole branches
    assert rest["filter"] == ["all", ["any", ["!", ["has", "kind"]], ["!=", ["to-string", ["get", "kind"]], "auto"]]]


def test_a_size_on_the_ground_doubles_with_every_zoom() -> None:
    style = STYLES["ground_units"]
    radius = next(layer for layer in write(style).document["layers"] if layer["type"] == "circle")["paint"]["circle-radius"]
    assert radius[:3] == ["interpolate", ["exponential", 2], ["zoom"]]
    assert radius[6] / radius[4] == pytest.approx(2**24)


def test_labels_come_last_and_need_glyphs() -> None:
    style, _ = read_rules(
        "<Rule><TextSymbolizer><Label><ogc:PropertyName>name</ogc:PropertyName></Label></TextSymbolizer></Rule>" + f"<Rule>{DOT}</Rule>"
    )
    document = write(style).document
    assert [layer["type"] for layer in document["layers"]] == ["circle", "symbol"]
    assert document["layers"][1]["layout"]["text-field"] == ["to-string", ["get", "name"]]
    assert document["glyphs"] == SOURCES.glyphs


def test_what_a_browser_cannot_do_is_said_and_left_out() -> None:
    like = (
        '<ogc:Filter><ogc:PropertyIsLike wildCard="*" singleChar="?" escapeChar="!"><ogc:PropertyName>code</ogc:PropertyName>'
        "<ogc:Literal>A?C</ogc:Literal></ogc:PropertyIsLike></ogc:Filter>"
    )
    style, _ = read_rules(f"<Rule><Name>odd</Name>{like}{DOT}</Rule><Rule>{DOT}</Rule>")
    web = write(style)
    assert len(web.document["layers"]) == 1
    assert "Rule 'odd'" in web.losses[0]


def test_a_sign_and_the_label_on_it_are_one_layer() -> None:
    option = '<VendorOption name="conflictResolution">true</VendorOption>'
    sign = DOT.replace("</PointSymbolizer>", f"{option}</PointSymbolizer>")
    place = "<LabelPlacement><PointPlacement><AnchorPoint><AnchorPointX>0.5</AnchorPointX><AnchorPointY>0.5</AnchorPointY></AnchorPoint>"
    label = f"<TextSymbolizer><Label>7</Label>{place}</PointPlacement></LabelPlacement></TextSymbolizer>"
    style, _ = read_rules(f"<Rule>{sign}{label}</Rule>")
    layers = write_web_style(style, SOURCES, Fields()).document["layers"]
    assert [layer["type"] for layer in layers] == ["symbol"]
    assert {"icon-image", "text-field"} <= layers[0]["layout"].keys()


def test_a_label_that_is_set_off_stays_there() -> None:
    moved = "<LabelPlacement><PointPlacement><Displacement><DisplacementX>0</DisplacementX><DisplacementY>10</DisplacementY></Displacement>"
    reach = '<VendorOption name="maxDisplacement">20</VendorOption>'
    label = f"<TextSymbolizer><Label>7</Label>{moved}</PointPlacement></LabelPlacement>{reach}</TextSymbolizer>"
    style, _ = read_rules(f"<Rule>{label}</Rule>")
    layout = write_web_style(style, SOURCES, Fields()).document["layers"][0]["layout"]
    assert layout["text-offset"] == [0, -1.0]
    assert "text-variable-anchor" not in layout


WQI = ["to-number", ["get", "wqi"], 0]


@pytest.mark.parametrize(("sort", "key"), [("wqi A", WQI), ("wqi D", ["*", -1, WQI])])
def test_a_pass_sorted_by_a_number_says_so_in_every_layer(sort: str, key: list[Any]) -> None:
    style, _ = read_rules(f'<Rule>{DOT}</Rule><VendorOption name="sortBy">{sort}</VendorOption>')
    made = write(style)
    assert [layer["layout"]["circle-sort-key"] for layer in made.document["layers"]] == [key]
    assert made.document["metadata"] == {"xanh:losses": []}


def test_what_a_browser_does_not_draw_stands_in_the_document() -> None:
    style, _ = read_rules(f'<Rule>{DOT}</Rule><VendorOption name="sortBy">name A</VendorOption>')
    assert write(style).document["metadata"] == {"xanh:losses": ["features are drawn in the order of the tiles"]}
