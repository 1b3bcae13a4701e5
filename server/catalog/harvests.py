# SPDX-License-Identifier: MIT
"""Harvest files: a service of another agency that is read again and again into a layer, written down under `layers/harvest/<name>.yml`.

```yaml
layer: stations
service: wfs                    # or features: OGC API Features
url: https://geo.example.vn/wfs
type_name: quantrac:tram        # the feature type, or the collection
every: 24h
mode: sync
map: {ma_tram: code, ten_tram: name}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from server.catalog.catalog import Catalog
from server.catalog.model import NAME, Part
from server.catalog.surroundings import suggest
from server.strictyaml import ConfigProblems, build_model, read_yaml

HARVEST_FOLDER = "harvest"
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_SHORTEST = timedelta(minutes=5)
_OURS = frozenset(
    {"service", "version", "request", "typename", "typenames", "count", "maxfeatures", "startindex", "resulttype", "limit", "offset", "f"}
)


class Harvest(Part):
    """One harvest file."""

    layer: str
    service: Literal["wfs", "features"] = "wfs"
    url: str = Field(pattern=r"^https?://[^\s@#]+$", max_length=2000, description="Address of the WFS, or landing page of the OGC API.")
    type_name: Annotated[str, Field(min_length=1, max_length=200)] = Field(description="Feature type, or collection.")
    version: Literal["1.1.0", "2.0.0"] = Field(default="2.0.0", description="Of a WFS.")
    every: str | None = Field(default=None, pattern=r"^[1-9]\d{0,3}[mhd]$", description="30m, 24h, 7d; left out: only by hand.")
    mode: Literal["append", "upsert", "replace", "sync"] = "upsert"
    key: str | None = Field(default=None, description="Layer field by which objects are known; else the layer's key.")
    crs: int | None = Field(default=None, description="EPSG code of the coordinates, where the service says nothing or the wrong thing.")
    map: dict[str, str] = Field(default={}, description="Field of the service: field of the layer.")
    leave_out: tuple[str, ...] = Field(default=(), description="Fields of the layer the service does not fill, though names fit.")
    set: dict[str, str] = Field(default={}, description="Field of the layer: one value for all objects.")
    filter: str | None = Field(default=None, max_length=4000, description="Which objects: FES (WFS) or CQL2 text (OGC API).")
    parameters: dict[str, str] = Field(default={}, description="More parameters of the requests: bbox, sortBy, CQL_FILTER ...")
    repair: Literal["no", "small", "all"] = "no"
    on_error: Literal["reject", "stop"] = "reject"
    max_deleted_percent: float = Field(default=20, ge=0, le=100, description="A run that would delete a larger share loads nothing.")

    @field_validator("every")
    @classmethod
    def _not_too_often(cls, every: str | None) -> str | None:
        if every is not None and read_span(every) < _SHORTEST:
            raise ValueError("at most every 5 minutes (5m)")
        return every

    @field_validator("parameters")
    @classmethod
    def _not_ours(cls, parameters: dict[str, str]) -> dict[str, str]:
        taken = [name for name in parameters if name.lower() in _OURS]
        if taken:
            raise ValueError(f"the parameter {taken[0]!r} is set by the harvest itself")
        return parameters

    @property
    def span(self) -> timedelta | None:
        """How long after one run the next is due; None: only by hand."""
        return None if self.every is None else read_span(self.every)


HarvestName = Annotated[str, StringConstraints(pattern=NAME)]


def read_span(every: str) -> timedelta:
    """`30m`, `24h` or `7d` as a span of time."""
    return int(every[:-1]) * _UNITS[every[-1]]


def harvest_file(layers_dir: Path, name: str) -> Path:
    """Where the file of a harvest lies."""
    return layers_dir / HARVEST_FOLDER / f"{name}.yml"


def read_harvests(layers_dir: Path, catalog: Catalog) -> dict[str, Harvest]:
    """All harvests of an installation by name. Raises ConfigProblems with everything wrong in all files."""
    found: dict[str, Harvest] = {}
    problems: list[str] = []
    for path in sorted((layers_dir / HARVEST_FOLDER).glob("*.y*ml")):
        name = f"{HARVEST_FOLDER}/{path.name}"
        try:
            if path.suffix != ".yml" or not re.fullmatch(NAME, path.stem):
                raise ConfigProblems([f"{name}:1: the name of a harvest file is lower case letters, digits and _, and ends in .yml"])
            value, lines = read_yaml(path, name)
            if not isinstance(value, dict):
                raise ConfigProblems([f"{name}:1: the file is not a set of keys"])
            made = build_model(value, Harvest, name, lines)
        except ConfigProblems as error:
            problems += error.problems
            continue
        problems += [f"{name}:{lines.get((key,), 1)}: {text}" for key, text in find_harvest_faults(made, catalog)]
        found[path.stem] = made
    if problems:
        raise ConfigProblems(problems)
    return found


def find_harvest_faults(harvest: Harvest, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """What of a harvest does not fit the layers: (key of the file, sentence)."""
    layer = catalog.layers.get(harvest.layer)
    if layer is None:
        yield "layer", f"there is no layer {harvest.layer!r}{suggest(harvest.layer, catalog.layers)}"
        return
    if not layer.has_table:
        yield "layer", f"the layer {layer.id!r} holds a raster, no features"
    known = {*layer.fields, *(("valid_from", "valid_to") if layer.validity else ())}
    wanted: Mapping[str, list[str]] = {
        "map": list(harvest.map.values()),
        "set": list(harvest.set),
        "leave_out": list(harvest.leave_out),
        "key": [harvest.key] if harvest.key else [],
    }
    for key, names in wanted.items():
        yield from ((key, f"layer {layer.id} has no field {name!r}{suggest(name, known)}") for name in names if name not in known)
    if harvest.mode == "sync" and harvest.key is None and layer.load.key is None:
        yield "mode", f"`sync` knows objects by a key; layer {layer.id} has none, name one with `key`"
