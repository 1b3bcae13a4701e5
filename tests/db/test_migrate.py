# SPDX-License-Identifier: MIT
"""Layer files become tables: plans, lossless changes, refusals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.access import SYSTEM
from server.catalog.catalog import Catalog
from server.db.pool import Connection, Database
from server.errors import MigrationRefused
from server.features.bulk import load_rows
from server.publish.layer import publish_layer
from server.publish.migrate import migrate, plan_migration
from tests.db.catalogs import HOSTILE, bend, make_catalog, make_field, make_layer, plan_for, row


@pytest.fixture
def owning(stores: Database, catalog: Catalog) -> Iterator[Connection]:
    """An owner connection with three sites loaded and published, rolled back by the caller's transaction."""
    with stores.writer() as connection:
        site = plan_for(catalog.layer("sites"), "code", "name", "depth", "count")
        load_rows(connection, catalog, SYSTEM, site, [row(n, code=f"A{n}", name=HOSTILE[n], depth=n + 0.5, count=n) for n in range(3)])
        publish_layer(connection, catalog, "sites")
    with stores.owner() as connection:
        yield connection
        connection.rollback()


def test_a_second_plan_is_empty(owning: Connection, catalog: Catalog) -> None:
    assert plan_migration(owning, catalog) == []
    assert migrate(owning, catalog) == []


def test_other_labels_and_titles_change_nothing_in_the_database(owning: Connection, catalog: Catalog) -> None:
    relabelled = bend(catalog, "sites", {"depth": make_field(type="number", min=0, max=500, help={"vi": "'; --", "en": "x"})})
    assert plan_migration(owning, relabelled) == []


def test_a_plan_reads_like_a_sentence_and_changes_nothing(owning: Connection, catalog: Catalog) -> None:
    steps = plan_migration(owning, bend(catalog, "sites", {"colour": make_field()}))
    assert "official.sites: add column colour (text)" in [str(step) for step in steps]
    assert plan_migration(owning, catalog) == []


@pytest.mark.parametrize("lost", ["SCHEMA published", "TABLE published.catalogue", "SCHEMA history"])
def test_a_database_that_lost_a_part_of_the_system_is_told_so(owning: Connection, catalog: Catalog, lost: str) -> None:
    owning.execute(f"DROP {lost} CASCADE".encode())
    for act in (plan_migration, migrate):
        with pytest.raises(MigrationRefused, match=rf"lacks {lost.partition(' ')[2]}, which it once had"):
            act(owning, catalog)


def test_dropping_a_filled_column_is_refused_naming_it(owning: Connection, catalog: Catalog) -> None:
    with pytest.raises(MigrationRefused, match=r"sites\.depth"):
        migrate(owning, bend(catalog, "sites", {"depth": None}))
    assert owning.execute("SELECT sum(depth) FROM official.sites").fetchone() == (4.5,)


def test_dropping_a_filled_column_goes_when_it_is_named_and_history_keeps_it(owning: Connection, catalog: Catalog) -> None:
    bent = bend(catalog, "sites", {"depth": None})
    migrate(owning, bent, frozenset({"sites.depth"}))
    assert plan_migration(owning, bent) == []
    assert owning.execute("SELECT sum(depth) FROM history.sites").fetchone() == (4.5,)
    owning.execute("UPDATE official.sites SET name = 'after'")  # the history trigger has learnt of it


def test_dropping_an_empty_column_needs_no_name(owning: Connection, catalog: Catalog) -> None:
    bent = bend(catalog, "sites", {"contact": None})
    migrate(owning, bent)
    assert plan_migration(owning, bent) == []


def test_dropping_a_filled_layer_is_refused_unless_named(owning: Connection, catalog: Catalog) -> None:
    rest = make_catalog(*(layer for layer in catalog.layers.values() if layer.id not in ("sites", "records")))
    with pytest.raises(MigrationRefused, match="sites"):
        migrate(owning, rest)
    migrate(owning, rest, frozenset({"sites"}))
    assert plan_migration(owning, rest) == []
    assert owning.execute("SELECT count(*) FROM published.catalogue").fetchone() == (0,)


def test_a_lossless_change_of_type_keeps_the_values(owning: Connection, catalog: Catalog) -> None:
    bent = bend(catalog, "sites", {"count": make_field()})
    migrate(owning, bent)
    assert owning.execute("SELECT string_agg(count, ',' ORDER BY id) FROM official.sites").fetchone() == ("0,1,2",)
    assert plan_migration(owning, bent) == []


def test_a_change_of_type_that_loses_is_refused_unless_named(owning: Connection, catalog: Catalog) -> None:
    bent = bend(catalog, "sites", {"depth": make_field(type="date")})
    with pytest.raises(MigrationRefused, match=r"sites\.depth"):
        migrate(owning, bent)
    migrate(owning, bent, frozenset({"sites.depth"}))
    assert plan_migration(owning, bent) == []


def test_a_geometry_may_become_multi_and_move_to_another_crs(owning: Connection, catalog: Catalog) -> None:
    owning.execute("UPDATE official.sites SET geom = ST_SetSRID(ST_MakePoint(106.36, 10.36), 4326)")
    migrate(owning, bend(catalog, "sites", {}, geometry="multipoint", storage_crs=9210))
    found = owning.execute("SELECT DISTINCT round(ST_X(ST_GeometryN(geom, 1))::numeric, 2)::float FROM official.sites").fetchone()
    assert found == (pytest.approx(566603.93, abs=0.01),)


def test_a_rule_that_rows_break_is_refused(owning: Connection, catalog: Catalog) -> None:
    with pytest.raises(MigrationRefused, match="Rows that are there"):
        migrate(owning, bend(catalog, "sites", {"depth": make_field(type="number", min=2)}))


def test_a_new_required_field_is_refused_while_there_are_rows(owning: Connection, catalog: Catalog) -> None:
    with pytest.raises(MigrationRefused, match="colour"):
        migrate(owning, bend(catalog, "sites", {"colour": make_field(required=True)}))


def test_a_changed_rule_replaces_the_old_one(owning: Connection, catalog: Catalog) -> None:
    bent = bend(catalog, "sites", {"depth": make_field(type="number", min=0, max=1000)})
    migrate(owning, bent)
    owning.execute("UPDATE official.sites SET depth = 900")
    assert plan_migration(owning, bent) == []


def test_a_changed_projection_is_filled_again_in_the_same_transaction(owning: Connection, catalog: Catalog) -> None:
    before = owning.execute("SELECT revision FROM published.catalogue WHERE layer = 'sites'").fetchone()
    bent = bend(catalog, "sites", {"depth": make_field(type="number", min=0, max=500, public=False)})
    migrate(owning, bent)
    assert owning.execute("SELECT count(*) FROM published.sites WHERE geojson NOT LIKE '%%depth%%'").fetchone() == (3,)
    after = owning.execute("SELECT revision FROM published.catalogue WHERE layer = 'sites'").fetchone()
    assert before == (1,)
    assert after == (2,)


def test_a_link_to_a_layer_further_down_and_back_can_be_made(owning: Connection, catalog: Catalog) -> None:
    one = make_layer("one", "none", {"code": make_field(unique=True), "two": make_field(link="two")})
    two = make_layer("two", "none", {"code": make_field(unique=True), "one": make_field(link="one")})
    circle = make_catalog(*catalog.layers.values(), one, two)
    migrate(owning, circle)
    assert plan_migration(owning, circle) == []
