# SPDX-License-Identifier: MIT
"""Writing: ten thousand inserts in one Transaction beside COPY of the same rows, and writers beside many readers."""

from __future__ import annotations

import base64
import http.client
import secrets
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from bench.soak import Outcome, Plan, soak
from server.accounts.manage import NewAccount, add_account, remove_account
from server.config import Settings
from server.db.login import Login
from server.db.pool import Database
from server.db.store import find_logins

LAYER = "bench_edits"
ROWS = 10_000
READERS, WRITERS = 50, 5
_NAMES = 'xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:xanh="urn:xanh:layers"'
_COPY = f"COPY official.{LAYER} (code, name, owner, capacity, opened, geom, created_by, updated_by) FROM STDIN"
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"
_PATIENCE_S = 120


@dataclass(frozen=True)
class Desk:
    """A client that may write: where the server listens, the header that says who it is, and the database behind it."""

    port: int
    authorization: str
    owner: Login
    admin: Login
    reader: str


@contextmanager
def open_desk(settings: Settings, port: int) -> Iterator[Desk]:
    """An account for the length of the measurement, with a password nobody knows; the rows go with it."""
    logins = find_logins(settings)
    database = Database(logins, settings.database)
    name, password = f"bench-{secrets.token_hex(4)}", secrets.token_urlsafe(24)
    add_account(database, settings.passwords, NewAccount(name, "reviewer", (LAYER,)), password)
    desk = Desk(port, "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode(), logins.owner, logins.admin, logins.reader.user)
    try:
        yield desk
    finally:
        clear(desk)
        remove_account(database, name)
        database.close()


def measure_transaction(desk: Desk, rounds: int) -> tuple[float, float]:
    """Medians in seconds: the Transaction from the first byte sent to the last received, and COPY with the same triggers."""
    ours, floors = [], []
    for number in range(rounds + 1):
        body = write_transaction(range(ROWS))
        clear(desk)
        started = time.perf_counter()
        fault = send(desk, body)
        ours.append(time.perf_counter() - started)
        if fault:
            raise RuntimeError(fault)
        clear(desk)
        floors.append(_copy(desk))
        if number == 0:  # the first round warms both up
            ours.clear()
            floors.clear()
    return statistics.median(ours), statistics.median(floors)


def measure_soak(desk: Desk, seconds: float) -> Outcome:
    """Fifty readers and five writers, each over a connection of its own."""
    clear(desk)
    send(desk, write_transaction(range(1000)))
    connections = {number: http.client.HTTPConnection("127.0.0.1", desk.port, timeout=_PATIENCE_S) for number in range(READERS)}
    paths = (
        f"/wfs?service=WFS&version=1.1.0&request=GetFeature&typename={LAYER}&maxfeatures=50",
        f"/ogcapi/collections/{LAYER}/items?f=json&limit=50",
        f"/wfs?service=WFS&version=1.1.0&request=GetFeature&typename={LAYER}&resulttype=hits",
    )

    def read(number: int, done: int) -> str | None:
        connections[number].request("GET", paths[(number + done) % len(paths)])
        answer = connections[number].getresponse()
        answer.read()
        return None if answer.status == 200 else f"read: {answer.status}"

    def write(number: int, done: int) -> str | None:
        first = 1_000_000 * (number + 1) + done * 10
        return send(desk, write_transaction(range(first, first + 10)))

    with psycopg.connect(desk.admin.conninfo(), autocommit=True) as connection:

        def watch() -> int:
            row = connection.execute(_WAITING, [desk.reader]).fetchone()
            return int(row[0]) if row else 0

        outcome = soak(Plan(READERS, WRITERS, seconds, read, write, watch))
    for each in connections.values():
        each.close()
    return outcome


def write_transaction(numbers: range) -> bytes:
    """A Transaction of one Insert per row, as QGIS writes it."""
    inside = "".join(
        f"<wfs:Insert><xanh:{LAYER}><xanh:code>E{n}</xanh:code><xanh:name>Cơ sở số {n}</xanh:name>"
        f"<xanh:owner>Công ty {n % 500}</xanh:owner><xanh:capacity>{n % 1000}.5</xanh:capacity>"
        f"<xanh:opened>2024-01-{n % 28 + 1:02d}</xanh:opened><xanh:geom>"
        f'<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{_north(n)} {_east(n)}</gml:pos></gml:Point></xanh:geom></xanh:{LAYER}>'
        "</wfs:Insert>"
        for n in numbers
    )
    return f'<wfs:Transaction {_NAMES} service="WFS" version="1.1.0">{inside}</wfs:Transaction>'.encode()


def send(desk: Desk, body: bytes) -> str | None:
    """What went wrong with a Transaction, None when it was carried out."""
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=_PATIENCE_S)
    try:
        connection.request("POST", "/wfs", body, {"Content-Type": "text/xml", "Authorization": desk.authorization})
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    return None if answer.status == 200 and b"TransactionResponse" in text else f"write: {answer.status} {text[:200]!r}"


def clear(desk: Desk) -> None:
    """Empty the layer: every store of it."""
    with psycopg.connect(desk.owner.conninfo(), autocommit=True) as connection:
        for table in (f"official.{LAYER}", f"history.{LAYER}", f"published.{LAYER}", f"published.{LAYER}_pyramid"):
            connection.execute(f"TRUNCATE {table}".encode())


def _copy(desk: Desk) -> float:
    rows = [_make_row(number) for number in range(ROWS)]
    started = time.perf_counter()
    with psycopg.connect(desk.owner.conninfo()) as connection, connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)
    return time.perf_counter() - started


def _make_row(number: int) -> tuple[str | float, ...]:
    day, place = f"2024-01-{number % 28 + 1:02d}", f"SRID=4326;POINT({_east(number)} {_north(number)})"
    return f"E{number}", f"Cơ sở số {number}", f"Công ty {number % 500}", number % 1000 + 0.5, day, place, "bench", "bench"


def _north(number: int) -> float:
    return 10 + number % 100 / 100


def _east(number: int) -> float:
    return 105 + number // 100 % 100 / 100
