# SPDX-License-Identifier: MIT
"""Fixtures of the store tests: the tables of a small catalogue made to be awkward, emptied after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import sql

from server.catalog.catalog import Catalog
from server.db.pool import Connection, Database
from server.publish.migrate import migrate
from tests.db.catalogs import awkward_catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Five small layers with everything a layer file can ask for."""
    return awkward_catalog()


@pytest.fixture(scope="module")
def _tables(database: Database, catalog: Catalog) -> Database:
    with database.owner() as connection:
        migrate(connection, catalog)
    return database


@pytest.fixture
def stores(_tables: Database, catalog: Catalog) -> Iterator[Database]:
    """The database with the awkward catalogue's tables, empty."""
    yield _tables
    with _tables.owner() as connection:
        connection.execute("DELETE FROM published.catalogue")
        for layer in catalog.feature_layers():
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier("official", layer.id)))
        for layer in catalog.feature_layers():
            official = sql.Identifier("official", layer.id)
            connection.execute(
                sql.SQL("TRUNCATE {}, {}, {} CASCADE").format(
                    official, sql.Identifier("history", layer.id), sql.Identifier("published", layer.id)
                )
            )
            if layer.has_geometry:
                connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier("published", f"{layer.id}_pyramid")))
        for layer in catalog.feature_layers():
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier("official", layer.id)))


@pytest.fixture
def writing(stores: Database) -> Iterator[Connection]:
    """A connection of the writer whose changes are rolled back."""
    with stores.writer() as connection:
        yield connection
        connection.rollback()
