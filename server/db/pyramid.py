# SPDX-License-Identifier: MIT
"""What the two kinds of render pyramid share: bands, cells, tables. See server/publish/README.md for the contract with the map room."""

from __future__ import annotations

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_field_names
from server.db.ddl_published import PYRAMID_BANDS, is_point_layer
from server.db.pool import Connection
from server.query.pyramid import slice_fields

FIRST_BAND, LAST_BAND = PYRAMID_BANDS[0], PYRAMID_BANDS[-1]
WORLD_HALF = 20037508.342789244  # metres from the middle of the web Mercator square to its edge


def resolution(band: int) -> float:
    """Metres (EPSG:3857) per pixel of a band."""
    return 2 * WORLD_HALF / 256 / 2.0**band


def cell_axis(size: float, coordinate: sql.Composable) -> sql.Composed:
    """Number of the cell of `size` metres along one axis, of an SQL expression in metres (EPSG:3857)."""
    return sql.SQL("floor(({} + {}) / {})::bigint").format(coordinate, sql.Literal(WORLD_HALF), sql.Literal(size))


def cell_box(size: float, column: int, row: int) -> sql.Composed:
    """The square of a cell of `size` metres, a little larger: it finds by index what the numbers then decide upon."""
    west, south, rim = column * size - WORLD_HALF, row * size - WORLD_HALF, size / 1000
    sides = map(sql.Literal, (west - rim, south - rim, west + size + rim, south + size + rim))
    return sql.SQL("ST_MakeEnvelope({}, 3857)").format(sql.SQL(", ").join(sides))


def pyramid_name(layer: Layer) -> sql.Identifier:
    """The table of a layer's pyramid."""
    return sql.Identifier("published", f"{layer.id}_pyramid")


def band_rows(layer: Layer, band: int) -> sql.Composed:
    """What a map of a band reads, to stand behind FROM: bands of points build on one another, those of lines and polygons stand alone.

    Every band has an index of its own and is asked for by its number, so that each row stands in one index.
    """
    bands = range(FIRST_BAND, band + 1) if is_point_layer(layer) else (band,)
    one = sql.SQL("SELECT * FROM {} WHERE band = {}")
    return sql.SQL("({}) p").format(sql.SQL(" UNION ALL ").join(one.format(pyramid_name(layer), sql.Literal(number)) for number in bands))


def pyramid_fields(layer: Layer) -> sql.Composed:
    """The fields a pyramid carries, separated by commas."""
    return sql.SQL(", ").join(map(sql.Identifier, published_field_names(layer)))


def slice_columns(layer: Layer) -> list[sql.Identifier]:
    """Columns by which every cell keeps one feature for each value."""
    return [sql.Identifier(name) for name in slice_fields(layer)]


def clear_pyramid(connection: Connection, layer: Layer) -> None:
    """Empty the pyramid in the caller's transaction; readers see the old one until it commits."""
    connection.execute(sql.SQL("DELETE FROM {}").format(pyramid_name(layer)))


def read_number(connection: Connection, query: sql.Composed) -> int:
    """The one whole number a query answers."""
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
