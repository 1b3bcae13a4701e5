# SPDX-License-Identifier: MIT
"""What is measured: one question per workload, asked of every server that can answer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reading = Literal["items", "item", "filter", "gml", "wfs-json", "map", "tile", "mvt", "mvt-small", "whole"]
Kind = (
    Reading
    | Literal["growth", "transaction", "soak", "long", "pages", "metadata", "web", "pan", "suggest", "load-points", "load-areas", "cog"]
)
LOADING_KINDS: frozenset[Kind] = frozenset({"load-points", "load-areas", "cog"})
# Two figures of ours, one divided by the other.
RATIO_KINDS: frozenset[Kind] = frozenset({"growth", "pages", "metadata", "web", "pan"})
# Asked of no other server: what is measured beside is the database itself, the readers, or a program.
OWN_KINDS: frozenset[Kind] = frozenset({"transaction", "soak", "long", "suggest", *RATIO_KINDS, *LOADING_KINDS})
MVT_KINDS: frozenset[Kind] = frozenset({"mvt", "mvt-small"})
TILES = 40
# More features, and filters, than anybody remembers.
FEATURES = 3000


@dataclass(frozen=True)
class TileArea:
    """Tiles of one level of web Mercator inside the data: first and last column, first and last row."""

    level: int
    columns: tuple[int, int]
    rows: tuple[int, int]

    def tiles(self) -> list[tuple[int, int, int]]:
        """Level, column and row of each, row by row."""
        columns, rows = range(self.columns[0], self.columns[1] + 1), range(self.rows[0], self.rows[1] + 1)
        return [(self.level, column, row) for row in rows for column in columns]


# Some 1 500 points each, fewer tiles than are asked for in a round: none may be kept. 23 points each, more tiles than are made in a round.
TILE_AREAS: dict[Kind, TileArea] = {"mvt": TileArea(9, (405, 411), (225, 242)), "mvt-small": TileArea(12, (3237, 3292), (1795, 1940))}


@dataclass(frozen=True)
class Workload:
    """A question. Throughput workloads are asked by wrk for some seconds (requests/s, more is better); `single` ones are one
    request (seconds, less is better). `box` is the width of a map in degrees; `new`: hardly anything is asked twice. `growth` compares
    two layers of ours, zoom by zoom."""

    name: str
    kind: Kind
    limit: int = 0
    box: float = 0.0
    single: bool = False
    new: bool = False

    @property
    def unit(self) -> str:
        """Unit of the figures."""
        if self.kind in RATIO_KINDS:
            return "ratio"
        if self.kind == "suggest":
            return "ms"
        return "s" if self.single else "requests/s"

    @property
    def needs_many(self) -> bool:
        """Whether the layer of two million points must be there."""
        return self.kind in ("whole", "growth", "metadata", "pan")

    def boxes(self) -> list[tuple[float, float, float, float]]:
        """The maps of a map workload: TILES boxes (lon/lat degrees) in a fixed scattered order inside the data."""
        return [
            (lon, lat, lon + self.box, lat + self.box)
            for lon, lat in ((105 + (i * 7 % TILES) / 12, 10 + (i * 3 % TILES) / 4) for i in range(TILES))
        ]

    def features(self) -> list[int]:
        """Numbers of features of `bench_points` to ask for one by one, scattered, in a fixed order: few filters, or ever new ones."""
        return [1 + i * 7919 % 200_000 for i in range(TILES if self.kind == "filter" and not self.new else FEATURES)]

    def tiles(self) -> list[tuple[int, int, int]]:
        """Level, column and row of the tiles of a tile workload: a few to be had from the cache, or thousands to be made."""
        if self.kind == "tile":
            return [(10, 809 + i % 14, 447 + i) for i in range(TILES)]
        return TILE_AREAS[self.kind].tiles()


WORKLOADS = (
    Workload("items-10", "items", limit=10),
    Workload("items-1000", "items", limit=1000),
    Workload("item", "item"),
    Workload("items-filter", "filter", limit=10),
    Workload("items-filter-new", "filter", limit=10, new=True),
    Workload("pages", "pages", limit=10),
    Workload("items-1000-psql", "web", limit=1000),
    Workload("metadata", "metadata"),
    Workload("getfeature-10", "gml", limit=10),
    Workload("getfeature-1000", "gml", limit=1000),
    Workload("getfeature-1000-json", "wfs-json", limit=1000),
    Workload("items-100000", "items", limit=100_000, single=True),
    Workload("getmap-sparse", "map", box=0.05),
    Workload("getmap-medium", "map", box=0.2),
    Workload("getmap-dense", "map", box=0.9),
    Workload("getmap-whole", "whole", single=True),
    Workload("getmap-growth", "growth"),
    Workload("pan", "pan"),
    Workload("suggest", "suggest"),
    Workload("tile-cached", "tile"),
    Workload("mvt-cold", "mvt"),
    Workload("mvt-cold-small", "mvt-small"),
    Workload("getfeature-1000000", "long", limit=1_000_000, single=True),
    Workload("transaction-10000", "transaction", single=True),
    Workload("soak", "soak", single=True),
    Workload("load-points", "load-points", single=True),
    Workload("load-areas", "load-areas", single=True),
    Workload("cog", "cog", single=True),
)
