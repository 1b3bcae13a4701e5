# SPDX-License-Identifier: MIT
"""`xanh check`: config, layers, code lists and styles against each other and the database; everything wrong at once. `xanh schema`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from server.catalog.catalog import Catalog
from server.catalog.check import DatabaseFacts, check_catalog
from server.catalog.harvests import read_harvests
from server.catalog.projection import published_field_names
from server.catalog.queries import read_stored_queries
from server.catalog.read import read_catalog
from server.catalog.schema import SCHEMA_FILE, write_schema
from server.commands.screen import complain, say
from server.config import Settings, load_settings
from server.db.cluster import open_cluster
from server.db.introspect import read_tables
from server.db.store import open_store
from server.db.where import compile_where
from server.errors import ConfigError, InvalidParameter
from server.state import StateDir
from server.strictyaml import ConfigProblems
from server.style.fields import filter_fields
from server.style.read import load_style
from server.style.shelf import check_styles
from server.wfs.storedqueries import check_queries


def run_check() -> int:
    """Print every problem, one line each. Returns 0 when there is none."""
    problems = find_problems()
    for problem in problems:
        complain(problem)
    if not problems:
        say("tất cả đều đúng · all is well")
    return 1 if problems else 0


def find_problems() -> list[str]:
    """Everything wrong with this installation, one sentence each. Raises ServerFault when the database is away."""
    try:
        settings = load_settings()
    except ConfigProblems as error:
        return list(error.problems)
    try:
        catalog = read_catalog(settings)
        queries = read_stored_queries(settings.layers_dir)
        read_harvests(settings.layers_dir, catalog)
    except ConfigProblems as error:
        return list(error.problems)
    styles = {path.stem for path in settings.styles_dir.glob("*.sld")}
    problems = [
        *check_catalog(catalog, styles, _ask_database(settings)),
        *check_styles(settings.styles_dir, catalog),
        *check_rules(settings.styles_dir, catalog),
        *check_queries(queries, catalog),
    ]
    return list(dict.fromkeys(problems))


def check_rules(directory: Path, catalog: Catalog) -> Iterator[str]:
    """Rules whose filter does not fit the fields of a layer that uses them: a number compared with a word, a time with a text's field.

    Files and fields that are not there are for `check_styles` to tell.
    """
    for layer in catalog.mapped_layers():
        known = {*published_field_names(layer), "id"}
        for name in layer.styles if layer.has_table else ():
            try:
                rules = load_style(directory / f"{name}.sld").rules
            except ConfigError:
                continue
            for rule in rules:
                if rule.where is None or not known.issuperset(filter_fields(rule.where)):
                    continue
                try:
                    compile_where(layer, rule.where)
                except InvalidParameter as error:
                    yield f"{name}.sld: rule {rule.name!r} does not fit layer {layer.id}: {error.message}"


def run_schema() -> int:
    """Write the JSON Schema of layer files beside them. Returns the exit status."""
    write_schema()
    say(str(SCHEMA_FILE))
    return 0


def _ask_database(settings: Settings) -> DatabaseFacts | None:
    """The columns of every table, or None where no database was made yet."""
    state = StateDir(settings.var)
    if not settings.database.url and not (state.root.exists() and open_cluster(state).exists):
        say("chưa có cơ sở dữ liệu · no database yet: only the files are checked")
        return None
    with open_store(settings, say) as store, store.database.owner() as connection:
        return {key: list(table.columns) for key, table in read_tables(connection).items()}
