# SPDX-License-Identifier: MIT
"""`xanh key` as the operator types it."""

from __future__ import annotations

import pytest

from server.accounts.keys import KEY
from server.accounts.manage import NewAccount, add_account
from server.cli import main
from server.config import Settings
from server.db.store import Store


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["xanh", "key", *words])
    return main()


def test_a_key_is_made_shown_once_listed_and_revoked(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_account(store.database, settings.passwords, NewAccount("key.cmd", "editor"), "Giếng-nước-8")
    assert run(monkeypatch, "add", "key.cmd", "--layer", "stations", "--days", "30", "--note", "QGIS máy 3") == 0
    (key,) = capsys.readouterr().out.split()
    assert KEY.fullmatch(key)
    assert run(monkeypatch, "list") == 0
    shown = capsys.readouterr()
    assert "stations" in shown.out
    assert key not in shown.out + shown.err
    assert run(monkeypatch, "revoke", key[:13]) == 0
    assert run(monkeypatch, "revoke", key[:13]) == 1
    assert run(monkeypatch, "add", "nobody.here") == 1
    assert run(monkeypatch, "add", "key.cmd", "--role", "king") == 1
    assert run(monkeypatch, "add", "key.cmd", "--layer", "nope") == 1
    said = " ".join(capsys.readouterr().err.split())
    assert all(word in said for word in ("There is no key", "There is no account", "Roles are", "nope"))
