# SPDX-License-Identifier: MIT
"""Logins derived from a socket or an address."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from server.db.login import Login, logins_for_socket, logins_for_url
from server.errors import ConfigError
from server.secretfile import Secrets, load_secrets


@pytest.fixture
def passwords(tmp_path: Path) -> Secrets:
    """Passwords of a new installation."""
    return load_secrets(tmp_path / "secrets.yml")


def test_each_role_has_its_own_password(passwords: Secrets) -> None:
    logins = logins_for_socket("/run/xanh", 5432, passwords)
    assert logins.reader.user == "xanh_reader"
    assert len({logins.owner.password, logins.writer.password, logins.reader.password, logins.admin.password}) == 4
    assert logins.embedded


def test_an_address_keeps_its_options_for_every_role(passwords: Secrets) -> None:
    logins = logins_for_url("postgresql://boss:pa%20ss@db.example:6000/env?sslmode=require", passwords)
    assert (logins.admin.user, logins.admin.password, logins.admin.port) == ("boss", "pa ss", 6000)
    parts = conninfo_to_dict(logins.reader.conninfo())
    assert (parts["sslmode"], parts["dbname"], parts["user"]) == ("require", "env", "xanh_reader")
    assert not logins.embedded


def test_nonsense_is_a_clear_message_without_the_address(passwords: Secrets) -> None:
    with pytest.raises(ConfigError, match="libpq URI") as caught:
        logins_for_url("postgresql://u:secret@h:notaport:1/x y", passwords)
    assert "secret" not in caught.value.message


def test_odd_characters_survive_the_connection_string() -> None:
    login = Login("/tmp/a b", 5432, "x", "u", "it's \\ odd")
    parts = conninfo_to_dict(login.conninfo(options="-c TimeZone=UTC -c jit=off"))
    assert (parts["host"], parts["password"], parts["options"]) == ("/tmp/a b", "it's \\ odd", "-c TimeZone=UTC -c jit=off")
    assert "odd" not in repr(login)
