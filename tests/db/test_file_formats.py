# SPDX-License-Identifier: MIT
"""Files as GDAL and pyarrow read them back: every format, every system, tables with awkward contents."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.config import Settings
from server.context import Context
from server.crs.definitions import all_crs, find_crs
from server.crs.identify import identify_wkt
from server.db.pool import Connection, Database
from server.encode.files import shapezip
from server.encode.files.table import Part, describe_table
from server.encode.formats import FileFormat
from server.errors import InvalidParameter
from server.features.files import write_features
from server.publish.layer import publish_layer
from server.publish.migrate import migrate
from server.query.features import FeatureQuery
from tests.small_province import HOSTILE_TEXT, PERMIT_COUNT, WELL_COUNT, ZONE_COUNT, fill_province, make_catalog

PLACED: tuple[FileFormat, ...] = ("shapezip", "gpkg", "flatgeobuf", "geoparquet")
SUFFIX = {"shapezip": ".zip", "gpkg": ".gpkg", "flatgeobuf": ".fgb", "geoparquet": ".parquet", "xlsx": ".xlsx"}
SMALL = make_catalog()
ODD = Layer.model_validate(
    {
        "id": "odd",
        "group": "g",
        "title": {"vi": "Lạ", "en": "Odd"},
        "abstract": {"vi": "Lạ", "en": "Odd"},
        "geometry": "multiline",
        "source": {"vi": "Thử", "en": "Test", "licence": "MIT"},
        "fields": {
            "a_very_long_name_one": {"vi": "Một", "en": "One", "title": True},
            "a_very_long_name_two": {"vi": "Hai", "en": "Two"},
            "a_very_lon": {"type": "number", "vi": "Ba", "en": "Three", "unit": "m"},
            "select": {"vi": "Từ khóa", "en": "Word"},
            "happened": {"type": "datetime", "vi": "Lúc", "en": "When"},
            "told": {"type": "date", "vi": "Ngày", "en": "Day"},
        },
    }
)
LONG = "Đ" * 200
CATALOG = Catalog(SMALL.groups, {**SMALL.layers, "odd": ODD}, SMALL.code_lists)
LINES = "MULTILINESTRING((105 10,106 11),(106 10,107 10))"
WELLS, ZONES, PERMITS = (CATALOG.layers[name] for name in ("wells", "zones", "permits"))


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    fill_province(database, SMALL)
    with database.owner() as connection:
        migrate(connection, CATALOG)
        connection.execute(
            'INSERT INTO official.odd (a_very_long_name_one, a_very_long_name_two, a_very_lon, "select", happened, told, geom,'
            " review_state, created_by, updated_by) VALUES (%s, 'two', 1.5, '=1+1', '2024-02-29 23:30:00+07', '0988-01-02',"
            " ST_GeomFromText(%s, 4326),"
            " 'approved', 't', 't'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'approved', 't', 't')",
            [LONG, LINES],
        )
        publish_layer(connection, CATALOG, "odd")
    return Context(settings, CATALOG, database)


@pytest.fixture
def write(context: Context, tmp_path: Path) -> Callable[..., Path]:
    def make(query: FeatureQuery, file_format: FileFormat) -> Path:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        target = folder / f"out{SUFFIX[file_format]}"
        write_features(context, [query], file_format, target)
        assert list(folder.iterdir()) == [target], "something was left beside the file"
        return target

    return make


@pytest.fixture
def reader(context: Context) -> Iterator[Connection]:
    with context.database.reader() as connection:
        yield connection


def read(path: Path) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """What stands in a file: what is known of it, the values by column, the places."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        places = shapely.from_wkb(table["geom"].to_pylist()) if "geom" in table.column_names else None
        return {}, {name: table[name].to_pylist() for name in table.column_names}, places
    source = (
        f"/vsizip/{path}/{next(name for name in zipfile.ZipFile(path).namelist() if name.endswith(('.shp', '.dbf')))}"
        if path.suffix == ".zip"
        else path
    )
    if path.suffix == ".zip" and any(name.endswith(".shp") for name in zipfile.ZipFile(path).namelist()):
        source = str(source).removesuffix(".dbf").removesuffix(".shp") + ".shp"
    meta, _, places, columns = pyogrio.raw.read(source)
    return (
        meta,
        dict(zip(meta["fields"], (list(column) for column in columns), strict=True)),
        None if places is None else shapely.from_wkb(places),
    )


