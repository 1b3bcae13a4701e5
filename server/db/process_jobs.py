# SPDX-License-Identifier: MIT
"""`xanh.process_job`: jobs of processes, written down, counted, moved on, forgotten. Writer role only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from server.db.pool import Connection
from server.query.processes import JobState, ProcessJob

_LOCK = 7_824_063  # advisory lock: places in the queue are given out one at a time
_COLUMNS = (
    "id, process, client, asker, inputs, language, state, message, message_vi, features, bytes, created_at, started_at, finished_at,"
    " expires_at"
)
_KNOWN = f"SELECT {_COLUMNS} FROM xanh.process_job WHERE expires_at > clock_timestamp()"  # noqa: S608 - our own list of columns


@dataclass(frozen=True)
class NewJob:
    """What is written down of a job; `seconds` is how long it is kept."""

    id: str
    process: str
    client: str
    asker: list[Any] | None
    inputs: dict[str, Any]
    language: str
    seconds: float


def add_job(connection: Connection, new: NewJob, most_of_client: int, most_of_all: int) -> bool:
    """Write a job down, unless this client or all together have as many unfinished ones as they may have."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE client = %s), count(*) FROM xanh.process_job"
        " WHERE state IN ('accepted', 'running') AND expires_at > clock_timestamp()",
        [new.client],
    ).fetchone()
    if row is None or row[0] >= most_of_client or row[1] >= most_of_all:
        return False
    connection.execute(
        "INSERT INTO xanh.process_job (id, process, client, asker, inputs, language, state, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'accepted', clock_timestamp() + make_interval(secs => %s))",
        [new.id, new.process, new.client, json.dumps(new.asker), json.dumps(new.inputs), new.language, new.seconds],
    )
    return True


def read_job(connection: Connection, job: str) -> ProcessJob | None:
    """A job that has not expired."""
    row = connection.execute(f"{_KNOWN} AND id = %s", [job]).fetchone()
    return ProcessJob(*row) if row else None


def read_jobs(connection: Connection, client: str, limit: int) -> list[ProcessJob]:
    """The jobs of a client, the newest first."""
    rows = connection.execute(f"{_KNOWN} AND client = %s ORDER BY created_at DESC, id LIMIT %s", [client, limit]).fetchall()
    return [ProcessJob(*row) for row in rows]


def start_job(connection: Connection, job: str) -> bool:
    """Say that a job is being worked on; False when there is nothing to do (any more)."""
    return (
        connection.execute(
            "UPDATE xanh.process_job SET state = 'running', started_at = clock_timestamp()"
            " WHERE id = %s AND state IN ('accepted', 'running') AND expires_at > clock_timestamp()",
            [job],
        ).rowcount
        == 1
    )


def end_job(connection: Connection, job: str, state: JobState, texts: tuple[str, str | None] | None, made: tuple[int, int] | None) -> None:
    """Say how a running job ended: `texts` why (English, Vietnamese), `made` how many rows and bytes there are."""
    message, message_vi = texts or (None, None)
    features, size = made or (None, None)
    connection.execute(
        "UPDATE xanh.process_job SET state = %s, message = %s, message_vi = %s, features = %s, bytes = %s, finished_at = clock_timestamp()"
        " WHERE id = %s AND state = 'running'",
        [state, message, message_vi, features, size, job],
    )


def put_back_job(connection: Connection, job: str) -> None:
    """An interrupted job waits again."""
    connection.execute("UPDATE xanh.process_job SET state = 'accepted' WHERE id = %s AND state = 'running'", [job])


def dismiss_job(connection: Connection, job: str) -> None:
    """A job is no longer wanted."""
    connection.execute(
        "UPDATE xanh.process_job SET state = 'dismissed', bytes = NULL, finished_at = coalesce(finished_at, clock_timestamp())"
        " WHERE id = %s",
        [job],
    )


def is_wanted(connection: Connection, job: str) -> bool:
    """Whether a running job was not dismissed meanwhile."""
    row = connection.execute("SELECT state = 'running' FROM xanh.process_job WHERE id = %s", [job]).fetchone()
    return bool(row and row[0])


def forget_jobs(connection: Connection) -> list[str]:
    """Drop what has expired; answers the ids."""
    return [
        row[0] for row in connection.execute("DELETE FROM xanh.process_job WHERE expires_at <= clock_timestamp() RETURNING id").fetchall()
    ]


def list_kept(connection: Connection) -> set[str]:
    """The ids of jobs whose results may be fetched, or that are in the making."""
    return {row[0] for row in connection.execute("SELECT id FROM xanh.process_job WHERE state IN ('running', 'successful')").fetchall()}
