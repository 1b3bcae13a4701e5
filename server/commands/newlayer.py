# SPDX-License-Identifier: MIT
"""`xanh layer new FILE`: a layer file and a style from a file."""

from __future__ import annotations

from dataclasses import replace

from loaders.source import SourceOptions
from loaders.wizard.make import Wanted, draft_layer, write_new_layer
from server.catalog.read import read_catalog
from server.commands.screen import say
from server.config import load_settings


def run_new_layer(wanted: Wanted, options: SourceOptions) -> int:
    """Write the files and say what to do next. Returns the exit status; raises SourceRefused, ConfigProblems and OSError."""
    settings = load_settings()
    asked = replace(wanted, options=replace(options, limits=settings.loading))
    new = draft_layer(read_catalog(settings), asked, settings.layers_dir, settings.styles_dir)
    for file in write_new_layer(new):
        say(str(file))
    say(f"hãy xem lại, rồi · look at them, then: ./xanh check; ./xanh migrate; ./xanh load {wanted.path} --layer {new.id}")
    return 0
