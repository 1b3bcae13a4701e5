# SPDX-License-Identifier: MIT
"""The files people have asked for in the background: written down, counted, moved on, forgotten."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from server.db.pool import Connection
from server.query.exports import Export, ExportState

_LOCK = 7_824_062  # advisory lock: places in the queue are given out one at a time
_COLUMNS = "id, layer, format, language, state, rows_total, rows_done, bytes, message, created_at, expires_at"


@dataclass(frozen=True)
class NewExport:
    """What is written down of a file somebody asks for; `seconds` is how long the note and the file are kept."""

    id: str
    client: str
    layer: str
    format: str
    language: str
    question: dict[str, Any]
    rows: int
    seconds: float


def add_export(connection: Connection, new: NewExport, most_of_client: int, most_of_all: int) -> bool:
    """Write a request down, unless this client or all together have as many unfinished ones as they may have."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE client = %s), count(*) FROM xanh.export"
        " WHERE state IN ('waiting', 'running') AND expires_at > clock_timestamp()",
        [new.client],
    ).fetchone()
    if row is None or row[0] >= most_of_client or row[1] >= most_of_all:
        return False
    connection.execute(
        "INSERT INTO xanh.export (id, client, layer, format, language, question, state, rows_total, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'waiting', %s, clock_timestamp() + make_interval(secs => %s))",
        [new.id, new.client, new.layer, new.format, new.language, json.dumps(new.question), new.rows, new.seconds],
    )
    return True


def read_export(connection: Connection, export_id: str) -> Export | None:
    """A file that has not expired."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM xanh.export WHERE id = %s AND expires_at > clock_timestamp()",  # noqa: S608 - our own list of columns
        [export_id],
    ).fetchone()
    return Export(*row) if row else None


def read_question(connection: Connection, export_id: str) -> dict[str, Any] | None:
    """The question of a file that has not expired."""
    row = connection.execute("SELECT question FROM xanh.export WHERE id = %s AND expires_at > clock_timestamp()", [export_id]).fetchone()
    return dict(row[0]) if row else None


def move_export(connection: Connection, export_id: str, state: ExportState, rows_done: int, seconds: float | None = None) -> None:
    """Say how far a file is; `seconds`: how long it is kept from now on."""
    connection.execute(
        "UPDATE xanh.export SET state = %s, rows_done = %s,"
        " expires_at = coalesce(clock_timestamp() + make_interval(secs => %s), expires_at) WHERE id = %s",
        [state, rows_done, seconds, export_id],
    )


def note_export(connection: Connection, export_id: str, *, size: int | None = None, message: str | None = None) -> None:
    """Write down the size of a finished file, or why there is none."""
    connection.execute(
        "UPDATE xanh.export SET bytes = coalesce(%s, bytes), message = coalesce(%s, message) WHERE id = %s", [size, message, export_id]
    )


def forget_expired(connection: Connection) -> list[str]:
    """Drop what has expired; answers the ids, whose files may go."""
    return [row[0] for row in connection.execute("DELETE FROM xanh.export WHERE expires_at <= clock_timestamp() RETURNING id").fetchall()]


def list_exports(connection: Connection) -> set[str]:
    """The ids of all files that are kept or in the making."""
    return {row[0] for row in connection.execute("SELECT id FROM xanh.export").fetchall()}
