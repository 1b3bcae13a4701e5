# SPDX-License-Identifier: MIT
"""The rows a map is drawn from, as the derived table the map engine puts into its own SELECT."""

from __future__ import annotations

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.db.condition import Condition
from server.db.ddl_published import is_point_layer
from server.db.where import compile_where, require_field
from server.filter.tree import Node


def map_table_sql(
    layer: Layer, fields: tuple[str, ...], *, band: int | None = None, where: Node | None = None, sort: tuple[str, bool] | None = None
) -> str:
    """`(SELECT fields, geom_3857 FROM published...) t` for the fields of a style, from the pyramid `band` (None = the full table).

    `sort` is a field and whether it descends. Every value of `where` stands as a quoted literal, because the engine binds nothing.
    Raises InvalidParameter for a field the layer does not publish.
    """
    kinds = {field.name: field.type for field in published_fields(layer)}
    # The map engine knows no dates: they come as text, which styles compare as ISO dates.
    columns = [
        sql.SQL("{0}::text AS {0}" if kinds.get(name) in ("date", "datetime") else "{0}").format(sql.Identifier(require_field(layer, name)))
        for name in fields
    ]
    conditions = [_band_condition(layer, band)] if band is not None else []
    if where is not None:
        conditions.append(_inline(compile_where(layer, where)))
    statement = sql.SQL("(SELECT {} FROM {}{}{}) t").format(
        sql.SQL(", ").join([*columns, sql.Identifier("geom_3857")]),
        sql.Identifier("published", layer.id if band is None else f"{layer.id}_pyramid"),
        sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(conditions)) if conditions else sql.SQL(""),
        _order(layer, sort),
    )
    return statement.as_string(None)


def _band_condition(layer: Layer, band: int) -> sql.Composable:
    """The bands of points build on one another, those of lines and polygons stand alone."""
    return sql.SQL("band {} {}").format(sql.SQL("<=" if is_point_layer(layer) else "="), sql.Literal(band))


def _order(layer: Layer, sort: tuple[str, bool] | None) -> sql.Composable:
    if sort is None:
        return sql.SQL("")
    direction = sql.SQL(" DESC NULLS LAST" if sort[1] else " ASC NULLS LAST")
    return sql.SQL(" ORDER BY {}{}, id").format(sql.Identifier(require_field(layer, sort[0])), direction)


def _inline(condition: Condition) -> sql.Composable:
    """The condition with its bound values written as literals."""
    written = tuple(sql.Literal(value).as_string(None) for value in condition.params)
    return sql.SQL("({})").format(sql.SQL(condition.sql.as_string(None) % written))
