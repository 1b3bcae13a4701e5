# SPDX-License-Identifier: MIT
"""What `./xanh check` says about a catalogue that could be read: against the styles, against the database, and what is left lying about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from server.catalog.catalog import Catalog
from server.catalog.surroundings import suggest

DatabaseFacts = Mapping[tuple[str, str], Collection[str]]
"""Column names of every table of the stores, by (schema, table)."""


def check_catalog(catalog: Catalog, styles: Collection[str], database_facts: DatabaseFacts | None = None) -> list[str]:
    """Everything wrong between catalogue, styles and database, one sentence each, in the order of the layer tree.

    `styles` are the names of the files in styles/ without .sld. Without `database_facts` (no database yet) the tables are not looked at.
    """
    problems = [*_check_styles(catalog, styles), *_check_code_lists(catalog)]
    if database_facts is not None:
        problems += [*_check_tables(catalog, database_facts), *_find_orphans(catalog, database_facts)]
    return problems


def _check_styles(catalog: Catalog, styles: Collection[str]) -> Iterator[str]:
    for layer in catalog.layers.values():
        for style in layer.styles:
            if style not in styles:
                yield f"{layer.group}/{layer.id}.yml: there is no file styles/{style}.sld{suggest(style, styles)}"


def _check_code_lists(catalog: Catalog) -> Iterator[str]:
    used = {field.codes for layer in catalog.layers.values() for field in layer.fields.values() if field.codes}
    used |= {layer.raster.codes for layer in catalog.layers.values() if layer.raster and layer.raster.codes}
    for name, code_list in catalog.code_lists.items():
        if name in used and not code_list.codes:
            yield f"codes/{name}.csv: a field uses this list, but it has no codes"


def _check_tables(catalog: Catalog, facts: DatabaseFacts) -> Iterator[str]:
    for layer in catalog.feature_layers():
        for store in ("official", "history", "published"):
            wanted = [name for name, field in layer.fields.items() if field.public or store != "published"]
            columns = facts.get((store, layer.id))
            if columns is None:
                yield f"{layer.group}/{layer.id}.yml: the table {store}.{layer.id} is missing; run `./xanh migrate`"
                continue
            missing = [name for name in wanted if name not in columns]
            if missing:
                yield f"{layer.group}/{layer.id}.yml: {store}.{layer.id} lacks {', '.join(missing)}; run `./xanh migrate`"


def _find_orphans(catalog: Catalog, facts: DatabaseFacts) -> Iterator[str]:
    """Tables of layers whose file is gone."""
    known = {layer.id for layer in catalog.feature_layers()}
    for store, table in sorted(facts):
        if store == "official" and table not in known:
            yield f"the table {store}.{table} has no layer file{suggest(table, known)}"
