# SPDX-License-Identifier: MIT
"""Every few minutes: expired files go, and jobs whose worker is lost are put back into the queue."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import procrastinate

from server.context import Context
from server.db.exports import forget_expired, list_exports
from server.state import StateDir

KIND = "tidy"
_LOST_S = 60  # without a sign of life; workers give one every 10 s
_ABANDONED_S = 3600  # a file of a request lives no longer than the request


def register(app: procrastinate.App, context: Context) -> None:
    """Name the tasks."""

    @app.periodic(cron="*/5 * * * *")
    @app.task(name=KIND, queueing_lock=KIND)
    def tidy(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        tidy_exports(context)

    @app.periodic(cron="* * * * *")
    @app.task(name="recover", queueing_lock="recover")
    async def recover(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        await recover_jobs(app)


async def recover_jobs(app: procrastinate.App, seconds: float = _LOST_S) -> None:
    """Put jobs back whose worker has given no sign of life for so many seconds."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        await app.job_manager.retry_job(job)


def tidy_exports(context: Context) -> list[str]:
    """Forget expired files and remove every folder nobody knows; answers the ids that expired."""
    with context.database.writer() as connection:
        gone = forget_expired(connection)
        known = list_exports(connection)
    folder = StateDir(context.settings.var).exports
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name in gone or (path.name not in known and _is_old(path)):
            shutil.rmtree(path, ignore_errors=True)
    return gone


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _ABANDONED_S
    except FileNotFoundError:
        return False