@pytest.mark.parametrize("file_format", PLACED)
@pytest.mark.parametrize("code", [4326, 84, 3857, 9210, 4756, 32648, 5897])
def test_places_are_those_of_the_database_in_every_system(
    file_format: FileFormat, code: int, write: Callable[..., Path], reader: Connection
) -> None:
    crs = find_crs(code)
    _, values, places = read(write(FeatureQuery(WELLS, crs=code), file_format))
    rows = reader.execute(
        "SELECT id, ST_X(g), ST_Y(g) FROM (SELECT id, ST_Transform(geom, %s) AS g FROM published.wells WHERE geom IS NOT NULL) t",
        [crs.postgis_srid],
    ).fetchall()
    expected = {row[0]: (row[1], row[2]) for row in rows}
    found = {number: (place.x, place.y) for number, place in zip(values["id"], places, strict=True) if place is not None}
    assert found.keys() == expected.keys()
    assert all(found[number] == pytest.approx(expected[number], abs=1e-9 if crs.unit == "degree" else 1e-4) for number in found)


@pytest.mark.parametrize("code", [crs.code for crs in all_crs()])
def test_the_projection_file_of_every_system_is_read_as_what_it_is(code: int, write: Callable[..., Path]) -> None:
    with zipfile.ZipFile(write(FeatureQuery(ZONES, limit=1, crs=code), "shapezip")) as archive:
        text = archive.read("zones.prj").decode()
    found = identify_wkt(text)
    assert found is not None
    assert found.postgis_srid == find_crs(code).postgis_srid
    assert ("TOWGS84[-191.90441429,-39.30318279,-111.45032835" in text) is find_crs(code).is_vn2000


@pytest.mark.parametrize("file_format", PLACED)
def test_every_row_and_value_comes_back(file_format: FileFormat, write: Callable[..., Path]) -> None:
    _, values, places = read(write(FeatureQuery(WELLS), file_format))
    assert sorted(values["id"]) == list(range(1, WELL_COUNT + 1))
    at = values["id"].index(2)
    assert values["name"][at] == HOSTILE_TEXT
    assert places[values["id"].index(5)] is None


@pytest.mark.parametrize("file_format", PLACED)
def test_awkward_tables_come_back_with_values_and_places(file_format: FileFormat, write: Callable[..., Path]) -> None:
    _, values, places = read(write(FeatureQuery(ODD), file_format))
    full = next(at for at, place in enumerate(places) if place is not None)
    assert [place is None for place in places] == [at != full for at in range(2)]
    assert shapely.equals_exact(places[full], shapely.from_wkt(LINES), 1e-9, normalize=True)
    assert 1.5 in [column[full] for column in values.values()]
    assert "=1+1" in [column[full] for column in values.values()]


def test_an_awkward_table_is_a_sheet_of_two_rows_without_formulas(write: Callable[..., Path]) -> None:
    sheet = openpyxl.load_workbook(write(FeatureQuery(ODD), "xlsx")).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))[1:]
    assert len(rows) == 2
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None and str(cell.value).endswith("=1+1")]
    assert len(cells) == 1
    assert cells[0].data_type == "s"


@pytest.mark.parametrize("file_format", PLACED)
def test_records_have_no_place_and_an_empty_choice_no_rows(file_format: FileFormat, context: Context, tmp_path: Path) -> None:
    target = tmp_path / f"permits{SUFFIX[file_format]}"
    assert write_features(context, [FeatureQuery(PERMITS)], file_format, target) == PERMIT_COUNT
    _, values, places = read(target)
    assert len(values["id"]) == PERMIT_COUNT
    assert places is None or not any(place is not None for place in places)
    empty = tmp_path / f"empty{SUFFIX[file_format]}"
    assert write_features(context, [FeatureQuery(ZONES, offset=ZONE_COUNT + 5)], file_format, empty) == 0
    assert len(read(empty)[1]["id"]) == 0


