# SPDX-License-Identifier: MIT
"""The files of raster layers that change in time: `published.raster_file`, one row for each moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.catalog.model import Layer
from server.db.outline import Outline
from server.db.pool import Connection


@dataclass(frozen=True)
class RasterRecord:
    """A raster of one moment: its file's name, size in pixels, pixel type, no-data value, range, extent (degrees, WGS 84)."""

    moment: datetime
    file: str
    size: tuple[int, int]
    pixel_type: str
    no_data: float | None
    span: tuple[float | None, float | None]
    extent: tuple[float, float, float, float]


def write_raster_files(connection: Connection, layer: Layer, records: Sequence[RasterRecord]) -> None:
    """Note rasters; one of a moment that was known takes its place."""
    for one in records:
        connection.execute(
            "INSERT INTO published.raster_file AS r"
            " (layer, moment, file, width, height, pixel_type, no_data, minimum, maximum, footprint)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, ST_MakeEnvelope(%s, %s, %s, %s, 4326))"
            " ON CONFLICT (layer, moment) DO UPDATE SET file = excluded.file, width = excluded.width, height = excluded.height,"
            " pixel_type = excluded.pixel_type, no_data = excluded.no_data, minimum = excluded.minimum, maximum = excluded.maximum,"
            " footprint = excluded.footprint",
            [layer.id, one.moment, one.file, *one.size, one.pixel_type, one.no_data, *one.span, *one.extent],
        )


def keep_raster_files(connection: Connection, layer: Layer, files: Sequence[str]) -> None:
    """Forget the rasters of a layer that lie in other files than these."""
    connection.execute("DELETE FROM published.raster_file WHERE layer = %s AND NOT file = ANY(%s)", [layer.id, list(files)])


def measure_raster_files(connection: Connection, layer: Layer) -> Outline:
    """Count, extent and moments of all rasters of a layer."""
    row = connection.execute(
        "SELECT count(*), ST_XMin(ST_Extent(footprint)), ST_YMin(ST_Extent(footprint)), ST_XMax(ST_Extent(footprint)),"
        " ST_YMax(ST_Extent(footprint)), min(moment), max(moment), coalesce(array_agg(moment ORDER BY moment), '{}')"
        " FROM published.raster_file WHERE layer = %s",
        [layer.id],
    ).fetchone()
    return Outline(int(row[0]), tuple(row[1:7]), tuple(row[7])) if row else Outline(0, (None,) * 6)


def list_raster_files(connection: Connection, layer: Layer) -> list[tuple[datetime, str]]:
    """Moments and file names of a layer, the earliest first."""
    rows = connection.execute("SELECT moment, file FROM published.raster_file WHERE layer = %s ORDER BY moment", [layer.id]).fetchall()
    return [(moment, file) for moment, file in rows]
