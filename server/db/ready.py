# SPDX-License-Identifier: MIT
"""Connections kept ready in front of a psycopg pool: taking one is a look at a list, not a queue with locks and events."""

from __future__ import annotations

import select
from collections import deque
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[tuple[Any, ...]]


class ReadyConnections:
    """Lends the autocommit connections of a pool. Safe to share between threads.

    A returned connection stays here as long as nobody waits in the pool; one that is broken or in the middle of something goes back to the
    pool, which mends or replaces it.
    """

    def __init__(self, pool: ConnectionPool[Connection]) -> None:
        self.pool = pool
        self._ready: deque[Connection] = deque()
        self._waiting: deque[None] = deque()

    def take(self) -> Connection:
        """A connection that works. Raises PoolTimeout when none becomes free in time."""
        connection = self._pop() or self._wait()
        if _is_silent(connection):
            return connection
        connection.close()  # whatever an idle connection has to say, the server has ended it
        self.pool.putconn(connection)
        return self.pool.getconn()

    def give(self, connection: Connection) -> None:
        """Take a connection back, whatever state it is in."""
        if self._waiting or connection.pgconn.transaction_status != TransactionStatus.IDLE:
            self.pool.putconn(connection)
            return
        self._ready.append(connection)
        if self._waiting:  # somebody found nothing just before it was back
            self._hand_over()

    def close(self) -> None:
        """Close every connection."""
        self._hand_over()
        self.pool.close()

    def _wait(self) -> Connection:
        self._waiting.append(None)
        try:
            return self._pop() or self.pool.getconn()
        finally:
            self._waiting.pop()

    def _pop(self) -> Connection | None:
        try:
            return self._ready.pop()
        except IndexError:
            return None

    def _hand_over(self) -> None:
        while (connection := self._pop()) is not None:
            self.pool.putconn(connection)


def check_quietly(connection: Connection) -> None:
    """The pool's check of a connection it is about to lend. Raises psycopg.OperationalError for one the server has closed."""
    if not _is_silent(connection):
        ConnectionPool.check_connection(connection)


def _is_silent(connection: Connection) -> bool:
    """Notice a connection the server has closed without a round trip: an idle socket has nothing to read."""
    poller = select.poll()
    poller.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return not poller.poll(0)
