# SPDX-License-Identifier: MIT
"""`xanh.session`: who is signed in in a browser. Written and read by the writer role only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.db.pool import Connection


@dataclass(frozen=True)
class SessionRow:
    """Whose session it is, with the role and layers the account has now."""

    account: str
    role: str
    layers: tuple[str, ...] | None


def insert_session(connection: Connection, digest: bytes, account: str, password_changed_at: datetime, seconds: float) -> None:
    """Begin a session that ends after so many seconds; those that are over are forgotten."""
    connection.execute("DELETE FROM xanh.session WHERE expires_at <= now()")
    connection.execute(
        "INSERT INTO xanh.session (digest, account, password_changed_at, expires_at)"
        " VALUES (%s, %s, %s, now() + make_interval(secs => %s))",
        [digest, account, password_changed_at, seconds],
    )


def read_session(connection: Connection, digest: bytes, idle_seconds: float) -> SessionRow | None:
    """The session, unless it is over, nobody used it for so long, or the account was removed or has another password; it is used now."""
    row = connection.execute(
        "SELECT a.name, a.role, a.layers, s.seen_at < now() - interval '1 minute' FROM xanh.session s JOIN xanh.account a"
        " ON a.name = s.account AND a.active AND a.password_changed_at = s.password_changed_at"
        " WHERE s.digest = %s AND s.expires_at > now() AND s.seen_at > now() - make_interval(secs => %s)",
        [digest, idle_seconds],
    ).fetchone()
    if row is None:
        return None
    if row[3]:
        connection.execute("UPDATE xanh.session SET seen_at = now() WHERE digest = %s", [digest])
    return SessionRow(row[0], row[1], tuple(row[2]) if row[2] is not None else None)


def delete_session(connection: Connection, digest: bytes) -> None:
    """End a session."""
    connection.execute("DELETE FROM xanh.session WHERE digest = %s", [digest])
