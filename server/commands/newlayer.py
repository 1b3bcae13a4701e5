# SPDX-License-Identifier: MIT
"""`xanh layer new FILE`: a layer file and a style from a file."""

from __future__ import annotations

from dataclasses import replace

from loaders.source import SourceOptions
from loaders.wizard.make import Wanted, draft_layer, write_new_layer
from server.catalog.read import read_catalog
from server.commands.screen import say
from server.commands.table import TableWish, open_table
from server.config import load_settings


def run_new_layer(wanted: Wanted, options: SourceOptions, table: TableWish | None = None) -> int:
    """Write the files and say what to do next. Returns the exit status; raises SourceRefused, ConfigProblems and OSError."""
    settings = load_settings()
    asked = replace(wanted, options=replace(options, limits=settings.loading))
    catalog, folders, more = read_catalog(settings), (settings.layers_dir, settings.styles_dir), ""
    if table is None:
        new = draft_layer(catalog, asked, *folders)
    else:
        with open_table(settings, str(wanted.path), table, asked.options) as source:
            new = draft_layer(catalog, asked, *folders, source)
        more = " --table" + (" --database ..." if table.database else "")
    for file in write_new_layer(new):
        say(str(file))
    say(f"hãy xem lại, rồi · look at them, then: ./xanh check; ./xanh migrate; ./xanh load {wanted.path}{more} --layer {new.id}")
    return 0