@pytest.mark.parametrize("file_format", get_args(FileFormat))
def test_fields_and_geometry_may_be_left_out(file_format: FileFormat, write: Callable[..., Path]) -> None:
    path = write(FeatureQuery(ZONES, fields=("area",), with_geometry=False), file_format)
    if file_format == "xlsx":
        assert [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][1]] == ["id", "area"]
    else:
        assert set(read(path)[1]) == {"id", "area"}


def test_a_shapefile_names_its_encoding_and_explains_its_short_names(write: Callable[..., Path]) -> None:
    path = write(FeatureQuery(ODD), "shapezip")
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == ["odd.cpg", "odd.dbf", "odd.prj", "odd.shp", "odd.shx", "odd_fields.csv"]
        assert archive.read("odd.cpg") == b"UTF-8"
        told = list(csv.DictReader(io.StringIO(archive.read("odd_fields.csv").decode("utf-8-sig"))))
    assert [(row["field"], row["name"]) for row in told[:3]] == [
        ("a_very_lon", "a_very_long_name_one"),
        ("a_very_l_1", "a_very_long_name_two"),
        ("a_very_l_2", "a_very_lon"),
    ]
    assert (told[2]["vi"], told[2]["unit"]) == ("Ba", "m")
    _, values, places = read(path)
    assert values["a_very_lon"][0] == "Đ" * 127  # 254 bytes: no half letter
    assert values["a_very_l_2"][0] == 1.5
    assert places[1] is None


def test_short_names_differ_whatever_the_letters() -> None:
    assert shapezip.short_names(["id", "ID", "Độ sâu", "do_sau", "x" * 12, "X" * 11]) == (
        "id_1",
        "ID_2",
        "Do_sau",
        "do_sau_1",
        "x" * 10,
        "X" * 8 + "_1",
    )


def test_texts_are_cut_between_letters() -> None:
    assert shapezip.cut_text("a" * 253 + "đ") == "a" * 253
    assert shapezip.cut_text("a" * 252 + "đ") == "a" * 252 + "đ"
    assert shapezip.cut_text("😀" * 64) == "😀" * 63
    assert shapezip.cut_text(None) is None


