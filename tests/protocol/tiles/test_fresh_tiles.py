# SPDX-License-Identifier: MIT
"""After a publication the low levels of the layer are drawn in the background, those of other layers are not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from procrastinate import JobContext
from procrastinate.exceptions import JobAborted

from server.access import SYSTEM
from server.context import Context
from server.jobs.seed import Watch, seed_layer
from server.jobs.worker import work
from server.query.edits import Edit
from server.state import StateDir
from tests.edits import apply_edits
from tests.protocol.tiles.conftest import write_style


@pytest.fixture
def here(context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The small province with a tile cache of its own and eight fresh levels."""
    (tmp_path / "assets" / "fonts").mkdir(parents=True)
    for name in ("wells", "zones"):
        write_style(tmp_path, name, "#cc0000")
    monkeypatch.setenv("XANH_STYLES", str(tmp_path))
    monkeypatch.setenv("XANH_VAR", str(tmp_path / "var"))
    tiles = context.settings.tiles.model_copy(update={"fresh_levels": 8, "cache_megabytes": 10})
    return replace(context, settings=context.settings.model_copy(update={"tiles": tiles}))


def kept(context: Context, layer: str) -> set[str]:
    return {path.parent.parent.name for path in StateDir(context.settings.var).tiles.glob(f"{layer}-*/*/*/*/*.png")}


def rename_well(context: Context, name: str) -> None:
    apply_edits(context.database, context.catalog, SYSTEM, [Edit("update", context.catalog.layer("wells"), 11, {"name": name})], "test")


def test_only_what_was_published_since_is_ordered_once_and_drawn(here: Context) -> None:
    watch = Watch(here)
    assert watch.order() == []
    rename_well(here, "Giếng mới")
    assert watch.order() == ["wells", "g"]
    rename_well(here, "Giếng mới hơn")
    assert watch.order() == ["wells", "g"]
    assert watch.order() == []
    assert count_jobs(here) == 2
    asyncio.run(work(here, until_empty=True))
    assert count_jobs(here) == 0
    assert kept(here, "wells") == {str(level) for level in range(8)}
    assert kept(here, "g") == {str(level) for level in range(8)}, "the group it lies in"
    assert kept(here, "zones") == set()


def test_tiles_that_are_there_are_not_drawn_again(here: Context) -> None:
    assert seed_layer(here, "wells") > 0
    assert seed_layer(here, "wells") == 0
    rename_well(here, "Giếng khác")
    assert seed_layer(here, "wells") > 0


def test_a_layer_that_is_gone_and_a_cache_of_nothing_need_no_tiles(here: Context) -> None:
    assert seed_layer(here, "ruins") == 0
    tiles = here.settings.tiles.model_copy(update={"cache_megabytes": 0})
    assert seed_layer(replace(here, settings=here.settings.model_copy(update={"tiles": tiles})), "wells") == 0


def test_a_worker_told_to_stop_puts_the_job_back(here: Context) -> None:
    class Stop:
        def should_abort(self) -> bool:
            return True

    with pytest.raises(JobAborted):
        seed_layer(here, "wells", cast(JobContext, Stop()))


def count_jobs(context: Context) -> int:
    with context.database.writer() as connection:
        row = connection.execute("SELECT count(*) FROM xanh.procrastinate_jobs WHERE task_name = 'seed'").fetchone()
    return int(row[0]) if row else 0
