# SPDX-License-Identifier: MIT
"""The gunicorn worker: threads that stay with a busy connection.

gunicorn's gthread worker hands a kept-alive connection back to its main thread after every answer: a pipe write, a poll and a queue per
request, about 40 of 150 microseconds of an empty answer. As long as there is a thread for every connection, the thread may as well wait a
moment for the next request itself. With more connections than threads nothing changes.
"""

from __future__ import annotations

import select
import socket
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Milliseconds a thread waits for the next request of its connection: longer than a client on the same network needs to ask again.
PATIENCE_MS = 5


class StayingThreadWorker(ThreadWorker):
    """gthread whose threads answer a connection's next request without going through the main thread."""

    def handle(self, conn: Any) -> Any:
        """Answer requests of one connection until it falls silent; what the last one means for the connection is for gthread."""
        outcome = super().handle(conn)
        while outcome is True and self.alive and self.nr_conns <= self.cfg.threads and _is_asked_again(conn.sock):
            outcome = super().handle(conn)
        return outcome


def _is_asked_again(sock: socket.socket) -> bool:
    """Whether more comes within our patience (or the client has closed, which the next turn notices)."""
    poller = select.poll()
    poller.register(sock, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poller.poll(PATIENCE_MS))
