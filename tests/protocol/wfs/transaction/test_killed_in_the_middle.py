# SPDX-License-Identifier: MIT
"""A server or its connection is killed in a transaction: nothing half-done is left, and locks outlive the process that gave them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.request import Request, urlopen
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.config import ROOT
from server.context import Context
from tests.protocol.wfs.conftest import NAMES
from tests.protocol.wfs.transaction.conftest import Sender, Store, choose, delete, insert, point, post_element, put, update

_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())

# The services as a process of their own, on the database named on its command line; it says its port.
_SERVER = """
import sys
from werkzeug.serving import make_server
from server.config import load_settings
from server.context import Context
from server.db.pool import Database
from server.db.store import find_logins
from tests.editing_province import make_app, make_editing_catalog
settings = load_settings()
database = Database(find_logins(settings).in_database(sys.argv[1]), settings.database)
server = make_server("127.0.0.1", 0, make_app(Context(settings, make_editing_catalog(), database)), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""
_COUNTS = (
    "SELECT (SELECT count(*) FROM official.posts), (SELECT count(*) FROM published.posts), (SELECT count(*) FROM history.posts),"
    " (SELECT string_agg(id || coalesce(name, ''), ',' ORDER BY id) FROM official.wells), (SELECT count(*) FROM xanh.change_set),"
    " (SELECT count(*) FROM xanh.reply)"
)
_WRITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND usename = 'xanh_writer' AND query LIKE 'INSERT INTO "official"."posts"%'
AND state <> 'idle' AND pid <> pg_backend_pid()
"""


@contextmanager
def serving(database: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process and its port; it is killed in the end, whatever it does."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", _SERVER, database], stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    try:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)


def send(port: int, sender: Sender, operation: str, inside: str) -> bytes:
    """An XML request over HTTP. Raises OSError when the server is gone."""
    body = f'<wfs:{operation} {_DECLARED} service="WFS" version="1.1.0">{inside}</wfs:{operation}>'
    request = Request(f"http://127.0.0.1:{port}/wfs", body.encode(), {"Content-Type": "text/xml", **sender.headers()})
    with urlopen(request, timeout=60) as answer:
        content: bytes = answer.read()
        return content


def test_a_server_killed_in_a_transaction_leaves_nothing_but_the_locks_it_gave(
    context: Context, reviewer: Sender, app: Flask, stores: Store
) -> None:
    with serving(context.database.logins.owner.dbname) as (process, port):
        answer = ElementTree.fromstring(send(port, reviewer, "LockFeature", f'<wfs:Lock typeName="wells">{choose("wells.2")}</wfs:Lock>'))
        lock_id = answer.findtext("wfs:LockId", "", NAMES)
        before = stores.rows(_COUNTS)
        rows = insert(*(post_element(f"M{number:05}", place=point("10.5 105.5")) for number in range(4000)))
        inside = update("wells", put("name", "nửa chừng"), "wells.1") + delete("wells", "wells.3") + rows
        with ThreadPoolExecutor() as pool:
            answered = pool.submit(send, port, reviewer, "Transaction", inside)
            assert _find_writer(stores), "the transaction runs"
            assert stores.rows(_COUNTS) == before, "nobody sees it before it is all there"
            process.send_signal(signal.SIGKILL)
            assert isinstance(answered.exception(timeout=60), OSError)
    assert stores.rows(_COUNTS) == before
    # what it was writing is free again, and the names it took are; the lock it gave holds in every other process
    assert reviewer.done(update("wells", put("name", "sau đó"), "wells.1") + insert(post_element("M1"))).totals == (1, 1, 0)
    change = update("wells", put("depth", "7"), "wells.2")
    assert "khóa" in Sender(app.test_client(), "quan").refused(change)[2]
    assert reviewer.done(f"<wfs:LockId>{lock_id}</wfs:LockId>{change}").totals == (0, 1, 0)


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
    pid = _find_writer(stores)
    with stores.connect_admin() as connection:
        return connection.execute("SELECT pg_terminate_backend(%s)", [pid]).fetchall() == [(True,)]


def _find_writer(stores: Store) -> int | None:
    """The connection that is inserting rows, as soon as it is seen."""
    end = time.monotonic() + 20
    with stores.connect_admin() as connection:
        while time.monotonic() < end:
            if found := connection.execute(_WRITING).fetchall():
                return int(found[0][0])
            time.sleep(0.001)
    return None
