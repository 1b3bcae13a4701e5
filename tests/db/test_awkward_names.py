# SPDX-License-Identifier: MIT
"""Field names that are words of SQL, or the names our own statements use, mean the field everywhere."""

from __future__ import annotations

import pytest
from shapely import Point, box

from server.access import SYSTEM
from server.catalog.catalog import Catalog
from server.db.pool import Database
from server.features.bulk import load_rows
from server.features.undo import undo_change_set
from server.publish.layer import publish_layer
from server.publish.migrate import migrate, plan_migration
from server.query.edits import Edit
from tests.db.catalogs import make_catalog, make_field, make_layer, plan_for, row
from tests.edits import apply_edits

WORDS = (
    "select", "from", "table", "user", "order", "group", "limit", "check", "end", "case", "key", "before", "tiny", "number", "at", "o", "f",
    "s", "p", "k", "r", "h", "u", "l", "x", "y", "v", "w", "n", "undone", "names", "origin", "current_date", "now", "title", "type",
    "properties", "geometry", "null", "xanh_stage", "official", "day",
)  # fmt: skip


@pytest.fixture(scope="module")
def worded() -> Catalog:
    """A point layer and a polygon layer called like SQL words, each with every awkward field and a link."""
    fields = {"code": make_field(unique=True), **{word: make_field(title=word == "user", search=1) for word in WORDS}}
    table = make_layer("table", "point", {**fields, "link": make_field(link="select", fill="contains")})
    select = make_layer("select", "multipolygon", {**fields, "link": make_field(link="table")}, validity=True)
    return make_catalog(table, select)


@pytest.fixture(scope="module")
def worded_database(database: Database, worded: Catalog) -> Database:
    """The tables of these layers."""
    with database.owner() as connection:
        migrate(connection, worded)
    return database


def test_awkward_names_survive_every_path(worded_database: Database, worded: Catalog) -> None:
    table, select = worded.layer("table"), worded.layer("select")
    words = {word: f"'{word}'" for word in WORDS}
    with worded_database.writer() as connection:
        areas = [row(1, box(106, 10, 107, 11).segmentize(7e-5), code="B1", **words)]
        load_rows(connection, worded, SYSTEM, plan_for(select, "code", *WORDS), areas)
        points = [row(n, Point(106 + n / 3000, 10.5), code=f"A{n}", **words) for n in range(2500)]
        load_rows(connection, worded, SYSTEM, plan_for(table, "code", *WORDS), points)
        load_rows(connection, worded, SYSTEM, plan_for(select, "code", "link"), [row(1, code="B1", link="A7")])
        states = [publish_layer(connection, worded, layer_id) for layer_id in ("table", "select")]
    assert [state.feature_count for state in states] == [2500, 1]
    assert all(state.pyramid_bands for state in states)
    with worded_database.owner() as connection:
        assert plan_migration(connection, worded) == []
        found = connection.execute('SELECT DISTINCT "user", "order", tiny, link_title FROM published."table"').fetchall()
    assert found == [("'user'", "'order'", "'tiny'", "'user'")]
    changed = apply_edits(
        worded_database, worded, SYSTEM, [Edit("update", table, id=_first_id(worded_database), values={"select": "new", "x": "1"})], "test"
    )
    with worded_database.writer() as connection:
        assert undo_change_set(connection, worded, SYSTEM, changed.change_set or 0).updated == 1


def _first_id(database: Database) -> int:
    with database.writer() as connection:
        found = connection.execute('SELECT min(id) FROM official."table"').fetchone()
    assert found is not None
    return int(found[0])
