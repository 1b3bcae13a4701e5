# SPDX-License-Identifier: MIT
"""`xanh harvest add | list | run | remove`: services of other agencies that are read again and again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from rich.table import Table

from loaders.harvest.run import Harvester, describe
from loaders.load import Face
from loaders.progress import ProgressBar
from loaders.report import print_doubts, print_plan, print_report
from server.catalog.catalog import Catalog
from server.catalog.harvests import Harvest, find_harvest_faults, harvest_file, read_harvests
from server.catalog.model import NAME
from server.catalog.read import read_catalog
from server.catalog.surroundings import suggest
from server.commands.screen import SCREEN, complain, say
from server.config import Settings, load_settings
from server.db.harvests import forget_harvest, read_harvest_states
from server.db.store import open_store
from server.errors import SourceRefused
from server.query.harvests import HarvestState, is_due
from server.strictyaml import ConfigProblems, build_model


def add_harvest(name: str, told: Mapping[str, object]) -> int:
    """Try a service, and write its harvest file when it can be read. Returns the exit status; nothing is loaded yet.

    Raises ConfigProblems for what the file cannot say, SourceRefused when the name is taken or the service cannot be read.
    """
    settings = load_settings()
    catalog = read_catalog(settings)
    harvest = build_model(dict(told), Harvest, name, {(key,): 1 for key in told})
    file = harvest_file(settings.layers_dir, name)
    faults = [f"{name}:1: {text}" for _, text in find_harvest_faults(harvest, catalog)]
    if not re.fullmatch(NAME, name):
        faults.append(f"{name}:1: the name of a harvest is lower case letters, digits and _")
    if faults:
        raise ConfigProblems(faults)
    if file.exists():
        raise SourceRefused(f"There is a harvest {name!r} already.", locator=name, message_vi=f"Đã có đợt thu thập {name!r}.")
    with open_store(settings, say) as store, ProgressBar(SCREEN) as bar:
        plan, result = Harvester(store.database, catalog, settings, face=Face(watch=bar)).try_out(name, harvest)
    print_plan(SCREEN, plan)
    say(" · ".join(reversed(describe(result))))
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write("\n".join(lines) + "\n")
    except OSError as error:
        raise SourceRefused(
            f"{file} cannot be written ({error.strerror}).", locator=name, message_vi=f"Không ghi được {file} ({error.strerror})."
        ) from error
    say(str(file))
    say(f"chưa nạp gì · nothing was loaded yet: ./xanh harvest run {name}")
    return 0


def list_harvests() -> int:
    """Show the harvests with what became of them. Returns the exit status. Raises ConfigProblems."""
    settings = load_settings()
    harvests = read_harvests(settings.layers_dir, read_catalog(settings))
    with open_store(settings, say) as store, store.database.writer() as connection:
        states = read_harvest_states(connection)
    table = Table("harvest", "layer", "every", "mode", "last run (UTC)", "loaded (UTC)", "load")
    for name, harvest in harvests.items():
        table.add_row(name, harvest.layer, harvest.every or "-", harvest.mode, *_describe_runs(states.get(name)))
    SCREEN.print(table if harvests else "  · chưa có đợt thu thập · there is no harvest")
    for name, harvest in harvests.items():
        say(f"{name}: {_describe_result(harvest, states.get(name))}")
    return 0


def _describe_runs(state: HarvestState | None) -> tuple[str, str, str]:
    if state is None:
        return "-", "-", "-"
    loaded = f"{state.succeeded_at:%Y-%m-%d %H:%M}" if state.succeeded_at else "-"
    return f"{state.began_at:%Y-%m-%d %H:%M}", loaded, str(state.load_id or "-")


def _describe_result(harvest: Harvest, state: HarvestState | None) -> str:
    if state is None:
        return "chưa chạy · not run yet"
    words = f"{state.message_vi} · {state.message}" if state.ended_at else "đang chạy, hoặc bị ngắt · runs, or was killed"
    if state.failures > 1:
        words += f" (×{state.failures})"
    if is_due(harvest, state, datetime.now(UTC)):
        words += " · đến hạn · due"
    return words


def run_harvest(name: str, *, only_plan: bool, max_deleted_percent: float | None) -> int:
    """Run a harvest now, or say what it would do. Returns the exit status: 1 when it was stopped by hand.

    Raises SourceRefused, ConfigProblems and what the write door raises; nothing is loaded then.
    """
    settings = load_settings()
    catalog = read_catalog(settings)
    harvest = _find(settings, catalog, name)
    if max_deleted_percent is not None:
        harvest = harvest.model_copy(update={"max_deleted_percent": max_deleted_percent})
    with open_store(settings, say) as store, ProgressBar(SCREEN) as bar:
        harvester = Harvester(store.database, catalog, settings, face=Face(watch=bar))
        if only_plan:
            plan, result = harvester.try_out(name, harvest)
            print_plan(SCREEN, plan)
            say(" · ".join(reversed(describe(result))))
            return 0
        try:
            report, files = harvester.run(name, harvest)
        except KeyboardInterrupt:
            complain("đã dừng, chưa nạp gì · stopped; nothing was loaded")
            return 1
    print_report(SCREEN, report)
    print_doubts(SCREEN, report.look)
    for file in files:
        SCREEN.print(f"  {file}", markup=False, soft_wrap=True)
    return 0


def remove_harvest(name: str) -> int:
    """Remove a harvest and forget what became of it; what it loaded stays. Returns the exit status. Raises SourceRefused."""
    settings = load_settings()
    file = harvest_file(settings.layers_dir, name)
    if not re.fullmatch(NAME, name) or not file.exists():
        raise _unknown(name, [path.stem for path in file.parent.glob("*.yml")])
    file.unlink()
    with open_store(settings, say) as store, store.database.writer() as connection:
        forget_harvest(connection, name)
    say(f"đã xoá · removed {name}")
    return 0


def _find(settings: Settings, catalog: Catalog, name: str) -> Harvest:
    harvests = read_harvests(settings.layers_dir, catalog)
    if name not in harvests:
        raise _unknown(name, list(harvests))
    return harvests[name]


def _unknown(name: str, known: list[str]) -> SourceRefused:
    return SourceRefused(
        f"There is no harvest {name!r}{suggest(name, known)}.", locator=name, message_vi=f"Không có đợt thu thập {name!r}."
    )
