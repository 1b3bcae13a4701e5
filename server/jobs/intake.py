# SPDX-License-Identifier: MIT
"""Uploaded files: each step (plan, load, undo) is a process of its own (`loaders.intake`), so that what a file costs ends with it.

The worker itself opens no file and keeps no memory of one. The process writes its own result down; here only its sudden death is noticed.
"""

from __future__ import annotations

import logging
import subprocess
import sys

import procrastinate
from procrastinate import JobContext, RetryStrategy
from procrastinate.exceptions import JobAborted

from server.config import ROOT
from server.context import Context
from server.db.uploads import end_work, forget_expired, list_kept, read_upload
from server.jobs.intake_folder import remove_others
from server.query.uploads import BUSY

KIND = "upload"
_MODULE = "loaders.intake"
_LOOK_S = 0.5
_PATIENCE_S = 10
_ATTEMPTS = 3
_LOG = logging.getLogger(__name__)


def register(app: procrastinate.App, context: Context) -> None:
    """Name the tasks."""

    @app.task(name=KIND, pass_context=True, retry=RetryStrategy(max_attempts=_ATTEMPTS, wait=1))
    def upload(stop: JobContext, upload: str, step: str) -> None:
        carry_out(context, upload, step, stop)

    @app.periodic(cron="*/5 * * * *")
    @app.task(name="tidy uploads", queueing_lock="tidy uploads")
    def tidy(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        tidy_uploads(context)


def carry_out(context: Context, upload: str, step: str, stop: JobContext | None = None) -> None:
    """Do a step in a process of its own and wait for its end. Raises JobAborted when the worker is to stop; the step is then done anew."""
    command = [sys.executable, "-m", _MODULE, step, upload]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        while process.poll() is None:
            try:
                process.wait(_LOOK_S)
            except subprocess.TimeoutExpired:
                if stop is not None and stop.should_abort():
                    raise JobAborted from None
    finally:
        _end(process)
    if process.returncode:
        _LOG.error("the process of upload %s (%s) ended with status %s", upload, step, process.returncode)
    _notice_death(context, upload)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _notice_death(context: Context, upload: str) -> None:
    """A step that ended without a word broke off: what it had begun was rolled back by the database."""
    with context.database.writer() as connection:
        found = read_upload(connection, upload)
        if found is not None and found.state in BUSY:
            told = ("The step broke off; nothing was changed. Try again.", "Việc này bị ngắt giữa chừng; chưa thay đổi gì. Hãy thử lại.")
            end_work(connection, upload, "done" if found.state == "undoing" else "failed", told)


def tidy_uploads(context: Context) -> None:
    """Forget files that expired and remove folders nobody needs."""
    with context.database.writer() as connection:
        forget_expired(connection)
        kept = list_kept(connection)
    remove_others(context.settings, kept)
