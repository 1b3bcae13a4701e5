# SPDX-License-Identifier: MIT
"""`xanh webhook` as the operator types it."""

from __future__ import annotations

import pytest

from server.cli import main
from server.db.store import Store


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["xanh", "webhook", *words])
    return main()


def test_a_webhook_is_made_its_secret_shown_once_listed_and_removed(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert store.database is not None
    assert run(monkeypatch, "add", "https://1.1.1.1/x", "--layer", "stations", "--note", "Sở Y tế") == 0
    said = capsys.readouterr()
    (secret,) = said.out.split()
    assert secret.startswith("whsec_")
    name = next(word.rstrip(":") for word in said.err.split() if word.startswith("hook_"))
    assert run(monkeypatch, "list") == 0
    shown = capsys.readouterr()
    assert name in shown.out
    assert secret not in shown.out + shown.err
    for command in ("log", "resume", "remove"):
        assert run(monkeypatch, command, name) == 0
    for command in ("log", "resume", "remove", "test"):
        assert run(monkeypatch, command, name) == 1
    assert run(monkeypatch, "add", "https://10.0.0.1/x") == 1
    assert run(monkeypatch, "add", "http://1.1.1.1/x") == 1
    assert run(monkeypatch, "add", "https://1.1.1.1/x", "--layer", "nope") == 1
    said_wrong = " ".join(capsys.readouterr().err.split())
    assert all(word in said_wrong for word in ("no webhook", "private address", "begins with https", "nope"))
