# SPDX-License-Identifier: MIT
"""`./xanh load FILE`: plan, load, report. Exit codes: 0 done, 1 refused with a reason, 2 wrong use."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from loaders.load import load_raster, plan_rasters, run_load
from loaders.plan import LoadRequest, plan_load
from loaders.report import print_plan, print_raster, print_report
from loaders.source import SourceOptions
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.config import Settings
from server.db.pool import Database
from server.errors import SourceRefused


class ModeChoice(StrEnum):
    """How rows meet what is there."""

    INSERT = "insert"
    UPSERT = "upsert"
    REPLACE = "replace"


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
    ModeChoice, typer.Option("--mode", help="insert: new rows only; upsert: same key updates; replace: the file is the whole layer.")
]
ErrorOption = Annotated[ErrorChoice, typer.Option("--on-error", help="reject: leave bad rows out; stop: load all or nothing.")]


def load_file(database: Database, catalog: Catalog, settings: Settings, request: LoadRequest, *, only_plan: bool, stop: bool) -> None:
    """Plan, and unless `only_plan` load, one file; prints as it goes. Raises SourceRefused and what the write door raises."""
    console = Console()
    if request.layer.raster is not None:
        for _, _, raster in plan_rasters(request.layer, request.path, request.options.crs):
            print_raster(console, request.layer.id, raster)
        if not only_plan:
            _, state = load_raster(database, settings, request.layer, request.path, request.options.crs)
            console.print(f"[green]✓[/] {request.layer.id}: revision {state.revision}")
        return
    plan = plan_load(catalog, request)
    print_plan(console, plan)
    if not only_plan:
        print_report(console, run_load(database, catalog, plan, stop_on_error=stop))


def build_request(layer: Layer, path: Path, options: SourceOptions, words: tuple[list[str], list[str]], mode: ModeChoice) -> LoadRequest:
    """A request from command-line words; `words` are those of `--map` and of `--set`.

    Raises typer.BadParameter for one that is not NAME=VALUE, SourceRefused for a `--set` of a field the layer does not have.
    """
    defaults = _read_pairs(words[1], "--set")
    unknown = [name for name in defaults if name not in (*layer.fields, "valid_from", "valid_to")]
    if unknown:
        raise SourceRefused(f"Layer {layer.id} has no field {unknown[0]!r}; it has {', '.join(layer.fields)}.", locator=unknown[0])
    return LoadRequest(path, layer, options, _read_pairs(words[0], "--map"), defaults, mode=mode.value)


def _read_pairs(texts: list[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name or not value:
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint=option)
        pairs[name] = value
    return pairs
