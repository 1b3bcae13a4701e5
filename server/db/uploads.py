# SPDX-License-Identifier: MIT
"""`xanh.upload`: files staff handed in. States change by comparing, so that of two who press a button at once one is heard."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from server.db.pool import Connection
from server.query.uploads import BUSY, NewUpload, Upload, UploadState, Wishes

_LOCK = 7_824_064  # advisory lock: uploads are counted one at a time
_COLUMNS = (
    "id, account, layer, name, suffix, bytes, state, wishes, plan, rows_done, rows_total, message, message_vi, load_id, created_at,"
    " changed_at, expires_at"
)


def add_upload(connection: Connection, new: NewUpload, most: int) -> str | None:
    """Write a file down, to be planned; answers its id, or that of the upload its form made before; None when the account has as many
    unfinished ones as it may have."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    known = connection.execute("SELECT id FROM xanh.upload WHERE account = %s AND ticket = %s", [new.account, new.ticket]).fetchone()
    if known:
        return str(known[0])
    row = connection.execute(
        "SELECT count(*) FROM xanh.upload WHERE account = %s AND state NOT IN ('done', 'undone') AND expires_at > now()", [new.account]
    ).fetchone()
    if row is None or row[0] >= most:
        return None
    connection.execute(
        "INSERT INTO xanh.upload (id, account, layer, name, suffix, bytes, ticket, state, wishes, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, 'planning', %s, now() + make_interval(secs => %s))",
        [new.id, new.account, new.layer, new.name, new.suffix, new.bytes, new.ticket, json.dumps(Wishes().to_json()), new.seconds],
    )
    return new.id


def read_upload(connection: Connection, upload_id: str) -> Upload | None:
    """The file of this id, expired or not."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM xanh.upload WHERE id = %s", [upload_id]).fetchone()  # noqa: S608 - our own list
    return _build(row) if row else None


def read_uploads(connection: Connection, account: str, limit: int) -> list[Upload]:
    """The files of an account, the newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM xanh.upload WHERE account = %s ORDER BY created_at DESC, id LIMIT %s",  # noqa: S608 - our own list
        [account, limit],
    ).fetchall()
    return [_build(row) for row in rows]


def begin_work(connection: Connection, upload_id: str, state: UploadState, seen: tuple[Sequence[UploadState], int]) -> bool:
    """Put a file into a busy state; False unless it is in one of the states and has the plan that were `seen`."""
    done = connection.execute(
        "UPDATE xanh.upload SET state = %s, wanted = true, rows_done = 0, message = NULL, message_vi = NULL, changed_at = now()"
        " WHERE id = %s AND state = ANY(%s) AND plan = %s AND (expires_at > now() OR %s = 'undoing')",
        [state, upload_id, list(seen[0]), seen[1], state],
    )
    return done.rowcount == 1


def change_wishes(connection: Connection, upload_id: str, wishes: Wishes) -> None:
    """Other wishes: the plan gets a new number."""
    connection.execute(
        "UPDATE xanh.upload SET wishes = %s, plan = plan + 1 WHERE id = %s", [json.dumps(wishes.to_json(), ensure_ascii=False), upload_id]
    )


def call_off(connection: Connection, upload_id: str) -> None:
    """Say that what is being done is not wanted any more."""
    connection.execute("UPDATE xanh.upload SET wanted = false WHERE id = %s", [upload_id])


def note_rows(connection: Connection, upload_id: str, done: int, total: int) -> bool:
    """Say how far a file is; answers whether it is still wanted."""
    row = connection.execute(
        "UPDATE xanh.upload SET rows_done = %s, rows_total = %s WHERE id = %s RETURNING wanted", [done, total, upload_id]
    ).fetchone()
    return bool(row and row[0])


def end_work(
    connection: Connection, upload_id: str, state: UploadState, texts: tuple[str, str | None] | None = None, load_id: int | None = None
) -> None:
    """Say what became of it; only a file somebody works on."""
    message, message_vi = texts or (None, None)
    connection.execute(
        "UPDATE xanh.upload SET state = %s, message = %s, message_vi = %s, load_id = coalesce(%s, load_id), changed_at = now()"
        " WHERE id = %s AND state = ANY(%s)",
        [state, message, message_vi, load_id, upload_id, list(BUSY)],
    )


def delete_upload(connection: Connection, upload_id: str, plan: int) -> bool:
    """Forget a file nobody works on and nothing came of; False for any other."""
    done = connection.execute(
        "DELETE FROM xanh.upload WHERE id = %s AND plan = %s AND state IN ('planned', 'refused', 'failed')", [upload_id, plan]
    )
    return done.rowcount == 1


def forget_expired(connection: Connection) -> None:
    """Drop files that expired and were never loaded; loads stay in the list."""
    connection.execute("DELETE FROM xanh.upload WHERE expires_at <= now() AND state IN ('planned', 'refused', 'failed', 'planning')")


def list_kept(connection: Connection) -> set[str]:
    """The ids whose file is still needed."""
    rows = connection.execute("SELECT id FROM xanh.upload WHERE expires_at > now() OR state = ANY(%s)", [list(BUSY)]).fetchall()
    return {str(row[0]) for row in rows}


def _build(row: tuple[Any, ...]) -> Upload:
    (upload_id, account, layer, name, suffix, size, state, wishes, plan, done, total, message, message_vi, load_id, *moments) = row
    return Upload(
        id=upload_id,
        account=account,
        layer=layer,
        name=name,
        suffix=suffix,
        bytes=size,
        state=state,
        wishes=Wishes(**wishes),
        plan=plan,
        rows=(done, total),
        message=message,
        message_vi=message_vi,
        load_id=load_id,
        created_at=moments[0],
        changed_at=moments[1],
        expires_at=moments[2],
    )
