# SPDX-License-Identifier: MIT
"""Passwords: made once, private, replaceable from the environment."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import pytest

from server.errors import SetupRefused
from server.secretfile import load_secrets


def test_the_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets.yml"
    first = load_secrets(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_secrets(path) == first
    assert len(set(astuple(first))) == len(astuple(first))
    assert all(len(value) >= 32 for value in astuple(first))


def test_a_file_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secrets.yml"
    load_secrets(path)
    path.chmod(0o640)
    with pytest.raises(SetupRefused, match="chmod 600"):
        load_secrets(path)


def test_the_environment_takes_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XANH_READER_PASSWORD", "shared by all machines")
    assert load_secrets(tmp_path / "secrets.yml").reader_password == "shared by all machines"


def test_a_missing_entry_is_named(tmp_path: Path) -> None:
    path = tmp_path / "secrets.yml"
    path.write_text('admin_password: "x"\n', encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(SetupRefused, match="owner_password"):
        load_secrets(path)


def test_passwords_do_not_show_in_representations(tmp_path: Path) -> None:
    found = load_secrets(tmp_path / "secrets.yml")
    assert found.reader_password not in repr(found)
