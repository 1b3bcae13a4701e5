# SPDX-License-Identifier: MIT
"""The styles that are shipped: drawn as written, in two languages, with the official colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog
from server.commands.check import check_rules
from server.config import load_settings
from server.filter.tree import And, Comparison, Constant
from server.style.model import Mark, PointSymbolizer, Rule
from server.style.shelf import check_styles, load_styles
from tests.unit.style.documents import DOT, document

SETTINGS = load_settings()
STYLES = load_styles(SETTINGS.styles_dir)
# QĐ 1460/QĐ-TCMT, 12/11/2019: lower bound of the band and its colour.
OFFICIAL_BANDS = {91: "#3333ff", 76: "#00e400", 51: "#ffff00", 26: "#ff7e00", 10: "#ff0000", 0: "#7e0023"}


def test_every_style_is_drawn_as_written_and_fits_its_layer() -> None:
    catalog = read_catalog(SETTINGS)
    assert check_styles(SETTINGS.styles_dir, catalog) == []
    assert list(check_rules(SETTINGS.styles_dir, catalog)) == []


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (
            "<ogc:PropertyIsGreaterThan><ogc:PropertyName>wqi</ogc:PropertyName><ogc:Literal>bad</ogc:Literal></ogc:PropertyIsGreaterThan>",
            "wqi",
        ),
        ("<ogc:After><ogc:PropertyName>wqi</ogc:PropertyName><ogc:Literal>2020-01-01</ogc:Literal></ogc:After>", "wqi"),
        ("<ogc:After><ogc:PropertyName>sampled_at</ogc:PropertyName><ogc:Literal>2020-01-01</ogc:Literal></ogc:After>", ""),
        ("<ogc:PropertyIsNull><ogc:PropertyName>nothing</ogc:PropertyName></ogc:PropertyIsNull>", ""),
    ],
)
def test_a_rule_that_does_not_fit_the_fields_of_its_layer_is_told(tmp_path: Path, condition: str, told: str) -> None:
    (tmp_path / "odd.sld").write_bytes(document(f"<Rule><Name>r</Name><ogc:Filter>{condition}</ogc:Filter>{DOT}</Rule>"))
    catalog = read_catalog(SETTINGS)
    layer = catalog.layer("stations").model_copy(update={"styles": ("odd", "gone")})
    problems = list(check_rules(tmp_path, Catalog(catalog.groups, {"stations": layer}, catalog.code_lists)))
    assert len(problems) == bool(told)
    assert all("odd.sld: rule 'r' does not fit layer stations" in one and told in one for one in problems)


@pytest.mark.parametrize("name", sorted(STYLES))
def test_every_class_of_a_legend_has_two_languages(name: str) -> None:
    assert STYLES[name].legend_rules
    for rule in STYLES[name].legend_rules:
        assert rule.title.vi != rule.title.en, f"{name}: {rule.name}"


def test_the_water_quality_index_has_the_official_bands_and_colours() -> None:
    found = {_lower_bound(rule): _fill(rule) for rule in STYLES["stations_wqi"].legend_rules if rule.name != "unknown"}
    assert found == OFFICIAL_BANDS


@pytest.mark.parametrize("index", [0, 9, 9.9, 10, 25, 25.5, 26, 50, 51, 75, 75.9, 76, 90, 91, 100])
def test_every_index_falls_into_exactly_one_class(index: float) -> None:
    matching = [rule for rule in STYLES["stations_wqi"].legend_rules if rule.where is not None and _holds(rule.where, index)]
    assert len(matching) == 1


def _lower_bound(rule: Rule) -> int:
    conditions = rule.where.parts if isinstance(rule.where, And) else (rule.where,)
    for condition in conditions:
        if isinstance(condition, Comparison) and condition.operator == ">=" and isinstance(condition.right, Constant):
            return int(str(condition.right.value))
    return 0


def _fill(rule: Rule) -> str | None:
    symbolizer = rule.symbolizers[0]
    assert isinstance(symbolizer, PointSymbolizer)
    assert isinstance(symbolizer.graphic.symbol, Mark)
    return symbolizer.graphic.symbol.fill


def _holds(node: object, value: float) -> bool:
    if isinstance(node, And):
        return all(_holds(part, value) for part in node.parts)
    if isinstance(node, Comparison) and isinstance(node.right, Constant):
        limit = float(str(node.right.value))
        return value >= limit if node.operator == ">=" else value < limit
    return False
