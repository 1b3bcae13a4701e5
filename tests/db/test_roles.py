# SPDX-License-Identifier: MIT
"""Three roles: the public reads `published` and nothing else, staff write data but not its shape."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from server.db.pool import Database
from server.db.roles import prepare_database
from server.db.system import migrate_system

_DENIED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)


@pytest.fixture(autouse=True)
def tables(database: Database) -> Iterator[None]:
    """One table per schema, as a layer file would make them."""
    with database.owner() as connection:
        connection.execute("CREATE TABLE official.thing (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text)")
        connection.execute("CREATE TABLE history.thing (history_id bigint, name text)")
        connection.execute("CREATE TABLE published.thing (id bigint PRIMARY KEY, name text)")
    yield
    with database.owner() as connection:
        connection.execute("DROP TABLE official.thing, history.thing, published.thing")


def test_the_public_reads_published(database: Database) -> None:
    with database.reader() as connection:
        assert connection.execute("SELECT count(*) FROM published.thing").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM published.catalogue").fetchone() == (0,)


@pytest.mark.parametrize(
    "command",
    [
        "SELECT 1 FROM official.thing",
        "SELECT 1 FROM history.thing",
        "SELECT 1 FROM xanh.change_set",
        "SELECT 1 FROM xanh.load",
        "INSERT INTO published.thing VALUES (1, 'x')",
        "CREATE TABLE published.mine (x int)",
        "CREATE TABLE public.mine (x int)",
        "CREATE TEMPORARY TABLE mine (x int)",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY published.thing TO PROGRAM 'cat'",
    ],
)
def test_the_public_may_do_nothing_else(database: Database, command: str) -> None:
    with pytest.raises(_DENIED), database.reader() as connection:
        connection.execute(command)


def test_the_public_cannot_write_even_after_leaving_read_only_mode(database: Database) -> None:
    with database.reader() as connection:
        connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM published.thing")
        connection.execute("RESET default_transaction_read_only")


def test_staff_write_official_history_and_published(database: Database) -> None:
    with database.writer() as connection:
        row = connection.execute("INSERT INTO official.thing (name) VALUES ('x') RETURNING id").fetchone()
        assert row is not None
        connection.execute("INSERT INTO history.thing VALUES (1, 'x')")
        connection.execute("INSERT INTO published.thing VALUES (%s, 'x')", [row[0]])
        connection.execute("TRUNCATE published.thing")
        connection.rollback()


@pytest.mark.parametrize(
    "command",
    [
        "DELETE FROM history.thing",
        "UPDATE history.thing SET name = 'y'",
        "DROP TABLE official.thing",
        "ALTER TABLE official.thing ADD x int",
        "CREATE TABLE official.mine (x int)",
        "DELETE FROM xanh.change_set",
    ],
)
def test_staff_change_neither_history_nor_tables(database: Database, command: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.writer() as connection:
        connection.execute(command)


def test_setting_up_again_changes_nothing_and_fails_nothing(database: Database) -> None:
    prepare_database(database.logins)
    migrate_system(database.logins.owner)
    with database.owner() as connection:
        assert connection.execute("SELECT count(*) FROM xanh.alembic_version").fetchone() == (1,)


def test_no_login_without_a_password(database: Database) -> None:
    reader = database.logins.reader
    for password in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(reader.as_user(reader.user, password).conninfo())
