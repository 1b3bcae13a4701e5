# SPDX-License-Identifier: MIT
"""Harvests on the command line and by the clock: files that say what is read when, who starts it, and what the operator sees of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from server.catalog.harvests import Harvest, harvest_file, read_harvests
from server.catalog.read import read_catalog
from server.commands import harvest as commands
from server.config import ROOT, Settings
from server.context import Context
from server.db.harvests import note_begin, note_done, note_failed, read_harvest_states
from server.db.pool import Database
from server.errors import SourceRefused
from server.jobs.harvest import Round
from server.publish.migrate import migrate
from server.query.harvests import HarvestState, is_due
from server.strictyaml import ConfigProblems
from tests.db.agency import Agency, gml

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def place(database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A province whose layer files are its own, which may ask services of this machine."""
    shutil.copytree(ROOT / "layers", tmp_path / "layers")
    monkeypatch.setenv("XANH_LAYERS", str(tmp_path / "layers"))
    told = settings.harvests.model_copy(update={"allowed_networks": ("127.0.0.0/8",), "silent_seconds": 5})
    own = settings.model_copy(update={"harvests": told})
    context = Context(own, read_catalog(own), database)
    with database.owner() as connection:
        migrate(connection, context.catalog)

    @contextmanager
    def open_here(*told: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(database=database)

    monkeypatch.setattr(commands, "open_store", open_here)
    monkeypatch.setattr(commands, "load_settings", lambda: own)
    return context


@pytest.fixture(scope="module")
def agency() -> Iterator[Agency]:
    made = Agency()
    made.be_wfs(lambda start: gml(["A", "B"][start:]), matched="2")
    yield made
    made.close()


def test_a_harvest_is_tried_written_run_shown_and_removed(place: Context, agency: Agency, capsys: pytest.CaptureFixture[str]) -> None:
    told = {
        "layer": "places",
        "url": f"{agency.address}/wfs",
        "type_name": "place",
        "every": "24h",
        "mode": "sync",
        "map": {"name": "name"},
    }
    assert commands.add_harvest("dia_danh", told) == 0
    file = harvest_file(place.settings.layers_dir, "dia_danh")
    assert read_harvests(place.settings.layers_dir, place.catalog)["dia_danh"] == Harvest.model_validate(told)
    with place.database.reader() as connection:
        assert connection.execute("SELECT count(*) FROM published.places").fetchone() == (0,)
    with pytest.raises(SourceRefused, match="already"):
        commands.add_harvest("dia_danh", told)
    assert commands.run_harvest("dia_danh", only_plan=True, max_deleted_percent=None) == 0
    assert "2 read, 2 new" in " ".join(capsys.readouterr().out.split())
    assert commands.list_harvests() == 0
    assert "not run yet" in " ".join(capsys.readouterr().out.split())
    assert commands.run_harvest("dia_danh", only_plan=False, max_deleted_percent=None) == 0
    assert commands.run_harvest("dia_danh", only_plan=False, max_deleted_percent=None) == 0
    assert "2 unchanged, 0 deleted" in " ".join(capsys.readouterr().out.split())
    with place.database.reader() as connection:
        assert connection.execute("SELECT name FROM published.places ORDER BY name").fetchall() == [("Ấp A",), ("Ấp B",)]
    assert commands.remove_harvest("dia_danh") == 0
    assert not file.exists()
    with place.database.writer() as connection:
        assert read_harvest_states(connection) == {}
    with pytest.raises(SourceRefused, match="no harvest"):
        commands.remove_harvest("../stations")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"layer": "stattions"}, "no layer 'stattions'.*'stations'"),
        ({"layer": "landmask"}, "holds a raster"),
        ({"map": {"x": "colour"}}, "no field 'colour'"),
        ({"every": "1m"}, "at most every 5 minutes"),
        ({"every": "hourly"}, "every"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "http://user:secret@host/wfs"}, "url"),
        ({"parameters": {"TYPENAMES": "x"}}, "set by the harvest itself"),
        ({"mode": "sinc"}, "did you mean 'sync'"),
        ({"max_deleted_percent": 400}, "max_deleted_percent"),
        ({"password": "x"}, "unknown key 'password'"),
    ],
)
def test_a_harvest_file_is_checked_before_anything_is_asked(told: dict[str, object], why: str, place: Context) -> None:
    whole = {"layer": "places", "url": "http://127.0.0.1:1/wfs", "type_name": "place", **told}
    with pytest.raises(ConfigProblems, match=why):
        commands.add_harvest("new_one", whole)
    folder = harvest_file(place.settings.layers_dir, "new_one").parent
    folder.mkdir()
    (folder / "new_one.yml").write_text("\n".join(f"{key}: {str(value).replace(chr(39), chr(34))}" for key, value in whole.items()))
    with pytest.raises(ConfigProblems, match=f"(?s)harvest/new_one.yml:.*{why}"):
        read_harvests(place.settings.layers_dir, place.catalog)


