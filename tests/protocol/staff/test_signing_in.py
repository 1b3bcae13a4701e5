# SPDX-License-Identifier: MIT
"""Staff sign in in a browser: a cookie for `/can-bo` alone, forms with a token, and an end to every session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from server.accounts.authenticate import Credentials
from server.accounts.keys import NewKey, add_key
from server.accounts.manage import NewAccount, add_account, remove_account, set_password
from server.accounts.sessions import find_session, open_session
from server.context import Context
from server.errors import NotAuthenticated
from tests.editing_province import PASSWORD
from tests.protocol.staff.conftest import Staff

People = Callable[[str], Staff]


def test_whoever_is_not_signed_in_is_led_to_the_form_and_back(app: Flask, context: Context) -> None:
    client = app.test_client()
    answer = client.get("/can-bo/nap")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/can-bo/dang-nhap?tiep=%2Fcan-bo%2Fnap")
    page = client.get(answer.headers["Location"])
    assert "Mật khẩu" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    signed = client.post("/can-bo/dang-nhap", data={"account": "sua", "password": PASSWORD, "tiep": "/can-bo/nap"})
    assert signed.headers["Location"] == "/can-bo/nap"
    cookie = signed.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/can-bo"))
    assert "Đang dùng tài khoản sua" in client.get("/can-bo/nap").text
    assert "Signed in as sua" in client.get("/can-bo/nap?lang=en").text


@pytest.mark.parametrize(
    "page", ["https://stranger.example/", "//stranger.example", "/can-bo/\\stranger", "/map", "/can-bo/dang-nhap", "\n"]
)
def test_after_signing_in_nobody_is_led_elsewhere(page: str, app: Flask) -> None:
    answer = app.test_client().post("/can-bo/dang-nhap", data={"account": "sua", "password": PASSWORD, "tiep": page})
    assert answer.headers["Location"] == "/can-bo"


def test_wrong_passwords_and_keys_of_programs_open_nothing(app: Flask, context: Context) -> None:
    client = app.test_client()
    key = add_key(context.database, context.catalog, NewKey("sua", ("wells",)))
    for name, password in (("sua", "wrong"), ("nobody", PASSWORD), ("", ""), ("sua", key), ("sua\0", PASSWORD), ("x" * 5000, "y" * 5000)):
        answer = client.post("/can-bo/dang-nhap", data={"account": name, "password": password})
        assert answer.status_code == 403
        assert 'role="alert"' in answer.text
        assert "Set-Cookie" not in answer.headers
    with pytest.raises(NotAuthenticated):
        open_session(context, Credentials("sua", key))


def test_a_new_password_and_a_removed_account_end_their_sessions(context: Context, app: Flask) -> None:
    add_account(context.database, context.settings.passwords, NewAccount("khach", "editor"), PASSWORD)
    first = open_session(context, Credentials("khach", PASSWORD))
    assert find_session(context, first) is not None
    set_password(context.database, context.settings.passwords, "khach", "Mat-khau-moi-1")
    assert find_session(context, first) is None
    second = open_session(context, Credentials("khach", "Mat-khau-moi-1"))
    remove_account(context.database, "khach")
    assert find_session(context, second) is None
    assert find_session(context, "x" * 10_000) is None
    assert find_session(context, "") is None


def test_a_session_ends_when_nobody_uses_it(context: Context) -> None:
    token = open_session(context, Credentials("sua", PASSWORD))
    short = context.settings.sessions.model_copy(update={"idle_minutes": 1e-6})
    assert find_session(replace(context, settings=context.settings.model_copy(update={"sessions": short})), token) is None
    assert find_session(context, token) is not None


def test_signing_out_ends_the_session_on_the_server_too(staff: People, context: Context) -> None:
    somebody = staff("sua")
    cookie = somebody.client.get_cookie("xanh_staff", path="/can-bo")
    assert cookie is not None
    assert somebody.post("/can-bo/dang-xuat").status_code == 303
    assert find_session(context, cookie.value) is None
    assert somebody.get("/can-bo").status_code == 303


def test_forms_of_other_sites_and_without_token_do_nothing(staff: People) -> None:
    somebody = staff("sua")
    for given, headers in (
        ({}, {}),
        ({"token": "0" * 64}, {}),
        ({"token": "ă"}, {}),
        ({"token": somebody.token()}, {"Sec-Fetch-Site": "cross-site"}),
        ({"token": somebody.token()}, {"Origin": "https://stranger.example"}),
    ):
        answer = somebody.client.post("/can-bo/dang-xuat", data=given, headers=headers)
        assert answer.status_code == 403, given
        assert "Không được phép" in answer.text
    assert somebody.get("/can-bo").status_code == 200
