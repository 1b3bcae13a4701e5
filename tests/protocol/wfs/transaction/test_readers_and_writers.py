# SPDX-License-Identifier: MIT
"""Many read while some write: nothing fails, no reader waits for a writer, and no answer shows half of a transaction."""

from __future__ import annotations

import json

from flask import Flask

from bench.soak import Plan, soak
from server.context import Context
from tests.protocol.wfs.transaction.conftest import Sender, Store, insert, point, post_element, put, update

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"
_AT_ONCE = 5


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
        user = context.database.reader_login().user

        def watch() -> int:
            row = connection.execute(_WAITING, [user]).fetchone()
            return int(row[0]) if row else 0

        outcome = soak(Plan(50, 5, 4, read, write, watch))
    assert outcome.faults == []
    assert outcome.waits == 0
    assert outcome.looks > 5
    assert len(outcome.reads) > 50
    assert stores.value("SELECT count(*) FROM published.posts") == (len(outcome.writes) + 1) * _AT_ONCE
