# SPDX-License-Identifier: MIT
"""The process that works on the queue: `python -m server.jobs.worker`. Stopped politely it puts back what it has not finished.

The process started by that name does nothing but keep another one alive that works (`server.jobs.supervise`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import procrastinate

from server.catalog.read import read_catalog
from server.config import load_settings
from server.context import Context
from server.db.pool import Database
from server.db.store import find_logins
from server.jobs.kinds import KINDS
from server.jobs.queue import OURS, OUTWARD, conninfo
from server.jobs.supervise import keep_alive
from server.jobs.tidy import recover_jobs

_WATCH_S = 1.0  # how often the worker looks whether its keeper is there
_SPARE_THREADS = 2  # for what the queue itself looks after
_PATIENCE_S = 1.0  # how long a running job may go on when the worker is told to stop, before it is asked to give up


def build_worker(context: Context) -> procrastinate.App:
    """The application with every kind of job; it opens no connection yet."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo(context), min_size=1, max_size=4))
    for kind in KINDS:
        kind.register(app, context)
    return app


async def work(context: Context, *, until_empty: bool = False) -> None:
    """Work on the queue until told to stop (SIGTERM, SIGINT), or until nothing is left to do."""
    app, settings = build_worker(context), context.settings
    ours, outward = settings.exports.workers, settings.webhooks.workers
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(ours + outward + _SPARE_THREADS))

    def run(queue: str, count: int, *, is_told: bool) -> Coroutine[None, None, None]:
        return app.run_worker_async(
            queues=[queue],
            concurrency=count,
            wait=not until_empty,
            listen_notify=not until_empty,
            install_signal_handlers=is_told,
            shutdown_graceful_timeout=_PATIENCE_S,
            delete_jobs="always",
        )

    async with app.open_async():
        await recover_jobs(app, 0 if until_empty else 30)
        sending = asyncio.create_task(run(OUTWARD, outward, is_told=False))
        await run(OURS, ours, is_told=not until_empty)
        if not until_empty:
            sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending


def main() -> None:
    """Keep a worker alive; with `--once` be that worker, which ends when its keeper is gone."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if "--once" not in sys.argv[1:]:
        sys.exit(keep_alive([sys.executable, "-P", "-m", "server.jobs.worker", "--once"]))
    _end_with(os.getppid())
    _work_on_settings()


def _end_with(keeper: int) -> None:
    """Stop politely once the process that started us is gone: nobody could stop us then."""

    def watch() -> None:
        while os.getppid() == keeper:
            time.sleep(_WATCH_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _work_on_settings() -> None:
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.getLogger("procrastinate.blueprints").setLevel(logging.ERROR)  # it takes our main module for a mistake
    settings = load_settings()
    context = Context(settings, read_catalog(settings), Database(find_logins(settings), settings.database))
    asyncio.run(work(context))
    context.database.close()


if __name__ == "__main__":
    main()
