# SPDX-License-Identifier: MIT
"""`published.change`: what was published when, feature by feature, as the public saw it. Written with the rows, read by the public role.

A layer's record has a beginning (`start`): when its table was filled. A feature that never changed since has no row of its own; when
it first changes, how it was before is kept as its `base`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from server.catalog.model import Layer
from server.db.pool import Connection
from server.db.scope import among

# A load that changes more at once is not kept feature by feature: the record begins anew, and followers read the layer again.
MOST_RECORDED = 20_000
# The layer's present revision, where the record began before it.
_SINCE = sql.SQL(
    "(SELECT layer, revision, published_at FROM published.catalogue c WHERE layer = {}"
    " AND revision > (SELECT revision FROM published.change WHERE layer = c.layer AND id = 0 AND action = 'start')) k"
)
_NOTE = sql.SQL(
    "INSERT INTO published.change (layer, revision, id, action, at, geojson)"
    " SELECT k.layer, k.revision, p.id, {1}, k.published_at, p.geojson FROM {0} p, {since} WHERE {2}"
)
_NOTE_GONE = sql.SQL(
    "INSERT INTO published.change (layer, revision, id, action, at)"
    " SELECT k.layer, k.revision, gone, 'delete', k.published_at FROM unnest(%s::bigint[]) gone, {since}"
)


@dataclass(frozen=True)
class Changed:
    """Ids whose published rows changed. `is_filling`: the table was empty and all its rows are new.

    `filled`: so many new rows whose ids were not asked for, because there may be millions and nobody needs them.
    """

    inserted: Sequence[int] = ()
    updated: Sequence[int] = ()
    deleted: Sequence[int] = ()
    is_filling: bool = False
    filled: int = 0

    def __bool__(self) -> bool:
        return bool(self.filled or self.inserted or self.updated or self.deleted)

    @property
    def ids(self) -> list[int]:
        """All of them."""
        return [*self.deleted, *self.updated, *self.inserted]


@dataclass(frozen=True)
class PublishedChange:
    """One row of the record; `geojson` is the feature as it was published then, None when it went. `at` is UTC."""

    revision: int
    id: int
    action: str
    at: datetime
    geojson: str | None


def keep_bases(connection: Connection, layer: Layer, ids: Sequence[int]) -> None:
    """Note how features that are about to change (or go) for the first time have been since the record began."""
    connection.execute(
        sql.SQL(
            "INSERT INTO published.change (layer, revision, id, action, at, geojson)"
            " SELECT s.layer, s.revision, p.id, 'base', s.at, p.geojson FROM {} p CROSS JOIN"
            " (SELECT layer, revision, at FROM published.change WHERE layer = %(layer)s AND id = 0 AND action = 'start') s"
            " WHERE p.id = ANY(%(ids)s) AND NOT EXISTS"
            " (SELECT FROM published.change c WHERE c.layer = %(layer)s AND c.id = p.id)"
        ).format(sql.Identifier("published", layer.id)),
        {"layer": layer.id, "ids": list(ids)},
    )


def note_changes(connection: Connection, layer: Layer, changed: Changed) -> None:
    """Add to the record what was just published under the layer's present revision."""
    if changed.is_filling or len(changed.inserted) + len(changed.updated) + len(changed.deleted) > MOST_RECORDED:
        connection.execute("DELETE FROM published.change WHERE layer = %s", [layer.id])
    _ensure_start(connection, layer)
    if changed.is_filling:
        return
    published, parts = sql.Identifier("published", layer.id), {"since": _SINCE.format(sql.Literal(layer.id))}
    if changed.deleted:
        connection.execute(_NOTE_GONE.format(**parts), [list(changed.deleted)])
    for action, ids in (("update", changed.updated), ("insert", changed.inserted)):
        if ids:
            connection.execute(_NOTE.format(published, sql.Literal(action), among(sql.SQL("p.id"), ids), **parts))


def _ensure_start(connection: Connection, layer: Layer) -> None:
    connection.execute(
        "INSERT INTO published.change (layer, revision, id, action, at) SELECT layer, revision, 0, 'start', published_at"
        " FROM published.catalogue k WHERE layer = %s"
        " AND NOT EXISTS (SELECT FROM published.change WHERE layer = k.layer AND id = 0 AND action = 'start')",
        [layer.id],
    )


def read_start(connection: Connection, layer_id: str) -> PublishedChange | None:
    """Where the record of a layer begins; None when the layer was never published."""
    row = connection.execute(
        "SELECT revision, id, action, at, geojson FROM published.change WHERE layer = %s AND id = 0 AND action = 'start'", [layer_id]
    ).fetchone()
    return PublishedChange(*row) if row else None


def read_changes(connection: Connection, layer_id: str, after: tuple[int, int], limit: int) -> list[PublishedChange]:
    """Insertions, updates and deletions after a revision and id, in the order they were published."""
    rows = connection.execute(
        "SELECT revision, id, action, at, geojson FROM published.change WHERE layer = %s AND (revision, id) > (%s, %s)"
        " AND action IN ('insert', 'update', 'delete') ORDER BY revision, id LIMIT %s",
        [layer_id, *after, limit],
    ).fetchall()
    return [PublishedChange(*row) for row in rows]


def read_history(connection: Connection, layer_id: str, feature_id: int, limit: int) -> list[PublishedChange]:
    """What the record knows of one feature, the newest `limit` rows, oldest first."""
    rows = connection.execute(
        "SELECT revision, id, action, at, geojson FROM published.change WHERE layer = %s AND id = %s ORDER BY revision DESC LIMIT %s",
        [layer_id, feature_id, limit],
    ).fetchall()
    return [PublishedChange(*row) for row in reversed(rows)]
