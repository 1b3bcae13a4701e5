# SPDX-License-Identifier: MIT
"""Figures about the features a question finds, reckoned from `published`: one scan for the sums, one for all the bars together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import sql

from server.catalog.model import Layer
from server.db.pool import Connection
from server.db.select import compose_condition, explain_failure
from server.query.features import FeatureQuery
from server.query.statistics import Dimension, NumberSummary, Share, Summary

STEPS = 10
# Bars beyond these are so many that nobody reads them.
_MOST_BARS = 2000
_AREAS, _LINES = ("polygon", "multipolygon"), ("line", "multiline")


def summarise(connection: Connection, query: FeatureQuery, dimensions: Sequence[Dimension]) -> Summary:
    """Count, area or length, number fields and bars of what `query.where` finds in `published`.

    Raises InvalidParameter for a filter that does not fit, LimitExceeded when it takes too long, LayerNotDefined without a table.
    """
    names = [one.field for one in dimensions if one.kind == "number"]
    count, area, length, numbers = _read_sums(connection, query, names)
    shares = _read_shares(connection, query, dimensions, {one.field: one for one in numbers}) if count else {}
    return Summary(count, area, length, shares, numbers)


def _read_sums(
    connection: Connection, query: FeatureQuery, names: Sequence[str]
) -> tuple[int, float | None, float | None, tuple[NumberSummary, ...]]:
    size = _size_of(query.layer)
    per_number = [
        sql.SQL("count({0}), min({0})::float8, max({0})::float8, avg({0})::float8, sum({0})::float8").format(sql.Identifier(name))
        for name in names
    ]
    columns = sql.SQL(", ").join([sql.SQL("count(*), sum({})").format(size), *per_number])
    condition = compose_condition(query)
    statement = sql.SQL("SELECT {} FROM {}{}").format(columns, sql.Identifier("published", query.layer.id), condition.sql)
    with explain_failure(query):
        row = connection.execute(statement, condition.params).fetchone() or (0, None)
    numbers = tuple(NumberSummary(name, *row[2 + 5 * at : 7 + 5 * at]) for at, name in enumerate(names))
    is_area = query.layer.geometry in _AREAS
    return int(row[0]), row[1] if is_area else None, None if is_area else row[1], numbers


def _size_of(layer: Layer) -> sql.Composable:
    if layer.geometry in _AREAS:
        return sql.SQL("ST_Area(geom::geography)")
    return sql.SQL("ST_Length(geom::geography)" if layer.geometry in _LINES else "NULL::float8")


def _read_shares(
    connection: Connection, query: FeatureQuery, dimensions: Sequence[Dimension], numbers: dict[str, NumberSummary]
) -> dict[str, tuple[Share, ...]]:
    """All bars in one scan: each dimension is a grouping set of its own, `GROUPING` tells which set a row belongs to."""
    told = [one for one in dimensions if one.kind != "number" or _is_wide(numbers[one.field])]
    if not told:
        return {}
    keys = [sql.Identifier(f"d{at}") for at in range(len(told))]
    titles = {at: sql.Identifier(f"t{at}") for at, one in enumerate(told) if one.kind == "link"}
    inner = [sql.SQL("{} AS {}").format(_key_of(one, numbers), keys[at]) for at, one in enumerate(told)]
    inner += [sql.SQL("{} AS {}").format(sql.Identifier(f"{told[at].field}_title"), title) for at, title in titles.items()]
    sets = [sql.SQL("({}, {})").format(key, titles[at]) if at in titles else sql.SQL("({})").format(key) for at, key in enumerate(keys)]
    condition = compose_condition(query)
    statement = sql.SQL(
        "SELECT {marks}, {values}, {titles}, count(*) FROM (SELECT {inner} FROM {table}{where}) one"
        " GROUP BY GROUPING SETS ({sets}) ORDER BY count(*) DESC, {order} LIMIT {limit}"
    ).format(
        marks=sql.SQL("ARRAY[{}]").format(sql.SQL(", ").join(sql.SQL("GROUPING({})").format(key) for key in keys)),
        values=sql.SQL("ARRAY[{}]").format(sql.SQL(", ").join(sql.SQL("{}::text").format(key) for key in keys)),
        titles=_titles(titles),
        inner=sql.SQL(", ").join(inner),
        table=sql.Identifier("published", query.layer.id),
        where=condition.sql,
        sets=sql.SQL(", ").join(sets),
        order=sql.SQL(", ").join(keys),
        limit=sql.Literal(_MOST_BARS),
    )
    with explain_failure(query):
        rows = connection.execute(statement, condition.params).fetchall()
    return {one.field: tuple(_shares_of(rows, at, one, numbers)) for at, one in enumerate(told)}


def _titles(titles: dict[int, sql.Identifier]) -> sql.Composable:
    """The title of the link a row belongs to: at most one of them is not NULL."""
    return sql.SQL("coalesce({}, NULL)").format(sql.SQL(", ").join(titles.values())) if titles else sql.SQL("NULL::text")


def _is_wide(number: NumberSummary) -> bool:
    return number.least is not None and number.most is not None and number.least < number.most


def _key_of(one: Dimension, numbers: dict[str, NumberSummary]) -> sql.Composable:
    field = sql.Identifier(one.field)
    if one.kind == "year":
        return sql.SQL("to_char({}, 'YYYY')").format(field)
    if one.kind != "number":
        return field
    ends = numbers[one.field]
    return sql.SQL("least(width_bucket({}::float8, {}::float8, {}::float8, {}), {})").format(
        field, sql.Literal(ends.least), sql.Literal(ends.most), sql.Literal(STEPS), sql.Literal(STEPS)
    )


def _shares_of(rows: Sequence[tuple[Any, ...]], at: int, one: Dimension, numbers: dict[str, NumberSummary]) -> Iterator[Share]:
    found = [(values[at], title, int(count)) for marks, values, title, count in rows if marks[at] == 0]
    if one.kind == "year":
        found.sort(key=lambda row: row[0] or "")
    if one.kind != "number":
        yield from (Share(value, count, title) for value, title, count in found)
        return
    ends = numbers[one.field]
    least, most = ends.least or 0.0, ends.most or 0.0
    counts = {int(value): count for value, _, count in found if value is not None}
    width = (most - least) / STEPS
    for step in range(1, STEPS + 1):
        yield Share(str(step), counts.get(step, 0), None, least + (step - 1) * width, least + step * width if step < STEPS else most)
