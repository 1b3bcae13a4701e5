# SPDX-License-Identifier: MIT
"""The map document: order of painting, what else means, quoting of everything that comes from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from server.catalog.model import Layer, LayerField, Source, Text
from server.errors import ConfigError
from server.query.maps import MapLayer, MapQuery
from server.render.mapxml import buffer_pixels, write_map
from server.render.source import MapSource, PostgisConnection, RasterFile, TableQuestion
from server.render.symbols import SymbolStore
from server.style.elements import Losses
from server.style.model import Style
from server.style.read import read_style
from tests.unit.style.documents import DOT, document, equals

LABEL = "<TextSymbolizer><Label><ogc:PropertyName>name</ogc:PropertyName></Label></TextSymbolizer>"


def make_layer() -> Layer:
    """A point layer with two fields."""
    text = Text(vi="Trạm", en="Stations")
    return Layer(
        id="probes",
        group="quality",
        title=text,
        abstract=text,
        geometry="point",
        fields={"name": LayerField(vi="Tên", en="Name"), "kind": LayerField(vi="Loại", en="Kind")},
        source=Source(vi="thử", en="test", licence="CC0-1.0"),
        styles=("probe",),
    )


def make_source(tmp_path: Path, style: Style, connection: PostgisConnection | None = None) -> MapSource:
    """A source whose tables say what was asked of them."""

    def table(question: TableQuestion) -> str:
        return f"(select {','.join(question.fields)} from {question.layer.id} where band = {question.band}) t"

    return MapSource(
        connection=connection or PostgisConnection("/run/db", 5432, "xanh", "reader", "secret"),
        table_sql=table,
        raster_files=lambda layer, _where: (RasterFile(tmp_path / f"{layer.id}.tif"),),
        styles={"probe": style},
        assets_dir=tmp_path,
        symbols_dir=tmp_path / "symbols",
    )


def write(tmp_path: Path, rules: str, connection: PostgisConnection | None = None, **options: object) -> ElementTree.Element:
    """The document for a map of one layer with these rules."""
    style = read_style(document(rules), "probe", Losses())
    query = replace(MapQuery((MapLayer(make_layer(), "probe", 1),), 3857, (0, 0, 1, 1), 256, 256), **options)  # type: ignore[arg-type]
    source = make_source(tmp_path, style, connection)
    return ElementTree.fromstring(write_map(query, (7,), source, SymbolStore(source.symbols_dir, source.assets_dir)))


def test_labels_are_painted_after_every_symbol_of_their_layer(tmp_path: Path) -> None:
    root = write(tmp_path, f"<Rule>{DOT}{LABEL}</Rule>")
    names = [style.get("name") for style in root.findall("Style")]
    assert names == ["0.shapes.0", "0.labels.0"]
    assert [name.text for name in root.findall("Layer/StyleName")] == names
    assert root.find("Style[@name='0.shapes.0']/Rule/PointSymbolizer") is not None
    assert root.find("Style[@name='0.labels.0']/Rule/TextSymbolizer") is not None


def test_all_shapes_come_before_all_labels_and_the_topmost_layer_labels_first(tmp_path: Path) -> None:
    style = read_style(document(f"<Rule>{DOT}{LABEL}</Rule>"), "probe", Losses())
    source = make_source(tmp_path, style)
    query = MapQuery((MapLayer(make_layer(), "probe", 1),) * 2, 3857, (0, 0, 1, 1), 256, 256)
    root = ElementTree.fromstring(write_map(query, (None, None), source, SymbolStore(source.symbols_dir, source.assets_dir)))
    assert [layer.get("name") for layer in root.findall("Layer")] == ["0.shapes", "1.shapes", "1.labels", "0.labels"]


def test_else_looks_at_every_rule_of_its_pass_also_where_labels_are_painted(tmp_path: Path) -> None:
    root = write(tmp_path, f"<Rule>{equals('kind', 'a')}{DOT}</Rule><Rule><ElseFilter/>{LABEL}</Rule>")
    rules = root.findall("Style[@name='0.labels.0']/Rule")
    assert [rule.find("ElseFilter") is not None for rule in rules] == [False, True]
    assert rules[0].findtext("Filter") == "([kind] = 'a')"


def test_only_the_fields_a_style_needs_are_read_and_the_band_is_the_one_chosen(tmp_path: Path) -> None:
    root = write(tmp_path, f"<Rule>{equals('kind', 'a')}{DOT}</Rule>")
    assert root.findtext("Layer/Datasource/Parameter[@name='table']") == "(select kind from probes where band = 7) t"


def test_connection_values_are_quoted_for_libpq(tmp_path: Path) -> None:
    connection = PostgisConnection("/run/my db", 5432, "xa'nh", "reader", "a b\\c' host=evil", timeout_ms=1500)
    root = write(tmp_path, f"<Rule>{DOT}</Rule>", connection)
    values = {parameter.get("name"): parameter.text for parameter in root.findall("Layer/Datasource/Parameter")}
    assert values["host"] == "'/run/my db'"
    assert values["password"] == "'a b\\\\c\\' host=evil'"
    assert (
        values["dbname"] == "'xa\\'nh' options='-c TimeZone=UTC -c statement_timeout=1500 -c jit=off -c max_parallel_workers_per_gather=0'"
    )


def test_hostile_text_of_a_style_stays_text(tmp_path: Path) -> None:
    root = write(tmp_path, f"<Rule>{equals('kind', '&lt;/Filter&gt;&lt;MarkersSymbolizer file=&quot;/etc/passwd&quot;/&gt;')}{DOT}</Rule>")
    assert root.find(".//MarkersSymbolizer") is None
    assert re.search("passwd", root.findtext("Style/Rule/Filter") or "")


def test_a_field_the_layer_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="secret"):
        write(tmp_path, f"<Rule>{equals('secret', 'a')}{DOT}</Rule>")


def test_a_vn2000_map_names_its_parameters_and_no_code(tmp_path: Path) -> None:
    root = write(tmp_path, f"<Rule>{DOT}</Rule>", crs=5897)
    assert "+towgs84=-191.904" in (root.get("srs") or "")


def test_a_transparent_map_has_no_background(tmp_path: Path) -> None:
    assert write(tmp_path, f"<Rule>{DOT}</Rule>", transparent=True).get("background-color") is None
    assert write(tmp_path, f"<Rule>{DOT}</Rule>", background="#cfe4ee").get("background-color") == "#cfe4ee"


def test_a_label_that_may_move_has_other_places_near_and_far(tmp_path: Path) -> None:
    moving = LABEL.replace("</TextSymbolizer>", '<VendorOption name="maxDisplacement">11</VendorOption></TextSymbolizer>')
    label = write(tmp_path, f"<Rule>{moving}</Rule>").find("Style/Rule/TextSymbolizer")
    assert label is not None
    assert (label.get("placement-type"), label.text) == ("list", "[name]")
    places = [(float(place.get("dx", "")), float(place.get("dy", ""))) for place in label.findall("Placement")]
    assert places[:4] == [(0, -5.5), (0, 5.5), (5.5, 0), (-5.5, 0)]
    assert places[4:] == [(2 * x, 2 * y) for x, y in places[:4]]


def test_an_unseen_layer_keeps_all_its_labels_in_place_and_shows_none(tmp_path: Path) -> None:
    unseen = (MapLayer(make_layer(), "probe", 1, unseen=True),)
    root = write(tmp_path, f"<Rule>{DOT}{LABEL}</Rule>", layers=unseen)
    assert [(layer.get("name"), layer.get("opacity")) for layer in root.findall("Layer")] == [("0.labels", "0")]
    assert [label.get("allow-overlap") for label in root.iter("TextSymbolizer")] == ["true"]


def test_a_map_with_labels_looks_beyond_its_edge_for_their_neighbours(tmp_path: Path) -> None:
    assert write(tmp_path, f"<Rule>{LABEL}</Rule>").get("buffer-size") == "128"
    assert write(tmp_path, f"<Rule>{DOT}</Rule>").get("buffer-size") is None


def test_labels_need_a_wide_margin_and_symbols_half_their_size() -> None:
    assert buffer_pixels(read_style(document(f"<Rule>{LABEL}</Rule>"), "probe", Losses())) == 128
    assert buffer_pixels(read_style(document(f"<Rule>{DOT.replace('8', '40')}</Rule>"), "probe", Losses())) >= 20
