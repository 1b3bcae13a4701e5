# SPDX-License-Identifier: MIT
"""Rules across fields hold for every door; links within one load find each other."""

from __future__ import annotations

import pytest

from server.access import SYSTEM
from server.catalog.catalog import Catalog
from server.catalog.model import Rule
from server.db.pool import Database
from server.errors import EditRefused
from server.features.bulk import BulkResult, LoadPlan, StagedRow, load_rows
from server.publish.migrate import migrate
from server.query.edits import Edit
from tests.db.catalogs import make_catalog, make_field, make_layer
from tests.edits import apply_edits

PERMITS = make_layer(
    "permits",
    "none",
    {
        "code": make_field(required=True, unique=True),
        "name": make_field(title=True),
        "size": make_field(type="number"),
        "unit": make_field(),
        "issued": make_field(type="date"),
        "expires": make_field(type="date"),
        "replaces": make_field(link="permits"),
    },
    rules=(
        Rule(when="size IS NOT NULL", require=("unit",), vi="Có quy mô thì phải có đơn vị", en="A size needs its unit"),
        Rule(
            check="expires IS NULL OR issued IS NULL OR expires > issued", vi="Hết hạn phải sau ngày cấp", en="It expires after its issue"
        ),
    ),
)


@pytest.fixture(scope="module")
def catalog(database: Database) -> Catalog:
    made = make_catalog(PERMITS)
    with database.owner() as connection:
        migrate(connection, made)
    return made


def load(database: Database, catalog: Catalog, *rows: dict[str, object]) -> BulkResult:
    fields = tuple(dict.fromkeys(name for row in rows for name in row))
    with database.writer() as connection:
        return load_rows(connection, catalog, SYSTEM, LoadPlan(PERMITS, fields), [StagedRow(i, row) for i, row in enumerate(rows, 1)])


def test_a_row_that_breaks_a_rule_stays_out_with_the_rule_s_own_words(database: Database, catalog: Catalog) -> None:
    result = load(
        database,
        catalog,
        {"code": "R1", "size": 5.0, "unit": None, "issued": None, "expires": None},
        {"code": "R2", "size": 5.0, "unit": "m3", "issued": "2026-01-02", "expires": "2026-01-01"},
        {"code": "R3", "size": 5.0, "unit": "m3", "issued": "2026-01-02", "expires": "2026-01-03"},
    )
    assert (result.inserted, result.rejected) == (1, 2)
    assert [(item.number, item.reason_vi) for item in result.reasons] == [
        (1, "Có quy mô thì phải có đơn vị"),
        (2, "Hết hạn phải sau ngày cấp"),
    ]


def test_a_rule_sees_old_values_of_fields_the_source_does_not_give(database: Database, catalog: Catalog) -> None:
    assert load(database, catalog, {"code": "O1", "unit": "m3"}).inserted == 1
    assert load(database, catalog, {"code": "O1", "size": 7.0}).updated == 1
    refused = load(database, catalog, {"code": "O1", "unit": None})
    assert [item.reason for item in refused.reasons] == ["A size needs its unit"]


def test_a_single_edit_meets_the_same_rule(database: Database, catalog: Catalog) -> None:
    with pytest.raises(EditRefused, match="A size needs its unit"):
        apply_edits(database, catalog, SYSTEM, [Edit("insert", PERMITS, values={"code": "E1", "size": 3})], "test")


def test_rows_of_one_load_link_to_each_other_in_any_order(database: Database, catalog: Catalog) -> None:
    result = load(database, catalog, {"code": "L1", "replaces": "L2"}, {"code": "L2", "replaces": "L3"}, {"code": "L3", "replaces": None})
    assert (result.inserted, result.rejected) == (3, 0)
    with database.owner() as connection:
        pairs = connection.execute(
            "SELECT p.code, q.code FROM official.permits p JOIN official.permits q ON q.id = p.replaces WHERE p.code LIKE 'L%' ORDER BY 1"
        ).fetchall()
    assert pairs == [("L1", "L2"), ("L2", "L3")]


def test_a_link_to_a_row_that_stays_out_keeps_its_row_out_too(database: Database, catalog: Catalog) -> None:
    result = load(
        database,
        catalog,
        {"code": "D1", "replaces": "D2", "size": None},
        {"code": "D2", "replaces": "D3", "size": None},
        {"code": "D3", "replaces": None, "size": 1.0},
        {"code": "D4", "replaces": "nowhere", "size": None},
    )
    assert (result.inserted, result.rejected) == (0, 4)
