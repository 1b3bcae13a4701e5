# SPDX-License-Identifier: MIT
"""Locks on features: taken, asked about and given back. One that has expired counts as none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.db.pool import Connection


@dataclass(frozen=True)
class Lock:
    """The name of a lock, the account it was given to, and how long it holds from now."""

    id: str
    account: str
    seconds: float


def take_locks(connection: Connection, layer: str, ids: Sequence[int], lock: Lock) -> list[int]:
    """Lock features nobody else has locked; answers which, ascending. The caller has locked the rows themselves."""
    connection.execute("DELETE FROM xanh.feature_lock WHERE layer = %s AND expires_at <= clock_timestamp()", [layer])
    rows = connection.execute(
        "INSERT INTO xanh.feature_lock (layer, feature_id, lock_id, account, expires_at)"
        " SELECT %s, id, %s, %s, clock_timestamp() + make_interval(secs => %s) FROM unnest(%s::bigint[]) AS id ORDER BY id"
        " ON CONFLICT (layer, feature_id) DO NOTHING RETURNING feature_id",
        [layer, lock.id, lock.account, lock.seconds, sorted(ids)],
    ).fetchall()
    # a feature two parts of one request name is locked once, and for both
    own = connection.execute(
        "SELECT feature_id FROM xanh.feature_lock WHERE layer = %s AND lock_id = %s AND feature_id = ANY(%s)", [layer, lock.id, list(ids)]
    ).fetchall()
    return sorted({int(row[0]) for row in (*rows, *own)})


def find_locked(connection: Connection, layer: str, ids: Sequence[int], but: str | None) -> list[int]:
    """Which of these features somebody holds by another lock than `but`."""
    rows = connection.execute(
        "SELECT feature_id FROM xanh.feature_lock WHERE layer = %s AND feature_id = ANY(%s) AND expires_at > clock_timestamp()"
        " AND lock_id IS DISTINCT FROM %s ORDER BY feature_id",
        [layer, list(ids), but],
    ).fetchall()
    return [int(row[0]) for row in rows]


def is_expired(connection: Connection, lock_id: str, account: str) -> bool | None:
    """Whether this lock of the account has run out; None when it has none of that id (or none any more)."""
    row = connection.execute(
        "SELECT bool_and(expires_at <= clock_timestamp()) FROM xanh.feature_lock WHERE lock_id = %s AND account = %s",
        [lock_id, account],
    ).fetchone()
    return None if row is None or row[0] is None else bool(row[0])


def prolong_locks(connection: Connection, lock: Lock) -> None:
    """Let everything held by a lock of the account hold for its seconds from now."""
    connection.execute(
        "UPDATE xanh.feature_lock SET expires_at = clock_timestamp() + make_interval(secs => %s) WHERE lock_id = %s AND account = %s",
        [lock.seconds, lock.id, lock.account],
    )


def release_locks(connection: Connection, lock_id: str, layer: str | None = None, ids: Sequence[int] = ()) -> None:
    """Give back everything held by a lock, or only some features of a layer."""
    connection.execute(
        "DELETE FROM xanh.feature_lock WHERE lock_id = %s AND (%s::text IS NULL OR layer = %s AND feature_id = ANY(%s))",
        [lock_id, layer, layer, list(ids)],
    )
