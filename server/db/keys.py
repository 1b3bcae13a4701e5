# SPDX-License-Identifier: MIT
"""`xanh.api_key`: keys of accounts for programs, as digests. Written and read by the writer role only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from server.db.pool import Connection

_COLUMNS = "k.id, k.account, k.role, k.layers, k.note, k.created_at, k.expires_at, k.last_used_at"


@dataclass(frozen=True)
class KeyRow:
    """One key that was not revoked. `role` and `layers` narrow what its account may (None: not at all). Moments are UTC."""

    id: str
    account: str
    role: str | None
    layers: tuple[str, ...] | None
    note: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True)
class KeyInUse:
    """What a request with a key needs to know: the digest it must have, and the account's rights beside those of the key."""

    key: KeyRow
    digest: bytes = field(repr=False)
    account_role: str = "viewer"
    account_layers: tuple[str, ...] | None = None


def insert_key(connection: Connection, row: KeyRow, digest: bytes) -> bool:
    """Add a key; False when there is no active account of that name. `created_at` is the database's."""
    cursor = connection.execute(
        "INSERT INTO xanh.api_key (id, account, role, layers, note, expires_at, digest)"
        " SELECT %s, name, %s, %s, %s, %s, %s FROM xanh.account WHERE name = %s AND active",
        [row.id, row.role, list(row.layers) if row.layers is not None else None, row.note, row.expires_at, digest, row.account],
    )
    return cursor.rowcount == 1


def read_keys(connection: Connection) -> list[KeyRow]:
    """The keys that were not revoked, of accounts that still exist, by account and age; expired ones included."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM xanh.api_key k JOIN xanh.account a ON a.name = k.account"  # noqa: S608
        " WHERE k.revoked_at IS NULL AND a.active ORDER BY k.account, k.created_at, k.id"
    ).fetchall()
    return [KeyRow(row[0], row[1], row[2], _tuple(row[3]), *row[4:8]) for row in rows]


def read_key_in_use(connection: Connection, key_id: str) -> KeyInUse | None:
    """The key of that id with its account's rights; None when it is unknown, revoked, expired, or its account was removed. Indexed."""
    row = connection.execute(
        f"SELECT {_COLUMNS}, k.digest, a.role, a.layers"  # noqa: S608
        " FROM xanh.api_key k JOIN xanh.account a ON a.name = k.account WHERE k.id = %s AND a.active"
        " AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())",
        [key_id],
        prepare=True,
    ).fetchone()
    if row is None:
        return None
    key = KeyRow(row[0], row[1], row[2], _tuple(row[3]), *row[4:8])
    return KeyInUse(key, bytes(row[8]), row[9], _tuple(row[10]))


def revoke_key(connection: Connection, key_id: str) -> bool:
    """End a key; False when there is none of that id, or it was ended before."""
    return connection.execute("UPDATE xanh.api_key SET revoked_at = now() WHERE id = %s AND revoked_at IS NULL", [key_id]).rowcount == 1


def _tuple(found: Sequence[str] | None) -> tuple[str, ...] | None:
    return tuple(found) if found is not None else None
