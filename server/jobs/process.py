# SPDX-License-Identifier: MIT
"""Processes in the background: asked for, worked out by the worker, fetched while they are kept, dismissed."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from pathlib import Path

import procrastinate
from procrastinate import JobContext
from procrastinate.exceptions import JobAborted

from server.access import Identity
from server.context import Context
from server.db.process_jobs import (
    NewJob,
    add_job,
    dismiss_job,
    end_job,
    forget_jobs,
    is_wanted,
    list_kept,
    put_back_job,
    read_job,
    read_jobs,
    start_job,
)
from server.errors import LimitExceeded, XanhError
from server.faults import log_fault
from server.features.processes import Patience, require_bounded, write_answer
from server.jobs.process_inputs import Inputs, read_task
from server.jobs.question import read_asker, write_asker
from server.jobs.queue import put_job
from server.query.processes import ProcessJob
from server.state import StateDir

KIND = "process"
_LISTED = 100
_LOG = logging.getLogger(__name__)


class _Dismissed(Exception):
    """Nobody wants the job any more."""


@dataclass(frozen=True)
class Order:
    """A job somebody wants; `client` is what is counted: an account or an address."""

    process: str
    inputs: Inputs
    asker: Identity
    client: str
    language: str


def order_process(context: Context, order: Order) -> str:
    """Put a job into the queue; answers its id, which cannot be guessed.

    Raises what is wrong with the inputs at once, LimitExceeded (too many jobs, too many features), ServerFault.
    """
    settings = context.settings.processes
    require_bounded(context, read_task(context, order.process, order.inputs, order.asker), settings.max_features)
    new = NewJob(
        id=secrets.token_urlsafe(24),
        process=order.process,
        client=order.client,
        asker=write_asker(order.asker),
        inputs=dict(order.inputs),
        language=order.language,
        seconds=settings.keep_hours * 3600,
    )
    with context.database.writer() as connection:
        taken = add_job(connection, new, settings.max_per_client, settings.max_waiting)
    if not taken:
        raise LimitExceeded(
            f"At most {settings.max_per_client} jobs of one client ({settings.max_waiting} in all) wait at a time; try again later.",
            message_vi="Đang có quá nhiều việc chờ xử lý, hãy thử lại sau.",
        )
    put_job(context, KIND, job=new.id)
    return new.id


def find_job(context: Context, job: str) -> ProcessJob | None:
    """How far a job is; None when there is none of this id (any more)."""
    with context.database.writer() as connection:
        return read_job(connection, job)


def list_jobs(context: Context, client: str) -> list[ProcessJob]:
    """The latest jobs of a client, the newest first."""
    with context.database.writer() as connection:
        return read_jobs(connection, client, _LISTED)


def drop_job(context: Context, job: str) -> None:
    """Dismiss a job: one that waits is never begun, one that runs ends, what was made is thrown away."""
    with context.database.writer() as connection:
        dismiss_job(connection, job)
    result_path(context, job).unlink(missing_ok=True)


def result_path(context: Context, job: str) -> Path:
    """Where the answer of a job is kept. The id must be one of ours."""
    return StateDir(context.settings.var).processes / f"{job}.json"


def register(app: procrastinate.App, context: Context) -> None:
    """Name the tasks."""

    @app.task(name=KIND, pass_context=True)
    def process(stop: JobContext, job: str) -> None:
        work_out(context, job, stop)

    @app.periodic(cron="*/5 * * * *")
    @app.task(name="tidy processes", queueing_lock="tidy processes")
    def tidy(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        tidy_jobs(context)


def work_out(context: Context, job: str, stop: JobContext | None = None) -> None:
    """Work a job out. Raises JobAborted when the worker is to stop; the job then waits again."""
    with context.database.writer() as connection:
        found = read_job(connection, job)
        if found is None or not start_job(connection, job):
            return
    target = result_path(context, job)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        rows = _write(context, found, target, stop)
    except XanhError as error:
        _fail(context, job, (error.message, error.message_vi))
    except _Dismissed:
        target.unlink(missing_ok=True)
    except JobAborted:
        with context.database.writer() as connection:
            put_back_job(connection, job)
        raise
    except Exception as error:  # noqa: BLE001 - it is logged, and the asker is told
        fault = log_fault(error)
        _fail(context, job, (f"The server made a mistake; it is in the log as {fault}.", f"Máy chủ gặp lỗi, mã {fault}."))
    else:
        with context.database.writer() as connection:
            end_job(connection, job, "successful", None, (rows, target.stat().st_size))
        _LOG.info("process %s: %d rows", found.process, rows)


def _write(context: Context, found: ProcessJob, target: Path, stop: JobContext | None) -> int:
    settings = context.settings.processes
    task = read_task(context, found.process, found.inputs, read_asker(found.asker))
    require_bounded(context, task, settings.max_features)

    def look_up() -> None:
        if stop is not None and stop.should_abort():
            raise JobAborted
        with context.database.writer() as connection:
            if not is_wanted(connection, found.id):
                raise _Dismissed

    patience = Patience(settings.max_features, settings.max_seconds, settings.max_bytes)
    pieces = 0
    with target.open("wb") as file:
        for piece in write_answer(context, task, patience, look_up):
            file.write(piece)
            pieces += 1
    return pieces - 2  # without beginning and end


def _fail(context: Context, job: str, texts: tuple[str, str | None]) -> None:
    result_path(context, job).unlink(missing_ok=True)
    with context.database.writer() as connection:
        end_job(connection, job, "failed", texts, None)


def tidy_jobs(context: Context) -> list[str]:
    """Forget expired jobs and remove results nobody knows; answers the ids that expired."""
    with context.database.writer() as connection:
        gone = forget_jobs(connection)
        kept = list_kept(connection)
    folder = StateDir(context.settings.var).processes
    for path in folder.glob("*.json") if folder.is_dir() else ():
        if path.stem not in kept:
            path.unlink(missing_ok=True)
    return gone
