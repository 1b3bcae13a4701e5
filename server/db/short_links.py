# SPDX-License-Identifier: MIT
"""`xanh.short_link`: a code for every view somebody wanted a short address of. For the writer role only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from server.db.pool import Connection

_LOCK = 7_824_064  # advisory lock: links are counted one at a time
_COUNT = (
    "SELECT count(*) FILTER (WHERE address = %(address)s AND created_at > now() - interval '1 hour'),"
    " count(*) FILTER (WHERE address = %(address)s), count(*) FROM xanh.short_link"
)


@dataclass(frozen=True)
class LinkCeilings:
    """How many links an address may ask for in an hour and a day, how many there are in all, how long (days) unused ones are kept."""

    hour: int
    day: int
    all: int
    keep_days: float


def find_code(connection: Connection, path: str) -> str | None:
    """The code of this very path, which counts as used."""
    row = connection.execute(
        "UPDATE xanh.short_link SET used_at = now() WHERE digest = %s AND path = %s RETURNING code", [_digest(path), path]
    ).fetchone()
    return str(row[0]) if row else None


def take_link_turn(connection: Connection, address: str, ceilings: LinkCeilings) -> bool:
    """Whether one more link may be kept for this address; what nobody opened for too long is thrown away, addresses after a day."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    connection.execute("DELETE FROM xanh.short_link WHERE used_at < now() - %s * interval '1 day'", [ceilings.keep_days])
    connection.execute("UPDATE xanh.short_link SET address = NULL WHERE address IS NOT NULL AND created_at < now() - interval '1 day'")
    row = connection.execute(_COUNT, {"address": address}).fetchone()
    return row is not None and row[0] < ceilings.hour and row[1] < ceilings.day and row[2] < ceilings.all


def insert_link(connection: Connection, code: str, path: str, address: str) -> None:
    """Keep a path under a code."""
    connection.execute(
        "INSERT INTO xanh.short_link (code, path, digest, address) VALUES (%s, %s, %s, %s)", [code, path, _digest(path), address]
    )


def open_link(connection: Connection, code: str, keep_days: float) -> str | None:
    """The path of a code, none where nobody opened it for too long; that it was used is noted once a day."""
    row = connection.execute(
        "SELECT path, used_at < now() - interval '1 day' FROM xanh.short_link WHERE code = %s AND used_at >= now() - %s * interval '1 day'",
        [code, keep_days],
    ).fetchone()
    if row is None:
        return None
    if row[1]:
        connection.execute("UPDATE xanh.short_link SET used_at = now() WHERE code = %s", [code])
    return str(row[0])


def _digest(path: str) -> bytes:
    return hashlib.sha256(path.encode()).digest()
