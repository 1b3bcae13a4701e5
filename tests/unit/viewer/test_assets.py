# SPDX-License-Identifier: MIT
"""Addresses of the viewer's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from viewer import assets


def test_the_fingerprint_changes_with_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    file = tmp_path / "map.js"
    file.write_text("1", encoding="utf-8")
    before = assets.asset_address("map.js")
    file.write_text("22", encoding="utf-8")
    assert before.startswith("/static/map.js?v=")
    assert assets.asset_address("map.js") != before


def test_a_file_that_is_not_built_yet_has_an_address_without_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    assert assets.asset_address("build/map.js") == "/static/build/map.js"
