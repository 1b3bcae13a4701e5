# SPDX-License-Identifier: MIT
"""The queue: put a job in, or make the application that works on it."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import Any

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from server.context import Context
from server.errors import ServerFault

_apps: dict[tuple[int, str], procrastinate.App] = {}
_lock = threading.Lock()


def conninfo(context: Context) -> str:
    """How the queue is reached: as the writer, its tables found in the schema `xanh`."""
    login = context.database.logins.writer
    return login.conninfo(connect_timeout=5, application_name="xanh queue", options="-c TimeZone=UTC -c search_path=xanh")


# What waits for machines of others stands apart, so that nothing of our own waits behind it.
OURS, OUTWARD = "default", "outward"


@dataclass(frozen=True)
class Turn:
    """When a job has its turn: one with the name `once` waits at a time, one with the name `alone` is worked on at a time.

    Jobs nobody waits for (not `urgent`) come after the others of their queue.
    """

    once: str | None = None
    alone: str | None = None
    urgent: bool = True
    queue: str = OURS


def put_job(context: Context, kind: str, turn: Turn = Turn(), **arguments: Any) -> bool:
    """Put a job of a kind (see `kinds.py`) into the queue; False when one of its name is waiting already. Raises ServerFault."""
    app = _open(context)
    task = app.configure_task(
        kind, allow_unknown=True, queueing_lock=turn.once, lock=turn.alone, priority=0 if turn.urgent else -1, queue=turn.queue
    )
    try:
        task.defer(**arguments)
    except AlreadyEnqueued:
        return False
    except ConnectorException as error:
        raise ServerFault("The queue cannot be reached.") from error
    return True


def _open(context: Context) -> procrastinate.App:
    """The application of this process that only puts jobs in; its few connections are opened when first needed."""
    key = (os.getpid(), conninfo(context))
    with _lock:
        app = _apps.get(key)
        if app is None:
            connector = procrastinate.SyncPsycopgConnector(conninfo=key[1], min_size=0, max_size=2, timeout=5)
            app = procrastinate.App(connector=connector)
            app.open()
            _apps[key] = app
    return app
