# SPDX-License-Identifier: MIT
"""Files of features written in the background: asked for, made, fetched while they are kept."""

from __future__ import annotations

import logging
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import procrastinate
from procrastinate import JobContext, RetryStrategy
from procrastinate.exceptions import JobAborted

from server.access import Identity
from server.context import Context
from server.db.exports import NewExport, add_export, move_export, note_export, read_export
from server.db.exports import read_question as read_stored
from server.encode.formats import BY_SHORT_NAME
from server.errors import LimitExceeded, XanhError
from server.faults import log_fault
from server.features.files import write_features
from server.jobs.question import read_questions, write_questions
from server.jobs.queue import put_job
from server.query.exports import Export
from server.query.features import FeatureQuery
from server.state import StateDir

KIND = "export"
_LOG = logging.getLogger(__name__)
_TELL_S = 1.0
_ATTEMPTS = 5


@dataclass(frozen=True)
class ExportOrder:
    """A file somebody wants: the questions, the format's short name, who asks (`client` is what is counted: an account or an address)."""

    queries: tuple[FeatureQuery, ...]
    format: str
    language: str
    rows: int
    asker: Identity
    client: str


def order_export(context: Context, order: ExportOrder) -> str:
    """Put a file into the queue; answers its id, which cannot be guessed. Raises LimitExceeded, ServerFault."""
    settings = context.settings.exports
    new = NewExport(
        id=secrets.token_urlsafe(24),
        client=order.client,
        layer=",".join(dict.fromkeys(query.layer.id for query in order.queries)),
        format=order.format,
        language=order.language,
        question=write_questions(order.queries, order.asker),
        rows=order.rows,
        seconds=settings.keep_hours * 3600,
    )
    with context.database.writer() as connection:
        taken = add_export(connection, new, settings.max_per_client, settings.max_waiting)
    if not taken:
        raise LimitExceeded(
            f"At most {settings.max_per_client} files of one client ({settings.max_waiting} in all) are made at a time; try again later.",
            message_vi="Đang có quá nhiều tệp chờ tạo, hãy thử lại sau.",
        )
    put_job(context, KIND, export_id=new.id)
    return new.id


def find_export(context: Context, export_id: str) -> Export | None:
    """How far a file is; None when there is none of this id (any more)."""
    with context.database.writer() as connection:
        return read_export(connection, export_id)


def export_path(context: Context, export_id: str, short: str) -> Path:
    """Where a file is kept. The id must be one of ours."""
    return StateDir(context.settings.var).exports / export_id / f"features{BY_SHORT_NAME[short].suffix}"


def register(app: procrastinate.App, context: Context) -> None:
    """Name the task."""

    @app.task(name=KIND, pass_context=True, retry=RetryStrategy(max_attempts=_ATTEMPTS, wait=1))
    def export(stop: JobContext, export_id: str) -> None:
        make_export(context, export_id, stop)


def make_export(context: Context, export_id: str, stop: JobContext | None = None) -> None:
    """Write the file of an order; what an earlier attempt left is thrown away first. Raises JobAborted when the worker is to stop."""
    with context.database.writer() as connection:
        found, question = read_export(connection, export_id), read_stored(connection, export_id)
        if found is None or question is None or found.state in ("done", "failed"):
            return
        move_export(connection, export_id, "running", 0)
    target = export_path(context, export_id, found.format)
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir(parents=True)
    try:
        rows = _write(context, found, read_questions(context, question), target, stop)
    except XanhError as error:
        _give_up(context, found, error.message_vi if found.language == "vi" and error.message_vi else error.message)
    except JobAborted:
        with context.database.writer() as connection:
            move_export(connection, export_id, "waiting", 0)
        raise
    except Exception as error:  # noqa: BLE001 - it is logged, and the asker is told
        _give_up(context, found, f"Lỗi máy chủ · server fault {log_fault(error)}")
    else:
        with context.database.writer() as connection:
            note_export(connection, export_id, size=target.stat().st_size)
            move_export(connection, export_id, "done", rows, context.settings.exports.keep_hours * 3600)
        _LOG.info("export of %s: %d rows, %d bytes", found.layer, rows, target.stat().st_size)


def _write(context: Context, found: Export, queries: tuple[FeatureQuery, ...], target: Path, stop: JobContext | None) -> int:
    last = time.monotonic()

    def tell(rows: int) -> None:
        nonlocal last
        if stop is not None and stop.should_abort():
            raise JobAborted
        if time.monotonic() - last > _TELL_S:
            last = time.monotonic()
            with context.database.writer() as connection:
                move_export(connection, found.id, "running", rows)

    file_format = BY_SHORT_NAME[found.format].file
    if file_format is None:
        raise LimitExceeded("This format is not written in the background.")
    return write_features(context, queries, file_format, target, tell)


def _give_up(context: Context, found: Export, message: str) -> None:
    shutil.rmtree(export_path(context, found.id, found.format).parent, ignore_errors=True)
    with context.database.writer() as connection:
        note_export(connection, found.id, message=message)
        move_export(connection, found.id, "failed", 0)
