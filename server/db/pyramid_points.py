# SPDX-License-Identifier: MIT
"""The render pyramid of point layers: at most one point per cell, band and slice, the topmost (the last drawn: highest id).

Bands build on one another (`band <= z`): the cells of one band are quarters of those of the band before, so the topmost point of a cell is
the topmost of one of its quarters too. Each point is kept once, with the first band in which it leads its cell. Rows lie in the table along
the woven cell numbers, so that a map reads few pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from server.catalog.model import Layer
from server.db.ddl_published import PYRAMID_BANDS
from server.db.pool import Connection
from server.db.pyramid import (
    FIRST_BAND,
    LAST_BAND,
    cell_axis,
    cell_box,
    clear_pyramid,
    pyramid_fields,
    pyramid_name,
    read_number,
    resolution,
    slice_columns,
)
from server.query.pyramid import CELL_PIXELS

FEWEST_POINTS = 2000
_FULL_SHARE = 0.99  # a band showing this share of all points is no gain over the layer itself, whose rows lie in the order they came
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
_LEADERS = sql.Identifier("xanh_leaders")


@dataclass(frozen=True)
class _Spot:
    """A point's cell in the last band and its slice."""

    x: int
    y: int
    part: tuple[Any, ...]

    def cell(self, band: int) -> tuple[int, int]:
        """Column and row of the cell of a band the point lies in."""
        return self.x >> (LAST_BAND - band), self.y >> (LAST_BAND - band)


def build_point_pyramid(connection: Connection, layer: Layer) -> list[int]:
    """Make the pyramid of a point layer anew; answers its bands, none where it does not pay."""
    clear_pyramid(connection, layer)
    published = sql.Identifier("published", layer.id)
    total = read_number(connection, sql.SQL("SELECT count(geom_3857) FROM {}").format(published))
    if total < FEWEST_POINTS:
        return []
    _rank_points(connection, layer)
    counted = connection.execute(sql.SQL("SELECT band, count(*) FROM {} GROUP BY band").format(_LEADERS)).fetchall()
    per_band = {int(band): int(count) for band, count in counted}
    bands: list[int] = []
    shown = 0
    for band in PYRAMID_BANDS:
        shown += per_band.get(band, 0)
        if shown >= _FULL_SHARE * total:
            break
        bands.append(band)
    if bands:
        connection.execute(
            sql.SQL(
                'INSERT INTO {pyramid} (band, id, geom_3857, {fields}) SELECT "#band", p.id, p.geom_3857, {fields} FROM {published} p'
                ' JOIN (SELECT id AS "#id", band AS "#band", key AS "#key" FROM {leaders}) l ON "#id" = p.id'
                ' WHERE "#band" <= {last} ORDER BY "#band", "#key", p.id'
            ).format(
                pyramid=pyramid_name(layer),
                fields=pyramid_fields(layer),
                published=published,
                leaders=_LEADERS,
                last=sql.Literal(bands[-1]),
            )
        )
    return bands


def repair_point_pyramid(connection: Connection, layer: Layer, last_band: int, ids: Sequence[int]) -> None:
    """Bring the pyramid in line after the published rows of `ids` changed, came or went: as if it had been made anew.

    Only the cells they lie or lay in are looked at, one per band, and of each only the points that lead its quarters: what an edit costs
    does not depend on how many points there are.
    """
    spots = _find_spots(connection, layer, pyramid_name(layer), ids)
    connection.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(pyramid_name(layer)), [list(ids)])
    spots += _find_spots(connection, layer, sql.Identifier("published", layer.id), ids)
    for spot in dict.fromkeys(spots):
        _repair_cells(connection, layer, last_band, spot)


