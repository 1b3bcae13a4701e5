# SPDX-License-Identifier: MIT
"""A worker or its connection is killed while a transaction runs: nothing half-done is left, and nothing stays locked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.config import ROOT
from server.context import Context
from tests.protocol.wfs.transaction.conftest import Sender, Store, insert, point, post_element, put, update

# A worker that has written everything, told us so, and gets no further.
_WORKER = """
import sys, time
from server.access import Identity
from server.config import load_settings
from server.db.pool import Database
from server.db.store import find_logins
from server.features.write import open_door
from server.query.edits import Edit
from tests.editing_province import make_editing_catalog
settings, catalog = load_settings(), make_editing_catalog()
database = Database(find_logins(settings).in_database(sys.argv[1]), settings.database)
posts, wells = catalog.layer("posts"), catalog.layer("wells")
edits = [Edit("insert", posts, values={"code": f"M{n}"}) for n in range(500)]
with open_door(database, catalog, Identity("duyet", frozenset({"reviewer"})), "wfs") as (door, _):
    door.apply([*edits, Edit("update", wells, 1, {"name": "nửa chừng"}), Edit("delete", wells, 3)])
    print(len(door.inserted), flush=True)
    time.sleep(60)
"""
_COUNTS = (
    "SELECT (SELECT count(*) FROM official.posts), (SELECT count(*) FROM published.posts), (SELECT count(*) FROM history.posts),"
    " (SELECT string_agg(id || coalesce(name, ''), ',' ORDER BY id) FROM official.wells), (SELECT count(*) FROM xanh.change_set),"
    " (SELECT count(*) FROM xanh.reply)"
)
_KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename = 'xanh_writer' AND query LIKE 'INSERT INTO "official"."posts"%'
"""


def test_a_worker_killed_after_its_last_change_leaves_nothing(context: Context, reviewer: Sender, stores: Store) -> None:
    before = stores.rows(_COUNTS)
    name = context.database.logins.owner.dbname
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen([sys.executable, "-c", _WORKER, name], stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "500\n"
        assert stores.rows(_COUNTS) == before, "nobody sees it before it is all there"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
        worker.communicate()
    assert stores.rows(_COUNTS) == before
    # what it held is free again, and its names are as well
    assert reviewer.done(update("wells", put("name", "sau đó"), "wells.1") + insert(post_element("M1"))).totals == (1, 1, 0)


@pytest.mark.parametrize("attempt", range(2))
def test_a_connection_killed_while_a_transaction_runs_undoes_it_all(app: Flask, stores: Store, attempt: int) -> None:
    before = stores.rows(_COUNTS)
    inside = insert(*(post_element(f"M{attempt + 1}{number:05}", place=point("10.5 105.5")) for number in range(3000)))
    answers: list[TestResponse] = []
    thread = threading.Thread(target=lambda: answers.append(Sender(app.test_client(), "duyet").post(inside)))
    thread.start()
    killed = _kill_writer(stores)
    thread.join(timeout=60)
    assert killed
    (answer,) = answers
    assert answer.status_code == 500
    assert "ExceptionReport" in answer.text
    assert "terminat" not in answer.text
    assert stores.rows(_COUNTS) == before


def _kill_writer(stores: Store) -> bool:
    """End the connection that is inserting the rows, as soon as it is seen."""
    end = time.monotonic() + 20
    with stores.connect_admin() as connection:
        while time.monotonic() < end:
            if connection.execute(_KILL).fetchall():
                return True
            time.sleep(0.001)
    return False
