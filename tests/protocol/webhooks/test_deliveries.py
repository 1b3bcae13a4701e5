# SPDX-License-Identifier: MIT
"""Webhooks: what is published is sent signed and in order, again until it is taken, and never to private addresses that are not allowed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from server.access import SYSTEM
from server.config import ROOT, Settings, Webhooks
from server.context import Context
from server.db.pool import Database
from server.errors import AccountRefused
from server.jobs.queue import put_job
from server.jobs.webhook import deliver_changes, order_deliveries
from server.jobs.webhook_door import Target, send
from server.jobs.webhook_register import (
    add_webhook,
    list_deliveries,
    list_webhooks,
    remove_webhook,
    resume_webhook,
    try_webhook,
)
from server.jobs.worker import work
from server.query.edits import Edit
from tests.editing_province import open_province
from tests.edits import apply_edits


@dataclass
class Follower:
    """Another system: takes messages and keeps them; answers with `status`."""

    status: int = 204
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None
    heard: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_port}/hook?from=xanh"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.taken]


@pytest.fixture
def follower() -> Iterator[Follower]:
    """One that listens."""
    it = Follower()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            it.taken.append(({name.lower(): value for name, value in self.headers.items()} | {"path": self.path}, body))
            it.heard()
            self.send_response(it.status)
            if it.status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    it.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=it.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield it
    it.server.shutdown()
    it.server.server_close()


@pytest.fixture(scope="module")
def province(database: Database, settings: Settings) -> Context:
    """The editing province; webhooks may go to this machine."""
    ours = Webhooks(allowed_networks=("127.0.0.0/8",), allow_http=True, timeout_s=2, max_attempts=3, max_changes=2)
    context = open_province(database, settings)
    context = replace(context, settings=context.settings.model_copy(update={"webhooks": ours}))
    publish(context, "M0")
    return context


@pytest.fixture
def context(province: Context) -> Context:
    """The same without webhooks of other tests."""
    for hook in list_webhooks(province):
        remove_webhook(province, hook.id)
    return province


def read_sample(name: str) -> Any:
    """A function out of the guide for agencies, as they would copy it."""
    text = (ROOT / "docs" / "agencies.md").read_text(encoding="utf-8")
    block = next(part.partition("```")[0] for part in text.split("```python")[1:] if f"def {name}" in part.partition("```")[0])
    names: dict[str, Any] = {}
    exec(block, names)
    return names[name]


def publish(context: Context, *codes: str) -> None:
    posts = context.catalog.layer("posts")
    edits = [Edit("insert", posts, values={"code": code}, geometry={"type": "Point", "coordinates": [105.5, 10.5]}) for code in codes]
    apply_edits(context.database, context.catalog, SYSTEM, edits, "test")


def send_all(context: Context) -> None:
    for webhook, layer in order_deliveries(context):
        deliver_changes(context, webhook, layer)


def test_what_is_published_is_sent_signed_in_order_and_once(context: Context, follower: Follower) -> None:
    _, secret = add_webhook(context, follower.url, ("posts",))
    publish(context, "M1", "M2", "M3")
    publish(context, "M4")
    send_all(context)
    sent = [change["feature"]["properties"]["code"] for body in follower.bodies for change in body["changes"]]
    assert sent == ["M1", "M2", "M3", "M4"]
    assert [body["more"] for body in follower.bodies] == [True, False]
    assert {body["type"] for body in follower.bodies} == {"layer.changes"}
    headers, body = follower.taken[0]
    assert headers["path"] == "/hook?from=xanh"
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 60
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), said, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    is_genuine = read_sample("is_genuine")
    assert is_genuine(secret, headers, body)
    assert not is_genuine(secret, headers, body + b" ")
    assert not is_genuine("whsec_AAAA", headers, body)
    send_all(context)
    assert len(follower.taken) == 2


def test_a_layer_nobody_asked_for_is_not_sent_and_without_names_every_public_one_is(context: Context, follower: Follower) -> None:
    add_webhook(context, follower.url, ("wells",))
    publish(context, "M10")
    send_all(context)
    assert follower.taken == []
    add_webhook(context, follower.url, None)
    publish(context, "M11")
    send_all(context)
    assert [body["layer"] for body in follower.bodies] == ["posts"]


@pytest.mark.parametrize("status", [500, 302, 404])
def test_what_is_not_taken_is_sent_again_later_with_the_same_id_until_the_webhook_is_paused(
    status: int, context: Context, follower: Follower
) -> None:
    hook, _ = add_webhook(context, follower.url, ("posts",))
    follower.status = status
    publish(context, f"M2{status}")
    send_all(context)
    assert order_deliveries(context) == [], "it waits"
    for _ in range(4):
        with context.database.writer() as connection:
            connection.execute("UPDATE xanh.webhook_position SET next_at = now()")
        send_all(context)
    assert len(follower.taken) == 3
    assert len({headers["webhook-id"] for headers, _ in follower.taken}) == 1
    assert [one.paused for one in list_webhooks(context)] == [True]
    log = list_deliveries(context, hook.id, 10)
    assert [(one.attempt, one.status, one.problem) for one in log] == [(n, status, f"answered {status}") for n in (3, 2, 1)]
    follower.status = 200
    resume_webhook(context, hook.id)
    send_all(context)
    assert follower.bodies[-1]["changes"][0]["feature"]["properties"]["code"] == f"M2{status}"
    assert order_deliveries(context) == []


def test_a_failure_in_the_midst_of_a_revision_loses_nothing(context: Context, follower: Follower) -> None:
    add_webhook(context, follower.url, ("posts",))
    publish(context, "M31", "M32", "M33")
    follower.status = 500
    send_all(context)
    follower.status = 200
    with context.database.writer() as connection:
        connection.execute("UPDATE xanh.webhook_position SET next_at = now()")
    send_all(context)
    sent = [change["feature"]["properties"]["code"] for body in follower.bodies[1:] for change in body["changes"]]
    assert sent == ["M31", "M32", "M33"]


def test_the_worker_of_the_queue_sends(context: Context, follower: Follower) -> None:
    add_webhook(context, follower.url, ("posts",))
    publish(context, "M40")
    assert len(order_deliveries(context)) == 1
    assert order_deliveries(context), "one that waits already is not put in twice"
    asyncio.run(work(context, until_empty=True))
    assert [len(body["changes"]) for body in follower.bodies] == [1]


def test_a_layer_filled_anew_tells_followers_to_begin_anew(context: Context, follower: Follower) -> None:
    add_webhook(context, follower.url, ("posts",))
    publish(context, "M50")
    with context.database.owner() as connection:
        connection.execute("UPDATE published.change SET revision = revision + 1 WHERE layer = 'posts' AND action = 'start'")
        connection.execute("UPDATE published.catalogue SET revision = revision + 1 WHERE layer = 'posts'")
    with context.database.writer() as connection:
        connection.execute("UPDATE xanh.webhook_position SET revision = 0")
    send_all(context)
    assert [(body["type"], body["changes"]) for body in follower.bodies] == [("layer.reset", [])]


def test_a_layer_first_published_later_tells_followers_to_read_it(context: Context, follower: Follower) -> None:
    add_webhook(context, follower.url, ("posts", "canals"))
    with context.database.writer() as connection:
        connection.execute("DELETE FROM xanh.webhook_position WHERE layer = 'canals'")
    send_all(context)
    assert [(body["type"], body["layer"]) for body in follower.bodies] == [("layer.reset", "canals")]
    send_all(context)
    assert len(follower.taken) == 1


def test_a_try_says_what_the_other_side_answered(context: Context, follower: Follower) -> None:
    hook, _ = add_webhook(context, follower.url, None, "Sở Y tế")
    assert (try_webhook(context, hook.id).status, follower.bodies) == (204, [{"type": "ping", "webhook": hook.id}])
    follower.status = 503
    assert try_webhook(context, hook.id).problem == "answered 503"
    with pytest.raises(AccountRefused):
        try_webhook(context, "hook_none")


def test_a_silent_or_absent_target_is_a_failure_and_not_a_hang(context: Context) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        settings = context.settings.webhooks.model_copy(update={"timeout_s": 0.2})
        target = Target(f"http://127.0.0.1:{deaf.getsockname()[1]}/", "whsec_AAAA")
        outcome = send(target, "msg_1", b"{}", settings)
    assert (outcome.status, outcome.problem is not None) == (None, True)
    assert outcome.took_ms < 5000
    assert send(target, "msg_1", b"{}", settings).status is None


def test_an_answer_that_trickles_is_broken_off_in_time(context: Context) -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:

        def trickle() -> None:
            taken, _ = slow.accept()
            with taken, suppress(OSError):
                for _ in range(100):
                    taken.sendall(b"HTTP/1.1 200 OK\r\n"[:1])
                    time.sleep(0.05)

        threading.Thread(target=trickle, daemon=True).start()
        settings = context.settings.webhooks.model_copy(update={"timeout_s": 0.3})
        outcome = send(Target(f"http://127.0.0.1:{slow.getsockname()[1]}/", "whsec_AAAA"), "msg_1", b"{}", settings)
    assert outcome.problem is not None
    assert outcome.took_ms < 2000


def test_a_target_that_does_not_answer_holds_up_neither_others_nor_our_own_jobs(
    context: Context, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    single = context.settings.exports.model_copy(update={"workers": 1})
    context = replace(context, settings=context.settings.model_copy(update={"exports": single}))
    moments: dict[str, float] = {}
    monkeypatch.setattr("server.jobs.tidy.tidy_exports", lambda _: moments.setdefault("tidied", time.monotonic()))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        hook, _ = add_webhook(context, f"http://127.0.0.1:{deaf.getsockname()[1]}/", ("posts",))
        add_webhook(context, follower.url, ("posts",))
        publish(context, "M60")
        assert len(order_deliveries(context)) == 2
        put_job(context, "tidy", timestamp=0)
        follower.heard = lambda: moments.setdefault("sent", time.monotonic())
        asyncio.run(work(context, until_empty=True))
    over = time.monotonic()
    assert [one.status for one in list_deliveries(context, hook.id, 5)] == [None]
    assert over - moments["sent"] > 0.3
    assert over - moments["tidied"] > 0.3


def test_what_signs_cannot_be_read_from_the_database(context: Context, follower: Follower) -> None:
    hook, secret = add_webhook(context, follower.url, None)
    with context.database.writer() as connection:
        rows = connection.execute("SELECT w::text FROM xanh.webhook w").fetchall()
    assert len(rows) == 1
    assert secret not in rows[0][0]
    assert secret.removeprefix("whsec_") not in rows[0][0]
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    remove_webhook(context, hook.id)
    assert add_webhook(context, follower.url, None)[1] != secret


@pytest.mark.parametrize(
    "url",
    [
        "http://1.1.1.1/",
        "ftp://1.1.1.1/",
        "file:///etc/passwd",
        "https://user:word@1.1.1.1/",
        "https://1.1.1.1/#x",
        "https://1.1.1.1:99999/",
        "https://",
        "https://[::1",
        "https://a b/",
        "https://1.1.1.1/\r\nX: y",
        "https://1.1.1.1/" + "x" * 3000,
        "https://[::1]/",
    ],
)
def test_addresses_that_are_none_are_refused(url: str, context: Context) -> None:
    strict = replace(context, settings=context.settings.model_copy(update={"webhooks": Webhooks()}))
    with pytest.raises(AccountRefused):
        add_webhook(strict, url, None)
    assert list_webhooks(context) == []


def test_layers_that_are_not_public_are_refused(context: Context, follower: Follower) -> None:
    with pytest.raises(AccountRefused, match="not public"):
        add_webhook(context, follower.url, ("secrets",))
    add_webhook(context, follower.url, None)
    with context.database.owner() as connection:
        connection.execute("UPDATE published.catalogue SET revision = revision + 1 WHERE layer = 'secrets'")
    send_all(context)
    assert "secrets" not in {body["layer"] for body in follower.bodies}
