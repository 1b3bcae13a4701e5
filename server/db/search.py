# SPDX-License-Identifier: MIT
"""The search box as SQL: every word must occur in a feature's folded search text; what fits better comes first.

| a searched field ...                           | points (times the field's weight, times the layer's) |
|------------------------------------------------|------|
| is the words, accents included                 | 12   |
| is the words without accents                   | 10   |
| begins with the words, accents included        | 8    |
| begins with the words without accents          | 6    |
| has the words at the start of one of its words | 4    |
| holds the words anywhere                       | 2    |

A feature whose words are spread over several fields has 1. Words of one or two letters find no trigram; they are looked for only
where the rows of a layer are read anyway, up to a fixed number of candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields
from server.db.pool import Connection
from server.query.features import SearchHit

# Candidates scored per layer; the trigram index finds them, so that the cost does not grow with the layer.
_CANDIDATES = 400
_MOST_WORDS = 8
_SUBTITLE_FIELDS = 2


def search_rows(connection: Connection, layers: Sequence[Layer], text: str, limit: int) -> list[SearchHit]:
    """Features of `layers` that hold every word of `text`, best first, then the shorter title.

    `text` has no NUL and is not blank.
    """
    searched = [layer for layer in layers if layer.has_table and _searched_fields(layer)]
    if not searched:
        return []
    folded = _fold(connection, text)
    words = folded.split()[:_MOST_WORDS]
    if not words:
        return []
    values = {"plain": text.lower(), "folded": folded, **{f"word{index}": f"%{_escape(word)}%" for index, word in enumerate(words)}}
    values |= {"starts": f"{_escape(text.lower())}%", "folded_starts": f"{_escape(folded)}%", "within": f"% {_escape(folded)}%"}
    values["anywhere"] = f"%{_escape(folded)}%"
    parts = sql.SQL(" UNION ALL ").join(_layer_part(layer, len(words)) for layer in searched)
    statement = sql.SQL(
        "SELECT layer, id, title, subtitle, score, ST_X(place), ST_Y(place),"
        " ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)"
        " FROM (SELECT *, CASE WHEN GeometryType(geom) = 'POINT' THEN geom ELSE ST_PointOnSurface(geom) END AS place"
        " FROM (SELECT * FROM ({}) found ORDER BY score DESC, length(title), title, layer, id LIMIT {}) best) placed"
        " ORDER BY score DESC, length(title), title, layer, id"
    ).format(parts, sql.Literal(limit))
    return [_build(row) for row in connection.execute(statement, values).fetchall()]


def _searched_fields(layer: Layer) -> list[PublishedField]:
    return [field for field in published_fields(layer) if field.searched and field.type in ("text", "integer")]


def _fold(connection: Connection, text: str) -> str:
    row = connection.execute("SELECT xanh.fold(%s)", (text,)).fetchone()
    return str(row[0]) if row and row[0] else ""


def _layer_part(layer: Layer, word_count: int) -> sql.Composable:
    scores = [_score(field) for field in _searched_fields(layer)]
    conditions = sql.SQL(" AND ").join(sql.SQL("search LIKE {}").format(sql.Placeholder(f"word{index}")) for index in range(word_count))
    return sql.SQL(
        "(SELECT {layer} AS layer, id, {title} AS title, {subtitle} AS subtitle,"
        " greatest(1, {scores}) * {weight} AS score, {geometry} AS geom"
        " FROM (SELECT * FROM {table} WHERE {conditions} ORDER BY search LIKE {starts} DESC, length(search), id LIMIT {candidates}) c"
        " ORDER BY score DESC LIMIT 60)"
    ).format(
        layer=sql.Literal(layer.id),
        title=_title(layer),
        subtitle=_subtitle(layer),
        scores=reduce(lambda left, right: sql.SQL("{}, {}").format(left, right), scores),
        weight=sql.Literal(layer.search_weight),
        geometry=sql.SQL("geom" if layer.has_geometry else "NULL::geometry"),
        table=sql.Identifier("published", layer.id),
        conditions=conditions,
        starts=sql.Placeholder("folded_starts"),
        candidates=sql.Literal(_CANDIDATES),
    )


def _score(field: PublishedField) -> sql.Composable:
    column: sql.Composable = sql.Identifier(field.name)
    if field.type != "text":
        column = sql.SQL("{}::text").format(column)
    return sql.SQL(
        "{weight} * (CASE WHEN {column} IS NULL THEN 0 WHEN lower({column}) = {plain} THEN 12 WHEN {fold} = {folded} THEN 10"
        " WHEN lower({column}) LIKE {starts} THEN 8 WHEN {fold} LIKE {folded_starts} THEN 6 WHEN {fold} LIKE {within} THEN 4"
        " WHEN {fold} LIKE {anywhere} THEN 2 ELSE 0 END)"
    ).format(
        weight=sql.Literal(field.searched),
        column=column,
        fold=sql.SQL("xanh.fold({})").format(column),
        **{name: sql.Placeholder(name) for name in ("plain", "folded", "starts", "folded_starts", "within", "anywhere")},
    )


def _title(layer: Layer) -> sql.Composable:
    names = [name for name in (layer.title_field, *(field.name for field in _searched_fields(layer))) if name]
    public = {field.name for field in published_fields(layer)}
    columns = [sql.SQL("nullif({}::text, '')").format(sql.Identifier(name)) for name in dict.fromkeys(names) if name in public]
    return sql.SQL("coalesce({}, id::text)").format(sql.SQL(", ").join(columns))


def _subtitle(layer: Layer) -> sql.Composable:
    """Where it belongs: titles of the features it links to, else the other searched fields."""
    fields = published_fields(layer)
    linked = [f"{field.name}_title" for field in fields if field.type == "link"]
    others = [field.name for field in _searched_fields(layer) if field.name != layer.title_field and field.name not in linked]
    names = (linked + others)[:_SUBTITLE_FIELDS]
    if not names:
        return sql.SQL("''")
    return sql.SQL("concat_ws(', ', {})").format(sql.SQL(", ").join(sql.Identifier(name) for name in names))


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _build(row: tuple[Any, ...]) -> SearchHit:
    layer, feature_id, title, subtitle, score, x, y, *box = row
    extent = (box[0], box[1], box[2], box[3]) if box[0] is not None else None
    return SearchHit(layer, feature_id, title, subtitle, (x, y) if x is not None else None, extent, float(score))
