# SPDX-License-Identifier: MIT
"""`xanh user` as the operator types it, with the password piped in."""

from __future__ import annotations

import io

import pytest

from server.accounts.manage import list_accounts
from server.cli import main
from server.db.store import Store

_PASSWORD = "Giếng-nước-8"


def run(monkeypatch: pytest.MonkeyPatch, *words: str, typed: str = "") -> int:
    monkeypatch.setattr("sys.argv", ["xanh", "user", *words])
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main()


def test_an_account_is_made_listed_given_a_password_and_removed(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run(
        monkeypatch, "add", "lan.cmd", "--role", "editor", "--layer", "stations", "--layer", "facilities", typed=f"{_PASSWORD}\nmore\n"
    )
    assert made == 0
    assert [(one.role, one.layers) for one in list_accounts(store.database) if one.name == "lan.cmd"] == [
        ("editor", ("stations", "facilities"))
    ]
    assert run(monkeypatch, "password", "lan.cmd", typed="Another-word-1") == 0
    assert run(monkeypatch, "list") == 0
    shown = capsys.readouterr()
    assert "lan.cmd" in shown.out
    assert _PASSWORD not in shown.out + shown.err
    assert "argon2" not in shown.out
    assert run(monkeypatch, "remove", "lan.cmd") == 0
    assert run(monkeypatch, "remove", "lan.cmd") == 1
    assert "lan.cmd" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("add", "bad.role", "--role", "king"), _PASSWORD, "Roles are"),
        (("add", "Bad Name", "--role", "editor"), _PASSWORD, "small letters"),
        (("add", "bad.layer", "--role", "editor", "--layer", "nope"), _PASSWORD, "nope"),
        (("add", "bad.word", "--role", "editor"), "short\n", "too weak"),
        (("add", "no.word", "--role", "editor"), "", "too weak"),
        (("password", "nobody.here"), _PASSWORD, "no account"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(
    words: tuple[str, ...], typed: str, said: str, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list_accounts(store.database)
    assert run(monkeypatch, *words, typed=typed) == 1
    assert said in " ".join(capsys.readouterr().err.split())
    assert list_accounts(store.database) == before
