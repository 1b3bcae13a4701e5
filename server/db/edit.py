# SPDX-License-Identifier: MIT
"""Moves checked rows from the stage into the official store. History follows by trigger; the version is raised here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from server.catalog.model import Layer
from server.db.columns import content_columns
from server.db.pool import Connection
from server.db.stage import STAGE, Stage, computed_fields
from server.errors import Contention, EditRefused


@dataclass(frozen=True)
class Author:
    """Who changes what through which door, and the review state the rows get (None: old rows keep theirs, new ones are approved)."""

    account: str
    protocol: str
    review_state: str | None = "approved"
    load_id: int | None = None


@dataclass(frozen=True)
class ChangeSet:
    """A change set being written: `is_new` ones are noted when they are closed, because nothing may change in them."""

    id: int
    is_new: bool


def begin_change_set(connection: Connection, author: Author, note: str | None = None) -> int:
    """Note a change set and tell the history triggers of this transaction whose it is. Answers its id."""
    row = connection.execute(
        "INSERT INTO xanh.change_set (by_account, protocol, note) VALUES (%s, %s, %s) RETURNING id", [author.account, author.protocol, note]
    ).fetchone()
    change_set = int(row[0]) if row else 0
    _tell_triggers(connection, author, change_set)
    return change_set


def open_change_set(connection: Connection, author: Author, *, join_s: float = 0) -> ChangeSet:
    """The same, but noted by `close_change_set` alone.

    `join_s`: continue the author's last change set through this door instead, when it was closed less than so many seconds ago.
    """
    joined = _find_change_set(connection, author, join_s) if join_s else None
    row = None if joined else connection.execute("SELECT nextval(pg_get_serial_sequence('xanh.change_set', 'id'))").fetchone()
    change_set = ChangeSet(joined or (int(row[0]) if row else 0), is_new=joined is None)
    _tell_triggers(connection, author, change_set.id)
    return change_set


def close_change_set(connection: Connection, author: Author, change_set: ChangeSet) -> None:
    """Note a change set and when its last change was made; the last thing in a transaction, because others may wait for the row."""
    if change_set.is_new:
        connection.execute(
            "INSERT INTO xanh.change_set (id, at, by_account, protocol) OVERRIDING SYSTEM VALUE VALUES (%s, clock_timestamp(), %s, %s)",
            [change_set.id, author.account, author.protocol],
        )
    else:
        connection.execute("UPDATE xanh.change_set SET at = clock_timestamp() WHERE id = %s", [change_set.id])


def _tell_triggers(connection: Connection, author: Author, change_set: int) -> None:
    connection.execute(
        "SELECT set_config('xanh.account', %s, true), set_config('xanh.protocol', %s, true), set_config('xanh.change_set', %s, true)",
        [author.account, author.protocol, str(change_set)],
    )


def _find_change_set(connection: Connection, author: Author, join_s: float) -> int | None:
    # The newest of the account, whatever its door: a change through another one in between ends a group.
    row = connection.execute(
        "SELECT id FROM (SELECT * FROM (SELECT * FROM xanh.change_set ORDER BY id DESC LIMIT 1000) recent"
        " WHERE by_account = %s ORDER BY id DESC LIMIT 1) newest"
        " WHERE protocol = %s AND at > clock_timestamp() - make_interval(secs => %s)",
        [author.account, author.protocol, join_s],
    ).fetchone()
    return int(row[0]) if row else None


def insert_staged(connection: Connection, stage: Stage, author: Author) -> list[int]:
    """Insert staged rows without fault and without target; answers their new ids in row order."""
    rows = connection.execute(_write_insert(stage) + sql.SQL(" RETURNING id"), _origin(author)).fetchall()
    return sorted(int(row[0]) for row in rows)


def insert_all_staged(connection: Connection, stage: Stage, author: Author) -> int:
    """The same for many rows; answers how many."""
    return connection.execute(_write_insert(stage), _origin(author)).rowcount


def _origin(author: Author) -> dict[str, str | int | None]:
    return {"state": author.review_state or "approved", "account": author.account, "load": author.load_id}


def _write_insert(stage: Stage) -> sql.Composed:
    columns = [column.name for column in content_columns(stage.layer)]
    values = [_insert_value(stage.layer, name) for name in columns]
    return sql.SQL(
        "INSERT INTO {official} (id, {columns}, review_state, created_by, updated_by, load_id)"
        " OVERRIDING SYSTEM VALUE SELECT coalesce(s.new_id, nextval((SELECT pg_get_serial_sequence({name}, 'id')::regclass))),"
        " {values}, %(state)s, %(account)s, %(account)s, %(load)s FROM {stage} s"
        " WHERE s.fault IS NULL AND s.target IS NULL ORDER BY s.row_no"
    ).format(
        official=sql.Identifier("official", stage.layer.id),
        name=sql.Literal(f"official.{stage.layer.id}"),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
        stage=STAGE,
    )


def update_staged(connection: Connection, stage: Stage, author: Author) -> list[int]:
    """Update the targets of staged rows without fault where something differs, raising their version; answers their ids."""
    news = _update_values(stage)
    if not news:
        return []
    command = sql.SQL(
        "UPDATE {official} o SET {assignments}, version = o.version + 1, updated_at = now(),"
        " review_state = coalesce(%(state)s, o.review_state), updated_by = %(account)s,"
        " load_id = coalesce(%(load)s, o.load_id) FROM {stage} s"
        " WHERE o.id = s.target AND s.fault IS NULL AND ROW({olds}) IS DISTINCT FROM ROW({news}) RETURNING o.id"
    ).format(
        official=sql.Identifier("official", stage.layer.id),
        assignments=sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(name), new) for name, new in news.items()),
        stage=STAGE,
        olds=sql.SQL(", ").join(sql.SQL("o.{}").format(sql.Identifier(name)) for name in news),
        news=sql.SQL(", ").join(news.values()),
    )
    rows = connection.execute(command, {"state": author.review_state, "account": author.account, "load": author.load_id}).fetchall()
    return [int(row[0]) for row in rows]


def count_matched(connection: Connection) -> int:
    """How many staged rows without fault mean a row that is there."""
    row = connection.execute(sql.SQL("SELECT count(*) FROM {} WHERE fault IS NULL AND target IS NOT NULL").format(STAGE)).fetchone()
    return int(row[0]) if row else 0


def delete_absent(connection: Connection, layer: Layer) -> int:
    """Delete official rows no staged row means (a faulty staged row still protects the good old one); before new rows come in."""
    command = sql.SQL("DELETE FROM {} o WHERE NOT EXISTS (SELECT FROM {} s WHERE s.target = o.id)").format(
        sql.Identifier("official", layer.id), STAGE
    )
    return connection.execute(command).rowcount


def delete_rows(connection: Connection, layer: Layer, ids: Sequence[int]) -> int:
    """Delete official rows by id."""
    return connection.execute(
        sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier("official", layer.id)), [list(ids)]
    ).rowcount


def lock_versions(connection: Connection, layer: Layer, ids: Sequence[int]) -> dict[int, int]:
    """Lock official rows against others until the transaction ends; answers their versions by id (absent ids are left out)."""
    command = sql.SQL("SELECT id, version FROM {} WHERE id = ANY(%s) ORDER BY id FOR UPDATE").format(sql.Identifier("official", layer.id))
    return {int(row[0]): int(row[1]) for row in connection.execute(command, [list(ids)]).fetchall()}


@contextmanager
def explain_contention(layer: Layer) -> Iterator[None]:
    """Turn a deadlock with somebody else's transaction into Contention; the transaction must then be rolled back."""
    try:
        yield
    except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
        message = "Somebody else changes the same features at this moment; try again."
        raise Contention(message, locator=layer.id, message_vi="Người khác đang sửa cùng đối tượng; hãy thử lại.") from error


