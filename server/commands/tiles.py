# SPDX-License-Identifier: MIT
"""`xanh tiles seed`: draw tiles ahead of the first who asks."""

from __future__ import annotations

import re

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from server.catalog.read import read_catalog
from server.commands.screen import SCREEN, complain, say
from server.config import Settings, load_settings
from server.context import Context
from server.db.store import open_store
from server.errors import InvalidParameter, LimitExceeded
from server.features.state import layer_states
from server.mapsource import make_map_source
from server.render.map import MapRenderer
from server.tiles.desk import TileDesk, build_desk
from server.tiles.drawings import BASE_MAP, find_drawing, open_layers
from server.tiles.seed import SeedPlan, plan_land, plan_seed, seed_block

_LEVELS = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)


def run_seed(name: str | None, levels: str) -> int:
    """Seed one drawing (a layer, a group or `basemap`), or the base map and every layer. Returns the exit status.

    Raises InvalidParameter for levels that are none, LayerNotDefined, ServerFault.
    """
    settings = load_settings()
    first, last = read_levels(levels, settings)
    if not settings.tiles.cache_megabytes:
        raise InvalidParameter("tiles.cache_megabytes is 0 in config.yml: nothing would be kept.")
    catalog = read_catalog(settings)
    with open_store(settings, say) as store:
        context = Context(settings, catalog, store.database)
        desk = build_desk(context, MapRenderer(make_map_source(context)))
        names = [name] if name else _all_names(context)
        plans = {one: plan_seed(desk, one, (first, last)) for one in names}
        if BASE_MAP in names:
            plans[f"{BASE_MAP} (viewer)"] = plan_land(desk, layer_states(context).keys(), (first, last))
        drawn, failed = _seed_all(desk, plans)
    say(f"{drawn} khối đã vẽ · blocks of tiles drawn")
    if failed:
        complain(f"{failed} blocks took longer than database.statement_timeout_s allows; run it again or begin at a deeper level.")
    return 1 if failed else 0


def read_levels(text: str, settings: Settings) -> tuple[int, int]:
    """`A-B` or `A` as the first and last level. Raises InvalidParameter."""
    found = _LEVELS.fullmatch(text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not first <= last <= settings.tiles.max_level:
        raise InvalidParameter(f"Levels are written A-B, such as 6-12, none above {settings.tiles.max_level}.", locator="--zoom")
    return first, last


def _all_names(context: Context) -> list[str]:
    """The base map and every layer that is published."""
    states = layer_states(context)
    names = [layer.id for layer in open_layers(context.catalog) if layer.id in states]
    base = [layer for layer, _ in find_drawing(context.catalog, BASE_MAP, "").parts if layer.id in states]
    return [BASE_MAP, *names] if base else names


def _seed_all(desk: TileDesk, plans: dict[str, SeedPlan]) -> tuple[int, int]:
    """Blocks drawn, and blocks that could not be drawn in time."""
    drawn = failed = 0
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=SCREEN) as progress:
        tasks = {name: progress.add_task(name, total=plan.count_blocks()) for name, plan in plans.items()}
        for name, plan in plans.items():
            for block in plan.blocks():
                try:
                    drawn += seed_block(desk, plan, block)
                except LimitExceeded:
                    failed += 1
                progress.advance(tasks[name])
    return drawn, failed
