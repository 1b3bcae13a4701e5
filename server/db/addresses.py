# SPDX-License-Identifier: MIT
"""`xanh.address_failure`: wrong passwords by the address they came from."""

from __future__ import annotations

from server.db.accounts import Lockout
from server.db.pool import Connection


def is_blocked(connection: Connection, address: str) -> bool:
    """Whether passwords from this address are not looked at for now."""
    row = connection.execute("SELECT blocked_until > now() FROM xanh.address_failure WHERE address = %s", [address]).fetchone()
    return bool(row and row[0])


def note_address_failure(connection: Connection, address: str, lockout: Lockout) -> bool:
    """Count a wrong password from an address; True when this one blocked it. After `lockout.seconds` of quiet counting begins anew."""
    row = connection.execute(
        "INSERT INTO xanh.address_failure AS known (address, failures, last_at) VALUES (%(address)s, 1, now())"
        " ON CONFLICT (address) DO UPDATE SET last_at = now(), blocked_until = CASE WHEN"
        " CASE WHEN known.last_at > now() - %(seconds)s * interval '1 second' THEN known.failures + 1 ELSE 1 END >= %(most)s"
        " THEN now() + %(seconds)s * interval '1 second' END,"
        " failures = CASE WHEN known.last_at > now() - %(seconds)s * interval '1 second' THEN known.failures + 1 ELSE 1 END"
        " RETURNING failures",
        {"address": address, "seconds": lockout.seconds, "most": lockout.failures},
    ).fetchone()
    if row is None or row[0] < lockout.failures:
        return False
    connection.execute(
        "DELETE FROM xanh.address_failure WHERE last_at < now() - interval '1 day' - %s * interval '1 second'", [lockout.seconds]
    )
    return bool(row[0] == lockout.failures)
