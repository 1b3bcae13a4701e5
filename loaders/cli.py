# SPDX-License-Identifier: MIT
"""`./xanh load FILE`: plan, load, report. Exit codes: 0 done, 1 refused with a reason, 2 wrong use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from loaders.load import Face, LoadStopped, run_load
from loaders.outcome.keep import Outcome, keep_outcome
from loaders.outcome.raster import doubt_place, keep_rasters
from loaders.plan import LoadRequest, Plan, plan_load
from loaders.planned import show_plan, stage_of
from loaders.progress import ProgressBar
from loaders.rasterchild import RasterReader
from loaders.rasterload import RasterRequest, load_rasters, look_at_rasters
from loaders.report import print_doubts, print_plan, print_raster, print_report
from loaders.source import SourceOptions
from loaders.undo import undo_load
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.config import Settings
from server.db.home import find_home_box
from server.db.loads import list_loads
from server.db.pool import Database
from server.errors import SourceRefused


class ModeChoice(StrEnum):
    """How rows meet what is there."""

    APPEND = "append"
    UPSERT = "upsert"
    REPLACE = "replace"
    SYNC = "sync"


class RepairChoice(StrEnum):
    """Which invalid shapes are repaired."""

    NO = "no"
    SMALL = "small"
    ALL = "all"


class ErrorChoice(StrEnum):
    """What happens to a load with bad rows."""

    REJECT = "reject"
    STOP = "stop"


FileArgument = Annotated[
    Path, typer.Argument(help="Shapefile (folder, .shp, .zip), GeoPackage, GeoJSON, CSV, KML …, GeoTIFF or a folder of dated ones.")
]
LayerOption = Annotated[str, typer.Option("--layer", help="Layer id; the file's name when left out.")]
PlanOption = Annotated[bool, typer.Option("--plan", help="Say what would be done; write nothing.")]
MapOption = Annotated[
    list[str], typer.Option("--map", metavar="SOURCE=field", help="Which source field fills which layer field; repeatable.")
]
SetOption = Annotated[
    list[str], typer.Option("--set", metavar="field=VALUE", help="One value for all rows, where the source has none; repeatable.")
]
CrsOption = Annotated[int | None, typer.Option("--crs", help="EPSG code of the coordinates, e.g. 9210.")]
EncodingOption = Annotated[str | None, typer.Option("--encoding", help="utf-8, tcvn3, vni, cp1258 …; found by itself when left out.")]
InnerOption = Annotated[str | None, typer.Option("--inner-layer", help="Layer inside a file that holds several.")]
ModeOption = Annotated[
    ModeChoice,
    typer.Option(
        "--mode",
        help="append: new rows only; upsert: same key updates; replace: the file is the whole layer;"
        " sync: the same by key, which must be there.",
    ),
]
KeyOption = Annotated[str | None, typer.Option("--key", metavar="FIELD", help="Layer field by which rows are known; else the layer's key.")]
RepairOption = Annotated[
    RepairChoice,
    typer.Option("--repair", help="Invalid shapes: no: rejected; small: repaired where that changes 0.1 % at most; all: all repaired."),
]
TableOption = Annotated[bool, typer.Option("--table", help="FILE is a table of our database, as schema.table.")]
DatabaseOption = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="... or of this one: postgresql://...; a password in PGPASSWORD.")
]
ErrorOption = Annotated[ErrorChoice, typer.Option("--on-error", help="reject: leave bad rows out; stop: load all or nothing.")]


def load_file(database: Database, catalog: Catalog, settings: Settings, request: LoadRequest, *, only_plan: bool, stop: bool) -> None:
    """Plan, and unless `only_plan` load, one file; prints as it goes. Raises SourceRefused and what the write door raises."""
    console = Console()
    if request.layer.raster is not None:
        _load_rasters(console, database, catalog, (settings, request, only_plan))
        return
    if only_plan:
        with ProgressBar(console) as bar:
            show_plan(replace(stage_of(console, database, catalog, settings), watch=bar), request)
        return
    plan = plan_load(catalog, request)
    print_plan(console, plan)
    folder = _folder(settings, request.layer)
    try:
        with ProgressBar(console) as bar:
            report = run_load(database, catalog, plan, stop_on_error=stop, face=Face(watch=bar))
    except LoadStopped as stopped:
        _keep(console, folder, plan, Outcome(stopped.result))
        raise
    print_report(console, report)
    print_doubts(console, report.look)
    _keep(console, folder, plan, Outcome(report.result, report.load_id, report.repairs, report.look))


def _load_rasters(console: Console, database: Database, catalog: Catalog, work: tuple[Settings, LoadRequest, bool]) -> None:
    settings, request, only_plan = work
    layer, wish = request.layer, RasterRequest(request.layer, request.path, request.options.crs)
    with database.writer() as connection:
        near = find_home_box(connection, catalog, layer)
    for one in look_at_rasters(wish, RasterReader(request.path, settings.loading)):
        doubts = (*one.plan.notes, *doubt_place(layer, one.plan.extent, near))
        print_raster(console, layer.id, replace(one.plan, notes=doubts))
    if only_plan:
        return
    report = load_rasters(database, settings, wish)
    console.print(f"[green]✓[/] {layer.id}: revision {report.state.revision}")
    for file in keep_rasters(_folder(settings, layer), layer, request.path.name, report, near):
        console.print(f"  {file}", markup=False, soft_wrap=True)


def _folder(settings: Settings, layer: Layer) -> Path:
    return settings.var / "loads" / f"{layer.id}-{datetime.now(UTC):%Y%m%d-%H%M%S}"


def _keep(console: Console, folder: Path, plan: Plan, outcome: Outcome) -> None:
    for file in keep_outcome(folder, plan, outcome):
        console.print(f"  {file}", markup=False, soft_wrap=True)


def show_loads(database: Database, limit: int = 20) -> None:
    """Print the newest loads."""
    with database.writer() as connection:
        found = list_loads(connection, limit)
    table = Table("id", "at (UTC)", "layer", "file", "state", "read", "loaded", "rejected")
    for one in found:
        table.add_row(str(one.id), f"{one.at:%Y-%m-%d %H:%M:%S}", one.layer, one.source, one.state, *map(str, one.rows))
    Console().print(table if found else "  · chưa nạp gì · nothing was loaded yet")


def take_back(database: Database, catalog: Catalog, load_id: int) -> None:
    """Undo a load and say what that did. Raises what `undo_load` raises."""
    done = undo_load(database, catalog, load_id)
    Console().print(
        f"đã hoàn tác lần nạp {load_id} · load {load_id} undone: {len(done.inserted)} khôi phục · back, {done.updated} như cũ · as before,"
        f" {done.deleted} xóa · gone (lần lưu · change set {done.change_set})",
        markup=False,
        soft_wrap=True,
    )


def build_request(layer: Layer, path: Path, options: SourceOptions, words: tuple[list[str], list[str]], mode: ModeChoice) -> LoadRequest:
    """A request from command-line words; `words` are those of `--map` and of `--set`.

    Raises typer.BadParameter for one that is not NAME=VALUE, SourceRefused for a `--set` of a field the layer does not have.
    """
    defaults = read_pairs(words[1], "--set")
    unknown = [name for name in defaults if name not in (*layer.fields, "valid_from", "valid_to")]
    if unknown:
        raise SourceRefused(f"Layer {layer.id} has no field {unknown[0]!r}; it has {', '.join(layer.fields)}.", locator=unknown[0])
    return LoadRequest(path, layer, options, read_pairs(words[0], "--map"), defaults, mode=mode.value)


def read_pairs(texts: list[str], option: str) -> dict[str, str]:
    """The words NAME=VALUE of an option. Raises typer.BadParameter."""
    pairs: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name or not value:
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint=option)
        pairs[name] = value
    return pairs
