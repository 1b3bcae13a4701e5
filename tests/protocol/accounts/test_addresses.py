# SPDX-License-Identifier: MIT
"""An address that sends wrong passwords under ever new names is blocked, and nobody else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from server.accounts.manage import NewAccount, add_account
from server.context import Context
from server.ogcapi.routes import blueprint as ogcapi_room
from server.signin import install_signin
from tests.protocol.accounts.conftest import PASSWORD, write_basic

_DRAFT = "/ogcapi/collections/wells/items/2001"


@pytest.fixture
def guarded(context: Context) -> Flask:
    """The services with a ceiling of four wrong passwords per address."""
    limits = context.settings.limits.model_copy(update={"address_failures": 4})
    app = Flask("addresses_test", static_folder=None)
    stricter = replace(context, settings=context.settings.model_copy(update={"limits": limits}))
    install_signin(app, stricter)
    app.register_blueprint(ogcapi_room(stricter))
    with context.database.writer() as connection:
        connection.execute("DELETE FROM xanh.address_failure")
    return app


def ask(app: Flask, address: str, name: str, password: str) -> int:
    """The status of a question from an address."""
    answer = app.test_client().get(_DRAFT, headers={"Authorization": write_basic(name, password)}, environ_base={"REMOTE_ADDR": address})
    return answer.status_code


@pytest.mark.parametrize(
    ("guesser", "neighbour", "other"),
    [("203.0.113.7", "203.0.113.7", "203.0.113.8"), ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")],
)
def test_the_fourth_wrong_password_blocks_the_address_for_new_passwords(
    guarded: Flask, context: Context, guesser: str, neighbour: str, other: str
) -> None:
    for number in range(4):
        assert ask(guarded, guesser, f"nobody{number}", "wrong") == 401
    assert ask(guarded, neighbour, "xem", "wrong-too") == 401
    assert ask(guarded, other, "minh", PASSWORD) == 200
    with context.database.writer() as connection:
        rows = connection.execute("SELECT failures, blocked_until > now() FROM xanh.address_failure").fetchall()
        assert rows == [(4, True)], "what comes while it is blocked is not even looked at"
        connection.execute("UPDATE xanh.address_failure SET last_at = now() - interval '1 day', blocked_until = now() - interval '1 hour'")
    assert ask(guarded, guesser, "nobody", "wrong") == 401
    with context.database.writer() as connection:
        assert connection.execute("SELECT failures, blocked_until FROM xanh.address_failure").fetchall() == [(1, None)]


def test_the_right_password_is_refused_too_while_the_address_is_blocked(guarded: Flask, context: Context) -> None:
    add_account(context.database, context.settings.passwords, NewAccount("chin", "editor", ("wells",)), PASSWORD)
    for _ in range(4):
        ask(guarded, "198.51.100.1", "nobody", "wrong")
    assert ask(guarded, "198.51.100.1", "chin", PASSWORD) == 401
    assert ask(guarded, "198.51.100.2", "chin", PASSWORD) == 200
    assert ask(guarded, "198.51.100.1", "chin", PASSWORD) == 200, "known to be right since: asked without a new guess"
