# SPDX-License-Identifier: MIT
"""Connections kept ready: lent again without asking the pool, handed on to who waits, mended when they broke."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg_pool import ConnectionPool, PoolTimeout

from server.db.pool import Database
from server.db.ready import Connection, ReadyConnections


@pytest.fixture
def ready(database: Database) -> Iterator[ReadyConnections]:
    """Two connections at most, a short wait."""
    pool: ConnectionPool[Connection] = ConnectionPool(
        database.logins.reader.conninfo(), min_size=0, max_size=2, timeout=2, open=True, kwargs={"autocommit": True}
    )
    connections = ReadyConnections(pool)
    yield connections
    connections.close()


def test_a_connection_given_back_is_lent_again(ready: ReadyConnections) -> None:
    first = ready.take()
    ready.give(first)
    assert ready.take() is first
    ready.give(first)


def test_no_more_connections_are_lent_than_there_may_be(ready: ReadyConnections) -> None:
    both = [ready.take(), ready.take()]
    with pytest.raises(PoolTimeout):
        ready.take()
    for connection in both:
        ready.give(connection)


def test_who_waits_gets_the_next_one(ready: ReadyConnections) -> None:
    both = [ready.take(), ready.take()]
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(ready.take)
        threading.Event().wait(0.1)
        ready.give(both[0])
        assert waiting.result(1) is both[0]
    ready.give(both[0])
    ready.give(both[1])


def test_many_threads_share_few_connections_and_none_is_lent_twice(ready: ReadyConnections) -> None:
    lent: set[int] = set()

    def borrow(_: int) -> bool:
        connection = ready.take()
        alone = id(connection) not in lent
        lent.add(id(connection))
        connection.execute("SELECT 1")
        lent.discard(id(connection))
        ready.give(connection)
        return alone

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(borrow, range(400)))


def test_a_connection_left_in_the_middle_of_an_answer_is_not_lent_as_it_is(ready: ReadyConnections) -> None:
    broken = ready.take()
    broken.pgconn.send_query(b"SELECT pg_sleep(60)")
    ready.give(broken)
    whole = ready.take()
    assert whole.execute("SELECT 1").fetchone() == (1,)
    ready.give(whole)


def test_a_connection_the_server_closed_is_noticed_before_it_is_lent(ready: ReadyConnections, database: Database) -> None:
    lost = ready.take()
    backend = lost.info.backend_pid
    ready.give(lost)
    with psycopg.connect(database.logins.admin.conninfo(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    fresh = ready.take()
    assert fresh.info.backend_pid != backend
    ready.give(fresh)
