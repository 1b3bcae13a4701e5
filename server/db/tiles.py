# SPDX-License-Identifier: MIT
"""What tiles ask of the database: the state of layers by the shortest way, and vector tiles (MVT 2.1) written by PostGIS."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.db.condition import Condition
from server.db.ddl_published import is_point_layer
from server.db.pool import Connection
from server.db.prepared import run_prepared
from server.db.where import compile_where, require_field
from server.query.tiles import TileState, VectorTileQuery

# Units of a tile's grid, and how far objects reach beyond its edge so that lines and symbols do not break there.
GRID, BUFFER = 4096, 128
_STATES = (
    b"SELECT concat_ws('|', layer, revision, to_hex((extract(epoch FROM published_at) * 1000)::bigint), coalesce(array_to_string(extent,"
    b" ','), ''), coalesce(array_to_string(pyramid_bands, ','), '')) FROM published.catalogue WHERE layer = ANY($1::text[])"
)


def read_tile_states(connection: Connection, layer_ids: Iterable[str]) -> dict[str, TileState]:
    """The states of the layers that are published, by layer; ids are those of the catalogue. One indexed question, never remembered."""
    result = run_prepared(connection, _STATES, [f"{{{','.join(layer_ids)}}}".encode()])
    states = (_read_state((result.get_value(row, 0) or b"").decode()) for row in range(result.ntuples))
    return {state.layer: state for state in states}


def make_vector_tile(connection: Connection, query: VectorTileQuery) -> bytes:
    """The tile with one layer named after the catalogue's layer; b"" when nothing lies in it.

    Features carry their id and the fields asked for: dates as ISO 8601 text, instants in UTC, empty fields left out.
    Raises InvalidParameter for a field the layer does not publish.
    """
    conditions, values = _conditions(query)
    minx, miny, maxx, maxy = query.extent
    margin = (maxx - minx) * BUFFER / GRID
    box = sql.SQL("ST_MakeEnvelope({}, {}, {}, {}, 3857)").format(*(sql.Literal(number) for number in query.extent))
    statement = sql.SQL(
        "SELECT ST_AsMVT(t, {name}, {grid}, 'geom', 'id') FROM (SELECT {columns}, ST_AsMVTGeom(geom_3857, {box}, {grid}, {buffer}) AS geom"
        " FROM {table} WHERE geom_3857 && ST_MakeEnvelope(%s, %s, %s, %s, 3857){conditions}) t WHERE geom IS NOT NULL"
    ).format(
        name=sql.Literal(query.layer.id),
        grid=sql.Literal(GRID),
        buffer=sql.Literal(BUFFER),
        columns=sql.SQL(", ").join([sql.Identifier("id"), *(_column(query.layer, name) for name in query.fields)]),
        box=box,
        table=sql.Identifier("published", query.layer.id if query.band is None else f"{query.layer.id}_pyramid"),
        conditions=conditions,
    )
    reach = (minx - margin, miny - margin, maxx + margin, maxy + margin)
    row = connection.execute(statement, (*reach, *values), binary=True, prepare=False).fetchone()
    return bytes(row[0]) if row and row[0] else b""


def _read_state(text: str) -> TileState:
    layer, revision, moment, extent, bands = text.split("|")
    corners = [float(number) for number in extent.split(",")] if extent else []
    return TileState(
        layer=layer,
        revision=int(revision),
        label=f"{revision}-{moment}",
        extent=(corners[0], corners[1], corners[2], corners[3]) if corners else None,
        pyramid_bands=tuple(int(band) for band in bands.split(",")) if bands else (),
    )


def _conditions(query: VectorTileQuery) -> tuple[sql.Composable, tuple[object, ...]]:
    """What narrows the rows besides the box; the bands of points build on one another, those of lines and polygons stand alone."""
    parts: list[sql.Composable] = []
    values: tuple[object, ...] = ()
    if query.band is not None:
        comparison = sql.SQL("<=" if is_point_layer(query.layer) else "=")
        parts.append(sql.SQL(" AND band {} {}").format(comparison, sql.Literal(query.band)))
    if query.where is not None:
        condition: Condition = compile_where(query.layer, query.where)
        parts.append(sql.SQL(" AND ({})").format(condition.sql))
        values = tuple(condition.params)
    return sql.SQL("").join(parts), values


def _column(layer: Layer, name: str) -> sql.Composable:
    kinds = {field.name: field.type for field in published_fields(layer)}
    written = sql.Identifier(require_field(layer, name))
    if kinds.get(name) == "datetime":
        return sql.SQL("to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') AS {0}").format(written)
    return sql.SQL("{0}::text AS {0}").format(written) if kinds.get(name) == "date" else written
