# SPDX-License-Identifier: MIT
"""The state directory: facts survive, files are replaced whole, one process sets up at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import SetupRefused
from server.state import StateDir, replace_file


def test_facts_are_remembered_and_merged(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    assert state.read_facts() == {}
    state.remember(province="82")
    state.remember(loaded="82")
    assert state.read_facts() == {"province": "82", "loaded": "82"}


def test_a_province_code_keeps_its_leading_zero(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    state.remember(province="01")
    assert state.read_facts()["province"] == "01"


def test_remains_of_an_interrupted_replacement_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    replace_file(path, "old", mode=0o600)
    (tmp_path / "facts.1.partial").write_text("half", encoding="utf-8")
    replace_file(path, "new", mode=0o600)
    assert path.read_text(encoding="utf-8") == "new"


def test_a_second_setup_of_the_same_directory_is_refused(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    with state.locked(), pytest.raises(SetupRefused, match="Another"), StateDir(tmp_path).locked():
        pass


def test_the_setup_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    with state.locked():
        pass
    with state.locked():
        assert (state.run / "setup.lock").exists()


def test_a_directory_that_cannot_be_made_is_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupRefused, match="XANH_VAR"):
        StateDir(tmp_path / "file" / "var").create()
