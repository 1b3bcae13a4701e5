# SPDX-License-Identifier: MIT
"""`xanh.account`: names, password hashes, roles, failures. Written and read by the writer role only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.db.pool import Connection

_COLUMNS = "name, role, layers, active, failures, locked_until, coalesce(locked_until > now(), false), password_changed_at, password_hash"


@dataclass(frozen=True)
class AccountRow:
    """One account. `layers` None = every layer; `password_hash` is None once the account was removed. Moments are UTC."""

    name: str
    role: str
    layers: tuple[str, ...] | None
    active: bool
    failures: int
    locked_until: datetime | None
    is_locked: bool
    password_changed_at: datetime
    password_hash: str | None = field(repr=False)


@dataclass(frozen=True)
class Lockout:
    """How many failures lock an account, and for how many seconds."""

    failures: int
    seconds: float


def read_account(connection: Connection, name: str) -> AccountRow | None:
    """The account of that name, removed ones included; None when there never was one. One indexed row."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM xanh.account WHERE name = %s", [name], prepare=True).fetchone()  # noqa: S608
    return _build(row) if row else None


def read_accounts(connection: Connection) -> list[AccountRow]:
    """The accounts that were not removed, by name."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM xanh.account WHERE active ORDER BY name").fetchall()  # noqa: S608
    return [_build(row) for row in rows]


def insert_account(connection: Connection, name: str, role: str, layers: Sequence[str] | None, password_hash: str) -> bool:
    """Add an account, or take up again one that was removed; False when an active one has the name."""
    cursor = connection.execute(
        "INSERT INTO xanh.account AS known (name, role, layers, password_hash) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (name) DO UPDATE SET role = excluded.role, layers = excluded.layers, password_hash = excluded.password_hash,"
        " active = true, failures = 0, locked_until = NULL, password_changed_at = clock_timestamp() WHERE NOT known.active",
        [name, role, list(layers) if layers is not None else None, password_hash],
    )
    return cursor.rowcount == 1


def update_password(connection: Connection, name: str, password_hash: str) -> bool:
    """Give an active account another password and unlock it; False when there is none of that name."""
    cursor = connection.execute(
        "UPDATE xanh.account SET password_hash = %s, failures = 0, locked_until = NULL, password_changed_at = clock_timestamp()"
        " WHERE name = %s AND active",
        [password_hash, name],
    )
    return cursor.rowcount == 1


def deactivate_account(connection: Connection, name: str) -> bool:
    """Remove an account: password and keys go, its name stays for the history; False when there is no active one of that name."""
    connection.execute("UPDATE xanh.api_key SET revoked_at = now() WHERE account = %s AND revoked_at IS NULL", [name])
    cursor = connection.execute(
        "UPDATE xanh.account SET active = false, password_hash = NULL, password_changed_at = clock_timestamp() WHERE name = %s AND active",
        [name],
    )
    return cursor.rowcount == 1


def note_failure(connection: Connection, name: str, lockout: Lockout) -> bool:
    """Count a wrong password; True when this one locked the account. A name without account costs the same and changes nothing.

    A lock that has run out starts the counting anew.
    """
    connection.execute("SET LOCAL synchronous_commit TO off")  # waiting for the disk would tell which names exist
    row = connection.execute(
        "UPDATE xanh.account a SET failures = n.failures,"
        " locked_until = CASE WHEN n.failures >= %(most)s THEN now() + %(seconds)s * interval '1 second' END"
        " FROM (SELECT name, CASE WHEN locked_until IS NULL THEN failures ELSE 0 END + 1 AS failures FROM xanh.account"
        " WHERE name = %(name)s AND active AND (locked_until IS NULL OR locked_until <= now()) FOR UPDATE) n"
        " WHERE a.name = n.name RETURNING a.locked_until IS NOT NULL",
        {"most": lockout.failures, "seconds": lockout.seconds, "name": name},
    ).fetchone()
    return bool(row and row[0])


def clear_failures(connection: Connection, name: str) -> None:
    """Forget the failures after the right password."""
    connection.execute("UPDATE xanh.account SET failures = 0, locked_until = NULL WHERE name = %s AND active", [name])


def _build(row: tuple[Any, ...]) -> AccountRow:
    name, role, layers, active, failures, locked_until, is_locked, changed_at, password_hash = row
    return AccountRow(
        name=name,
        role=role,
        layers=tuple(layers) if layers is not None else None,
        active=active,
        failures=failures,
        locked_until=locked_until,
        is_locked=is_locked,
        password_changed_at=changed_at,
        password_hash=password_hash,
    )
