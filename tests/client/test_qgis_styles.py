# SPDX-License-Identifier: MIT
"""Styles that QGIS saves as SLD: written by the QGIS of this machine while the test runs, read and drawn by us."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.config import load_settings
from server.filter.tree import And, Calculation, Comparison, Holds, Like, Not, Or, Property
from server.render.drawing import Drawing
from server.render.mapxml import write_rule
from server.render.symbols import SymbolStore
from server.style.maplibre import WebSources, write_web_style
from server.style.maplibre_values import Fields
from server.style.model import LineSymbolizer, PointSymbolizer, PolygonSymbolizer, Style, TextSymbolizer
from server.style.read import list_losses, load_style
from tests.client.desktop import is_newer, run_qgis

TYPES = {"id": "integer", "name": "text", "kind": "text", "wqi": "number", "length_km": "number"}
# What QGIS writes that is not drawn as written; everything else must be.
KNOWN_LOSSES = {
    "brush_dense4": "brush://dense4",
    "labels_line": "GeneralizeLine",
    "labels_expression": "could not write a label",
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of SLD files fresh from QGIS."""
    folder = tmp_path_factory.mktemp("qgis_styles")
    run_qgis("qgis_styles", tmp_path_factory.mktemp("home"), None, str(folder))
    assert len(list(folder.glob("*.sld"))) >= 20
    return folder


def read(saved: Path, name: str) -> Style:
    return load_style(saved / f"{name}.sld")


def test_what_qgis_writes_is_drawn_as_written_but_for_known_losses(saved: Path) -> None:
    lost = {path.stem: [str(loss) for loss in list_losses(path)] for path in sorted(saved.glob("*.sld"))}
    lost = {name: losses for name, losses in lost.items() if losses}
    known = KNOWN_LOSSES | ({} if is_newer() else {"rules": "lost a filter"})
    assert lost.keys() == known.keys(), lost
    for name, losses in lost.items():
        assert all(known[name] in loss for loss in losses), losses


def test_everything_qgis_writes_can_be_drawn_and_sent_to_browsers(saved: Path, tmp_path: Path) -> None:
    drawing = Drawing(TYPES, SymbolStore(tmp_path, load_settings().styles_dir / "assets"))
    for path in saved.glob("*.sld"):
        style = load_style(path)
        for rule in style.rules:
            assert "Symbolizer" in write_rule(rule, drawing)
        assert write_web_style(style, WebSources("s", "t", "l"), Fields(("wqi", "length_km"))).document["layers"]


def test_filters_of_rules_keep_their_meaning(saved: Path) -> None:
    first, second, null, _, unlike, upper, length, total, rest = read(saved, "rules").rules
    assert isinstance(first.where, And)
    assert (first.min_scale, first.max_scale) == (1000, 250000)
    assert isinstance(second.where, Or)
    assert second.where.parts[1] == Like(Property("name"), "KCN%")
    assert null.where is not None
    assert unlike.where == Not(Like(Property("name"), "%sông%", match_case=False))
    assert isinstance(upper.where, Holds)
    assert upper.where.calculation.arguments[0] == Calculation("upper", (Property("name"),))
    assert isinstance(length.where, Holds)
    assert isinstance(total.where, Holds)
    # QGIS writes its ELSE as a rule without filter
    assert rest.where is None


def test_categories_and_classes_become_rules(saved: Path) -> None:
    categories = read(saved, "categorized").rules
    assert isinstance(categories[1].where, Comparison)
    assert getattr(categories[1].where.right, "value", None) == "it's"
    assert len(read(saved, "graduated").rules) == 2


def test_lines_keep_dashes_caps_offset_and_markers(saved: Path) -> None:
    (line,) = read(saved, "line").rules[0].symbolizers
    assert isinstance(line, LineSymbolizer)
    assert line.offset > 0
    assert (line.stroke.cap, line.stroke.join, len(line.stroke.dash)) == ("round", "round", 2)
    _, markers = read(saved, "marker_line").rules[0].symbolizers
    assert isinstance(markers, LineSymbolizer)
    assert markers.stroke.symbols is not None
    assert markers.stroke.symbols.gap > 20


def test_areas_keep_hatches_and_rows_of_marks(saved: Path) -> None:
    (hatch,) = read(saved, "hatch").rules[0].symbolizers
    assert isinstance(hatch, PolygonSymbolizer)
    assert hatch.fill is not None
    assert hatch.fill.pattern is not None
    assert (hatch.fill.pattern.rotation, hatch.fill.pattern.size) == (30, 11)
    (rows,) = read(saved, "point_pattern").rules[0].symbolizers
    assert isinstance(rows, PolygonSymbolizer)
    assert rows.fill is not None
    assert rows.fill.margin[0] > 20


def test_labels_keep_their_buffer_turn_and_font(saved: Path) -> None:
    text = next(one for rule in read(saved, "labels").rules for one in rule.symbolizers if isinstance(one, TextSymbolizer))
    assert text.halo is not None
    assert text.font.family == "Be Vietnam Pro"
    assert getattr(text.placement, "rotation", None) == 15


def test_a_simple_marker_keeps_its_turn_and_outline(saved: Path) -> None:
    (point,) = read(saved, "mark_square").rules[0].symbolizers
    assert isinstance(point, PointSymbolizer)
    assert point.graphic.rotation == 30
