# SPDX-License-Identifier: MIT
"""A PostGIS that is already there: set up where the login may, met as it is where it may not, never broken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from psycopg import sql

from server.db.login import Logins
from server.db.roles import prepare_database
from server.db.store import Store
from server.db.system import migrate_system
from server.errors import ServerFault, SetupRefused


@pytest.fixture
def existing(store: Store) -> Iterator[Logins]:
    """Logins of an empty database whose administrator is not ours to be."""
    name, admin = f"existing_{os.getpid()}", store.database.logins.admin.in_database("postgres")
    with psycopg.connect(admin.conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        connection.execute("CREATE ROLE limited LOGIN PASSWORD 'limited'")
        yield replace(store.database.logins.in_database(name), embedded=False)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute("DROP ROLE limited")


def _limited(logins: Logins) -> Logins:
    return replace(logins, admin=logins.admin.as_user("limited", "limited"))


def test_an_administrator_sets_everything_up(existing: Logins) -> None:
    prepare_database(existing)
    migrate_system(existing.owner)
    with psycopg.connect(existing.reader.conninfo()) as connection:
        assert connection.execute("SELECT count(*) FROM published.catalogue").fetchone() == (0,)


def test_a_login_without_rights_is_told_what_an_administrator_must_run(existing: Logins) -> None:
    with pytest.raises(SetupRefused, match="CREATE EXTENSION"):
        prepare_database(_limited(existing))


def test_a_login_without_rights_meets_a_database_that_was_set_up(existing: Logins) -> None:
    prepare_database(existing)
    prepare_database(_limited(existing))
    migrate_system(existing.owner)
    with psycopg.connect(existing.owner.in_database("xanh").conninfo()) as connection:
        assert connection.execute("SELECT to_regclass('published.catalogue') IS NOT NULL").fetchone() == (True,)


def test_a_role_with_another_password_is_left_alone(existing: Logins) -> None:
    wrong = replace(existing, reader=existing.reader.as_user(existing.reader.user, "not the password"))
    with pytest.raises(SetupRefused, match="XANH_READER_PASSWORD"):
        prepare_database(wrong)
    psycopg.connect(existing.reader.in_database("xanh").conninfo()).close()


def test_a_refused_login_is_a_clear_message_without_the_password(existing: Logins) -> None:
    nobody = replace(existing, admin=existing.admin.as_user("nobody", "hush"))
    with pytest.raises(ServerFault, match="nobody") as caught:
        prepare_database(nobody)
    assert "hush" not in caught.value.message


def test_a_database_that_is_not_there_is_named_with_the_way_to_make_it(existing: Logins) -> None:
    absent = replace(existing, admin=existing.admin.in_database("nowhere"))
    with pytest.raises(SetupRefused, match="createdb nowhere"):
        prepare_database(absent)
