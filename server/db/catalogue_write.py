# SPDX-License-Identifier: MIT
"""Writes `published.catalogue`: what is known of a published layer without reading it, and its revision."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_field_names
from server.db.pool import Connection

CHANNEL = "xanh_published"


def write_catalogue_row(connection: Connection, layer: Layer, bands: Sequence[int]) -> None:
    """Count the published table, note extent (degrees) and time range, raise the revision, tell listeners (`layer:revision`)."""
    shape: sql.Composable = sql.SQL("NULL::double precision[]")
    if layer.has_geometry:
        shape = sql.SQL(
            "CASE WHEN ST_Extent(geom) IS NOT NULL THEN ARRAY[ST_XMin(ST_Extent(geom)), ST_YMin(ST_Extent(geom)),"
            " ST_XMax(ST_Extent(geom)), ST_YMax(ST_Extent(geom))] END"
        )
    begin, end = _time_range(layer)
    select = sql.SQL("SELECT {}, count(*), {}, {}, {}, {}::smallint[] FROM {}").format(
        sql.Literal(layer.id), shape, begin, end, sql.Literal(list(bands)), sql.Identifier("published", layer.id)
    )
    _upsert(connection, layer, select)


def write_raster_row(connection: Connection, layer: Layer, extent: tuple[float, float, float, float]) -> None:
    """The row of a raster layer: its extent (west, south, east, north in degrees); the revision rises."""
    select = sql.SQL("SELECT {}, 0, {}::double precision[], NULL::timestamptz, NULL::timestamptz, '{{}}'::smallint[]").format(
        sql.Literal(layer.id), sql.Literal(list(extent))
    )
    _upsert(connection, layer, select)


def _upsert(connection: Connection, layer: Layer, select: sql.Composed) -> None:
    connection.execute(
        sql.SQL(
            "INSERT INTO published.catalogue AS c"
            " (layer, feature_count, extent, time_begin, time_end, pyramid_bands, revision, published_at)"
            " SELECT s.*, 1, now() FROM ({}) s (layer, feature_count, extent, time_begin, time_end, pyramid_bands)"
            " ON CONFLICT (layer) DO UPDATE SET feature_count = excluded.feature_count, extent = excluded.extent,"
            " time_begin = excluded.time_begin, time_end = excluded.time_end, pyramid_bands = excluded.pyramid_bands,"
            " revision = c.revision + 1, published_at = excluded.published_at"
        ).format(select)
    )
    connection.execute("SELECT pg_notify(%s, layer || ':' || revision) FROM published.catalogue WHERE layer = %s", [CHANNEL, layer.id])


def _time_range(layer: Layer) -> tuple[sql.Composable, sql.Composable]:
    """First and last moment of the layer's published time fields."""
    absent = sql.SQL("NULL::timestamptz")
    public = published_field_names(layer)
    if layer.time is None or layer.time.begin not in public:
        return absent, absent
    begin = sql.Identifier(layer.time.begin)
    latest: sql.Composable = begin
    if layer.time.end in public:
        latest = sql.SQL("coalesce({}, {})").format(sql.Identifier(layer.time.end), begin)
    return sql.SQL("min({})::timestamptz").format(begin), sql.SQL("max({})::timestamptz").format(latest)
