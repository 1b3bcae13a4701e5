# SPDX-License-Identifier: MIT
"""Connections for the roles, opened when first asked for, in the process that asks (so workers never share one after a fork)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from server.config import DatabaseSettings
from server.db.login import STAFF_ROLE, Login, Logins
from server.db.ready import Connection as Connection
from server.db.ready import ReadyConnections, check_quietly
from server.errors import LimitExceeded, ServerFault, VersionConflict

_WAIT_S = 5.0  # then the request fails: shorter than the patience of whoever checks our health


@dataclass(frozen=True)
class Database:
    """The door to PostGIS. Safe to share between threads; each process opens its own connections."""

    logins: Logins
    settings: DatabaseSettings
    _pools: dict[tuple[int, str, str], ReadyConnections] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @cached_property
    def _limits(self) -> str:
        # Cursors are read to their end (`server.db.flow`): their plans shall be good for all rows, not for the first ones.
        return f"-c statement_timeout={int(self.settings.statement_timeout_s * 1000)} -c cursor_tuple_fraction=1"

    @cached_property
    def _reader_options(self) -> str:
        # Many small questions at once: compiling plans and sharing one out to several processes cost more than they save.
        return f"{self._limits} -c idle_in_transaction_session_timeout=60s -c jit=off -c max_parallel_workers_per_gather=0"

    def reader(self) -> AbstractContextManager[Connection]:
        """A connection that may only SELECT from `published`: UTC, statement timeout, autocommit (no BEGIN/COMMIT round trips).

        Raises ServerFault when the database is away, LimitExceeded when a statement ran out of its time.
        """
        return self._borrow(self.logins.reader, self._reader_options, True)

    def staff(self) -> AbstractContextManager[Connection]:
        """A connection for the questions of signed-in staff: may only SELECT from `official` and `published`; else like `reader`.

        Raises ServerFault, LimitExceeded.
        """
        options = f"-c role={STAFF_ROLE} -c default_transaction_read_only=on {self._limits} -c jit=off"
        return self._borrow(self.logins.writer, options, True)

    def writer(self) -> AbstractContextManager[Connection]:
        """A connection of the staff role inside a transaction: committed at the end, rolled back on an exception. Raises ServerFault."""
        # What loads stage shall not go to disk and back before it is stored; small edits take a page or two of it.
        return self._borrow(self.logins.writer, "-c statement_timeout=0 -c temp_buffers=64MB", False)

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
        try:
            ready = self._pool(login, options, autocommit)
            if autocommit:
                connection = ready.take()
                try:
                    yield connection
                finally:
                    ready.give(connection)
            else:
                with ready.pool.connection() as connection:
                    yield connection
        except psycopg.errors.QueryCanceled as error:
            raise LimitExceeded("The question took longer than this server allows; ask for less.") from error
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
            message = "Somebody else changed the same data at the same moment; nothing was saved, try again."
            raise VersionConflict(message, message_vi="Có người khác vừa sửa cùng dữ liệu; chưa lưu gì, hãy thử lại.") from error
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            raise ServerFault("The database cannot be reached.") from error

    def _pool(self, login: Login, options: str, autocommit: bool) -> ReadyConnections:
        key = (os.getpid(), login.user, options)
        pool = self._pools.get(key)
        if pool is not None:
            return pool
        with self._lock:
            pool = self._pools.get(key)
            if pool is None:
                conninfo = login.conninfo(connect_timeout=5, application_name="xanh", options=f"-c TimeZone=UTC {options}")
                connections: ConnectionPool[Connection] = ConnectionPool(
                    conninfo,
                    min_size=0,
                    max_size=self.settings.pool_size,
                    open=True,
                    timeout=_WAIT_S,
                    max_idle=600,
                    reconnect_timeout=_WAIT_S,
                    kwargs={"autocommit": autocommit},
                    check=check_quietly,
                    name=f"{login.user}-{os.getpid()}",
                )
                pool = self._pools[key] = ReadyConnections(connections)
        return pool
