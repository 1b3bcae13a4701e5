# SPDX-License-Identifier: MIT
"""Puts the rows of a change set back as they were before it, from history. History grows by it; nothing is rewritten."""

from __future__ import annotations

from psycopg import sql

from server.catalog.model import Layer
from server.db.columns import content_columns
from server.db.pool import Connection

_UNDONE = sql.Identifier("xanh_undo")


def find_changed_since(connection: Connection, layer: Layer, change_set: int, limit: int) -> list[int]:
    """The first `limit` ids, ascending, of rows of a change set that another one has changed after it."""
    rows = connection.execute(
        sql.SQL(
            "SELECT c.id FROM (SELECT id, max(history_id) AS last FROM {history} WHERE change_set = {change_set} GROUP BY id) c"
            " WHERE EXISTS (SELECT FROM {history} h WHERE h.id = c.id AND h.history_id > c.last) ORDER BY c.id LIMIT {limit}"
        ).format(history=sql.Identifier("history", layer.id), change_set=sql.Literal(change_set), limit=sql.Literal(limit))
    ).fetchall()
    return [int(row[0]) for row in rows]


def is_waiting_of(connection: Connection, layer: Layer, change_set: int, account: str) -> bool:
    """Whether a change set is the account's own, everything it left in a layer still waits for review, and nobody changed it since."""
    row = connection.execute(
        sql.SQL(
            "SELECT EXISTS (SELECT FROM xanh.change_set WHERE id = {change_set} AND by_account = {account})"
            " AND NOT EXISTS (SELECT FROM {history} h LEFT JOIN {official} o ON o.id = h.id"
            " WHERE h.change_set = {change_set} AND o.review_state IS DISTINCT FROM 'pending')"
        ).format(
            change_set=sql.Literal(change_set),
            account=sql.Literal(account),
            history=sql.Identifier("history", layer.id),
            official=sql.Identifier("official", layer.id),
        )
    ).fetchone()
    return bool(row and row[0]) and not find_changed_since(connection, layer, change_set, 1)


def restore_rows(connection: Connection, layer: Layer, change_set: int, account: str) -> dict[str, list[int]]:
    """Undo one change set in one layer; answers ids by what was done to them: inserted (back), updated (back), deleted.

    A row changed again since keeps nothing of the change set: it goes back to the state before it, as a new version.
    """
    official, history = sql.Identifier("official", layer.id), sql.Identifier("history", layer.id)
    connection.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(_UNDONE))
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {undone} ON COMMIT DROP AS SELECT f.id, f.action, (SELECT max(h.history_id) FROM {history} h"
            " WHERE h.id = f.id AND h.history_id < f.history_id) AS before FROM (SELECT DISTINCT ON (id) id, history_id, action"
            " FROM {history} WHERE change_set = {change_set} ORDER BY id, history_id) f"
        ).format(undone=_UNDONE, history=history, change_set=sql.Literal(change_set))
    )
    names = [column.name for column in content_columns(layer)]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    olds = sql.SQL(", ").join(sql.SQL("h.{}").format(sql.Identifier(name)) for name in names)
    parts = {"official": official, "history": history, "undone": _UNDONE, "columns": columns, "olds": olds}
    delete = sql.SQL("DELETE FROM {official} o USING {undone} u WHERE u.id = o.id AND u.action = 'insert' RETURNING o.id")
    update = sql.SQL(
        "UPDATE {official} o SET ({columns}, review_state) = ROW({olds}, h.review_state), version = o.version + 1, updated_at = now(),"
        " updated_by = {account} FROM {undone} u JOIN {history} h ON h.history_id = u.before"
        " WHERE u.id = o.id AND u.action <> 'insert' RETURNING o.id"
    )
    insert = sql.SQL(
        "INSERT INTO {official} (id, {columns}, version, review_state, created_at, created_by, updated_by) OVERRIDING SYSTEM VALUE"
        " SELECT h.id, {olds}, h.version + 1, h.review_state, h.created_at, h.created_by, {account} FROM {undone} u"
        " JOIN {history} h ON h.history_id = u.before WHERE u.action <> 'insert'"
        " AND NOT EXISTS (SELECT FROM {official} o WHERE o.id = u.id) RETURNING id"
    )
    done: dict[str, list[int]] = {}
    for name, command in (("deleted", delete), ("updated", update), ("inserted", insert)):
        rows = connection.execute(command.format(**parts, account=sql.Literal(account))).fetchall()
        done[name] = [int(row[0]) for row in rows]
    return done