def test_a_harvest_is_due_when_its_time_is_over_and_sooner_after_a_failure() -> None:
    daily = Harvest(layer="places", url="http://h/wfs", type_name="p", every="24h")
    done = HarvestState("p", NOON, NOON, NOON, 1, "", "", 0)
    failed = replace(done, failures=1)
    assert is_due(daily, None, NOON)
    assert not is_due(daily, done, NOON + timedelta(hours=23))
    assert is_due(daily, done, NOON + timedelta(hours=24))
    assert not is_due(daily, failed, NOON + timedelta(minutes=59))
    assert is_due(daily, failed, NOON + timedelta(hours=1))
    assert not is_due(daily.model_copy(update={"every": None}), None, NOON)


def write_harvests(context: Context, *names: str) -> None:
    for name in names:
        file = harvest_file(context.settings.layers_dir, name)
        file.parent.mkdir(exist_ok=True)
        file.write_text("layer: places\nurl: http://127.0.0.1:1/wfs\ntype_name: p\nevery: 1h\n")


def wait(made: Round) -> None:
    assert made._running is not None
    made._running[1].wait(20)


def test_what_is_due_is_started_one_after_the_other_and_a_killed_run_is_noticed(place: Context) -> None:
    write_harvests(place, "one", "two")
    made = Round(place, ("-c", "import os, signal, sys; sys.stdin.read(); os.kill(os.getpid(), signal.SIGKILL)"))
    assert made.go() == "one"
    with place.database.writer() as connection:
        note_begin(connection, "one")
    wait(made)
    assert made.go() == "two"
    with place.database.writer() as connection:
        state = read_harvest_states(connection)["one"]
        assert state.failures == 1
        assert "ended with status -9" in state.message
        note_begin(connection, "two")
        note_done(connection, "two", 7, ("fine", "tốt"))
    wait(made)
    assert made.go() is None
    with place.database.writer() as connection:
        found = read_harvest_states(connection)["two"]
        assert (found.load_id, found.message, found.failures) == (7, "fine", 0)
        note_begin(connection, "two")
        note_failed(connection, "two", ("no answer", "không trả lời"))
        kept = read_harvest_states(connection)["two"]
    assert (kept.load_id, kept.failures, kept.message_vi) == (7, 1, "không trả lời")


def test_while_one_runs_no_other_is_started_and_a_wrong_file_stops_nobody_for_good(place: Context) -> None:
    write_harvests(place, "three")
    made = Round(place, ("-c", "import time; time.sleep(1)"))
    assert made.go() == "three"
    assert made.go() is None
    wait(made)
    file = harvest_file(place.settings.layers_dir, "three")
    right = file.read_text()
    file.write_text("layer: nothing\n")
    assert made.go() is None
    file.write_text(right)
    assert made.go() == "three"
    wait(made)
