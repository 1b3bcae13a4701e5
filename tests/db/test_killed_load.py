# SPDX-License-Identifier: MIT
"""A load whose process is killed when its rows are in the official store already leaves nothing, and is simply repeated."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

from loaders.load import Face, run_load
from loaders.plan import LoadRequest, plan_load
from server.catalog.catalog import Catalog
from server.config import DatabaseSettings
from server.db.login import Logins
from server.db.pool import Database
from server.features.batches import StagedBatch
from tests.db.catalogs import awkward_catalog


@dataclass
class Sleeper:
    """Tells that the rows are stored, and sleeps until it is killed."""

    stored: Event

    def batches(self, batches: Iterator[StagedBatch], total: int) -> Iterator[StagedBatch]:
        assert total
        return batches

    def say(self, stage: str) -> None:
        assert stage
        self.stored.set()
        time.sleep(60)


def load_slowly(logins: Logins, settings: DatabaseSettings, path: Path, stored: Event) -> None:
    catalog = awkward_catalog()
    plan = plan_load(catalog, LoadRequest(path, catalog.layer("sites")))
    run_load(Database(logins, settings), catalog, plan, face=Face(watch=Sleeper(stored)))


def count(database: Database, table: str) -> int:
    with database.owner() as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    return int(row[0]) if row else -1


def test_a_killed_load_leaves_nothing_and_can_be_repeated(stores: Database, catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("code,name,lon,lat\nA1,một,106.1,10.1\nA2,hai,106.2,10.2\n", encoding="utf-8")
    loads = count(stores, "xanh.load")
    context = multiprocessing.get_context("spawn")
    stored = context.Event()
    process = context.Process(target=load_slowly, args=(stores.logins, stores.settings, path, stored))
    process.start()
    try:
        assert stored.wait(60)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
    finally:
        process.kill()
    assert process.exitcode == -signal.SIGKILL
    assert [count(stores, table) for table in ("official.sites", "history.sites", "published.sites")] == [0, 0, 0]
    assert count(stores, "xanh.load") == loads
    report = run_load(stores, catalog, plan_load(catalog, LoadRequest(path, catalog.layer("sites"))))
    assert (report.result.inserted, count(stores, "published.sites")) == (2, 2)
