# SPDX-License-Identifier: MIT
"""What tiles ask of the database: the state of layers by the shortest way, and vector tiles (MVT 2.1) written by PostGIS."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql
from psycopg.adapt import Transformer
from psycopg.pq.abc import PGresult

from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.db.condition import Condition
from server.db.pool import Connection
from server.db.prepared import run_prepared
from server.db.pyramid import band_rows
from server.db.where import compile_where, require_field
from server.query.tiles import TileState, VectorTileQuery

# Units of a tile's grid, and how far objects reach beyond its edge so that lines and symbols do not break there.
GRID, BUFFER = 4096, 128
_STATE = b"layer, revision, published_at, extent, pyramid_bands"
_STATE_COLUMNS = 5
_STATES = b"SELECT " + _STATE + b" FROM published.catalogue WHERE layer = ANY($1::text[])"

# Without OFFSET the planner would cut every shape twice: for the condition, and for the tile.
_TAIL = sql.SQL(" OFFSET 0) t WHERE geom IS NOT NULL")
_BOUND = [sql.SQL("%s")] * 8
_NUMBERED = [sql.SQL(f"${number}::float8") for number in range(1, 9)]
_MAX_STATEMENTS = 5000
_statements: dict[tuple[str, int | None, tuple[str, ...]], tuple[Layer, bytes]] = {}
# The last state of each layer, by the bytes of its row: reading those costs more than finding the row.
_states: dict[bytes, tuple[list[bytes], TileState]] = {}


def read_tile_states(connection: Connection, layer_ids: Iterable[str]) -> dict[str, TileState]:
    """The states of the layers that are published, by layer; ids are those of the catalogue. One indexed question, never remembered."""
    result = run_prepared(connection, _STATES, [f"{{{','.join(layer_ids)}}}".encode()])
    states = (_read_state(connection, result, row) for row in range(result.ntuples))
    return {state.layer: state for state in states}


def make_vector_tile(connection: Connection, query: VectorTileQuery) -> bytes:
    """The tile with one layer named after the catalogue's layer; b"" when nothing lies in it.

    Features carry their id and the fields asked for: dates as ISO 8601 text, instants in UTC, empty fields left out.
    Raises InvalidParameter for a field the layer does not publish.
    """
    if query.where is None and query.reach is None:
        return make_tile_and_state(connection, query)[1]
    condition = compile_where(query.layer, query.where) if query.where is not None else Condition(sql.SQL("TRUE"))
    statement = sql.SQL("").join([_write_head(query, _BOUND), sql.SQL(" AND ({})").format(condition.sql), _TAIL])
    row = connection.execute(statement, [*_boxes(query), *condition.params], binary=True).fetchone()
    return bytes(row[0]) if row and row[0] else b""


def make_tile_and_state(connection: Connection, query: VectorTileQuery) -> tuple[TileState | None, bytes]:
    """A tile without a condition and the state of the layer it shows, in one question and so of one moment; None = not published.

    Raises InvalidParameter for a field the layer does not publish.
    """
    result = run_prepared(connection, _remember_statement(query), [repr(number).encode() for number in _boxes(query)])
    if not result.ntuples:
        return None, b""
    return _read_state(connection, result, 0), result.get_value(0, _STATE_COLUMNS) or b""


def _boxes(query: VectorTileQuery) -> list[float]:
    """The eight numbers to bind: the tile, and the tile with its margin."""
    if query.reach is not None:
        return [*query.extent, *query.reach]
    minx, miny, maxx, maxy = query.extent
    margin = (maxx - minx) * BUFFER / GRID
    return [*query.extent, minx - margin, miny - margin, maxx + margin, maxy + margin]


def _remember_statement(query: VectorTileQuery) -> bytes:
    """Writing the statement costs as much as running it, so it is kept: one per layer and band."""
    key = (query.layer.id, query.band, query.fields)
    layer, statement = _statements.get(key, (None, b""))
    if layer is not query.layer:
        head = sql.SQL("SELECT {}, (").format(sql.SQL(_STATE.decode()))
        tail = sql.SQL(") FROM published.catalogue WHERE layer = {}").format(sql.Literal(query.layer.id))
        statement = sql.SQL("").join([head, _write_head(query, _NUMBERED), _TAIL, tail]).as_bytes(None)
        if len(_statements) < _MAX_STATEMENTS:
            _statements[key] = query.layer, statement
    return statement


def _write_head(query: VectorTileQuery, marks: list[sql.SQL]) -> sql.Composed:
    """Everything up to further conditions, with eight numbers to bind: the tile, and the tile with its margin.

    The box of the tile is a question of its own: a prepared plan would make it again for every row.
    """
    layer, band = query.layer, query.band
    comma = sql.SQL(", ")
    return sql.SQL(
        "SELECT ST_AsMVT(t, {name}, {grid}, 'geom', 'id') FROM (SELECT {columns}, ST_AsMVTGeom({shape},"
        " (SELECT ST_MakeEnvelope({tile}, {srid})::box2d), {grid}, {buffer}) AS geom FROM {table}"
        " WHERE geom_3857 && ST_MakeEnvelope({reach}, 3857)"
    ).format(
        name=sql.Literal(layer.id),
        grid=sql.Literal(GRID),
        buffer=sql.Literal(BUFFER),
        srid=sql.Literal(query.srid),
        shape=_shape(query),
        tile=comma.join(marks[:4]),
        reach=comma.join(marks[4:]),
        columns=comma.join([sql.Identifier("id"), *(_column(layer, name) for name in query.fields)]),
        table=sql.Identifier("published", layer.id) if band is None else band_rows(layer, band),
    )


def _shape(query: VectorTileQuery) -> sql.Composable:
    """The shape in the tile's system; cut to the tile's surroundings first, because far away another system may have no coordinates."""
    if query.reach is None:
        return sql.SQL("geom_3857")
    cut = sql.SQL("ST_ClipByBox2D(geom_3857, ST_MakeEnvelope({}, 3857)::box2d)").format(sql.SQL(", ").join(map(sql.Literal, query.reach)))
    return sql.SQL("ST_Transform({}, {})").format(cut, sql.Literal(query.srid))


def _read_state(connection: Connection, result: PGresult, row: int) -> TileState:
    """The state in the first columns of a row."""
    values = [result.get_value(row, column) or b"" for column in range(_STATE_COLUMNS)]
    known = _states.get(values[0])
    if known is not None and known[0] == values:
        return known[1]
    reader = Transformer(connection)
    reader.set_pgresult(result)
    layer, revision, published_at, extent, bands, *_ = reader.load_row(row, tuple) or ()
    state = TileState(
        layer=layer,
        revision=revision,
        label=f"{revision}-{round(published_at.timestamp() * 1000):x}",
        extent=(extent[0], extent[1], extent[2], extent[3]) if extent else None,
        pyramid_bands=tuple(bands or ()),
    )
    _states[values[0]] = values, state
    return state


def _column(layer: Layer, name: str) -> sql.Composable:
    kinds = {field.name: field.type for field in published_fields(layer)}
    written = sql.Identifier(require_field(layer, name))
    if kinds.get(name) == "datetime":
        return sql.SQL("to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') AS {0}").format(written)
    return sql.SQL("{0}::text AS {0}").format(written) if kinds.get(name) == "date" else written
