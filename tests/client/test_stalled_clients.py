# SPDX-License-Identifier: MIT
"""Clients that stop in the middle of a long answer give back what they hold."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import psycopg
import pytest

from server.db.pool import Database

_BUSY = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'xanh_reader' AND datname = current_database() AND state <> 'idle'"
# Many copies of one polygon layer: several megabytes, more than the buffers of both ends hold.
_LONG = "/wfs?SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME=" + ",".join(["provinces"] * 20)


def busy(demo: Database) -> int:
    with psycopg.connect(demo.logins.admin.conninfo(), autocommit=True) as connection:
        row = connection.execute(_BUSY).fetchone()
        return int(row[0]) if row else 0


def begin(served: str) -> socket.socket:
    """A client that has asked, has read the first bytes, and reads no more."""
    host = urlsplit(served)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect((host.hostname, host.port))
    client.sendall(f"GET {_LONG} HTTP/1.1\r\nHost: {host.netloc}\r\n\r\n".encode())
    assert client.recv(15) == b"HTTP/1.1 200 OK"
    return client


@pytest.mark.parametrize("leaves", [False, True], ids=["stops reading", "goes away"])
def test_a_client_that_stops_reading_frees_the_connection_within_five_seconds(served: str, demo: Database, leaves: bool) -> None:
    client = begin(served)
    if leaves:
        client.close()
    else:
        time.sleep(0.5)
        assert busy(demo) == 1, "the answer fits into the buffers: nothing is tried here"
    began = time.monotonic()
    while busy(demo) and time.monotonic() - began < 10:
        time.sleep(0.1)
    assert time.monotonic() - began < 5
    assert busy(demo) == 0
    client.close()
