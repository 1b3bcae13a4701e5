# SPDX-License-Identifier: MIT
"""Accounts in the database, and who may touch what: the public neither accounts nor official rows, the staff role nothing but reading."""

from __future__ import annotations

import psycopg
import pytest

from server.accounts.manage import (
    NewAccount,
    add_account,
    check_account,
    list_accounts,
    remove_account,
    require_account,
    set_password,
)
from server.catalog.catalog import Catalog
from server.config import Passwords
from server.db.accounts import read_account
from server.db.pool import Database
from server.errors import AccountRefused, LayerNotDefined, LimitExceeded

_DENIED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
_RULE = Passwords()
_PASSWORD = "Giếng-nước-8"


def test_an_account_is_added_listed_changed_and_removed(stores: Database) -> None:
    add_account(stores, _RULE, NewAccount("lan", "editor", ("sites",)), _PASSWORD)
    add_account(stores, _RULE, NewAccount("minh", "admin"), _PASSWORD)
    assert [(one.name, one.role, one.layers) for one in list_accounts(stores)] == [("lan", "editor", ("sites",)), ("minh", "admin", None)]
    require_account(stores, "lan")
    with pytest.raises(AccountRefused, match="already"):
        add_account(stores, _RULE, NewAccount("lan", "admin"), _PASSWORD)
    remove_account(stores, "lan")
    assert [one.name for one in list_accounts(stores)] == ["minh"]
    with stores.writer() as connection:
        row = read_account(connection, "lan")
    assert row is not None
    assert (row.active, row.password_hash) == (False, None)
    with pytest.raises(AccountRefused, match="no account"):
        remove_account(stores, "lan")
    with pytest.raises(AccountRefused, match="no account"):
        set_password(stores, _RULE, "lan", _PASSWORD)
    add_account(stores, _RULE, NewAccount("lan", "viewer"), _PASSWORD)
    assert [(one.name, one.role, one.layers) for one in list_accounts(stores)] == [("lan", "viewer", None), ("minh", "admin", None)]


def test_no_account_has_a_password_until_somebody_sets_a_good_one(stores: Database) -> None:
    before = list_accounts(stores)
    with pytest.raises(AccountRefused):
        add_account(stores, _RULE, NewAccount("yeu", "editor"), "password")
    assert list_accounts(stores) == before
    with pytest.raises(psycopg.errors.CheckViolation), stores.writer() as connection:
        connection.execute("INSERT INTO xanh.account (name, role) VALUES ('bare', 'admin')")


@pytest.mark.parametrize(
    "name", ["", "a", "Lan", "lan thị", "đặng", "lan'; --", "lan\0", "lan\n", "a:b", "-lan", "x" * 64, "system", "anonymous", "../x"]
)
def test_names_that_could_mean_something_else_are_refused(name: str, catalog: Catalog) -> None:
    with pytest.raises(AccountRefused):
        check_account(catalog, NewAccount(name, "editor"))


def test_a_layer_that_does_not_exist_is_refused(catalog: Catalog) -> None:
    check_account(catalog, NewAccount("lan@so.gov.vn", "editor", ("sites",)))
    with pytest.raises(LayerNotDefined):
        check_account(catalog, NewAccount("lan", "editor", ("sites", "site")))


@pytest.mark.parametrize("command", ["SELECT 1 FROM xanh.account", "SELECT 1 FROM official.sites", "SET ROLE xanh_staff"])
def test_the_public_role_reaches_neither_accounts_nor_official_rows(stores: Database, command: str) -> None:
    with pytest.raises(_DENIED), stores.reader() as connection:
        connection.execute(command)


def test_the_staff_role_reads_both_stores(stores: Database) -> None:
    with stores.staff() as connection:
        assert connection.execute("SELECT current_user::text").fetchone() == ("xanh_staff",)
        assert connection.execute("SELECT count(*) FROM official.sites").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM published.sites").fetchone() == (0,)


@pytest.mark.parametrize(
    "command",
    [
        "SELECT 1 FROM xanh.account",
        "SELECT 1 FROM history.sites",
        "DELETE FROM official.sites",
        "UPDATE published.sites SET id = 1",
        "CREATE TEMPORARY TABLE mine (x int)",
        "SELECT nextval(pg_get_serial_sequence('official.sites', 'id'))",
    ],
)
def test_the_staff_role_does_nothing_else(stores: Database, command: str) -> None:
    with pytest.raises(_DENIED), stores.staff() as connection:
        connection.execute(command)


def test_the_staff_role_cannot_write_even_after_leaving_read_only_mode(stores: Database) -> None:
    with stores.staff() as connection:
        connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM official.sites")
        connection.execute("SET default_transaction_read_only = on")


def test_questions_of_staff_end_after_their_time(stores: Database) -> None:
    hasty = Database(stores.logins, stores.settings.model_copy(update={"statement_timeout_s": 0.05}))
    with pytest.raises(LimitExceeded), hasty.staff() as connection:
        connection.execute("SELECT pg_sleep(5)")
    hasty.close()
