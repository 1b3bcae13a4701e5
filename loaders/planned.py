# SPDX-License-Identifier: MIT
"""`--plan`: say what a load would do, by doing it and taking it back; the report, its map and the systems that fit are kept as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from loaders.crschoice import CrsChoice, choose_among
from loaders.load import Face, Watch
from loaders.outcome.keep import Outcome, keep_outcome
from loaders.plan import LoadRequest, plan_load
from loaders.rehearse import rehearse
from loaders.report import print_cleaned, print_doubts, print_invalid, print_plan, print_rejected
from server.catalog.catalog import Catalog
from server.config import Settings
from server.context import Context
from server.db.nearness import read_outlines
from server.db.pool import Database
from server.state import StateDir

WHERE = "crs.html"


@dataclass(frozen=True)
class Stage:
    """Where a plan is made, and who watches it."""

    console: Console
    context: Context
    watch: Watch | None = None


def stage_of(console: Console, database: Database, catalog: Catalog, settings: Settings) -> Stage:
    """The stage of a command line."""
    return Stage(console, Context(settings, catalog, database))


def show_plan(stage: Stage, request: LoadRequest) -> None:
    """Print the plan and keep its report; where the coordinate system is not known, the page of those that fit comes first.

    Raises SourceRefused and what the write door raises.
    """
    console, context = stage.console, stage.context
    folder = StateDir(context.settings.var).loads / f"{request.layer.id}-{datetime.now(UTC):%Y%m%d-%H%M%S}-plan"
    source = request.open()
    choices = choose_among(context.database, context.catalog, request, source)
    if choices:
        _show_choices(stage, request, choices, folder / WHERE)
    plan = plan_load(context.catalog, request, source)
    print_plan(console, plan)
    done = rehearse(context.database, context.catalog, plan, Face(watch=stage.watch))
    if request.layer.has_geometry:
        print_invalid(console, done.repairs)
        print_doubts(console, done.look)
    print_cleaned(console, plan.cleaner.tell())
    print_rejected(console, done.result)
    for file in keep_outcome(folder, plan, Outcome(done.result, None, tuple(done.repairs.found), done.look)):
        console.print(f"  {file}", markup=False, soft_wrap=True)


def _show_choices(stage: Stage, request: LoadRequest, choices: tuple[CrsChoice, ...], path: Path) -> None:
    from loaders.outcome.where import write_where  # slow to import, and seldom wanted

    with stage.context.database.writer() as connection:
        outlines = read_outlines(connection, stage.context.catalog)
    write_where(path, f"{request.path.name} → {request.layer.title.vi} · {request.layer.title.en}", choices, outlines)
    for one in choices:
        told = f"{one.letter} EPSG:{one.crs.code} {one.crs.name} {one.score}/100: {one.reason_vi} · {one.reason}"
        stage.console.print(told, markup=False, soft_wrap=True)
    stage.console.print(f"  {path}", markup=False, soft_wrap=True)
