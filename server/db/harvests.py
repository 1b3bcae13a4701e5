# SPDX-License-Identifier: MIT
"""`xanh.harvest`: what became of the harvests. Writer role only."""

from __future__ import annotations

from server.db.pool import Connection
from server.query.harvests import HarvestState


def take_harvest(connection: Connection, name: str) -> bool:
    """Keep a harvest for the transaction of this connection; False when somebody else has it. A process that dies gives it back."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(hashtext('xanh harvest'), hashtext(%s))", [name]).fetchone()
    return bool(row and row[0])


def note_begin(connection: Connection, name: str) -> None:
    """A run begins; until it says otherwise it counts as one that failed."""
    connection.execute(
        "INSERT INTO xanh.harvest (name, failures) VALUES (%s, 1) ON CONFLICT (name) DO UPDATE SET began_at = now(), ended_at = NULL,"
        " message = '', message_vi = '', failures = xanh.harvest.failures + 1",
        [name],
    )


def note_done(connection: Connection, name: str, load_id: int, texts: tuple[str, str]) -> None:
    """A run has loaded; `texts` are the last words in English and Vietnamese."""
    connection.execute(
        "UPDATE xanh.harvest SET ended_at = now(), succeeded_at = now(), load_id = %s, message = %s, message_vi = %s, failures = 0"
        " WHERE name = %s",
        [load_id, *texts, name],
    )


def note_failed(connection: Connection, name: str, texts: tuple[str, str]) -> None:
    """A run has loaded nothing."""
    connection.execute(
        "UPDATE xanh.harvest SET ended_at = now(), message = %s, message_vi = %s WHERE name = %s", [*(text[:2000] for text in texts), name]
    )


def read_harvest_states(connection: Connection) -> dict[str, HarvestState]:
    """What became of every harvest that has run, by name."""
    rows = connection.execute(
        "SELECT name, began_at, ended_at, succeeded_at, load_id, message, message_vi, failures FROM xanh.harvest ORDER BY name"
    ).fetchall()
    return {row[0]: HarvestState(*row) for row in rows}


def forget_harvest(connection: Connection, name: str) -> None:
    """Forget a harvest that is gone."""
    connection.execute("DELETE FROM xanh.harvest WHERE name = %s", [name])