@contextmanager
def explain_violations(layer: Layer) -> Iterator[None]:
    """Turn what the database refuses (its checks are the last line) into EditRefused; the transaction must then be rolled back."""
    try:
        with explain_contention(layer):
            yield
    except psycopg.errors.ForeignKeyViolation as error:
        message = "Other features refer to this one, or a link names none."
        raise EditRefused(message, locator=layer.id, message_vi="Đối tượng đang được liên kết, hoặc liên kết không tồn tại.") from error
    except psycopg.errors.IntegrityError as error:
        # rules and indexes are named after their field, with a fingerprint behind
        field = error.diag.column_name or (error.diag.constraint_name or layer.id).rpartition("_")[0].removeprefix(f"{layer.id}_")
        raise EditRefused("A value breaks a rule of the layer.", locator=field, message_vi="Giá trị vi phạm quy tắc của lớp.") from error


def _insert_value(layer: Layer, name: str) -> sql.Composable:
    field = layer.fields.get(name)
    column = sql.SQL("s.{}").format(sql.Identifier(name))
    if field is None or field.default is None:
        return column
    return sql.SQL("coalesce({}, {})").format(column, sql.Literal(field.default))


def _update_values(stage: Stage) -> dict[str, sql.Composable]:
    """New values by column: what the rows bring; with a new geometry, or none any more, also what follows from it."""
    given = (*stage.given, *(("geom", *computed_fields(stage.layer)) if stage.clears_geometry else ()))
    news: dict[str, sql.Composable] = {name: sql.SQL("s.{}").format(sql.Identifier(name)) for name in given}
    if not stage.has_geometry:
        return news
    followers = [name for name, field in stage.layer.fields.items() if field.computed or (field.fill and name not in stage.given)]
    for name in ("geom", *followers):  # a row that brings no geometry keeps the one that is there
        news[name] = sql.SQL("coalesce(s.{0}, o.{0})").format(sql.Identifier(name))
    return news
