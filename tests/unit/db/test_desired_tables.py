# SPDX-License-Identifier: MIT
"""From layer files to tables, without a database."""

from __future__ import annotations

import pytest

from server.catalog.read import read_catalog_in
from server.config import ROOT
from server.db.columns import key_field, longest_text
from server.db.ddl import desired_tables
from server.db.retype import change_type
from server.db.table import Table
from tests.db.catalogs import awkward_catalog, bend, make_field, make_layer


def _tables() -> dict[tuple[str, str], Table]:
    return {table.key: table for table in desired_tables(awkward_catalog())}


def test_every_layer_has_its_tables_in_all_stores() -> None:
    keys = set(_tables())
    assert {("official", "sites"), ("history", "sites"), ("published", "sites"), ("published", "sites_pyramid")} <= keys
    assert ("published", "records_pyramid") not in keys


def test_private_fields_and_house_columns_stay_out_of_published() -> None:
    names = {column.name for column in _tables()["published", "sites"].columns}
    assert names & {"contact", "version", "review_state", "created_by"} == set()
    assert {"id", "commune", "commune_title", "geom", "geom_3857", "geojson", "search"} <= names


def test_history_has_every_official_column_without_rules() -> None:
    tables = _tables()
    official, history = tables["official", "sites"], tables["history", "sites"]
    assert {column.name for column in official.columns} < {column.name for column in history.columns}
    assert history.constraints == ()
    assert {column.name for column in history.columns if column.not_null} == {
        "history_id",
        "action",
        "changed_at",
        "changed_by",
        "protocol",
    }


def test_vn2000_layers_are_stored_under_the_private_srid() -> None:
    types = {column.name: column.type for column in _tables()["official", "basins"].columns}
    assert types["geom"] == "geometry(Polygon,909210)"


def test_no_name_is_longer_than_the_database_allows_nor_used_twice() -> None:
    long = "a" * 47
    catalog = read_catalog_in(ROOT / "layers")
    for tables in (
        desired_tables(catalog),
        desired_tables(bend(awkward_catalog(), "records", {long: make_field(codes="kind"), long[:-1] + "b": make_field(codes="kind")})),
    ):
        names = [(table.schema, part.name) for table in tables for part in table.indexes]
        names += [(table.schema + table.name, part.name) for table in tables for part in table.constraints]
        assert len(names) == len(set(names))
        assert max(len(name.encode()) for _, name in names) <= 63


def test_labels_are_no_part_of_a_definition_but_rules_are() -> None:
    catalog = awkward_catalog()
    before = {table.key: table.fingerprint for table in desired_tables(catalog)}
    relabelled = bend(catalog, "roads", {"code": make_field(help={"vi": "a", "en": "b"}, unit="m")})
    assert {table.key: table.fingerprint for table in desired_tables(relabelled)} == before
    bounded = bend(catalog, "roads", {"code": make_field(max_length=9)})
    assert {table.key: table.fingerprint for table in desired_tables(bounded)} != before


def test_indexed_text_is_kept_short_enough_for_its_index() -> None:
    assert longest_text(make_field(title=True)) == 500
    assert longest_text(make_field(search=1, max_length=9000)) == 500
    assert longest_text(make_field(max_length=20)) == 20
    assert longest_text(make_field()) == 100_000


def test_the_key_of_a_layer_is_named_or_code_or_unique() -> None:
    named = make_layer("x", "none", {"code": make_field(), "tax": make_field()}, load={"key": "tax"})
    assert key_field(named) == "tax"
    assert key_field(make_layer("x", "none", {"name": make_field(), "code": make_field()})) == "code"
    assert key_field(make_layer("x", "none", {"name": make_field(), "tax": make_field(unique=True)})) == "tax"
    assert key_field(make_layer("x", "none", {"name": make_field()})) is None


@pytest.mark.parametrize(
    ("old", "new", "lossless"),
    [
        ("bigint", "text", True),
        ("date", "timestamp with time zone", True),
        ("text", "bigint", False),
        ("double precision", "bigint", False),
        ("timestamp with time zone", "date", False),
        ("geometry(Point,4326)", "geometry(MultiPoint,4326)", True),
        ("geometry(Point,4326)", "geometry(Point,909210)", True),
        ("geometry(MultiPoint,4326)", "geometry(Point,4326)", False),
        ("geometry(Point,4326)", "geometry(MultiPolygon,4326)", False),
    ],
)
def test_only_changes_of_type_that_lose_nothing_are_made_in_place(old: str, new: str, lossless: bool) -> None:
    assert (change_type("a", old, new) is not None) == lossless
