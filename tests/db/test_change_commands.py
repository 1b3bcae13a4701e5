# SPDX-License-Identifier: MIT
"""`xanh changes` as the operator types it."""

from __future__ import annotations

import pytest

from server.access import Identity
from server.catalog.read import read_catalog
from server.cli import main
from server.config import Settings
from server.db.pool import Database
from server.features.write import open_door
from server.query.edits import Edit


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["xanh", "changes", *words])
    return main()


def test_one_save_of_several_requests_is_one_line_and_can_be_taken_back(
    demo: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = read_catalog(settings)
    layer = catalog.layer("stations")
    who = Identity("thu.lenh", frozenset({"reviewer"}))
    with demo.writer() as connection:
        (row,) = connection.execute("SELECT id, name FROM official.stations ORDER BY id LIMIT 1")
    feature, name = row
    for values in ({"name": "Một"}, {"name": "Hai"}):
        with open_door(demo, catalog, who, "wfs", join_s=10) as (door, change_set):
            door.apply([Edit("update", layer, feature, values)])
    assert run(monkeypatch, "list", "--account", "thu.lenh") == 0
    shown = capsys.readouterr().out
    assert "stations ~2" in " ".join(shown.split())
    assert shown.count("thu.lenh") == 1
    assert run(monkeypatch, "undo", str(change_set)) == 0
    with demo.writer() as connection:
        (now,) = connection.execute("SELECT name FROM published.stations WHERE id = %s", [feature])
    assert now == (name,), "the demo is as it was"
    assert run(monkeypatch, "undo", "999999999") == 1
    assert "no change set" in " ".join(capsys.readouterr().err.split())


def test_what_was_changed_again_since_is_named_and_taken_back_only_by_force(
    demo: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = read_catalog(settings)
    layer = catalog.layer("stations")
    who = Identity("thu.lenh", frozenset({"reviewer"}))
    with demo.writer() as connection:
        (row,) = connection.execute("SELECT id, name FROM official.stations ORDER BY id LIMIT 1")
    feature, name = row
    saves = []
    for text in ("Một", "Hai"):
        with open_door(demo, catalog, who, "wfs") as (door, change_set):
            door.apply([Edit("update", layer, feature, {"name": text})])
        saves.append(str(change_set))
    assert run(monkeypatch, "undo", saves[0]) == 1
    assert f"stations.{feature}" in " ".join(capsys.readouterr().err.split())
    assert _name_of(demo, feature) == "Hai"
    assert run(monkeypatch, "undo", saves[0], "--force") == 0
    assert _name_of(demo, feature) == name


def _name_of(demo: Database, feature: int) -> str:
    with demo.writer() as connection:
        (row,) = connection.execute("SELECT name FROM published.stations WHERE id = %s", [feature])
    return str(row[0])
