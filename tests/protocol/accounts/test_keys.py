# SPDX-License-Identifier: MIT
"""Keys instead of passwords: what they open, what they do not, and how they end."""

from __future__ import annotations

import pytest
from flask import Flask

from server.accounts.keys import NewKey, add_key, end_key, list_keys
from server.accounts.manage import NewAccount, add_account, remove_account
from server.context import Context
from server.errors import AccountRefused, LayerNotDefined
from tests.protocol.accounts.conftest import PASSWORD, Somebody, write_basic

_DRAFT = "/ogcapi/collections/wells/items/2001"
_ZONE = "/ogcapi/collections/zones/items/1"


def make_key(context: Context, account: str, **wanted: object) -> str:
    """A key of an account."""
    return add_key(context.database, context.catalog, NewKey(account, **wanted))  # type: ignore[arg-type]


def test_a_key_opens_what_its_account_may_as_password_and_as_bearer(app: Flask, context: Context) -> None:
    key = make_key(context, "lan")
    for credentials in (write_basic("lan", key), f"Bearer {key}", f"bearer  {key}"):
        assert Somebody(app.test_client(), credentials).get(_DRAFT).status_code == 200
    assert Somebody(app.test_client(), f"Bearer {key}").get_json(_ZONE)["properties"]["name"] == "Khu số 1"


def test_a_key_narrows_its_account_and_never_widens_it(app: Flask, context: Context) -> None:
    narrow = Somebody(app.test_client(), f"Bearer {make_key(context, 'minh', layers=('zones',))}")
    assert narrow.get_json(_ZONE)["properties"]["name"] == "Khu đang sửa"
    assert narrow.get(_DRAFT).status_code == 404
    looking = Somebody(app.test_client(), f"Bearer {make_key(context, 'minh', role='viewer')}")
    assert looking.get(_DRAFT).status_code == 404
    wide = Somebody(app.test_client(), f"Bearer {make_key(context, 'lan', layers=('zones', 'wells'), role='admin')}")
    assert wide.get(_DRAFT).status_code == 200
    assert wide.get_json(_ZONE)["properties"]["name"] == "Khu số 1"


@pytest.mark.parametrize("change", ["other account", "last sign", "cut", "of nobody", "case"])
def test_a_wrong_key_opens_nothing(app: Flask, context: Context, change: str) -> None:
    key = make_key(context, "minh")
    wrong = {
        "other account": write_basic("lan", key),
        "last sign": f"Bearer {key[:-1]}{'A' if key[-1] != 'A' else 'B'}",
        "cut": f"Bearer {key[:-1]}",
        "of nobody": f"Bearer xanh_00000000_{key[14:]}",
        "case": f"Bearer {key.upper()}",
    }[change]
    answer = Somebody(app.test_client(), wrong).get(_DRAFT)
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers


def test_a_key_ends_when_it_expires_is_revoked_or_its_account_goes(app: Flask, context: Context) -> None:
    who = Somebody(app.test_client(), f"Bearer {make_key(context, 'minh', days=1, note='tạm')}")
    assert who.get(_DRAFT).status_code == 200
    with context.database.writer() as connection:
        connection.execute("UPDATE xanh.api_key SET expires_at = now() WHERE note = 'tạm'")
    assert who.get(_DRAFT).status_code == 401
    key = make_key(context, "minh")
    who = Somebody(app.test_client(), f"Bearer {key}")
    assert who.get(_DRAFT).status_code == 200
    end_key(context.database, key[:13])
    assert who.get(_DRAFT).status_code == 401
    with pytest.raises(AccountRefused):
        end_key(context.database, key[:13])
    add_account(context.database, context.settings.passwords, NewAccount("nam", "admin"), PASSWORD)
    key = make_key(context, "nam")
    remove_account(context.database, "nam")
    add_account(context.database, context.settings.passwords, NewAccount("nam", "admin"), PASSWORD)
    assert Somebody(app.test_client(), f"Bearer {key}").get(_DRAFT).status_code == 401


def test_a_key_goes_on_while_its_account_is_locked(app: Flask, context: Context) -> None:
    """Else whoever knows a name could stop the programs of its owner."""
    add_account(context.database, context.settings.passwords, NewAccount("bay", "editor"), PASSWORD)
    key = make_key(context, "bay")
    for _ in range(6):
        assert Somebody(app.test_client(), write_basic("bay", "wrong")).get(_DRAFT).status_code == 401
    assert Somebody(app.test_client(), write_basic("bay", PASSWORD)).get(_DRAFT).status_code == 401
    assert Somebody(app.test_client(), write_basic("bay", key)).get(_DRAFT).status_code == 200


def test_the_database_holds_no_key_and_remembers_its_use(app: Flask, context: Context) -> None:
    key = make_key(context, "minh", note="máy bàn")
    Somebody(app.test_client(), f"Bearer {key}").get(_DRAFT)
    with context.database.writer() as connection:
        rows = connection.execute("SELECT k::text, last_used_at IS NOT NULL FROM xanh.api_key k WHERE note = 'máy bàn'").fetchall()
    assert [row[1] for row in rows] == [True]
    assert key[14:] not in rows[0][0]
    assert [one.id for one in list_keys(context.database) if one.note == "máy bàn"] == [key[5:13]]


def test_a_key_of_nobody_or_for_no_layer_is_not_made(context: Context) -> None:
    with pytest.raises(AccountRefused):
        make_key(context, "nobody")
    with pytest.raises(LayerNotDefined):
        make_key(context, "minh", layers=("nothing",))
    with pytest.raises(AccountRefused):
        make_key(context, "minh", note="a\nb")
