# SPDX-License-Identifier: MIT
"""`xanh.reply`: answers to changes that bore a name of their own, kept so that a repetition is answered and not carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from server.db.pool import Connection

_SWEPT_AT_ONCE = 200


@dataclass(frozen=True)
class ReplyRow:
    """An answer as it was given, and the digest of the request it was given to."""

    digest: bytes
    status: int
    headers: dict[str, str]
    body: bytes


def read_reply(connection: Connection, account: str, key: str) -> ReplyRow | None:
    """The answer kept for a request of the account; None when there is none (any more)."""
    row = connection.execute(
        "SELECT digest, status, headers, body FROM xanh.reply WHERE account = %s AND key = %s AND expires_at > clock_timestamp()",
        [account, key],
    ).fetchone()
    return _build(row) if row and row[1] is not None else None


def claim_reply(connection: Connection, account: str, key: str, digest: bytes) -> bool:
    """Reserve the name for this transaction; waits for another one that does the same. False when it was first and has committed."""
    connection.execute(
        "DELETE FROM xanh.reply WHERE ctid IN (SELECT ctid FROM xanh.reply WHERE expires_at <= clock_timestamp()"
        " ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED)",
        [_SWEPT_AT_ONCE],
    )
    connection.execute("DELETE FROM xanh.reply WHERE account = %s AND key = %s AND expires_at <= clock_timestamp()", [account, key])
    cursor = connection.execute(
        "INSERT INTO xanh.reply (account, key, digest, expires_at) VALUES (%s, %s, %s, 'infinity') ON CONFLICT (account, key) DO NOTHING",
        [account, key, digest],
    )
    return cursor.rowcount == 1


def keep_reply(connection: Connection, account: str, key: str, reply: ReplyRow, hours: float) -> None:
    """Write the answer beside the name that was claimed, for so many hours."""
    connection.execute(
        "UPDATE xanh.reply SET status = %s, headers = %s, body = %s, expires_at = clock_timestamp() + make_interval(secs => %s)"
        " WHERE account = %s AND key = %s",
        [reply.status, Jsonb(reply.headers), reply.body, hours * 3600, account, key],
    )


def _build(row: tuple[Any, ...]) -> ReplyRow:
    digest, status, headers, body = row
    return ReplyRow(bytes(digest), status, headers, bytes(body))