def _repair_cells(connection: Connection, layer: Layer, last_band: int, spot: _Spot) -> None:
    """Name the leaders of the cells of every band around a place anew, from the finest to the coarsest."""
    known, bands = _find_candidates(connection, layer, last_band, spot)
    leads: dict[int, int] = {}
    for band in range(last_band, FIRST_BAND - 1, -1):
        inside = {one for one in known if known[one].cell(band) == spot.cell(band)}
        if band < last_band:
            # The quarters beside the place keep their leaders; that of its own quarter has just been found.
            inside = {one for one in inside if known[one].cell(band + 1) != spot.cell(band + 1) and bands[one] <= band + 1}
            inside |= {leads[band + 1]} if band + 1 in leads else set()
        if inside:
            leads[band] = max(inside)
    for one, other in known.items():
        _place(connection, layer, one, (bands.get(one), _first_led(one, other, leads, (last_band, spot))))


def _first_led(one: int, place: _Spot, leads: Mapping[int, int], edge: tuple[int, _Spot]) -> int | None:
    """The first band in which a candidate leads its cell: one around the place `edge` names (with the last band), or where the two part."""
    led = [band for band, leader in leads.items() if leader == one]
    last_band, spot = edge
    return min(led) if led else next((band for band in range(FIRST_BAND, last_band + 1) if place.cell(band) != spot.cell(band)), None)


def _place(connection: Connection, layer: Layer, one: int, bands: tuple[int | None, int | None]) -> None:
    """Bring a point from the band it has to the one it shall have (None = not in the pyramid)."""
    before, after = bands
    if before == after:
        return
    if after is None:
        connection.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(pyramid_name(layer)), [one])
    elif before is None:
        connection.execute(
            sql.SQL("INSERT INTO {0} (band, id, geom_3857, {1}) SELECT %s, id, geom_3857, {1} FROM {2} WHERE id = %s").format(
                pyramid_name(layer), pyramid_fields(layer), sql.Identifier("published", layer.id)
            ),
            [after, one],
        )
    else:
        connection.execute(sql.SQL("UPDATE {} SET band = %s WHERE id = %s").format(pyramid_name(layer)), [after, one])


def _find_candidates(connection: Connection, layer: Layer, last_band: int, spot: _Spot) -> tuple[dict[int, _Spot], dict[int, int]]:
    """Points that may lead one of the cells around a place, with their spots, and the bands of those that are in the pyramid.

    The topmost point of the finest cell comes from the layer, those of the quarters of coarser cells from the pyramid.
    """
    parts = zip(slice_columns(layer), spot.part, strict=True)
    same = [sql.SQL("{} IS NOT DISTINCT FROM {}").format(name, sql.Literal(value)) for name, value in parts]
    finest = [_in_cell(last_band, spot), *same]
    questions = [_ask_spots(layer, sql.Identifier("published", layer.id), sql.SQL("NULL::smallint"), finest, topmost=True)]
    for band in range(FIRST_BAND, last_band + 1):
        # Who leads a quarter of a cell has the next band, or leads the cell and has its band, or leads a coarser one and is found there.
        quarters = [sql.SQL("band = {}").format(sql.Literal(band)), _in_cell(max(band - 1, FIRST_BAND), spot), *same]
        questions.append(_ask_spots(layer, pyramid_name(layer), sql.Identifier("band"), quarters))
    rows = connection.execute(sql.SQL(" UNION ALL ").join(sql.SQL("({})").format(one) for one in questions)).fetchall()
    known = {int(row[0]): _Spot(int(row[2]), int(row[3]), tuple(row[4:])) for row in rows}
    return known, {int(row[0]): int(row[1]) for row in rows if row[1] is not None}


def _find_spots(connection: Connection, layer: Layer, table: sql.Identifier, ids: Sequence[int]) -> list[_Spot]:
    chosen = [sql.SQL("id = ANY({})").format(sql.Literal(list(ids))), sql.SQL("geom_3857 IS NOT NULL")]
    rows = connection.execute(_ask_spots(layer, table, sql.SQL("NULL"), chosen)).fetchall()
    return [_Spot(int(row[2]), int(row[3]), tuple(row[4:])) for row in rows]


