# SPDX-License-Identifier: MIT
"""`xanh load FILE`: the loaders on the store of this installation. Apart from the other commands because the readers are slow to import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import typer

from loaders.cli import (
    CrsOption,
    DatabaseOption,
    EncodingOption,
    ErrorChoice,
    ErrorOption,
    FileArgument,
    InnerOption,
    KeyOption,
    LayerOption,
    MapOption,
    ModeChoice,
    ModeOption,
    PlanOption,
    RepairChoice,
    RepairOption,
    SetOption,
    TableOption,
    build_request,
    load_file,
    show_loads,
    take_back,
)
from loaders.source import SourceOptions
from server.catalog.read import read_catalog
from server.commands.screen import complain, say
from server.commands.table import TableWish, open_table
from server.config import load_settings
from server.db.home import find_home_box
from server.db.store import open_store

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def load(  # noqa: PLR0913 - one parameter per option of the command line
    file: FileArgument,
    layer: LayerOption = "",
    plan: PlanOption = False,
    field_map: MapOption = [],  # noqa: B006 - typer copies it
    values: SetOption = [],  # noqa: B006 - typer copies it
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    inner_layer: InnerOption = None,
    mode: ModeOption = ModeChoice.UPSERT,
    key: KeyOption = None,
    repair: RepairOption = RepairChoice.NO,
    on_error: ErrorOption = ErrorChoice.REJECT,
    table: TableOption = False,
    database: DatabaseOption = None,
) -> None:
    """Load a file (or a table) into a layer and publish it; with --plan only say what would happen."""
    settings = load_settings()
    catalog = read_catalog(settings)
    options = SourceOptions(crs=crs, encoding=encoding, layer=inner_layer, limits=settings.loading)
    found = catalog.layer(layer or (file.name.rpartition(".")[2] if table or database else file.name.split(".", 1)[0]))
    request = replace(build_request(found, file, options, (field_map, values), mode), key=key, repair=repair.value)
    with open_store(settings, say) as store:
        if found.has_geometry:
            with store.database.writer() as connection:
                request = replace(request, near=find_home_box(connection, catalog, found))
        stop = on_error is ErrorChoice.STOP
        if not table and database is None:
            load_file(store.database, catalog, settings, request, only_plan=plan, stop=stop)
            return
        with open_table(settings, str(file), TableWish(database), options) as source:
            load_file(store.database, catalog, settings, replace(request, opened=source), only_plan=plan, stop=stop)


def run_load(arguments: Sequence[str]) -> None:
    """Run the command with the words after `xanh load`: a file with options, `undo ID` or `list`.

    Ends in SystemExit; raises SourceRefused and other errors made on purpose.
    """
    if list(arguments[:1]) == ["undo"]:
        _undo(arguments[1:])
    elif list(arguments) == ["list"]:
        with open_store(load_settings(), say) as store:
            show_loads(store.database)
    else:
        _load(arguments)


def _load(arguments: Sequence[str]) -> None:
    try:
        app(args=list(arguments), prog_name="xanh load", standalone_mode=True)
    except KeyboardInterrupt:
        complain("đã dừng, chưa nạp gì · stopped; nothing was loaded")
        raise SystemExit(1) from None


def _undo(words: Sequence[str]) -> None:
    if len(words) != 1 or not words[0].isascii() or not words[0].isdigit() or len(words[0]) > 18:
        complain("cách dùng · usage: xanh load undo ID (xanh load list)")
        raise SystemExit(2)
    settings = load_settings()
    with open_store(settings, say) as store:
        take_back(store.database, read_catalog(settings), int(words[0]))
