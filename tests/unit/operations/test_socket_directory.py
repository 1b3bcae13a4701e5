# SPDX-License-Identifier: MIT
"""The kernel allows 107 bytes for a unix socket: deep state directories get a short, private place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from server.db.place import LONGEST_SOCKET_PATH, choose_socket_dir, make_private_dir, short_hash
from server.errors import SetupRefused


def test_a_short_directory_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = Path("/tmp") / f"xs{os.getpid()}"
    try:
        assert choose_socket_dir(short, None) == short
        assert short.stat().st_mode & 0o777 == 0o700
    finally:
        short.rmdir()


@pytest.mark.parametrize("name", ["d" * 120, "a,b", "it's here", "dữ liệu"])
def test_a_long_or_unusual_path_falls_back_to_a_short_one(tmp_path: Path, name: str) -> None:
    chosen = choose_socket_dir(tmp_path / name, None)
    try:
        assert chosen.name == f"xanh-{short_hash(tmp_path / name)}"
        assert len(os.fsencode(chosen / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
        assert choose_socket_dir(tmp_path / name, None) == chosen
        assert chosen.stat().st_mode & 0o777 == 0o700
    finally:
        chosen.rmdir()


def test_a_directory_somebody_else_made_first_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(SetupRefused, match="somebody else"):
        make_private_dir(taken, None)


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(SetupRefused, match="somebody else"):
        make_private_dir(tmp_path / "link", None)
