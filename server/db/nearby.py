# SPDX-License-Identifier: MIT
"""What lies around a place: the nearest features of each layer, and the areas that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from server.catalog.model import Layer
from server.db.pool import Connection
from server.db.search import belongs_of, title_of
from server.query.features import FoundRow, Neighbour

# The index orders by degrees, which are not equally long; of so many times the wanted number the nearest in metres are among the first.
_SPARE = 3
_METRES_PER_DEGREE = 111_320


def nearest_rows(connection: Connection, layers: Sequence[Layer], point: tuple[float, float], radius: float, limit: int) -> list[Neighbour]:
    """The `limit` features of each layer nearest to `point` (lon/lat), at most `radius` metres away; former ones left out."""
    if not layers:
        return []
    parts = sql.SQL(" UNION ALL ").join(_nearest_part(layer) for layer in layers)
    values = {
        "x": point[0],
        "y": point[1],
        "radius": radius,
        "reach": radius / _METRES_PER_DEGREE * 1.2,
        "limit": limit,
        "spare": limit * _SPARE,
    }
    statement = sql.SQL("SELECT * FROM ({}) found ORDER BY layer, distance, id").format(parts)
    return [_build(row) for row in connection.execute(statement, values).fetchall()]


def holding_rows(connection: Connection, layers: Sequence[Layer], point: tuple[float, float]) -> list[Neighbour]:
    """The areas of `layers` that hold `point` (lon/lat), the smallest first; former ones left out. Distances are 0."""
    if not layers:
        return []
    parts = sql.SQL(" UNION ALL ").join(
        sql.SQL("(SELECT {}, 0::float8 AS distance, ST_Area(geom) AS size FROM {} WHERE ST_Covers(geom, {}){} LIMIT 20)").format(
            _columns(layer), sql.Identifier("published", layer.id), _POINT, _still(layer)
        )
        for layer in layers
    )
    statement = sql.SQL("SELECT layer, id, title, belongs, x, y, distance FROM ({}) found ORDER BY size, layer, id").format(parts)
    return [_build(row) for row in connection.execute(statement, {"x": point[0], "y": point[1]}).fetchall()]


_POINT = sql.SQL("ST_SetSRID(ST_MakePoint(%(x)s, %(y)s), 4326)")


def _nearest_part(layer: Layer) -> sql.Composable:
    return sql.SQL(
        "(SELECT layer, id, title, belongs, x, y, distance"
        " FROM (SELECT {columns}, ST_Distance(geom::geography, {point}::geography) AS distance FROM {table}"
        " WHERE ST_DWithin(geom, {point}, %(reach)s){still} ORDER BY geom <-> {point} LIMIT %(spare)s) close"
        " WHERE distance <= %(radius)s ORDER BY distance, id LIMIT %(limit)s)"
    ).format(columns=_columns(layer), point=_POINT, table=sql.Identifier("published", layer.id), still=_still(layer))


def _columns(layer: Layer) -> sql.Composable:
    place = sql.SQL("geom" if layer.geometry == "point" else "ST_PointOnSurface(geom)")
    return sql.SQL("{layer}::text AS layer, id, {title} AS title, {belongs} AS belongs, ST_X({place}) AS x, ST_Y({place}) AS y").format(
        layer=sql.Literal(layer.id), title=title_of(layer), belongs=belongs_of(layer), place=place
    )


def _still(layer: Layer) -> sql.Composable:
    return sql.SQL(" AND (valid_to IS NULL OR valid_to >= CURRENT_DATE)" if layer.validity else "")


def _build(row: tuple[Any, ...]) -> Neighbour:
    layer, feature_id, title, belongs, x, y, distance = row
    point = (x, y) if x is not None else None
    return Neighbour(FoundRow(layer, feature_id, title, tuple(belongs), None, None, 0.0, point, None), float(distance))
