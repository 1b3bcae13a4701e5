# SPDX-License-Identifier: MIT
"""Accounts made, listed, changed and removed by the operator. No account exists until somebody makes one, none without a password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from server.access import StaffRole
from server.accounts.passwords import check_password, hash_password
from server.catalog.catalog import Catalog
from server.config import Passwords
from server.db.accounts import deactivate_account, insert_account, read_accounts, update_password
from server.db.pool import Database
from server.errors import AccountRefused

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}", re.ASCII)
ROLES: tuple[StaffRole, ...] = get_args(StaffRole)
_RESERVED = frozenset({"anonymous", "system", "public", "sql", "loader"})


@dataclass(frozen=True)
class NewAccount:
    """What an account shall be. `layers` None = the role holds for every layer."""

    name: str
    role: StaffRole
    layers: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Account:
    """An account as the operator sees it; `locked_until` (UTC) only while it is locked."""

    name: str
    role: str
    layers: tuple[str, ...] | None
    locked_until: datetime | None
    password_changed_at: datetime


def check_account(catalog: Catalog, wanted: NewAccount) -> None:
    """Raises AccountRefused for a name that cannot be, LayerNotDefined for a layer that does not exist."""
    if not NAME.fullmatch(wanted.name) or wanted.name in _RESERVED:
        raise AccountRefused(
            "An account name has 2 to 63 small letters, digits and . _ @ -, begins with a letter or digit, and is not a reserved word.",
            message_vi="Tên tài khoản gồm 2-63 chữ thường, chữ số và . _ @ -, bắt đầu bằng chữ hoặc số, không trùng từ dành riêng.",
        )
    for layer_id in wanted.layers or ():
        catalog.layer(layer_id)


def add_account(database: Database, rule: Passwords, wanted: NewAccount, password: str) -> None:
    """Make an account that was checked; one removed earlier under this name is taken up again.

    Raises AccountRefused when the name is taken or the password too weak, ServerFault.
    """
    check_password(rule, wanted.name, password)
    with database.writer() as connection:
        if not insert_account(connection, wanted.name, wanted.role, wanted.layers, hash_password(password)):
            raise AccountRefused(f"There is an account {wanted.name!r} already.", message_vi=f"Đã có tài khoản {wanted.name!r}.")


def list_accounts(database: Database) -> list[Account]:
    """The accounts that exist, by name. Raises ServerFault."""
    with database.writer() as connection:
        rows = read_accounts(connection)
    return [Account(row.name, row.role, row.layers, row.locked_until if row.is_locked else None, row.password_changed_at) for row in rows]


def set_password(database: Database, rule: Passwords, name: str, password: str) -> None:
    """Give an account another password; it is unlocked, and the old password ends at once. Raises AccountRefused, ServerFault."""
    check_password(rule, name, password)
    with database.writer() as connection:
        _require(update_password(connection, name, hash_password(password)), name)


def remove_account(database: Database, name: str) -> None:
    """End an account at once. Its name stays in the history of what it changed. Raises AccountRefused, ServerFault."""
    with database.writer() as connection:
        _require(deactivate_account(connection, name), name)


def require_account(database: Database, name: str) -> None:
    """Raises AccountRefused when there is no account of that name: before somebody types a password for it."""
    _require(any(account.name == name for account in list_accounts(database)), name)


def _require(found: bool, name: str) -> None:
    if not found:
        shown = name if NAME.fullmatch(name) else "…"
        raise AccountRefused(f"There is no account {shown!r}.", message_vi=f"Không có tài khoản {shown!r}.")
