# SPDX-License-Identifier: MIT
"""What the change set of this transaction does to features, one by one: read from history before anything is committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from psycopg import sql

from server.catalog.model import Layer
from server.db.columns import content_columns
from server.db.pool import Connection

_GEOMETRY = "geom"


@dataclass(frozen=True)
class PlannedChange:
    """One feature: what happens to it, its title, and for a change the fields that differ (old, new); `moved`: its shape differs."""

    id: int
    action: Literal["insert", "update", "delete"]
    title: str | None
    fields: tuple[tuple[str, Any, Any], ...]
    moved: bool


def read_planned(connection: Connection, layer: Layer, change_set: int, most: int) -> list[PlannedChange]:
    """Deletions first, then changes, then new features; `most` at most."""
    names = [column.name for column in content_columns(layer) if column.name != _GEOMETRY and not _is_shape(layer, column.name)]
    parts = {
        "history": sql.Identifier("history", layer.id),
        "news": _object("h", names),
        "olds": _object("b", names),
        "moved": sql.SQL("h.geom IS DISTINCT FROM b.geom") if layer.has_geometry else sql.SQL("false"),
    }
    rows = connection.execute(
        sql.SQL(
            "SELECT h.id, h.action, {news}, {olds}, {moved} FROM (SELECT * FROM {history} WHERE change_set = %s"
            " ORDER BY array_position(ARRAY['delete', 'update', 'insert'], action::text), history_id LIMIT %s) h"
            " LEFT JOIN LATERAL (SELECT * FROM {history} p WHERE p.id = h.id AND p.history_id < h.history_id"
            " ORDER BY p.history_id DESC LIMIT 1) b ON true"
            " ORDER BY array_position(ARRAY['delete', 'update', 'insert'], h.action::text), h.history_id"
        ).format(**parts),
        [change_set, most],
    ).fetchall()
    return [_build(layer, row) for row in rows]


def _is_shape(layer: Layer, name: str) -> bool:
    field = layer.fields.get(name)
    return field is not None and bool(field.geometry)


def _object(alias: str, names: list[str]) -> sql.Composed:
    pairs = (sql.SQL("jsonb_build_object({}, {})").format(sql.Literal(name), sql.Identifier(alias, name)) for name in names)
    return sql.SQL("({})").format(sql.SQL(" || ").join([sql.SQL("'{}'::jsonb"), *pairs]))


def _build(layer: Layer, row: tuple[Any, ...]) -> PlannedChange:
    feature_id, action, news, olds, moved = row
    title = news.get(layer.title_field) if layer.title_field else None
    differing = tuple((name, olds.get(name), new) for name, new in news.items() if action == "update" and olds.get(name) != new)
    return PlannedChange(int(feature_id), action, None if title is None else str(title), differing, bool(moved) and action == "update")
