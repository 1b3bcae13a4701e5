# SPDX-License-Identifier: MIT
"""Connections for the roles, opened when first asked for, in the process that asks (so workers never share one after a fork)."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from server.config import DatabaseSettings
from server.db.login import STAFF_ROLE, Login, Logins
from server.errors import LimitExceeded, ServerFault, VersionConflict

Connection = psycopg.Connection[tuple[Any, ...]]
_WAIT_S = 5.0  # then the request fails: shorter than the patience of whoever checks our health


@dataclass(frozen=True)
class Database:
    """The door to PostGIS. Safe to share between threads; each process opens its own connections."""

    logins: Logins
    settings: DatabaseSettings
    _pools: dict[tuple[int, str, str], ConnectionPool[Connection]] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def reader(self) -> AbstractContextManager[Connection]:
        """A connection that may only SELECT from `published`: UTC, statement timeout, autocommit (no BEGIN/COMMIT round trips).

        Raises ServerFault when the database is away, LimitExceeded when a statement ran out of its time.
        """
        timeout_ms = int(self.settings.statement_timeout_s * 1000)
        # Many small questions at once: compiling plans and sharing one out to several processes cost more than they save.
        options = (
            f"-c statement_timeout={timeout_ms} -c idle_in_transaction_session_timeout=60s -c jit=off -c max_parallel_workers_per_gather=0"
        )
        return self._borrow(self.logins.reader, options, True)

    def staff(self) -> AbstractContextManager[Connection]:
        """A connection for the questions of signed-in staff: may only SELECT from `official` and `published`; else like `reader`.

        Raises ServerFault, LimitExceeded.
        """
        timeout_ms = int(self.settings.statement_timeout_s * 1000)
        options = f"-c role={STAFF_ROLE} -c default_transaction_read_only=on -c statement_timeout={timeout_ms} -c jit=off"
        return self._borrow(self.logins.writer, options, True)

    def writer(self) -> AbstractContextManager[Connection]:
        """A connection of the staff role inside a transaction: committed at the end, rolled back on an exception. Raises ServerFault."""
        return self._borrow(self.logins.writer, "-c statement_timeout=0", False)

    def owner(self) -> AbstractContextManager[Connection]:
        """A connection of the owner (migrations) inside a transaction. Raises ServerFault."""
        return self._borrow(self.logins.owner, "-c statement_timeout=0", False)

    def reader_login(self) -> Login:
        """How the map engine reaches `published` by connections of its own."""
        return self.logins.reader

    def close(self) -> None:
        """Close the connections of this process."""
        with self._lock:
            mine = [key for key in self._pools if key[0] == os.getpid()]
            pools = [self._pools.pop(key) for key in mine]
        for pool in pools:
            pool.close()

    @contextmanager
    def _borrow(self, login: Login, options: str, autocommit: bool) -> Iterator[Connection]:
        pool = self._pool(login, options, autocommit)
        try:
            with pool.connection() as connection:
                yield connection
        except psycopg.errors.QueryCanceled as error:
            raise LimitExceeded("The question took longer than this server allows; ask for less.") from error
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
            message = "Somebody else changed the same data at the same moment; nothing was saved, try again."
            raise VersionConflict(message, message_vi="Có người khác vừa sửa cùng dữ liệu; chưa lưu gì, hãy thử lại.") from error
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            raise ServerFault("The database cannot be reached.") from error

    def _pool(self, login: Login, options: str, autocommit: bool) -> ConnectionPool[Connection]:
        key = (os.getpid(), login.user, options)
        pool = self._pools.get(key)
        if pool is not None:
            return pool
        with self._lock:
            pool = self._pools.get(key)
            if pool is None:
                conninfo = login.conninfo(connect_timeout=5, application_name="xanh", options=f"-c TimeZone=UTC {options}")
                pool = ConnectionPool(
                    conninfo,
                    min_size=0,
                    max_size=self.settings.pool_size,
                    open=True,
                    timeout=_WAIT_S,
                    max_idle=600,
                    reconnect_timeout=_WAIT_S,
                    kwargs={"autocommit": autocommit},
                    check=_check_quietly,
                    name=f"{login.user}-{os.getpid()}",
                )
                self._pools[key] = pool
        return pool


def _check_quietly(connection: Connection) -> None:
    """Notice a connection the server has closed without a round trip: an idle socket must have nothing to read."""
    poller = select.poll()
    poller.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    if poller.poll(0):
        ConnectionPool.check_connection(connection)
