# SPDX-License-Identifier: MIT
"""The render pyramid of line and polygon layers (and of layers of any shape): every band is complete (`band = z`).

A band is made from the next finer one, so the vertices are walked once. What is smaller than a pixel becomes a pixel (a speck), one for
each cell of 2 x 2 pixels and slice, the topmost; the rest loses the vertices nobody can see.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from server.catalog.model import Layer
from server.db.ddl_published import PYRAMID_BANDS
from server.db.pool import Connection
from server.db.pyramid import (
    FIRST_BAND,
    cell_axis,
    cell_box,
    clear_pyramid,
    pyramid_fields,
    pyramid_name,
    read_number,
    resolution,
    slice_columns,
)

FEWEST_VERTICES = 50_000
_WORTHWHILE = 0.6  # a band keeping more than this share of the vertices is none
_TOLERANCE_PIXELS = 0.4  # halves from band to band, so all errors together stay below one pixel
_CELL_PIXELS = 2
_SAMPLE = 500
_MIDDLE = tuple(sql.SQL("(ST_{0}Min(geom_3857) + ST_{0}Max(geom_3857)) / 2").format(sql.SQL(axis)) for axis in "XY")
_WIDTH = tuple(sql.SQL("ST_{0}Max(geom_3857) - ST_{0}Min(geom_3857)").format(sql.SQL(axis)) for axis in "XY")
_TINY = sql.Identifier(":tiny")  # no field can be called so
# What a speck is drawn as: a pixel, a line of one pixel or a point, by what it was.
_SPECK = (
    "CASE ST_Dimension(geom_3857) WHEN 2 THEN ST_Expand(ST_Point({x}, {y}, 3857), {half})"
    " WHEN 1 THEN ST_MakeLine(ST_Point({x} - {half}, {y}, 3857), ST_Point({x} + {half}, {y}, 3857)) ELSE ST_Point({x}, {y}, 3857) END"
)

Cells = Sequence[tuple[int, int]]


def build_shape_pyramid(connection: Connection, layer: Layer) -> list[int]:
    """Make the pyramid of a layer anew; answers its bands, none where it does not pay."""
    clear_pyramid(connection, layer)
    published = sql.Identifier("published", layer.id)
    vertices = read_number(connection, sql.SQL("SELECT coalesce(sum(ST_NPoints(geom_3857)), 0) FROM {}").format(published))
    if vertices < FEWEST_VERTICES:
        return []
    bands = list(range(FIRST_BAND, _finest_worthwhile(connection, published) + 1))
    for band in reversed(bands):
        connection.execute(_write_band(layer, band, _select_rows(layer, band, bands[-1])))
    return bands


def repair_shape_pyramid(connection: Connection, layer: Layer, bands: Sequence[int], ids: Sequence[int]) -> None:
    """Bring the pyramid in line after the published rows of `ids` changed, came or went; specks they hid come back.

    What an edit costs depends on the changed features and on what lies in the cells of their specks, not on the layer.
    """
    for band in sorted(bands, reverse=True):
        cells = _find_cells(connection, layer, (band, max(bands)), ids)
        remade = sorted({*ids, *_remove(connection, layer, band, ids, cells)})
        rows = _select_rows(layer, band, max(bands), sql.SQL("id = ANY({})").format(sql.Literal(remade)))
        if cells:
            beside = sql.SQL("{} AND NOT id = ANY({})").format(_is_tiny(band), sql.Literal(remade))
            rows = sql.SQL("{} UNION ALL {}").format(rows, _select_rows(layer, band, max(bands), beside, cells))
        connection.execute(_write_band(layer, band, rows))


def _find_cells(connection: Connection, layer: Layer, bands: tuple[int, int], ids: Sequence[int]) -> Cells:
    """The cells in which features are or were specks; `bands` = the band and the finest one."""
    band, finest = bands
    columns = [cell_axis(_cell(band), side) for side in _MIDDLE]
    before = sql.SQL("SELECT {}, {} FROM {} WHERE band = {} AND id = ANY({}) AND {}").format(
        *columns, pyramid_name(layer), sql.Literal(band), sql.Literal(list(ids)), _is_speck(band)
    )
    now = sql.SQL("SELECT {}, {} FROM {} WHERE {} AND id = ANY({}) AND {}").format(
        *columns, *_source(layer, band, finest), sql.Literal(list(ids)), _is_tiny(band)
    )
    rows = connection.execute(sql.SQL("{} UNION {}").format(before, now)).fetchall()
    return [(int(column), int(row)) for column, row in rows]


def _remove(connection: Connection, layer: Layer, band: int, ids: Sequence[int], cells: Cells) -> list[int]:
    """Take the features and all specks of the cells out of a band; answers the ids of the latter."""
    connection.execute(
        sql.SQL("DELETE FROM {} WHERE band = {} AND id = ANY({})").format(pyramid_name(layer), sql.Literal(band), sql.Literal(list(ids)))
    )
    if not cells:
        return []
    removed = connection.execute(
        sql.SQL("DELETE FROM {} p USING {} WHERE band = {} AND {} AND {} RETURNING p.id").format(
            pyramid_name(layer), _list_cells(band, cells), sql.Literal(band), _in_cell(band), _is_speck(band)
        )
    )
    return [int(row[0]) for row in removed.fetchall()]


def _select_rows(layer: Layer, band: int, finest: int, condition: sql.Composable | None = None, cells: Cells = ()) -> sql.Composed:
    """The features a band is made of, and which of them are smaller than its pixel: all, those of a condition, those in some cells."""
    source, base = _source(layer, band, finest)
    conditions = [base, sql.SQL("geom_3857 IS NOT NULL"), *([condition] if condition else []), *([_in_cell(band)] if cells else [])]
    tables = sql.SQL("{}, {}").format(source, _list_cells(band, cells)) if cells else source
    return sql.SQL("SELECT id, geom_3857, {}, {} AS {} FROM {} WHERE {}").format(
        pyramid_fields(layer), _is_tiny(band), _TINY, tables, sql.SQL(" AND ").join(conditions)
    )


def _write_band(layer: Layer, band: int, rows: sql.Composable) -> sql.Composed:
    parts = sql.SQL("").join(sql.SQL("{}, ").format(name) for name in slice_columns(layer))
    speck = sql.SQL(_SPECK).format(x=_MIDDLE[0], y=_MIDDLE[1], half=sql.Literal(resolution(band) / 2))
    return sql.SQL(
        "WITH s AS MATERIALIZED ({rows}) INSERT INTO {pyramid} (band, id, geom_3857, {fields})"
        " SELECT {band}, id, coalesce(ST_Simplify(geom_3857, {tolerance}), ST_Simplify(geom_3857, {tolerance}, true)), {fields}"
        " FROM s WHERE NOT {tiny} UNION ALL (SELECT {band}, id, geom_3857, {fields} FROM (SELECT DISTINCT ON ({cell}) id, {speck}"
        " AS geom_3857, {fields} FROM s WHERE {tiny} ORDER BY {cell}, id DESC) t ORDER BY id)"
    ).format(
        rows=rows,
        pyramid=pyramid_name(layer),
        fields=pyramid_fields(layer),
        band=sql.Literal(band),
        tolerance=sql.Literal(_TOLERANCE_PIXELS * resolution(band)),
        tiny=_TINY,
        cell=sql.SQL("{}ST_Dimension(geom_3857), {}, {}").format(parts, *(cell_axis(_cell(band), side) for side in _MIDDLE)),
        speck=speck,
    )


def _source(layer: Layer, band: int, finest: int) -> tuple[sql.Composable, sql.Composable]:
    """The table a band is made from and the condition on its rows."""
    if band == finest:
        return sql.Identifier("published", layer.id), sql.SQL("TRUE")
    return pyramid_name(layer), sql.SQL("band = {}").format(sql.Literal(band + 1))


def _cell(band: int) -> float:
    return _CELL_PIXELS * resolution(band)


def _is_tiny(band: int) -> sql.Composed:
    size = sql.Literal(resolution(band))
    return sql.SQL("({0} < {2} AND {1} < {2})").format(*_WIDTH, size)


def _is_speck(band: int) -> sql.Composed:
    """Whether a row of the band may be a speck: no larger than one."""
    return sql.SQL("({0} < {2} AND {1} < {2})").format(*_WIDTH, sql.Literal(resolution(band) * 1.001))


def _list_cells(band: int, cells: Cells) -> sql.Composed:
    """The table c: column and row of each cell, and the box that holds whatever has its middle there and is no larger than a pixel."""
    rows = (sql.SQL("({}, {}, {})").format(sql.Literal(x), sql.Literal(y), cell_box(_cell(band), x, y)) for x, y in cells)
    return sql.SQL("(VALUES {}) c (cell_x, cell_y, box)").format(sql.SQL(", ").join(rows))


def _in_cell(band: int) -> sql.Composed:
    """The box finds the candidates by index, the numbers decide."""
    return sql.SQL("geom_3857 && c.box AND ({}, {}) = (c.cell_x, c.cell_y)").format(*(cell_axis(_cell(band), side) for side in _MIDDLE))


def _finest_worthwhile(connection: Connection, published: sql.Identifier) -> int:
    """The finest band that still saves something, judged by a sample."""
    kept = sql.SQL(", ").join(
        sql.SQL("coalesce(sum(ST_NPoints(ST_Simplify(g, {}))), 0)").format(sql.Literal(_TOLERANCE_PIXELS * resolution(band)))
        for band in PYRAMID_BANDS
    )
    row = connection.execute(
        sql.SQL(
            "SELECT sum(ST_NPoints(g)), {} FROM (SELECT geom_3857 AS g FROM {}"
            " WHERE geom_3857 IS NOT NULL ORDER BY hashint8(id) LIMIT {}) s"
        ).format(kept, published, sql.Literal(_SAMPLE))
    ).fetchone()
    if row is None or not row[0]:
        return FIRST_BAND
    worthwhile = [band for band, count in zip(PYRAMID_BANDS, row[1:], strict=True) if count <= _WORTHWHILE * row[0]]
    return max(worthwhile, default=FIRST_BAND)
