# SPDX-License-Identifier: MIT
"""Shapes as files of agencies have them, and what becomes of them: heights, measures, curves, collections, empty parts, fifteen digits."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import pytest
import shapely

from loaders.cli import load_file
from loaders.load import LoadReport, run_load
from loaders.outcome.document import describe_look, describe_outcome
from loaders.plan import LoadRequest, plan_load
from loaders.repair import find_invalid
from loaders.shapefit import ShapeFit
from loaders.shapelook import ShapeLook
from loaders.source import SourceOptions
from server.catalog.catalog import Catalog
from server.catalog.model import Load
from server.config import Settings
from server.db.pool import Database
from tests.db.catalogs import make_catalog, make_field, make_layer

FIELDS = {"code": make_field(required=True, unique=True), "height": make_field(type="number"), "chainage": make_field(type="number")}
KEPT, GRID = Load(heights="height", measures="chainage"), 0.001
SQUARE = shapely.box(106, 10, 106.5, 10.5)
ARC = [(106.0, 10.0), (106.1, 10.1), (106.2, 10.0)]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return make_catalog(
        make_layer("wells", "point", FIELDS, load=KEPT),
        make_layer("trails", "line", FIELDS, load=KEPT),
        make_layer("yards", "multipolygon", FIELDS),
        make_layer("plots", "polygon", FIELDS, grid=GRID),
        make_layer("pegs", "point", FIELDS, grid=0.5, storage_crs=9210),
        make_layer("heaps", "any", FIELDS),
    )


def write_file(path: Path, shapes: list[Any], kind: str = "Unknown") -> Path:
    """A GeoPackage of shapes or WKB, with codes C1, C2, ..."""
    wkb = [shape if isinstance(shape, bytes) else bytes(shapely.to_wkb(shape, output_dimension=4, flavor="iso")) for shape in shapes]
    codes = numpy.array([f"C{n}" for n in range(1, len(shapes) + 1)], dtype=object)
    pyogrio.raw.write(path, numpy.array(wkb, dtype=object), [codes], ["code"], crs="EPSG:4326", geometry_type=kind, driver="GPKG")
    return path


def load(stores: Database, catalog: Catalog, layer: str, path: Path) -> tuple[LoadReport, list[str]]:
    """The report of a load, and what it says was done to shapes; the plan says the same."""
    plan = plan_load(catalog, LoadRequest(path, catalog.layer(layer), SourceOptions(crs=4326)))
    planned = ShapeLook(fit=ShapeFit(catalog.layer(layer)))
    find_invalid(plan.source.batches(()), planned)
    report = run_load(stores, catalog, plan)
    told = describe_outcome(plan, report.result, report.load_id, report.repairs) | describe_look(report.look)
    assert describe_look(planned)["shapes"] == told["shapes"]
    return report, told["shapes"]


def read(stores: Database, layer: str, what: str) -> list[Any]:
    with stores.owner() as connection:
        return [row[0] for row in connection.execute(f"SELECT {what} FROM official.{layer} ORDER BY code".encode()).fetchall()]


def curve(kind: int, points: list[tuple[float, float]]) -> bytes:
    return struct.pack("<BII", 1, kind, len(points)) + b"".join(struct.pack("<dd", *point) for point in points)


def test_heights_and_measures_become_the_fields_the_layer_names(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    spots = shapely.from_wkt(["POINT ZM (106 10 4.5 7)", "POINT Z (106 10.1 -2)", "POINT (106 10.2)"]).tolist()
    report, told = load(stores, catalog, "wells", write_file(tmp_path / "wells.gpkg", spots))
    assert (report.result.inserted, read(stores, "wells", "ST_NDims(geom)")) == (3, [2, 2, 2])
    assert (read(stores, "wells", "height"), read(stores, "wells", "chainage")) == ([4.5, -2.0, None], [7.0, None, None])
    assert told == [
        "2 with heights: kept in the field height · 2 có độ cao: giữ trong trường height",
        "1 with measures: the first is kept in the field chainage · 1 có giá trị M: giữ giá trị đầu trong trường chainage",
    ]


@pytest.mark.parametrize("declared", ["Unknown", "Point"])
def test_a_file_without_heights_leaves_those_that_are_known(stores: Database, catalog: Catalog, tmp_path: Path, declared: str) -> None:
    spots = shapely.from_wkt(["POINT ZM (106 10 4.5 7)", "POINT Z (106 10.1 -2)"]).tolist()
    load(stores, catalog, "wells", write_file(tmp_path / "wells.gpkg", spots))
    flat = [shapely.Point(106, 10), shapely.Point(106, 10.3), shapely.Point(106, 10.4)]
    report, _ = load(stores, catalog, "wells", write_file(tmp_path / "flat.gpkg", flat, declared))
    assert (report.result.inserted, report.result.updated, report.result.unchanged) == (1, 1, 1)
    assert (read(stores, "wells", "height"), read(stores, "wells", "chainage")) == ([4.5, -2.0, None], [7.0, None, None])
    assert read(stores, "wells", "ST_Y(geom)") == [10.0, 10.3, 10.4]


def test_of_heights_along_a_line_the_lowest_is_kept_and_said(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    lines = shapely.from_wkt(["LINESTRING Z (106 10 9, 106.1 10 3)", "LINESTRING Z (106 10 5, 106.1 10.1 5)"]).tolist()
    _, told = load(stores, catalog, "trails", write_file(tmp_path / "trails.gpkg", lines))
    assert read(stores, "trails", "height") == [3.0, 5.0]
    assert [line.split(":")[0] for line in told] == ["2 with heights", "1 whose heights differ from vertex to vertex"]


def test_heights_a_layer_does_not_keep_are_dropped_and_counted(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    path = write_file(tmp_path / "yards.gpkg", [shapely.force_3d(SQUARE, 3.0)])
    _, told = load(stores, catalog, "yards", path)
    assert told == ["1 with heights: dropped · 1 có độ cao: bị bỏ"]
    assert read(stores, "yards", "ST_NDims(geom)") == [2]


@pytest.mark.parametrize("declared", ["Unknown", "MULTISURFACE"])
def test_curves_are_straightened_to_the_stated_tolerance(stores: Database, catalog: Catalog, tmp_path: Path, declared: str) -> None:
    circle = struct.pack("<BII", 1, 10, 1) + curve(8, [(106.0, 10.0), (106.2, 10.0), (106.0, 10.0)])
    path = write_file(tmp_path / "yards.gpkg", [circle, struct.pack("<BII", 1, 12, 1) + circle, SQUARE])
    if declared != "Unknown":
        with sqlite3.connect(path) as book:
            book.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = ?", [declared])
    report, told = load(stores, catalog, "yards", path)
    assert (report.result.inserted, told[0].split(":")[0]) == (3, "2 with curves")
    areas = read(stores, "yards", "ST_Area(geom)")
    assert areas[0] == areas[1] == pytest.approx(numpy.pi * 0.01, rel=0.0002)


def test_lines_of_arcs_and_straight_parts_are_straightened(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    both = struct.pack("<BII", 1, 9, 2) + curve(8, ARC) + curve(2, [(106.2, 10.0), (106.3, 10.0)])
    report, _ = load(stores, catalog, "trails", write_file(tmp_path / "trails.gpkg", [both, curve(8, ARC)]))
    assert report.result.inserted == 2
    assert read(stores, "trails", "ST_Length(geom)") == pytest.approx([numpy.pi * 0.1 + 0.1, numpy.pi * 0.1], rel=0.0001)


def test_a_curve_in_a_mixed_collection_is_rejected_and_nothing_breaks(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    mixed = struct.pack("<BII", 1, 7, 2) + curve(8, ARC) + bytes(shapely.to_wkb(shapely.Point(106, 10)))
    report, _ = load(stores, catalog, "heaps", write_file(tmp_path / "heaps.gpkg", [mixed, SQUARE]))
    assert (report.result.inserted, [item.number for item in report.result.reasons]) == (1, [1])
    assert "cannot be read" in report.result.reasons[0].reason


def test_collections_of_one_kind_enter_and_mixed_ones_are_rejected(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    collections = [
        shapely.GeometryCollection([SQUARE, shapely.box(107, 10, 107.1, 10.1)]),
        shapely.GeometryCollection([SQUARE, shapely.Point(106, 10)]),
        shapely.GeometryCollection([shapely.Polygon(), shapely.GeometryCollection([SQUARE])]),
    ]
    report, told = load(stores, catalog, "yards", write_file(tmp_path / "yards.gpkg", collections))
    assert told == ["2 collections of one kind: now shapes of several parts · 2 tập hợp cùng loại: chuyển thành hình nhiều phần"]
    (item,) = report.result.reasons
    assert (item.number, item.reason) == (2, "the geometry is a GEOMETRYCOLLECTION, not a MULTIPOLYGON")
    assert item.reason_vi == "hình học có kiểu GEOMETRYCOLLECTION, không phải MULTIPOLYGON"
    assert read(stores, "yards", "ST_NumGeometries(geom)") == [2, 1]


def test_empty_parts_are_left_out_and_empty_shapes_are_none(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "yards.csv"
    ring = "((106 10, 106.5 10, 106.5 10.5, 106 10))"
    path.write_text(f'code,wkt\nC1,"MULTIPOLYGON ({ring}, EMPTY)"\nC2,MULTIPOLYGON EMPTY\n', encoding="utf-8")
    report, told = load(stores, catalog, "yards", path)
    assert (report.result.inserted, told[0].split(":")[0]) == (2, "1 with empty parts")
    assert read(stores, "yards", "ST_NumGeometries(geom)") == [1, None]


def test_fifteen_digits_stay_as_they_came_without_a_grid(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    x, y = 106.123456789012345, 10.987654321098765
    load(stores, catalog, "wells", write_file(tmp_path / "wells.gpkg", [shapely.Point(x, y)], "Point"))
    assert (read(stores, "wells", "ST_X(geom)"), read(stores, "wells", "ST_Y(geom)")) == ([x], [y])


def test_a_layer_with_a_grid_takes_the_nearest_node(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    off, speck = shapely.box(106.00011, 10.00049, 106.5002, 10.5), shapely.box(107, 10, 107.0001, 10.0001)
    report, _ = load(stores, catalog, "plots", write_file(tmp_path / "plots.gpkg", [off, SQUARE, speck], "Polygon"))
    assert (report.result.inserted, report.result.snapped) == (3, 1)
    kept = [shapely.from_wkt(text) for text in read(stores, "plots", "ST_AsText(geom)")]
    assert kept[0].equals(shapely.box(106, 10, 106.5, 10.5))
    assert kept[2].equals(speck), "what would vanish stays as it came"


def test_the_plan_of_the_command_line_counts_what_the_grid_would_move(
    stores: Database,
    catalog: Catalog,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XANH_VAR", str(tmp_path))
    path = write_file(tmp_path / "plots.gpkg", [shapely.box(106.00011, 10.00049, 106.5002, 10.5), SQUARE], "Polygon")
    request = LoadRequest(path, catalog.layer("plots"), SourceOptions(crs=4326))
    before = read(stores, "plots", "version")
    load_file(stores, catalog, settings, request, only_plan=True, stop=False)
    told = capsys.readouterr().out
    assert "1 put on the grid of the layer · 1 được đưa về lưới tọa độ của lớp" in told
    assert read(stores, "plots", "version") == before, "a plan writes nothing"


def test_points_stand_on_the_grid_of_the_storage_crs(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    report, _ = load(stores, catalog, "pegs", write_file(tmp_path / "pegs.gpkg", [shapely.Point(105.6123, 10.3456)], "Point"))
    (x,), (y,) = read(stores, "pegs", "ST_X(geom)"), read(stores, "pegs", "ST_Y(geom)")
    assert report.result.snapped == 1
    assert (x * 2).is_integer()
    assert (y * 2).is_integer()