def _ask_spots(
    layer: Layer, table: sql.Identifier, band: sql.Composable, conditions: Sequence[sql.Composable], *, topmost: bool = False
) -> sql.Composed:
    columns = [sql.Identifier("id"), band, *_cell_columns(LAST_BAND), *slice_columns(layer)]
    last = sql.SQL(" ORDER BY id DESC LIMIT 1") if topmost else sql.SQL("")
    return sql.SQL("SELECT {} FROM {} WHERE {}{}").format(sql.SQL(", ").join(columns), table, sql.SQL(" AND ").join(conditions), last)


def _in_cell(band: int, spot: _Spot) -> sql.Composed:
    """The box finds the candidates by index, the numbers decide on the border."""
    column, row = spot.cell(band)
    return sql.SQL("geom_3857 && {} AND ({}) = ({}, {})").format(
        cell_box(_cell(band), column, row), sql.SQL(", ").join(_shifted(band)), sql.Literal(column), sql.Literal(row)
    )


def _cell_columns(band: int) -> list[sql.Composed]:
    """Column and row of a point's cell. (The lower left corner of its box stands for a multipoint.)"""
    return [cell_axis(_cell(band), sql.SQL("{}(geom_3857)").format(sql.SQL(side))) for side in ("ST_XMin", "ST_YMin")]


def _cell(band: int) -> float:
    return CELL_PIXELS * resolution(band)


def _shifted(band: int) -> list[sql.Composed]:
    """The cell of a band by way of the last band's, as the ranking finds it: rounding must not tell two answers."""
    return [sql.SQL("({} >> {})").format(one, sql.Literal(LAST_BAND - band)) for one in _cell_columns(LAST_BAND)]


def _rank_points(connection: Connection, layer: Layer) -> None:
    """A temporary table (id, key, band) of every point that leads a cell of its slice: band is the first in which it does.

    From the finest band to the coarsest, each step looks only at the leaders of the one before.
    """
    connection.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(_LEADERS))
    named = sql.SQL("").join(sql.SQL(", {}").format(name) for name in slice_columns(layer))
    x, y = _cell_columns(LAST_BAND)
    cells = sql.SQL("SELECT id, {} AS x, {} AS y{} FROM {} WHERE geom_3857 IS NOT NULL").format(
        x, y, named, sql.Identifier("published", layer.id)
    )
    steps = [
        sql.SQL("{} AS MATERIALIZED (SELECT max(id) AS id, x | (y << 1) AS key{} FROM ({}) w GROUP BY 2{})").format(
            _step(LAST_BAND), named, _spread_bits(cells, named), named
        )
    ]
    steps += [
        sql.SQL("{} AS MATERIALIZED (SELECT max(id) AS id, key >> 2 AS key{} FROM {} GROUP BY 2{})").format(
            _step(band), named, _step(band + 1), named
        )
        for band in range(LAST_BAND - 1, FIRST_BAND - 1, -1)
    ]
    # Who leads a cell leads one of every finer band, so the last band has everybody, and everybody's own cell.
    ranks = [
        sql.SQL("SELECT id, {} AS band, {} AS key FROM {}").format(
            sql.Literal(band), sql.SQL("key" if band == LAST_BAND else "NULL::bigint"), _step(band)
        )
        for band in PYRAMID_BANDS
    ]
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS WITH {}"
            " SELECT id, min(band)::smallint AS band, max(key) AS key FROM ({}) r GROUP BY id"
        ).format(_LEADERS, sql.SQL(", ").join(steps), sql.SQL(" UNION ALL ").join(ranks))
    )


def _step(band: int) -> sql.Identifier:
    return sql.Identifier(f"band {band}")


def _spread_bits(cells: sql.Composed, named: sql.Composable) -> sql.Composed:
    """Column x and row y of cells (below 2^31) with a gap after every bit; x | y << 1 is then the Morton number.

    Shifting that right by two leads to the next coarser cell. OFFSET 0 makes each step be computed once.
    """
    for shift, mask in _SPREAD:
        cells = sql.SQL("SELECT id, (x | (x << {0})) & {1} AS x, (y | (y << {0})) & {1} AS y{2} FROM ({3}) s OFFSET 0").format(
            sql.Literal(shift), sql.Literal(mask), named, cells
        )
    return cells
