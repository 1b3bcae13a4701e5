# SPDX-License-Identifier: MIT
"""HTTP Basic on WFS and OGC API: right, wrong, malformed, locked, removed."""

from __future__ import annotations

import base64
import json
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.accounts.manage import NewAccount, add_account, list_accounts, remove_account, set_password
from server.context import Context
from tests.protocol.accounts.conftest import PASSWORD, Somebody, write_basic

_ITEMS = "/ogcapi/collections/wells/items?limit=1"
_DRAFT = "/ogcapi/collections/wells/items/2001"
_HITS = "/wfs?service=WFS&version=1.1.0&request=GetFeature&typename=wells&resulttype=hits"


def assert_refused(answer: TestResponse) -> None:
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Xanh", charset="UTF-8"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Location" not in answer.headers


def basic(text: bytes) -> str:
    return "Basic " + base64.b64encode(text).decode()


@pytest.mark.parametrize(
    "credentials",
    [
        write_basic("lan", "wrong"),
        write_basic("lan", ""),
        write_basic("nobody", PASSWORD),
        write_basic("", ""),
        write_basic("LAN", PASSWORD),
        write_basic("lan ", PASSWORD),
        write_basic("lan' OR '1'='1", "' OR '1'='1"),
        write_basic("lan'; DELETE FROM xanh.account; --", PASSWORD),
        write_basic("lan\0", PASSWORD),
        write_basic("lan\n", PASSWORD),
        write_basic("Đặng Thị ۞", PASSWORD),
        write_basic("n" * 5000, "p" * 3000),
        write_basic("anonymous", ""),
        write_basic("system", ""),
        basic(b"lan"),
        basic(b"\xff\xfe:\xff"),
        "Basic",
        "Basic !!!!",
        "Basic " + "A" * 4001,
        "Bearer abc",
        "Digest username=lan",
        "",
    ],
)
def test_wrong_unknown_and_malformed_credentials_are_refused_with_a_challenge(credentials: str, app: Flask) -> None:
    who = Somebody(app.test_client(), credentials)
    assert_refused(who.get(_ITEMS))
    assert_refused(who.get("/ogcapi"))


def test_each_service_refuses_in_its_own_words(app: Flask) -> None:
    who = Somebody(app.test_client(), write_basic("nobody", "x"))
    problem = who.get(_ITEMS)
    assert problem.content_type == "application/problem+json"
    assert json.loads(problem.data)["status"] == 401
    report = who.get(_HITS)
    assert_refused(report)
    assert ElementTree.fromstring(report.data).tag == "{http://www.opengis.net/ows}ExceptionReport"
    assert_refused(app.test_client().post("/wfs", data="<x/>", headers={"Authorization": who.credentials or ""}))


def test_the_refusal_does_not_tell_a_wrong_password_from_an_unknown_name(app: Flask) -> None:
    client = app.test_client()
    texts = {Somebody(client, write_basic(name, "wrong-Pass-1")).get(_ITEMS).text for name in ("minh", "nobody", "not a name")}
    assert len(texts) == 1


def test_the_scheme_may_be_spelled_in_any_case(editor: Somebody) -> None:
    lower = Somebody(editor.client, (editor.credentials or "").replace("Basic", "basic"))
    assert lower.get(_DRAFT).status_code == 200


def test_five_wrong_passwords_lock_an_account_until_the_operator_or_time_unlocks_it(app: Flask, context: Context) -> None:
    client = app.test_client()
    right = Somebody(client, write_basic("khoa", PASSWORD))
    wrong = Somebody(client, write_basic("khoa", "wrong"))
    assert right.get(_DRAFT).status_code == 200
    for _ in range(4):
        assert_refused(wrong.get(_ITEMS))
    assert right.get(_DRAFT).status_code == 200
    assert_refused(wrong.get(_ITEMS))
    assert_refused(right.get(_DRAFT))
    with context.database.writer() as connection:
        connection.execute("UPDATE xanh.account SET locked_until = now() - interval '1 second' WHERE name = 'khoa'")
    assert right.get(_DRAFT).status_code == 200
    assert_refused(wrong.get(_ITEMS))
    assert right.get(_DRAFT).status_code == 200
    for _ in range(6):
        assert_refused(wrong.get(_ITEMS))
    assert [one.locked_until is not None for one in list_accounts(context.database) if one.name == "khoa"] == [True]
    set_password(context.database, context.settings.passwords, "khoa", "Giếng-nước-9")
    assert_refused(right.get(_DRAFT))
    assert Somebody(client, write_basic("khoa", "Giếng-nước-9")).get(_DRAFT).status_code == 200


def test_a_removed_account_and_an_old_password_end_at_once(app: Flask, context: Context) -> None:
    rule, client = context.settings.passwords, app.test_client()
    wanted = NewAccount("tam", "editor", ("wells",))
    add_account(context.database, rule, wanted, PASSWORD)
    who = Somebody(client, write_basic("tam", PASSWORD))
    assert who.get(_DRAFT).status_code == 200
    set_password(context.database, rule, "tam", "Another-word-1")
    assert_refused(who.get(_DRAFT))
    now = Somebody(client, write_basic("tam", "Another-word-1"))
    assert now.get(_DRAFT).status_code == 200
    remove_account(context.database, "tam")
    assert_refused(now.get(_DRAFT))
    add_account(context.database, rule, NewAccount("tam", "viewer"), "Another-word-1")
    assert now.get(_DRAFT).status_code == 404


def test_a_password_with_a_colon_and_accents_arrives_whole(app: Flask, context: Context) -> None:
    add_account(context.database, context.settings.passwords, NewAccount("hai", "editor"), "Mật:khẩu:số-1")
    assert Somebody(app.test_client(), write_basic("hai", "Mật:khẩu:số-1")).get(_DRAFT).status_code == 200