@pytest.mark.parametrize(("ceiling", "size", "parts"), [("MAX_SHAPES", 10_000, 3), ("MAX_ATTRIBUTES", 60_000, 5)])
def test_shapefiles_that_grow_too_large_are_split(
    ceiling: str, size: int, parts: int, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.db.records.BATCH_ROWS", 300)
    monkeypatch.setattr(shapezip, ceiling, size)
    path = write(FeatureQuery(WELLS), "shapezip")
    with zipfile.ZipFile(path) as archive:
        shapes = [name for name in archive.namelist() if name.endswith(".shp")]
    assert shapes == ["wells.shp", *(f"wells_{number}.shp" for number in range(2, parts + 1))]
    counts = [pyogrio.read_info(f"/vsizip/{path}/{name}")["features"] for name in shapes]
    assert sum(counts) == WELL_COUNT


def test_kinds_of_geometry_are_kept_apart(tmp_path: Path) -> None:
    shapes = ["POINT(1 2)", "LINESTRING(0 0,1 1)", None, "POLYGON((0 0,1 0,1 1,0 0))", "MULTILINESTRING((0 0,1 1))"]
    places = tuple(None if text is None else shapely.to_wkb(shapely.from_wkt(text)) for text in shapes)
    table = describe_table(ODD, (), find_crs(4326))
    part = Part(table, lambda: iter([((1, 2, 3, 4, 5), places)]))
    shapezip.write_shapezip([part], tmp_path / "kinds.zip")
    with zipfile.ZipFile(tmp_path / "kinds.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".shp")]
    counts = {name: pyogrio.read_info(f"/vsizip/{tmp_path}/kinds.zip/{name}")["features"] for name in names}
    assert counts == {"odd.shp": 2, "odd_lines.shp": 2, "odd_polygons.shp": 1}


def test_a_workbook_holds_texts_dates_and_numbers_as_such(write: Callable[..., Path]) -> None:
    book = openpyxl.load_workbook(write(FeatureQuery(ODD), "xlsx"))
    data, told = book.worksheets
    header = [cell.value for cell in data[1]]
    row = dict(zip(header, (cell for cell in data[2]), strict=True))
    assert (row["select"].value, row["select"].data_type) == ("=1+1", "s")
    assert row["happened"].value.isoformat() == "2024-02-29T16:30:00"
    assert row["told"].value == "0988-01-02"
    assert row["a_very_lon"].value == 1.5
    assert row["geometry"].value == "MULTILINESTRING ((105 10, 106 11), (106 10, 107 10))"
    assert data.max_row == 3
    assert {told.cell(line, 1).value: told.cell(line, 2).value for line in range(2, 9)}["a_very_long_name_two"] == "Hai"


def test_points_stand_as_numbers_in_a_workbook_and_sheets_go_on(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.encode.files.xlsx.MAX_ROWS", 1001)
    book = openpyxl.load_workbook(write(FeatureQuery(WELLS), "xlsx"), read_only=True)
    assert book.sheetnames[:2] == ["wells", "wells_2"]
    first = list(book["wells"].iter_rows(min_row=1, max_row=2, values_only=True))
    assert dict(zip(*first, strict=True))["x"] == pytest.approx(105.31)
    assert len(list(book["wells_2"].iter_rows())) == 1 + WELL_COUNT - 1000


def test_geoparquet_says_which_system_kinds_and_extent_it_has(write: Callable[..., Path]) -> None:
    path = write(FeatureQuery(ZONES, crs=9210), "geoparquet")
    told = json.loads(pq.read_metadata(path).metadata[b"geo"])
    column = told["columns"][told["primary_column"]]
    assert (told["version"], column["encoding"], column["geometry_types"]) == ("1.1.0", "WKB", ["MultiPolygon"])
    assert column["crs"]["source_crs"]["id"] == {"authority": "EPSG", "code": 9210}
    assert 400_000 < column["bbox"][0] < column["bbox"][2] < 800_000


@pytest.mark.parametrize("file_format", ["gpkg", "flatgeobuf"])
@pytest.mark.parametrize("code", [9210, 4756, 32648])
def test_a_geopackage_and_a_flatgeobuf_tell_their_system(file_format: FileFormat, code: int, write: Callable[..., Path]) -> None:
    info = pyogrio.read_info(write(FeatureQuery(ZONES, crs=code), file_format))
    found = identify_wkt(info["crs"])
    assert found is not None
    assert (found.code, info["layer_name"]) == (code, "zones")


@pytest.mark.parametrize("file_format", ["gpkg", "shapezip", "xlsx"])
def test_several_layers_are_several_tables_of_one_file(file_format: FileFormat, context: Context, tmp_path: Path) -> None:
    target = tmp_path / f"all{SUFFIX[file_format]}"
    queries = [FeatureQuery(layer, crs=9210) for layer in (ZONES, WELLS, PERMITS, ZONES)]
    counts = {"zones": ZONE_COUNT, "wells": WELL_COUNT, "permits": PERMIT_COUNT, "zones_2": ZONE_COUNT}
    assert write_features(context, queries, file_format, target) == sum(counts.values())
    if file_format == "xlsx":
        book = openpyxl.load_workbook(target, read_only=True)
        assert {name: book[name].max_row - 1 for name in book.sheetnames[:-1]} == counts
        told = {row[4] for row in book[book.sheetnames[-1]].iter_rows(values_only=True)}
        assert told == {"Bảng · Table", *(layer.title.vi for layer in (ZONES, WELLS, PERMITS))}
        return
    source = f"/vsizip/{target}" if file_format == "shapezip" else str(target)
    found = {str(name): pyogrio.read_info(source, layer=str(name))["features"] for name, _ in pyogrio.list_layers(source)}
    assert found == counts


def test_flatgeobuf_has_its_index_unless_a_place_is_missing(write: Callable[..., Path]) -> None:
    assert pyogrio.read_info(write(FeatureQuery(ZONES), "flatgeobuf"))["capabilities"]["fast_spatial_filter"]
    assert not pyogrio.read_info(write(FeatureQuery(WELLS), "flatgeobuf"))["capabilities"]["fast_spatial_filter"]


def test_fields_nobody_may_read_are_refused(context: Context, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter):
        write_features(context, [FeatureQuery(WELLS, fields=("phone",))], "gpkg", tmp_path / "x.gpkg")
