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

A feature whose words are spread over several fields has 1; what is no longer valid keeps two fifths of its points.
Words of one or two letters find no trigram: where there are no longer ones, the field that weighs most must begin with them, which an
index answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields, searched_fields, subtitle_fields
from server.db.ddl_published import BEGINNING_LETTERS
from server.db.pool import Connection
from server.query.features import FoundRow

# Candidates scored per layer; an index finds them, so that the cost does not grow with the layer.
_CANDIDATES = 400
_MOST_WORDS = 8
_FORMER_SHARE = 0.4
_TRIGRAM = 3
# Above every letter: what begins with `x` lies between `x` and `x` followed by this.
_LAST_LETTER = "\U0010ffff"


def search_rows(connection: Connection, layers: Sequence[Layer], text: str, limit: int) -> list[FoundRow]:
    """Features of `layers` that hold every word of `text`, best first, then the shorter title.

    `text` has no NUL and is not blank.
    """
    searched = [layer for layer in layers if layer.has_table and searched_fields(layer)]
    if not searched:
        return []
    folded = _fold(connection, text)
    words = folded.split()[:_MOST_WORDS]
    if not words:
        return []
    values = {"plain": text.lower(), "folded": folded, "beyond": folded + _LAST_LETTER, "limit": limit}
    values |= {f"word{index}": f"%{_escape(word)}%" for index, word in enumerate(words)}
    values |= {"starts": f"{_escape(text.lower())}%", "folded_starts": f"{_escape(folded)}%", "within": f"% {_escape(folded)}%"}
    values["anywhere"] = f"%{_escape(folded)}%"
    condition = _holding(len(words)) if max(map(len, words)) >= _TRIGRAM else _BEGINNING
    parts = sql.SQL(" UNION ALL ").join(_layer_part(layer, condition) for layer in searched)
    statement = sql.SQL(
        "SELECT layer, id, title, belongs, matched, until, score, ST_X(place), ST_Y(place),"
        " ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)"
        " FROM (SELECT *, CASE WHEN GeometryType(geom) = 'POINT' THEN geom ELSE ST_PointOnSurface(geom) END AS place"
        " FROM (SELECT * FROM ({}) found ORDER BY score DESC, length(title), title, layer, id LIMIT %(limit)s) best) placed"
        " ORDER BY score DESC, length(title), title, layer, id"
    ).format(parts)
    return [_build(row) for row in connection.execute(statement, values).fetchall()]


def _fold(connection: Connection, text: str) -> str:
    row = connection.execute("SELECT xanh.fold(%s)", (text,)).fetchone()
    return str(row[0]) if row and row[0] else ""


def _holding(word_count: int) -> sql.Composable:
    words = [sql.SQL("search LIKE {}").format(sql.Placeholder(f"word{index}")) for index in range(word_count)]
    return sql.SQL("{} ORDER BY search LIKE %(folded_starts)s DESC, length(search), id").format(sql.SQL(" AND ").join(words))


# `search` begins with the field that weighs most; bounds instead of LIKE, because a prepared plan can use the index for them alone.
_BEGINNING = sql.SQL(
    "left(search, {0}) ~>=~ %(folded)s AND left(search, {0}) ~<~ %(beyond)s ORDER BY left(search, {0}) USING ~<~, id"
).format(sql.Literal(BEGINNING_LETTERS))


def _layer_part(layer: Layer, condition: sql.Composable) -> sql.Composable:
    """The best hits of one layer: layer, id, title, where it belongs, [field, value] that matched, end of validity, score, geometry."""
    fields = searched_fields(layer)
    names = [sql.Identifier(f"#{index}") for index in range(len(fields))]  # no field of a layer file can be called so
    scores = [sql.SQL("{} AS {}").format(_score(field), name) for field, name in zip(fields, names, strict=True)]
    best = sql.SQL("greatest({})").format(sql.SQL(", ").join(names))
    matched = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN ARRAY[{}, {}::text]").format(name, sql.Literal(field.name), sql.Identifier(field.name))
        for field, name in zip(fields, names, strict=True)
    )
    until = sql.SQL("CASE WHEN valid_to < CURRENT_DATE THEN valid_to END" if layer.validity else "NULL::date")
    return sql.SQL(
        "(SELECT {layer} AS layer, id, {title} AS title, {belongs} AS belongs,"
        " CASE {best} WHEN 0 THEN NULL {matched} END AS matched, {until} AS until,"
        " greatest(1, {best}) * {weight} * CASE WHEN {until} IS NULL THEN 1 ELSE {share} END AS score, {geometry} AS geom"
        " FROM (SELECT *, {scores} FROM (SELECT * FROM {table} WHERE {condition} LIMIT {candidates}) candidates) scored"
        " ORDER BY score DESC, length({title}), {title}, id LIMIT %(limit)s)"
    ).format(
        layer=sql.Literal(layer.id),
        title=title_of(layer),
        belongs=belongs_of(layer),
        best=best,
        matched=matched,
        until=until,
        weight=sql.Literal(layer.search_weight),
        share=sql.Literal(_FORMER_SHARE),
        geometry=sql.SQL("geom" if layer.has_geometry else "NULL::geometry"),
        scores=sql.SQL(", ").join(scores),
        table=sql.Identifier("published", layer.id),
        condition=condition,
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


def title_of(layer: Layer) -> sql.Composable:
    """What to call a feature of `published.<layer>`: its title, else the searched field that weighs most and is filled, else its id."""
    names = [name for name in (layer.title_field, *(field.name for field in searched_fields(layer))) if name]
    public = {field.name for field in published_fields(layer)}
    columns = [sql.SQL("nullif({}::text, '')").format(sql.Identifier(name)) for name in dict.fromkeys(names) if name in public]
    return sql.SQL("coalesce({}, id::text)").format(sql.SQL(", ").join(columns))


def belongs_of(layer: Layer) -> sql.Composable:
    """The values of the layer's subtitle fields, as an array of texts."""
    columns = [sql.SQL("{}::text").format(sql.Identifier(field.name)) for field in subtitle_fields(layer)]
    return sql.SQL("ARRAY[{}]::text[]").format(sql.SQL(", ").join(columns))


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _build(row: tuple[Any, ...]) -> FoundRow:
    layer, feature_id, title, belongs, matched, until, score, x, y, *box = row
    return FoundRow(
        layer=layer,
        id=feature_id,
        title=title,
        belongs=tuple(belongs),
        matched=(matched[0], matched[1]) if matched else None,
        until=until,
        score=float(score),
        point=(x, y) if x is not None else None,
        extent=(box[0], box[1], box[2], box[3]) if box[0] is not None else None,
    )
