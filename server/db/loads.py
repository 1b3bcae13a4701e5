# SPDX-License-Identifier: MIT
"""The record of loads (`xanh.load`): what was loaded, from which file, with which outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from server.db.pool import Connection


def begin_load(connection: Connection, layer: str, source_name: str, sha256: str) -> int:
    """Note that a load begins; answers its id. Part of the load's own transaction: a load that fails leaves no trace."""
    row = connection.execute(
        "insert into xanh.load (layer, source_name, sha256) values (%s, %s, %s) returning id", (layer, source_name, sha256)
    ).fetchone()
    assert row is not None  # noqa: S101  RETURNING of one insert is one row
    return int(row[0])


def finish_load(connection: Connection, load_id: int, report: Mapping[str, Any], rows: tuple[int, int, int]) -> None:
    """Note the outcome; `rows` = (read, loaded, rejected)."""
    connection.execute(
        "update xanh.load set finished_at = now(), state = 'done', report = %s, rows_read = %s, rows_loaded = %s, rows_rejected = %s"
        " where id = %s",
        (Jsonb(dict(report)), *rows, load_id),
    )


def is_loaded(connection: Connection, layer: str, sha256: str) -> bool:
    """True when a file with this checksum was loaded into the layer."""
    row = connection.execute(
        "select exists (select from xanh.load where layer = %s and sha256 = %s and state = 'done')", (layer, sha256)
    ).fetchone()
    return bool(row and row[0])


@dataclass(frozen=True)
class LoadRecord:
    """One load: `at` is UTC, `rows` = (read, loaded, rejected), `change_set` the change set it made (None: a raster)."""

    id: int
    at: datetime
    layer: str
    source: str
    state: str
    rows: tuple[int, int, int]
    change_set: int | None


def list_loads(connection: Connection, limit: int, load_id: int | None = None) -> list[LoadRecord]:
    """The newest loads, or the one of an id."""
    rows = connection.execute(
        "select id, started_at, layer, source_name, state, rows_read, rows_loaded, rows_rejected, (report ->> 'change_set')::bigint"
        " from xanh.load where id = coalesce(%s, id) order by id desc limit %s",
        [load_id, limit],
    ).fetchall()
    return [LoadRecord(row[0], row[1], row[2], row[3], row[4], (row[5], row[6], row[7]), row[8]) for row in rows]


def mark_undone(connection: Connection, load_id: int) -> None:
    """Note that a load was taken back, so that its file may be loaded again."""
    connection.execute("update xanh.load set state = 'undone' where id = %s", [load_id])
