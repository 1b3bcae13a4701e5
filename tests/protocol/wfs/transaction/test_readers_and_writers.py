# SPDX-License-Identifier: MIT
"""Many read while some write: nothing fails, no reader waits for a writer, and no answer shows half of a transaction."""

from __future__ import annotations

import json
import threading
import time
from functools import partial
from typing import Any

from flask import Flask
from psycopg import Connection

from bench.soak import Plan, soak
from server.context import Context
from tests.protocol.wfs.transaction.conftest import Sender, Store, insert, point, post_element, put, update

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"
_AT_ONCE = 5


def count_waiting(connection: Connection[Any], context: Context) -> int:
    """How many readers wait for a lock at this moment."""
    row = connection.execute(_WAITING, [context.database.reader_login().user]).fetchone()
    return int(row[0]) if row else 0


def test_a_reader_that_waits_would_be_seen(app: Flask, context: Context, stores: Store) -> None:
    """What the soak looks for is there when somebody locks readers out."""
    answers: list[int] = []
    path = "/wfs?service=WFS&version=1.1.0&request=GetFeature&typename=wells"
    reader = threading.Thread(target=lambda: answers.append(app.test_client().get(path).status_code))
    with stores.connect_admin() as watching, stores.connect_admin() as locking:
        assert count_waiting(watching, context) == 0
        with locking.transaction():
            locking.execute("LOCK TABLE published.wells IN ACCESS EXCLUSIVE MODE")
            reader.start()
            end = time.monotonic() + 10
            while not (seen := count_waiting(watching, context)) and time.monotonic() < end:
                time.sleep(0.02)
        reader.join()
    assert seen == 1
    assert answers == [200]


def test_fifty_readers_beside_five_writers(app: Flask, context: Context, stores: Store) -> None:
    paths = (
        "/wfs?service=WFS&version=1.1.0&request=GetFeature&typename=posts",
        "/wfs?service=WFS&version=1.1.0&request=GetFeature&typename=wells&resulttype=hits",
        "/ogcapi/collections/posts/items?f=json&limit=100000",
    )

    def read(number: int, done: int) -> str | None:
        answer = app.test_client().get(paths[(number + done) % len(paths)])
        if answer.status_code != 200:
            return f"{answer.status_code} {answer.text[:200]}"
        if answer.content_type.startswith("application/geo+json"):
            codes = [feature["properties"]["code"] for feature in json.loads(answer.data)["features"]]
            if len(codes) % _AT_ONCE:
                return f"{len(codes)} features: half of a transaction"
        return None

    def write(number: int, done: int) -> str | None:
        first = (number + 1) * 100_000 + done * _AT_ONCE
        new = (post_element(f"M{first + one}", place=point(f"10.{one} 105.5")) for one in range(_AT_ONCE))
        inside = insert(*new) + update("wells", put("depth", f"{done}.5"), "wells.1 wells.2")
        answer = Sender(app.test_client(), ("duyet", "quan")[number % 2]).post(inside)
        return None if b"TransactionResponse" in answer.data else answer.text

    send_five = insert(*(post_element(f"M{number}") for number in range(_AT_ONCE)))
    Sender(app.test_client(), "duyet").done(send_five)
    with stores.connect_admin() as connection:
        outcome = soak(Plan(50, 5, 4, read, write, partial(count_waiting, connection, context)))
    assert outcome.faults == []
    assert outcome.waits == 0
    assert outcome.looks > 5
    assert len(outcome.reads) > 50
    assert stores.value("SELECT count(*) FROM published.posts") == (len(outcome.writes) + 1) * _AT_ONCE
