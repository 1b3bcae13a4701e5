# SPDX-License-Identifier: MIT
"""Tables that are no layers: a layer file is made from one, its rows are loaded like those of a file, and it is never changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.load import run_load
from loaders.plan import LoadRequest, plan_load
from loaders.source import SourceOptions
from loaders.tablesource import DatabaseSource
from loaders.wizard.make import Wanted, draft_layer, write_new_layer
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.catalog.read import read_catalog
from server.config import Settings
from server.db.othertable import connect_elsewhere
from server.db.pool import Connection, Database
from server.errors import SourceRefused
from server.publish.migrate import migrate
from server.strictyaml import read_model

TABLE = """
CREATE SCHEMA "Quan trắc";
CREATE TABLE "Quan trắc"."Giếng khoan" (
  ma text, "Tên giếng" varchar(80), dan_so integer, do_sau numeric(6, 2), dang_dung boolean, ngay date, luc timestamptz, anh bytea,
  vi_tri geometry(Point, 3405), ranh geometry(Polygon, 3405)
);
INSERT INTO "Quan trắc"."Giếng khoan"
SELECT 'G' || n, 'Giếng số ' || n, n, n + 0.25, n % 2 = 0, date '2024-01-01' + n, '2024-01-01T00:00:00Z', '\\x00',
  ST_SetSRID(ST_MakePoint(570000 + n, 1145000), 3405), NULL FROM generate_series(1, 30) n;
INSERT INTO "Quan trắc"."Giếng khoan" VALUES ('G31', '  ', NULL, 'NaN', NULL, NULL, NULL, NULL, NULL, NULL);
CREATE VIEW "Quan trắc".mot_phan AS SELECT * FROM "Quan trắc"."Giếng khoan" WHERE dan_so < 10;
CREATE TABLE "Quan trắc".trong (ma text);
CREATE TABLE "Quan trắc".so (ma text, gia_tri double precision);
INSERT INTO "Quan trắc".so VALUES ('A', 1.5), ('B', 2);
"""
NAME = "Quan trắc.Giếng khoan"


@pytest.fixture(scope="module")
def catalog(database: Database, settings: Settings) -> Catalog:
    made = read_catalog(settings)
    with database.owner() as connection:
        migrate(connection, made)
        connection.execute(TABLE)
    return made


@pytest.fixture
def connection(database: Database, catalog: Catalog) -> Iterator[Connection]:
    with database.owner() as opened:
        yield opened
        opened.rollback()


def test_a_layer_file_is_made_from_a_table(connection: Connection, catalog: Catalog, tmp_path: Path) -> None:
    source = DatabaseSource(connection, NAME, SourceOptions())
    assert source.info.crs is not None
    assert (source.info.crs.code, source.info.geometry, source.info.row_count) == (3405, "Point", 31)
    assert "anh, ranh" in source.info.notes[0]
    new = draft_layer(catalog, Wanted(Path(NAME), group="sources"), tmp_path / "layers", tmp_path / "styles", source)
    layer = read_model(write_new_layer(new)[0], Layer)
    assert (layer.id, layer.geometry, layer.load.key, layer.title_field) == ("gieng_khoan", "point", "ma", "ten_gieng")
    types = {name: field.type for name, field in layer.fields.items()}
    assert types == {
        "ma": "text",
        "ten_gieng": "text",
        "dan_so": "integer",
        "do_sau": "number",
        "dang_dung": "boolean",
        "ngay": "date",
        "luc": "datetime",
    }


def test_its_rows_are_loaded_as_those_of_a_file(connection: Connection, database: Database, catalog: Catalog) -> None:
    source = DatabaseSource(connection, NAME, SourceOptions())
    asked = {"ma": "code", "Tên giếng": "name", "dan_so": "population"}
    request = LoadRequest(Path(NAME), catalog.layer("places"), asked_map=asked, opened=source)
    report = run_load(database, catalog, plan_load(catalog, request))
    assert (report.result.inserted, report.result.rejected) == (30, 1)
    assert report.result.reasons[0].field == "name"
    with database.reader() as reading:
        row = reading.execute("SELECT name, population, ST_Y(geom)::numeric(6, 3) FROM published.places WHERE code = 'G7'").fetchone()
    assert row is not None
    assert (row[0], row[1], float(row[2])) == ("Giếng số 7", 7, 10.356)
    again = run_load(database, catalog, plan_load(catalog, request))
    assert (again.result.unchanged, again.result.inserted) == (30, 0)


def test_views_and_tables_without_places_are_read_too(connection: Connection) -> None:
    assert DatabaseSource(connection, "Quan trắc.mot_phan", SourceOptions()).info.row_count == 9
    connection.rollback()
    source = DatabaseSource(connection, "Quan trắc.so", SourceOptions())
    assert (source.info.geometry, source.info.crs) == (None, None)
    assert [(row.number, dict(row.values), row.wkb) for row in source.rows()] == [
        (1, {"ma": "A", "gia_tri": 1.5}, None),
        (2, {"ma": "B", "gia_tri": 2.0}, None),
    ]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Quan trắc.giengkhoan", "no table 'giengkhoan' in the schema 'Quan trắc'; it has Giếng khoan, mot_phan, so, trong"),
        ("nowhere.x", "no table 'x' in the schema 'nowhere'"),
        ('x"; DROP TABLE official.places; --', "no table"),
        ("", "no table"),
        ("a\x00b", "no table"),
    ],
)
def test_what_is_no_table_is_refused_with_those_that_are_there(name: str, why: str, connection: Connection) -> None:
    with pytest.raises(SourceRefused, match=why):
        DatabaseSource(connection, name, SourceOptions())


def test_an_empty_table_teaches_nothing(connection: Connection, catalog: Catalog, tmp_path: Path) -> None:
    source = DatabaseSource(connection, "Quan trắc.trong", SourceOptions())
    with pytest.raises(SourceRefused, match="no rows"):
        draft_layer(catalog, Wanted(Path("Quan trắc.trong")), tmp_path, tmp_path, source)


def test_another_database_is_read_by_its_address_and_a_password_is_never_shown(database: Database, catalog: Catalog) -> None:
    assert catalog
    with connect_elsewhere(database.logins.owner.conninfo()) as elsewhere:
        assert DatabaseSource(elsewhere, NAME, SourceOptions()).info.row_count == 31
    for address in ("postgresql://user:geheim@127.0.0.1:1/nothing", "postgresql://user:geheim@[::1/", "not an address geheim"):
        with pytest.raises(SourceRefused, match="cannot be reached") as caught, connect_elsewhere(address):
            pass
        assert "geheim" not in caught.value.message
