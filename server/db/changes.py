# SPDX-License-Identifier: MIT
"""Change sets as the operator looks at them: who changed how much of what, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from server.catalog.model import Layer
from server.db.pool import Connection


@dataclass(frozen=True)
class ChangeSet:
    """One save of somebody: `counts` are rows of history by layer and action ('insert', 'update', 'delete'). `at` is UTC."""

    id: int
    at: datetime
    account: str
    protocol: str
    note: str | None
    counts: dict[str, dict[str, int]]


def read_change_sets(connection: Connection, layers: Iterable[Layer], account: str | None, limit: int) -> list[ChangeSet]:
    """The newest change sets, of one account or of all."""
    rows = connection.execute(
        "SELECT id, at, by_account, protocol, note FROM xanh.change_set WHERE by_account = coalesce(%s, by_account)"
        " ORDER BY id DESC LIMIT %s",
        [account, limit],
    ).fetchall()
    found = {int(row[0]): ChangeSet(int(row[0]), row[1], row[2], row[3], row[4], {}) for row in rows}
    for layer in layers:
        command = sql.SQL("SELECT change_set, action, count(*) FROM {} WHERE change_set = ANY(%s) GROUP BY change_set, action").format(
            sql.Identifier("history", layer.id)
        )
        for change_set, action, count in connection.execute(command, [list(found)]).fetchall():
            found[change_set].counts.setdefault(layer.id, {})[action] = int(count)
    return list(found.values())


def has_change_set(connection: Connection, change_set: int) -> bool:
    """Whether there is a change set of that id."""
    return connection.execute("SELECT FROM xanh.change_set WHERE id = %s", [change_set]).fetchone() is not None
