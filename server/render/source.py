# SPDX-License-Identifier: MIT
"""What the map engine is given once: how to reach `published`, the styles, and where pictures and rasters lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.catalog.model import Layer
from server.filter.tree import Formula, Node
from server.query.spots import SpotQuestion, SpotReader
from server.style.model import Style


@dataclass(frozen=True)
class PostgisConnection:
    """The reader's way into the database; `host` is a machine or the directory of a unix socket."""

    host: str
    port: int
    dbname: str
    user: str
    password: str = field(repr=False)
    timeout_ms: int = 20_000
    pool_size: int = 8


@dataclass(frozen=True)
class TableQuestion:
    """Which rows and columns of a layer a map needs.

    `band` names the pyramid band (None = the published table); `sort_by` what to order by and whether that descends; `where` narrows the
    features. `computed`: columns that no field has, and what they hold. `cuts`: far outside the map, very long shapes may be cut off.
    """

    layer: Layer
    fields: tuple[str, ...]
    band: int | None = None
    sort_by: tuple[tuple[Formula, bool], ...] = ()
    where: Node | None = None
    computed: tuple[tuple[str, Formula | Node], ...] = ()
    cuts: bool = False


@dataclass(frozen=True)
class RasterFile:
    """A GeoTIFF and the EPSG code of its coordinates."""

    path: Path
    crs: int = 4326


@dataclass(frozen=True)
class MapSource:
    """Everything `render_map` reads besides the question itself.

    `table_sql` turns a TableQuestion into `(select ...) t` with the columns asked for and `geom_3857`. `raster_files` finds the files of a
    raster layer, the lowest first, that a condition on time leaves (None = what is shown without any). `symbols_dir` is a writable
    directory for point symbols drawn once; `assets_dir` holds the pictures and fonts of the styles. `spots` reads the points of crowded
    layers (None = the map engine draws those too); it raises InvalidParameter for conditions that do not fit the layer.
    """

    connection: PostgisConnection
    table_sql: Callable[[TableQuestion], str]
    raster_files: Callable[[Layer, Node | None], tuple[RasterFile, ...]]
    styles: Mapping[str, Style]
    assets_dir: Path
    symbols_dir: Path
    spots: Callable[[SpotQuestion], SpotReader] | None = None
