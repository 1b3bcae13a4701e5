# SPDX-License-Identifier: MIT
"""A layer with several geometries, of any kind, and names with accents and dots: stored, checked, published, filtered and written."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from server.access import SYSTEM, see_layer
from server.catalog.catalog import Catalog
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.db.select import Progress, count_rows, read_rows
from server.encode.csv import write_head
from server.encode.formats import FileFormat
from server.errors import EditRefused, InvalidParameter
from server.features.files import write_features
from server.features.undo import undo_change_set
from server.filter.tree import Box, Comparison, Constant, GeometryLiteral, Node, Property, Spatial
from server.publish.layer import publish_layer
from server.publish.migrate import migrate, plan_migration
from server.query.edits import Edit
from server.query.features import FeatureQuery
from tests.db.catalogs import make_catalog, make_field, make_layer
from tests.edits import apply_edits

POINT = {"type": "Point", "coordinates": [106.5, 10.5]}
AREA = {"type": "Polygon", "coordinates": [[[106, 10], [106.1, 10], [106.1, 10.1], [106, 10]]]}
PLACE = GeometryLiteral(POINT, 4326)
MULTI = GeometryLiteral({"type": "MultiPoint", "coordinates": [[105.0, 10.0], [105.1, 10.0]]}, 4326)


@pytest.fixture(scope="module")
def several() -> Catalog:
    """Parcels with an area, a point and anything else; stored in VN-2000."""
    fields = {
        "pointProperty": make_field(type="geometry", geometry="point"),
        "attribut.Géométrie": make_field(type="geometry", geometry="any"),
        "name": make_field(gml=True, title=True),
        "Tên.Đường": make_field(type="integer"),
    }
    names = {"wfs": "EntitéGénérique", "geometry": "Ranh_giới", "prefix": "sf", "namespace": "http://example.org/sf"}
    return make_catalog(make_layer("several", "polygon", fields, storage_crs=9210, names=names))


@pytest.fixture(scope="module")
def filled(database: Database, several: Catalog) -> Database:
    """Two objects: the first has all geometries, the second its own only."""
    with database.owner() as connection:
        migrate(connection, several)
        assert plan_migration(connection, several) == []
    layer = several.layer("several")
    whole = {"pointProperty": PLACE, "attribut.Géométrie": MULTI, "name": "A & B", "Tên.Đường": 7}
    edits = [Edit("insert", layer, values=whole, geometry=AREA), Edit("insert", layer, values={"name": "bare"}, geometry=AREA)]
    apply_edits(database, several, SYSTEM, edits, "test")
    with database.writer() as connection:
        publish_layer(connection, several, "several")
    return database


def _count(database: Database, catalog: Catalog, where: Node) -> int:
    with database.reader() as connection:
        return count_rows(connection, FeatureQuery(catalog.layer("several"), where=where))


def _first(database: Database, catalog: Catalog, row_format: str, **options: object) -> str:
    query = FeatureQuery(catalog.layer("several"), limit=1, srs_name="urn:ogc:def:crs:EPSG::4326", **options)  # type: ignore[arg-type]
    with database.reader() as connection:
        return read_rows(connection, query, row_format, Progress()).decode()  # type: ignore[arg-type]


def _undo(database: Database, catalog: Catalog, change_set: int | None) -> None:
    with database.writer() as connection:
        undo_change_set(connection, catalog, SYSTEM, change_set or 0)


def test_geojson_carries_them_as_properties(filled: Database, several: Catalog) -> None:
    feature = json.loads(_first(filled, several, "geojson"))
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"]["pointProperty"] == POINT
    assert feature["properties"]["attribut.Géométrie"]["type"] == "MultiPoint"
    assert feature["properties"]["Tên.Đường"] == 7


def test_gml_carries_them_behind_the_own_geometry(filled: Database, several: Catalog) -> None:
    text = _first(filled, several, "gml31", axis_order="yx")
    order = ["<sf:EntitéGénérique ", "<gml:name>A &amp; B<", "<sf:Ranh_giới><gml:Polygon ", "<sf:pointProperty><gml:Point "]
    order += ["10.5 106.5", "<sf:attribut.Géométrie><gml:MultiPoint ", "<sf:Tên.Đường>7<", "</sf:EntitéGénérique>"]
    places = [text.find(part) for part in order]
    assert -1 not in places, text
    assert places == sorted(places), text
    assert text.count("<gml:name>") == 1


def test_csv_has_a_column_of_wkt_for_each(filled: Database, several: Catalog) -> None:
    head = write_head(several.layer("several"), bom=False).decode()
    (row,) = csv.DictReader(io.StringIO(head + _first(filled, several, "csv")))
    assert row["geometry"].startswith("POLYGON((106 10,")
    assert (row["pointProperty"], row["attribut.Géométrie"]) == ("POINT(106.5 10.5)", "MULTIPOINT((105 10),(105.1 10))")
    chosen = write_head(several.layer("several"), ("pointProperty",), with_geometry=False, bom=False).decode()
    assert chosen == "id,pointProperty\r\n"
    assert _first(filled, several, "csv", fields=("pointProperty",), with_geometry=False) == '1,"POINT(106.5 10.5)"'


def test_kml_has_them_as_data(filled: Database, several: Catalog) -> None:
    text = _first(filled, several, "kml")
    assert '<SimpleData name="pointProperty">POINT(106.5 10.5)</SimpleData>' in text
    assert '<SimpleData name="attribut.Géométrie">MULTIPOINT((105 10),(105.1 10))</SimpleData>' in text


@pytest.fixture
def write(filled: Database, several: Catalog, settings: Settings, tmp_path: Path) -> Callable[..., Path]:
    def make(file_format: FileFormat, suffix: str, **options: Any) -> Path:
        target, layer = tmp_path / f"several{suffix}", several.layer("several")
        layer = see_layer(SYSTEM, several, layer) if options.get("store") == "official" else layer
        assert write_features(Context(settings, several, filled), [FeatureQuery(layer, **options)], file_format, target)
        return target

    return make


@pytest.mark.parametrize(("file_format", "suffix"), [("gpkg", ".gpkg"), ("shapezip", ".zip")])
def test_files_of_one_geometry_a_row_have_a_table_for_each(file_format: FileFormat, suffix: str, write: Callable[..., Path]) -> None:
    path = write(file_format, suffix)
    source = str(path) if suffix == ".gpkg" else f"/vsizip/{path}"
    assert {name for name, _ in pyogrio.list_layers(source)} == {"several", "several_pointProperty", "several_attribut.Géométrie"}
    for name, shape in (("pointProperty", "POINT (106.5 10.5)"), ("attribut.Géométrie", "MULTIPOINT ((105 10), (105.1 10))")):
        meta, _, places, columns = pyogrio.raw.read(source, layer=f"several_{name}")
        assert dict(zip(meta["fields"], (column.tolist() for column in columns), strict=True)) == {"id": [1]}
        assert shapely.to_wkt(shapely.from_wkb(places[0])) == shape
        assert meta["crs"] == "EPSG:4326"
    assert pyogrio.read_info(source, layer="several")["features"] == 2
    if suffix == ".zip":
        assert "several_pointProperty.prj" in zipfile.ZipFile(path).namelist()


@pytest.mark.parametrize("code", [4326, 9210, 3857])
def test_staff_get_the_same_places_from_the_official_store(code: int, write: Callable[..., Path], tmp_path: Path) -> None:
    found = []
    for store in ("published", "official"):
        path = write("gpkg", ".gpkg", crs=code, store=store)
        found.append([pyogrio.raw.read(path, layer=name)[2].tolist() for name in ("several", "several_pointProperty")])
        path.unlink()
    for public, staff in zip(*found, strict=True):
        assert shapely.equals_exact(shapely.from_wkb(public), shapely.from_wkb(staff), 1e-6).all()
        assert len(public) == len(staff) > 0


def test_flatgeobuf_and_workbooks_have_them_as_wkt(write: Callable[..., Path]) -> None:
    _, _, _, columns = pyogrio.raw.read(write("flatgeobuf", ".fgb"), columns=["pointProperty"])
    assert columns[0].tolist() == ["POINT (106.5 10.5)", None]
    sheet, *_ = openpyxl.load_workbook(write("xlsx", ".xlsx", crs=9210)).worksheets
    head, first, second = sheet.iter_rows(values_only=True)
    cells = dict(zip(head, first, strict=True))
    assert (cells["id"], cells["name"], cells["geometry"][:10]) == (1, "A & B", "POLYGON ((")
    assert cells["pointProperty"] == "POINT (581899.017 1161253.444)"
    assert dict(zip(head, second, strict=True))["pointProperty"] is None


def test_geoparquet_has_several_geometry_columns(write: Callable[..., Path]) -> None:
    path = write("geoparquet", ".parquet", crs=9210)
    told = json.loads(pq.read_metadata(path).metadata[b"geo"])
    kinds = {name: column["geometry_types"] for name, column in told["columns"].items()}
    assert (told["primary_column"], kinds) == (
        "geom",
        {"geom": ["Polygon"], "pointProperty": ["Point"], "attribut.Géométrie": ["MultiPoint"]},
    )
    assert all(column["crs"]["source_crs"]["id"]["code"] == 9210 for column in told["columns"].values())
    assert pq.read_table(path)["pointProperty"].null_count == 1


def test_a_choice_of_properties_may_name_them(filled: Database, several: Catalog) -> None:
    text = _first(filled, several, "gml31", fields=("pointProperty",), with_geometry=False)
    assert "<sf:pointProperty>" in text
    assert not [part for part in ("Ranh_giới", "attribut", "gml:name") if part in text]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (Spatial("intersects", Box(106.4, 10.4, 106.6, 10.6, 4326), shape="pointProperty"), 1),
        (Spatial("intersects", Box(106.4, 10.4, 106.6, 10.6, 4326), shape="attribut.Géométrie"), 0),
        (Spatial("intersects", Box(104.9, 9.9, 105.2, 10.2, 4326)), 1),
        (Spatial("intersects", Box(105.9, 9.9, 106.2, 10.2, 4326)), 2),
        (Spatial("disjoint", MULTI, shape="pointProperty"), 1),
        (Spatial("dwithin", PLACE, 1000, shape="pointProperty"), 1),
        (Comparison("=", Property("Tên.Đường"), Constant("7")), 1),
    ],
)
def test_filters_name_them(filled: Database, several: Catalog, where: Node, found: int) -> None:
    assert _count(filled, several, where) == found


def test_a_geometry_the_layer_has_not_is_refused(filled: Database, several: Catalog) -> None:
    with pytest.raises(InvalidParameter):
        _count(filled, several, Spatial("intersects", PLACE, shape="name"))


@pytest.mark.parametrize(
    "value",
    [
        MULTI,
        GeometryLiteral({"type": "Point", "coordinates": [2.0, 48.0]}, 4326),
        "POINT(1 2)",
        5,
        {"type": "Point", "coordinates": "x"},
        {"type": "Nothing"},
    ],
    ids=["wrong kind", "outside", "text", "number", "broken", "unknown"],
)
def test_what_is_no_such_geometry_is_refused_with_its_field(filled: Database, several: Catalog, value: object) -> None:
    edit = Edit("insert", several.layer("several"), values={"name": "x", "pointProperty": value}, geometry=AREA)
    with pytest.raises(EditRefused) as refused:
        apply_edits(filled, several, SYSTEM, [edit], "test")
    assert refused.value.locator == "pointProperty"


def test_a_change_of_one_is_kept_in_history_and_can_be_undone(filled: Database, several: Catalog) -> None:
    layer = several.layer("several")
    own = GeometryLiteral({"type": "Polygon", "coordinates": AREA["coordinates"]}, 4326)
    done = apply_edits(filled, several, SYSTEM, [Edit("update", layer, id=1, values={"attribut.Géométrie": own})], "test")
    assert "attribut.Géométrie><gml:Polygon" in _first(filled, several, "gml31")
    _undo(filled, several, done.change_set)
    assert "attribut.Géométrie><gml:MultiPoint" in _first(filled, several, "gml31")
    gone = apply_edits(filled, several, SYSTEM, [Edit("update", layer, id=1, values={"pointProperty": None})], "test")
    assert "pointProperty" not in _first(filled, several, "gml31")
    _undo(filled, several, gone.change_set)
    assert "pointProperty" in _first(filled, several, "gml31")
