# SPDX-License-Identifier: MIT
"""Count, extent and time range of published rows: measured over a layer, or brought up to date from the few rows that changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_field_names
from server.db.pool import Connection
from server.db.scope import among

# West, south, east, north, first moment, last moment: which way each of them grows.
_GROWS: tuple[Callable[..., Any], ...] = (min, min, max, max, min, max)


@dataclass(frozen=True)
class Outline:
    """`bounds` = west, south, east, north (degrees), first and last moment (with zone); None where no row has one.

    `moments`: those of rasters that change in time.
    """

    count: int
    bounds: tuple[Any, ...]
    moments: tuple[datetime, ...] = ()

    @property
    def extent(self) -> list[float] | None:
        """West, south, east, north, or None when no row has a geometry."""
        return None if self.bounds[0] is None else [float(side) for side in self.bounds[:4]]


def measure(connection: Connection, layer: Layer, ids: Sequence[int] | None = None) -> Outline:
    """The outline of the layer's published rows (one scan), or of those with these ids."""
    sides: list[sql.Composable] = [sql.SQL("NULL::double precision")] * 4
    if layer.has_geometry:
        sides = [sql.SQL(f"{function}(ST_Extent(geom))") for function in ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax")]
    scope = sql.SQL("") if ids is None else sql.SQL(" WHERE {}").format(among(sql.Identifier("id"), ids))
    row = connection.execute(
        sql.SQL("SELECT count(*), {} FROM {}{}").format(
            sql.SQL(", ").join([*sides, *_times(layer)]), sql.Identifier("published", layer.id), scope
        )
    ).fetchone()
    return Outline(int(row[0]), tuple(row[1:])) if row else Outline(0, (None,) * 6)


def read_outline(connection: Connection, layer: Layer) -> Outline | None:
    """The outline the catalogue row holds."""
    row = connection.execute(
        "SELECT feature_count, extent[1], extent[2], extent[3], extent[4], time_begin, time_end FROM published.catalogue WHERE layer = %s",
        [layer.id],
    ).fetchone()
    return Outline(int(row[0]), tuple(row[1:])) if row else None


def follow(whole: Outline, before: Outline, after: Outline) -> Outline | None:
    """The outline of a layer after some of its rows went from `before` to `after`; None when only a scan can tell.

    That is when a row that went or moved lay on the border and none of the changed ones takes its place there.
    """
    bounds = []
    for grows, old, left, came in zip(_GROWS, whole.bounds, before.bounds, after.bounds, strict=True):
        if left is not None and left == old and (came is None or grows(came, left) != came):
            return None
        known = [bound for bound in (old, came) if bound is not None]
        bounds.append(grows(known) if known else None)
    return Outline(whole.count + after.count - before.count, tuple(bounds))


def _times(layer: Layer) -> list[sql.Composable]:
    """First and last moment of the layer's published time fields."""
    public = published_field_names(layer)
    if layer.time is None or layer.time.begin not in public:
        return [sql.SQL("NULL::timestamptz")] * 2
    begin = sql.Identifier(layer.time.begin)
    latest: sql.Composable = begin
    if layer.time.end in public:
        latest = sql.SQL("coalesce({}, {})").format(sql.Identifier(layer.time.end), begin)
    return [sql.SQL("min({})::timestamptz").format(begin), sql.SQL("max({})::timestamptz").format(latest)]
