# SPDX-License-Identifier: MIT
"""A change sent again under the same name is answered as before and not carried out again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.context import Context
from tests.editing_province import make_app
from tests.protocol.wfs.transaction.conftest import Sender, Store, delete, insert, post_element, update
from tests.protocol.wfs.transaction.conftest import put as set_property
from tests.protocol.wfs.transaction.newer import post32, send_new

_numbers = iter(range(1000, 100_000))
_NAMES = 'xmlns:wfs="http://www.opengis.net/wfs" xmlns:xanh="urn:xanh:layers"'
_BODY = f'<wfs:Transaction {_NAMES} service="WFS" version="1.1.0" {{}}>{{}}</wfs:Transaction>'


def send(sender: Sender, inside: str, key: str | None, *, path: str = "/wfs", attributes: str = "") -> TestResponse:
    """A transaction that bears a name in the header."""
    headers = {**sender.headers(), **({"Idempotency-Key": key} if key else {})}
    return sender.client.post(path, data=_BODY.format(attributes, inside).encode(), content_type="text/xml", headers=headers)


def new_post() -> str:
    """An insert of a post nobody has inserted before."""
    return insert(post_element(f"M{next(_numbers)}"))


def count(stores: Store) -> int:
    """Posts there are."""
    return int(stores.value("SELECT count(*) FROM official.posts"))


@pytest.mark.parametrize("way", ["header", "quoted header", "parameter", "handle"])
def test_a_transaction_sent_twice_is_carried_out_once_and_answered_alike(reviewer: Sender, stores: Store, way: str) -> None:
    inside, before = new_post(), count(stores)
    options: dict[str, dict[str, Any]] = {
        "header": {"key": "k-1"},
        "quoted header": {"key": '"k-2"'},
        "parameter": {"key": None, "path": "/wfs?IdempotencyKey=k-3"},
        "handle": {"key": None, "attributes": 'handle="urn:uuid:0b2a5dbe-5f1b-4d4c-8f0e-7b1b7e8f3c11"'},
    }
    first, second = (send(reviewer, inside, **options[way]) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.data == second.data
    assert b"posts." in first.data
    assert ("Idempotent-Replayed" in first.headers, second.headers["Idempotent-Replayed"]) == (False, "true")
    assert count(stores) == before + 1


def test_without_a_name_it_is_carried_out_each_time(reviewer: Sender, stores: Store) -> None:
    before = count(stores)
    for _ in range(2):
        assert send(reviewer, insert("<xanh:permits><xanh:number>1</xanh:number></xanh:permits>"), None).status_code == 200
    assert stores.value("SELECT count(*) FROM official.permits") == 2
    assert count(stores) == before


def test_a_name_given_to_another_request_is_refused(reviewer: Sender, editor: Sender, stores: Store) -> None:
    assert b"TransactionResponse" in send(reviewer, new_post(), "k-other").data
    answer = send(reviewer, new_post(), "k-other")
    assert b'locator="Idempotency-Key"' in answer.data
    before = count(stores)
    assert b"TransactionResponse" in send(editor, new_post(), "k-other").data, "names are each account's own"
    assert count(stores) == before + 1


@pytest.mark.parametrize("key", ["x" * 201, "a b", "ký-tự", ""])
def test_a_name_that_cannot_be_is_refused(reviewer: Sender, stores: Store, key: str) -> None:
    before = count(stores)
    headers = {**reviewer.headers(), "Idempotency-Key": f'"{key}"'}
    answer = reviewer.client.post("/wfs", data=_BODY.format("", new_post()).encode(), content_type="text/xml", headers=headers)
    assert b"ExceptionReport" in answer.data
    assert count(stores) == before


def test_what_was_refused_may_be_sent_again(reviewer: Sender, stores: Store) -> None:
    code = f"M{next(_numbers)}"
    reviewer.done(insert(post_element(code)))
    inside = insert(post_element(code))
    assert b"ExceptionReport" in send(reviewer, inside, "k-refused").data
    stores.change(f"DELETE FROM official.posts WHERE code = '{code}'")
    assert b"TransactionResponse" in send(reviewer, inside, "k-refused").data


def test_a_name_is_forgotten_when_its_time_is_over(reviewer: Sender, stores: Store) -> None:
    inside = new_post()
    first = send(reviewer, inside, "k-old")
    stores.change("UPDATE xanh.reply SET expires_at = now() - interval '1 second' WHERE key = 'k-old'")
    again = send(reviewer, inside, "k-old")
    assert first.data != again.data
    assert b"ExceptionReport" in again.data, "the code is taken now: it was carried out anew"
    assert stores.value("SELECT count(*) FROM xanh.reply WHERE expires_at > now() + interval '25 hours'") == 0


def test_of_two_at_the_same_moment_one_is_carried_out_and_both_are_answered_alike(app: Flask, stores: Store) -> None:
    for attempt in range(5):
        inside, before = new_post(), count(stores)
        clients = [Sender(app.test_client(), "duyet") for _ in range(4)]
        ask = partial(send, inside=inside, key=f"k-race-{attempt}")
        with ThreadPoolExecutor(len(clients)) as pool:
            answers = list(pool.map(ask, clients))
        assert len({answer.data for answer in answers}) == 1, [answer.text for answer in answers]
        assert b"TransactionResponse" in answers[0].data
        assert count(stores) == before + 1


def test_a_change_taken_back_by_an_error_leaves_no_answer(reviewer: Sender, stores: Store) -> None:
    send(reviewer, new_post() + delete("zones", "zones.999999") + update("wells", set_property("kind", "nothing"), "wells.1"), "k-error")
    assert stores.value("SELECT count(*) FROM xanh.reply WHERE key = 'k-error'") == 0


def test_transactions_of_2_0_0_have_names_too(reviewer: Sender, stores: Store) -> None:
    inside, before = f"<wfs:Insert>{post32(f'M{next(_numbers)}')}</wfs:Insert>", count(stores)
    name = 'handle="urn:uuid:9a2a5dbe-5f1b-4d4c-8f0e-7b1b7e8f3c12"'
    answers = [send_new(reviewer, "Transaction", inside, name).data for _ in range(2)]
    assert answers[0] == answers[1]
    assert count(stores) == before + 1


def test_changes_through_the_ogc_api_have_names_too(reviewer: Sender, stores: Store) -> None:
    path, before = "/ogcapi/collections/posts/items", count(stores)
    headers = {**reviewer.headers(), "Idempotency-Key": "k-ogc"}
    body = {"type": "Feature", "geometry": None, "properties": {"code": f"M{next(_numbers)}"}}
    first, second = (reviewer.client.post(path, json=body, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code, first.data) == (201, 201, second.data)
    assert first.headers["Location"] == second.headers["Location"]
    assert first.headers["ETag"] == second.headers["ETag"] == '"v1"'
    assert second.headers["Idempotent-Replayed"] == "true"
    assert count(stores) == before + 1
    item = f"{path}/{json.loads(first.data)['id']}"
    changes = {"type": "Feature", "properties": {"note": "một lần"}}
    patches = [
        reviewer.client.patch(item, json=changes, headers={**headers, "Idempotency-Key": "k-patch", "If-Match": '"v1"'}) for _ in range(2)
    ]
    assert [answer.status_code for answer in patches] == [200, 200]
    assert json.loads(patches[1].data)["properties"]["version"] == 2
    removals = [reviewer.client.delete(item, headers={**headers, "Idempotency-Key": "k-delete"}) for _ in range(2)]
    assert [answer.status_code for answer in removals] == [204, 204]
    assert reviewer.client.delete(item, headers=headers).status_code == 400, "the name was given to another request"
    assert reviewer.client.delete(item, headers={**headers, "Idempotency-Key": "k-delete-2"}).status_code == 404


def test_the_time_answers_are_kept_stands_in_config(context: Context, stores: Store) -> None:
    limits = context.settings.limits.model_copy(update={"idempotency_hours": 0.5})
    settings = context.settings.model_copy(update={"limits": limits})
    short = Sender(make_app(replace(context, settings=settings)).test_client(), "duyet")
    send(short, new_post(), "k-short")
    assert stores.value("SELECT expires_at < now() + interval '31 minutes' FROM xanh.reply WHERE key = 'k-short'") is True
