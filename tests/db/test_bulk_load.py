# SPDX-License-Identifier: MIT
"""Many rows through the write door: what goes in, what stays out and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest
from shapely import LineString, MultiLineString, MultiPoint, Point, Polygon, box

from server.access import ANONYMOUS, SYSTEM
from server.catalog.catalog import Catalog
from server.db.pool import Connection, Database
from server.errors import AccessDenied, EditRefused
from server.features.bulk import BulkResult, StagedRow, load_rows
from tests.db.catalogs import HOSTILE, plan_for, row

HERE = Point(106.36, 10.36)


def _sites(connection: Connection, catalog: Catalog, rows: list[StagedRow], *fields: str, **options: Any) -> BulkResult:
    return load_rows(connection, catalog, SYSTEM, plan_for(catalog.layer("sites"), "code", "name", *fields, **options), rows)


def _only_reason(result: BulkResult) -> tuple[str | None, str]:
    assert (result.inserted, result.rejected) == (0, 1)
    return result.reasons[0].field, result.reasons[0].reason


def _one(connection: Connection, query: str) -> Any:
    found = connection.execute(query).fetchone()
    return found[0] if found and len(found) == 1 else found


def test_hostile_values_arrive_as_they_are(writing: Connection, catalog: Catalog) -> None:
    rows = [row(n, code=f"A{n}", name=value) for n, value in enumerate(HOSTILE)]
    assert _sites(writing, catalog, rows).inserted == len(HOSTILE)
    found = [name for (name,) in writing.execute("SELECT name FROM official.sites ORDER BY id").fetchall()]
    assert found == HOSTILE


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("code", "a b", "does not have the required form"),
        ("code", None, "is missing"),
        ("kind", "kitchen", "is not in the code list"),
        ("depth", -1, "is less than 0"),
        ("depth", 501, "is greater than 500"),
        ("depth", "deep", "is not a value of this type"),
        ("depth", float("nan"), "is not a value of this type"),
        ("depth", "١٢", "is not a value of this type"),
        ("count", 1.5, "is not a value of this type"),
        ("count", 2**63, "is not a value of this type"),
        ("open", "perhaps", "is not a value of this type"),
        ("installed", "2999-01-01", "is greater than today"),
        ("installed", "1989-12-31", "is less than 1990-01-01"),
        ("installed", "31/12/2020", "is not a value of this type"),
        ("note", "x" * 21, "is longer than 20 characters"),
        ("note", "a\x00b", "is not a value of this type"),
        ("name", "x" * 501, "is longer than 500 characters"),
        ("commune", "no such", "there is no feature no such"),
        ("commune", 4711, "there is no feature 4711"),
    ],
)
def test_a_bad_value_keeps_its_row_out_and_is_named(writing: Connection, catalog: Catalog, field: str, value: object, reason: str) -> None:
    values: dict[str, Any] = {"code": "A1", "name": "x", field: value}
    found, text = _only_reason(_sites(writing, catalog, [row(7, **values)], *({field} - {"code", "name"})))
    assert found == field
    assert reason in text


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (LineString([(106, 10), (107, 10)]), "the geometry is a LINESTRING"),
        (MultiPoint([(106, 10), (107, 10)]), "the geometry is a MULTIPOINT"),
        (Point(10.36, 106.36), "in the wrong order"),
        (Point(566603.933, 1145735.536), "lies outside Vietnam"),
    ],
)
def test_a_bad_geometry_keeps_its_row_out(writing: Connection, catalog: Catalog, shape: Any, reason: str) -> None:
    found, text = _only_reason(_sites(writing, catalog, [row(1, shape, code="A1", name="x")]))
    assert found == "geometry"
    assert reason in text


def test_bytes_that_are_no_geometry_keep_only_their_own_row_out(writing: Connection, catalog: Catalog) -> None:
    rows = [StagedRow(1, {"code": "A1", "name": "x"}, b"\x01\x02nonsense"), row(2, HERE, code="A2", name="y")]
    result = _sites(writing, catalog, rows)
    assert (result.inserted, result.rejected, result.reasons[0].number) == (1, 1, 1)
    assert "cannot be read" in result.reasons[0].reason


def test_a_polygon_that_crosses_itself_is_refused_with_the_place(writing: Connection, catalog: Catalog) -> None:
    bow = Polygon([(106, 10), (107, 11), (107, 10), (106, 11)])
    result = load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("basins"), "code"), [row(1, bow, code="B")])
    assert "Self-intersection" in result.reasons[0].reason


def test_single_parts_are_promoted_and_a_multi_of_one_is_unwrapped(writing: Connection, catalog: Catalog) -> None:
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("roads"), "code"), [row(1, LineString([(106, 10), (107, 10)]), code="R")])
    _sites(writing, catalog, [row(1, MultiPoint([(106.36, 10.36)]), code="A1", name="x")])
    assert _one(writing, "SELECT GeometryType(geom) FROM official.roads") == "MULTILINESTRING"
    assert _one(writing, "SELECT GeometryType(geom) FROM official.sites") == "POINT"


def test_heights_are_dropped_and_an_empty_geometry_is_none(writing: Connection, catalog: Catalog) -> None:
    assert _sites(writing, catalog, [row(1, Point(106, 10, 5), code="A1", name="x"), row(2, Point(), code="A2", name="y")]).inserted == 2
    assert _one(writing, "SELECT count(*) FROM official.sites WHERE ST_NDims(geom) = 2") == 1
    assert _one(writing, "SELECT count(*) FROM official.sites WHERE geom IS NULL") == 1


def test_vn2000_geometry_is_stored_in_vn2000_and_arrives_with_the_pinned_shift(writing: Connection, catalog: Catalog) -> None:
    _sites(writing, catalog, [row(1, Point(566603.933, 1145735.536), code="A1", name="x")], epsg=9210)
    lon, lat = _one(writing, "SELECT ST_X(geom), ST_Y(geom) FROM official.sites")
    assert (lon, lat) == (pytest.approx(106.36, abs=1e-7), pytest.approx(10.36, abs=1e-7))
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("basins"), "code"), [row(1, box(106.36, 10.36, 106.37, 10.37), code="B")])
    east, srid, area = _one(writing, "SELECT ST_XMin(geom), ST_SRID(geom), area FROM official.basins")
    assert (east, srid) == (pytest.approx(566602, abs=1), 909210)
    assert area == pytest.approx(121.1, abs=0.5)


def test_an_empty_load_and_a_table_without_title_are_fine(writing: Connection, catalog: Catalog) -> None:
    assert _sites(writing, catalog, []).read == 0
    result = load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("records"), "label"), [row(1, label="'"), row(2)])
    assert result.inserted == 2


def test_a_layer_without_geometry_takes_none(writing: Connection, catalog: Catalog) -> None:
    result = load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("records"), "label"), [row(1, HERE, label="x")])
    assert "has no geometry" in result.reasons[0].reason


def test_defaults_fill_new_rows_and_computed_fields_follow_the_geometry(writing: Connection, catalog: Catalog) -> None:
    _sites(writing, catalog, [row(1, HERE, code="A1", name="x", lon=5)], "lon")
    assert _one(writing, "SELECT kind, lon FROM official.sites") == ("auto", 106.36)


def test_loading_the_same_again_changes_nothing(writing: Connection, catalog: Catalog) -> None:
    rows = [row(n, HERE, code=f"A{n}", name=f"n{n}", installed="2020-01-01") for n in range(5)]
    assert _sites(writing, catalog, rows, "installed").inserted == 5
    again = _sites(writing, catalog, rows, "installed")
    assert (again.inserted, again.updated, again.unchanged, again.rejected) == (0, 0, 5, 0)
    assert _one(writing, "SELECT count(*) FROM history.sites") == 5


def test_an_existing_key_updates_what_the_source_brings_and_raises_the_version(writing: Connection, catalog: Catalog) -> None:
    _sites(writing, catalog, [row(1, HERE, code="A1", name="old", note="kept")], "note")
    result = _sites(writing, catalog, [row(1, None, code="A1", name="new"), row(2, None, code="A2", name="other")])
    assert (result.inserted, result.updated) == (1, 1)
    assert _one(writing, "SELECT name, note, version, geom IS NULL FROM official.sites WHERE code = 'A1'") == ("new", "kept", 2, False)


def test_insert_mode_keeps_existing_keys_out(writing: Connection, catalog: Catalog) -> None:
    _sites(writing, catalog, [row(1, code="A1", name="x")])
    assert "there is a feature" in _only_reason(_sites(writing, catalog, [row(1, code="A1", name="y")], mode="insert"))[1]


def test_a_key_repeated_in_the_source_lets_only_the_first_row_in(writing: Connection, catalog: Catalog) -> None:
    result = _sites(writing, catalog, [row(1, code="A1", name="first"), row(2, code="A1", name="second")])
    assert (result.inserted, result.rejected, result.reasons[0].number) == (1, 1, 2)
    assert _one(writing, "SELECT name FROM official.sites") == "first"


def test_replace_deletes_what_the_source_no_longer_has_but_not_what_it_has_badly(writing: Connection, catalog: Catalog) -> None:
    _sites(writing, catalog, [row(n, code=f"A{n}", name="x") for n in (1, 2, 3)])
    result = _sites(writing, catalog, [row(1, code="A1", name="y"), row(2, Point(0, 0), code="A2", name="z")], mode="replace")
    assert (result.updated, result.deleted, result.rejected) == (1, 1, 1)
    assert [code for (code,) in writing.execute("SELECT code FROM official.sites ORDER BY code").fetchall()] == ["A1", "A2"]


def test_an_administrative_code_may_return_with_another_validity(writing: Connection, catalog: Catalog) -> None:
    plan = plan_for(catalog.layer("communes"), "code", "name", "valid_from", "valid_to")
    old = row(1, code="28261", name="cũ", valid_from="2004-07-08", valid_to="2025-06-30")
    new = row(2, code="28261", name="mới", valid_from="2025-07-01")
    assert load_rows(writing, catalog, SYSTEM, plan, [old, new]).inserted == 2
    assert load_rows(writing, catalog, SYSTEM, plan, [old, new]).unchanged == 2
    again = load_rows(writing, catalog, SYSTEM, plan, [row(1, code="28261", name="x", valid_from="2025-07-01"), new])
    assert (again.updated, again.rejected) == (1, 1)


def test_a_validity_that_ends_before_it_begins_is_refused(writing: Connection, catalog: Catalog) -> None:
    plan = plan_for(catalog.layer("communes"), "code", "valid_from", "valid_to")
    result = load_rows(writing, catalog, SYSTEM, plan, [row(1, code="1", valid_from="2025-07-01", valid_to=date(2025, 6, 30))])
    assert result.reasons[0].field == "valid_to"


def test_a_link_by_key_means_the_feature_of_today(writing: Connection, catalog: Catalog) -> None:
    plan = plan_for(catalog.layer("communes"), "code", "name", "valid_from", "valid_to")
    old = row(1, code="28261", name="cũ", valid_from="2004-07-08", valid_to="2025-06-30")
    load_rows(writing, catalog, SYSTEM, plan, [old, row(2, code="28261", name="mới", valid_from="2025-07-01")])
    _sites(writing, catalog, [row(1, code="A1", name="x", commune="28261")], "commune")
    assert _one(writing, "SELECT c.name FROM official.sites s JOIN official.communes c ON c.id = s.commune") == "mới"


def test_an_empty_link_is_filled_by_the_feature_around_the_geometry(writing: Connection, catalog: Catalog) -> None:
    plan = plan_for(catalog.layer("communes"), "code", "name", "valid_from", "valid_to")
    square = box(106, 10, 107, 11)
    gone = row(1, square, code="1", name="gone", valid_from="2000-01-01", valid_to="2025-06-30")
    load_rows(writing, catalog, SYSTEM, plan, [gone, row(2, square, code="2", name="here", valid_from="2025-07-01")])
    _sites(writing, catalog, [row(1, HERE, code="A1", name="in"), row(2, Point(108, 12), code="A2", name="out")])
    found = writing.execute("SELECT s.name, c.name FROM official.sites s LEFT JOIN official.communes c ON c.id = s.commune ORDER BY s.id")
    assert found.fetchall() == [("in", "here"), ("out", None)]


def test_an_unknown_field_and_a_stranger_are_refused_outright(writing: Connection, catalog: Catalog) -> None:
    with pytest.raises(EditRefused, match="no field nonsense"):
        _sites(writing, catalog, [], "nonsense")
    with pytest.raises(AccessDenied):
        load_rows(writing, catalog, ANONYMOUS, plan_for(catalog.layer("sites"), "code"), [])


def test_reasons_come_in_both_languages_with_the_number_of_the_source_row(writing: Connection, catalog: Catalog) -> None:
    result = _sites(writing, catalog, [row(99, code="A1", name="x", depth=-1)], "depth")
    reason = result.reasons[0]
    assert (reason.number, reason.reason, reason.reason_vi) == (99, 'A "label" is less than 0', "Nhãn 'của' trường nhỏ hơn 0")


def test_lines_are_measured_on_the_ellipsoid(writing: Connection, catalog: Catalog) -> None:
    shape = MultiLineString([[(106, 10), (107, 10)]])
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("roads"), "code"), [row(1, shape, code="R")])
    assert _one(writing, "SELECT length FROM official.roads") == pytest.approx(109.639, abs=0.01)


def test_indexes_are_back_after_the_first_fill(writing: Connection, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.db.firstfill.FEWEST", 2)
    definitions = "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('official', 'history') AND tablename = 'sites' ORDER BY 1"
    before = writing.execute(definitions).fetchall()
    found = writing.execute("SELECT store, method FROM xanh.set_indexes_aside('sites')").fetchall()
    assert {("official", "gist"), ("official", "btree"), ("history", "btree")} <= set(found)
    writing.rollback()
    rows = [row(n, Point(106 + n / 100, 10), code=f"A{n}", name="x") for n in range(1, 4)]
    assert _sites(writing, catalog, rows).inserted == 3
    assert writing.execute(definitions).fetchall() == before
    assert _one(writing, "SELECT count(*) FROM official.sites WHERE geom && ST_MakeEnvelope(106, 9, 106.025, 11, 4326)") == 2
    set_aside = "SELECT count(*) FROM xanh.set_indexes_aside('sites')"
    assert _one(writing, set_aside) == 0, "a layer that holds rows keeps its indexes"


@pytest.mark.parametrize("call", ["set_indexes_aside('sites')", "put_index_back('sites', 'official', 'mine', 'gist', false, '{geom}')"])
def test_the_public_touches_no_index(stores: Database, call: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), stores.reader() as connection:
        connection.execute(f"SELECT xanh.{call}".encode())
