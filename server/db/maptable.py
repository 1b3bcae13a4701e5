# SPDX-License-Identifier: MIT
"""The rows a map is drawn from, as the derived table the map engine puts into its own SELECT."""

from __future__ import annotations

import re
from dataclasses import dataclass

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.db.calculations import compile_formula
from server.db.condition import Condition
from server.db.pyramid import band_rows
from server.db.where import compile_where, field_kinds, require_field
from server.filter.tree import Calculation, Constant, Formula, Node, Property

# The engine writes the box of the map and the metres of a pixel for these; where it has, it adds no condition of its own.
# Shapes that reach ten thousand pixels out of the map are cut there: dashes, symbols and labels along lines are laid out whole before the
# engine looks at what is seen of them. Shorter ones stay as they are, so that dashes go on in the next picture.
_IN_VIEW = sql.SQL("geom_3857 && !bbox!")
_CUT = sql.SQL(
    "CASE WHEN ST_Expand(!bbox!, 10000 * !pixel_width!) ~ geom_3857 THEN geom_3857"
    " ELSE coalesce(ST_ClipByBox2D(geom_3857, ST_Expand(!bbox!, 10000 * !pixel_width!)), geom_3857) END AS geom_3857"
)
_QUOTED = re.compile(r"E?'(?:[^'\\]|''|\\.)*'")


@dataclass(frozen=True)
class TableColumns:
    """The columns a map needs: fields as they are, and computed ones (name, which no field has, and what it holds).

    `cuts`: the engine gets very long shapes without what lies far outside the map.
    """

    fields: tuple[str, ...] = ()
    computed: tuple[tuple[str, Formula | Node], ...] = ()
    cuts: bool = False


def map_table_sql(
    layer: Layer, wanted: TableColumns, *, band: int | None = None, where: Node | None = None, sort: tuple[tuple[Formula, bool], ...] = ()
) -> str:
    """`(SELECT fields, geom_3857 FROM published...) t` for the columns of a style, from the pyramid `band` (None = the full table).

    `sort` is what to order by, the first first, and whether it descends. Every value stands as a quoted literal, because the engine
    binds nothing. Raises InvalidParameter for a field the layer does not publish, a function or a condition that does not fit.
    """
    kinds = {field.name: field.type for field in published_fields(layer)}
    # The map engine knows no dates: they come as text, which styles compare as ISO dates.
    columns: list[sql.Composable] = [
        sql.SQL("{0}::text AS {0}" if kinds.get(name) in ("date", "datetime") else "{0}").format(sql.Identifier(require_field(layer, name)))
        for name in wanted.fields
    ]
    columns += [_compute(layer, name, value) for name, value in wanted.computed]
    conditions: list[sql.Composable] = [_IN_VIEW] if wanted.cuts else []
    if where is not None:
        conditions.append(_inline(compile_where(layer, where)))
    statement = sql.SQL("(SELECT {} FROM {}{}{}) t").format(
        sql.SQL(", ").join([*columns, _CUT if wanted.cuts else sql.Identifier("geom_3857")]),
        sql.Identifier("published", layer.id) if band is None else band_rows(layer, band),
        sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(conditions)) if conditions else sql.SQL(""),
        _order(layer, sort),
    )
    return statement.as_string(None)


def _compute(layer: Layer, name: str, value: Formula | Node) -> sql.Composable:
    """A column of its own; conditions are never NULL, so that the map engine may negate them."""
    if isinstance(value, Property | Constant | Calculation):
        column = _inline(compile_formula(value, field_kinds(layer)).condition)
    else:
        column = sql.SQL("coalesce({}, FALSE)").format(_inline(compile_where(layer, value)))
    return sql.SQL("{} AS {}").format(column, sql.Identifier(name))


def _order(layer: Layer, sort: tuple[tuple[Formula, bool], ...]) -> sql.Composable:
    if not sort:
        return sql.SQL("")
    keys = [_order_key(layer, formula, descends=descends) for formula, descends in sort]
    return sql.SQL(" ORDER BY {}, id").format(sql.SQL(", ").join(keys))


def _order_key(layer: Layer, formula: Formula, *, descends: bool) -> sql.Composable:
    direction = sql.SQL(" DESC NULLS LAST" if descends else " ASC NULLS LAST")
    if isinstance(formula, Property):
        return sql.SQL("{}{}").format(sql.Identifier(require_field(layer, formula.name)), direction)
    return sql.SQL("{}{}").format(_inline(compile_formula(formula, field_kinds(layer)).condition), direction)


def _inline(condition: Condition) -> sql.Composable:
    """The condition with its bound values written as literals."""
    written = tuple(_QUOTED.sub(_shield, sql.Literal(value).as_string(None)) for value in condition.params)
    return sql.SQL("({})").format(sql.SQL(condition.sql.as_string(None) % written))


def _shield(quoted: re.Match[str]) -> str:
    """The engine replaces !bbox! and @name wherever they stand, also in values: those are written without these characters."""
    text = quoted.group()
    return "E" + text.removeprefix("E").replace("!", r"\x21").replace("@", r"\x40") if "!" in text or "@" in text else text
