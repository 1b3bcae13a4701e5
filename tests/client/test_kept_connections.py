# SPDX-License-Identifier: MIT
"""Kept-alive connections: many requests on one, more connections than threads, silence in between."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit


def connect(served: str) -> http.client.HTTPConnection:
    parts = urlsplit(served)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)


def ask(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/ogcapi/collections/stations/items?limit=1")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_one_connection_carries_many_requests(served: str) -> None:
    connection = connect(served)
    assert [ask(connection) for _ in range(50)] == [200] * 50
    sock = connection.sock
    time.sleep(0.1)
    assert ask(connection) == 200
    assert connection.sock is sock
    connection.close()


def test_more_connections_than_threads_are_all_answered_in_turn(served: str) -> None:
    connections = [connect(served) for _ in range(40)]
    for _ in range(3):
        assert [ask(connection) for connection in connections] == [200] * 40
    for connection in connections:
        connection.close()


def test_silent_connections_do_not_hold_up_others(served: str) -> None:
    silent = [connect(served) for _ in range(30)]
    for connection in silent:
        assert ask(connection) == 200
    started = time.monotonic()
    busy = connect(served)
    assert [ask(busy) for _ in range(20)] == [200] * 20
    assert time.monotonic() - started < 10
    for connection in [*silent, busy]:
        connection.close()
