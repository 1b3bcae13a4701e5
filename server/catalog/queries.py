# SPDX-License-Identifier: MIT
"""Query files: questions asked often, written down once under `layers/queries/` and served by name (stored queries of WFS 2.0).

```yaml
id: stations_below_wqi
title: {vi: ..., en: ...}
layer: stations
parameters:
  wqi: {type: number, vi: WQI cao nhất, en: Highest WQI, default: 50}
where: wqi <= :wqi          # CQL2 text; :name stands for a parameter
sort: [wqi]                 # fields; `-wqi` the largest first
```
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from server.catalog.model import NAME, Part, Text, Words
from server.catalog.surroundings import suggest
from server.strictyaml import ConfigProblems, build_model, read_yaml

QUERIES_FOLDER = "queries"
ParameterType = Literal["text", "integer", "number", "boolean", "date", "datetime", "bbox", "geometry"]
PLACEHOLDER = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|:([a-z][a-z0-9_]*)")
"""Texts and quoted names (passed over), and parameters in a `where`."""


class QueryParameter(Part):
    """What a query is told when it is asked; without default it must be."""

    type: ParameterType = "text"
    vi: Words
    en: Words
    default: str | float | bool | None = None


class StoredQuery(Part):
    """One query file."""

    id: Annotated[str, StringConstraints(pattern=NAME)]
    title: Text
    abstract: Text | None = None
    layer: str
    parameters: dict[Annotated[str, StringConstraints(pattern=NAME)], QueryParameter] = Field(default_factory=dict)
    where: str = Field(min_length=1, max_length=4000, description="A condition in CQL2 text; `:name` stands for a parameter.")
    sort: tuple[str, ...] = Field(default=(), max_length=10)

    @property
    def placeholders(self) -> list[str]:
        """The parameters `where` uses, in order, with repetitions."""
        return [match.group(1) for match in PLACEHOLDER.finditer(self.where) if match.group(1)]


def read_stored_queries(layers_dir: Path) -> dict[str, StoredQuery]:
    """Every query file of an installation by id. Raises ConfigProblems with everything wrong in all files."""
    found: dict[str, StoredQuery] = {}
    problems: list[str] = []
    for path in sorted((layers_dir / QUERIES_FOLDER).glob("*.y*ml")):
        name = f"{QUERIES_FOLDER}/{path.name}"
        try:
            value, lines = read_yaml(path, name)
            query = build_model(value, StoredQuery, name, lines)
        except ConfigProblems as error:
            problems += error.problems
            continue
        if query.id != path.stem or path.suffix != ".yml":
            problems.append(f"{name}:{lines.get(('id',), 1)}: the file of the query {query.id!r} must be called {query.id}.yml")
        problems += [f"{name}:{lines.get(('where',), 1)}: {text}" for text in _find_faults(query)]
        found[query.id] = query
    if problems:
        raise ConfigProblems(problems)
    return found


def find_strange_layers(queries: Collection[StoredQuery], layers: Collection[str]) -> list[str]:
    """A sentence for each query about a layer that does not exist."""
    return [
        f"{QUERIES_FOLDER}/{query.id}.yml: there is no layer {query.layer!r}{suggest(query.layer, layers)}"
        for query in queries
        if query.layer not in layers
    ]


def _find_faults(query: StoredQuery) -> list[str]:
    used = query.placeholders
    unknown = [f"the parameter :{name} is not declared{suggest(name, query.parameters)}" for name in used if name not in query.parameters]
    return unknown + [f"the parameter {name!r} is not used" for name in query.parameters if name not in used]
