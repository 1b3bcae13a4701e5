# SPDX-License-Identifier: MIT
"""Harvests when they are due: each is a process of its own (`loaders.harvest.process`), one at a time; other jobs go on meanwhile."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from datetime import UTC, datetime

import procrastinate

from server.catalog.harvests import read_harvests
from server.config import ROOT
from server.context import Context
from server.db.harvests import note_failed, read_harvest_states
from server.query.harvests import is_due
from server.strictyaml import ConfigProblems

KIND = "harvest"
_COMMAND = ("-m", "loaders.harvest.process")
_LOG = logging.getLogger(__name__)


class Round:
    """Starts what is due, the longest due first; remembers what runs."""

    def __init__(self, context: Context, command: tuple[str, ...] = _COMMAND) -> None:
        self._context = context
        self._command = command
        self._running: tuple[str, subprocess.Popen[bytes]] | None = None
        self._lock = threading.Lock()

    def go(self) -> str | None:
        """Look once; answers the harvest that was started, if any."""
        with self._lock:
            if self._running is not None and self._running[1].poll() is None:
                return None
            self._notice_death()
            name = self._find_due()
            if name is not None:
                process = subprocess.Popen(
                    [sys.executable, *self._command, name], cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True
                )
                self._running = name, process
            return name

    def _notice_death(self) -> None:
        """A run that ended without a word was killed; the database has rolled back what it had begun."""
        if self._running is None:
            return
        (name, process), self._running = self._running, None
        with self._context.database.writer() as connection:
            state = read_harvest_states(connection).get(name)
            if state is not None and state.ended_at is None:
                words = f"the process ended with status {process.returncode}; nothing was loaded"
                note_failed(connection, name, (words, f"tiến trình kết thúc với mã {process.returncode}; chưa nạp gì"))
                _LOG.error("harvest %s: %s", name, words)

    def _find_due(self) -> str | None:
        try:
            harvests = read_harvests(self._context.settings.layers_dir, self._context.catalog)
        except ConfigProblems as error:
            _LOG.error("harvest files: %s", error.message)
            return None
        with self._context.database.writer() as connection:
            states = read_harvest_states(connection)
        now = datetime.now(UTC)
        due = [name for name, harvest in harvests.items() if is_due(harvest, states.get(name), now)]
        return min(due, key=lambda name: states[name].began_at if name in states else datetime.min.replace(tzinfo=UTC), default=None)


def register(app: procrastinate.App, context: Context) -> None:
    """Name the task."""
    found = Round(context)

    @app.periodic(cron="* * * * *")
    @app.task(name=KIND, queueing_lock=KIND)
    def harvest(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        found.go()
