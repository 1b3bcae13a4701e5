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

Of a crowded layer a common word would have to sort every feature that holds it. There the certain candidates come first, by indexes alone:
what begins with the words, and what has a field that is the words as typed. Those that hold the words elsewhere come from as many
matches as are met within some milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import errors, sql

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields, searched_fields, subtitle_fields
from server.db.ddl_published import BEGINNING_LETTERS
from server.db.pool import Connection
from server.query.features import FoundRow

# Candidates scored per layer; an index finds them, so that the cost does not grow with the layer.
_CANDIDATES = 400
# The same of a crowded layer: what begins with the words, each field that is the words, and what holds them among the first matches met.
_BEGINNINGS, _BEGUN_ALIKE, _EXACT, _HOLDING, _MATCHES = 150, 5000, 20, 150, 1000
_MOST_WORDS = 8
_FORMER_SHARE = 0.4
_TRIGRAM = 3
# Above every letter: what begins with `x` lies between `x` and `x` followed by this.
_LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True)
class Crowd:
    """Layers of so many features that a common word has too many matches, and how long (ms) matches are looked for in them."""

    layers: frozenset[str]
    patience_ms: int


@dataclass(frozen=True)
class _Asked:
    """The words as parameters of a statement; `holding` says that a feature holds all of them, None where no trigram helps."""

    values: dict[str, Any]
    holding: sql.Composable | None
    is_several: bool


def search_rows(connection: Connection, layers: Sequence[Layer], text: str, limit: int, crowd: Crowd) -> list[FoundRow]:
    """Features of `layers` that hold every word of `text`, best first, then the shorter title; of crowded layers what is found in time.

    `text` has no NUL and is not blank.
    """
    searched = [layer for layer in layers if layer.has_table and searched_fields(layer)]
    if not searched:
        return []
    asked = _read_words(_fold(connection, text), text, limit)
    if asked is None:
        return []
    crowded = [layer for layer in searched if layer.id in crowd.layers and asked.holding is not None]
    certain = [_layer_part(layer, _certain(layer) if layer in crowded else _sorted(layer, asked.holding)) for layer in searched]
    rows = [_build(row) for row in connection.execute(_best_of(certain), asked.values).fetchall()]
    if not crowded or asked.holding is None:
        return rows
    found = {(row.layer, row.id): row for row in rows}
    until = time.monotonic() + crowd.patience_ms / 1000
    # The words one after the other first: that is rarer than all of them, and fits better. Scattered words are the last resort.
    for holding in (_PHRASE, asked.holding) if asked.is_several else (_PHRASE,):
        left = int((until - time.monotonic()) * 1000)
        if left < 1 or (holding is not _PHRASE and len(found) >= limit):
            break
        met = _best_of([_layer_part(layer, _met(layer, holding)) for layer in crowded])
        found |= {(row.layer, row.id): row for row in _run_in_time(connection, met, asked.values, left)}
    return sorted(found.values(), key=lambda row: (-row.score, len(row.title), row.title, row.layer, row.id))[:limit]


def _read_words(folded: str, text: str, limit: int) -> _Asked | None:
    """What the statements ask; None where nothing is left of the words."""
    words = folded.split()[:_MOST_WORDS]
    if not words:
        return None
    beginning = folded[:BEGINNING_LETTERS]
    values = {"plain": text.lower(), "folded": folded, "limit": limit, "typed": text, "typed_high": text.upper()}
    values |= {"from": beginning, "beyond": beginning + _LAST_LETTER}
    values |= {f"word{index}": f"%{_escape(word)}%" for index, word in enumerate(words)}
    values |= {"starts": f"{_escape(text.lower())}%", "folded_starts": f"{_escape(folded)}%", "within": f"% {_escape(folded)}%"}
    values["anywhere"] = f"%{_escape(folded)}%"
    if max(map(len, words)) < _TRIGRAM:
        return _Asked(values, None, len(words) > 1)
    conditions = [sql.SQL("search LIKE {}").format(sql.Placeholder(f"word{index}")) for index in range(len(words))]
    return _Asked(values, sql.SQL(" AND ").join(conditions), len(words) > 1)


def _run_in_time(connection: Connection, statement: sql.Composed, values: dict[str, Any], patience_ms: int) -> Iterator[FoundRow]:
    """The rows of a statement, none when it takes too long; planned for these very words."""
    try:
        with connection.transaction():
            connection.execute("SELECT set_config('statement_timeout', %s, true)", [str(patience_ms)])
            rows = connection.execute(statement, values, prepare=False).fetchall()
    except errors.QueryCanceled:
        return
    yield from map(_build, rows)


def _best_of(parts: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL(
        "SELECT layer, id, title, belongs, matched, until, score, ST_X(place), ST_Y(place),"
        " ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)"
        " FROM (SELECT *, CASE WHEN GeometryType(geom) = 'POINT' THEN geom ELSE ST_PointOnSurface(geom) END AS place"
        " FROM (SELECT * FROM ({}) found ORDER BY score DESC, length(title), title, layer, id LIMIT %(limit)s) best) placed"
        " ORDER BY score DESC, length(title), title, layer, id"
    ).format(sql.SQL(" UNION ALL ").join(parts))


def _fold(connection: Connection, text: str) -> str:
    row = connection.execute("SELECT xanh.fold(%s)", (text,)).fetchone()
    return str(row[0]) if row and row[0] else ""


# `search` begins with the field that weighs most; bounds instead of LIKE, because a prepared plan can use the index for them alone.
_BEGUN = sql.SQL("left(search, {0}) ~>=~ %(from)s AND left(search, {0}) ~<~ %(beyond)s").format(sql.Literal(BEGINNING_LETTERS))
_IN_ORDER = sql.SQL("ORDER BY left(search, {}) USING ~<~, id").format(sql.Literal(BEGINNING_LETTERS))
# The index holds the first letters alone. Not LIKE: trigrams would be looked up, of which common ones have too many matches.
_STARTS = sql.SQL("starts_with(search, %(folded)s)")
_PHRASE = sql.SQL("search LIKE %(anywhere)s")
_SHORTEST = sql.SQL("ORDER BY search LIKE %(folded_starts)s DESC, length(search), id")


def _sorted(layer: Layer, holding: sql.Composable | None) -> sql.Composable:
    """The candidates of a layer whose matches may all be sorted."""
    condition, order = (sql.SQL("{} AND {}").format(_BEGUN, _STARTS), _IN_ORDER) if holding is None else (holding, _SHORTEST)
    return sql.SQL("SELECT * FROM {} WHERE {} {} LIMIT {}").format(_table(layer), condition, order, sql.Literal(_CANDIDATES))


def _certain(layer: Layer) -> sql.Composable:
    """The candidates of a crowded layer that indexes find, however common the words are."""
    table = _table(layer)
    begun = sql.SQL("SELECT id FROM (SELECT id, search FROM {} WHERE {} {} LIMIT {}) begun WHERE {} LIMIT {}").format(
        table, _BEGUN, _IN_ORDER, sql.Literal(_BEGUN_ALIKE), _STARTS, sql.Literal(_BEGINNINGS)
    )
    exact = [
        sql.SQL("SELECT id FROM {} WHERE {} IN (%(typed)s, %(typed_high)s) LIMIT {}").format(
            table, sql.Identifier(field.name), sql.Literal(_EXACT)
        )
        for field in searched_fields(layer)
        if field.type == "text"
    ]
    ids = sql.SQL(" UNION ").join(sql.SQL("({})").format(one) for one in (begun, *exact))
    return sql.SQL("SELECT * FROM {} WHERE id IN ({})").format(table, ids)


def _met(layer: Layer, holding: sql.Composable) -> sql.Composable:
    """The shortest of the first features of a crowded layer that hold the words."""
    table = _table(layer)
    return sql.SQL("SELECT * FROM {} WHERE id IN (SELECT id FROM (SELECT id, search FROM {} WHERE {} LIMIT {}) met {} LIMIT {})").format(
        table, table, holding, sql.Literal(_MATCHES), _SHORTEST, sql.Literal(_HOLDING)
    )


def _table(layer: Layer) -> sql.Composable:
    return sql.Identifier("published", layer.id)


def _layer_part(layer: Layer, candidates: sql.Composable) -> sql.Composable:
    """The best hits of one layer: layer, id, title, where it belongs, [field, value] that matched, end of validity, score, geometry."""
    fields = searched_fields(layer)
    names = [sql.Identifier(f"#{index}") for index in range(len(fields))]  # no field of a layer file can be called so
    spellings = [_spell(field, index) for index, field in enumerate(fields)]
    scores = [sql.SQL("{} AS {}").format(_score(field, index), name) for index, (field, name) in enumerate(zip(fields, names, strict=True))]
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
        # OFFSET 0: each is worked out once, not wherever its name stands.
        " FROM (SELECT *, {scores} FROM (SELECT *, {spellings} FROM ({candidates}) candidates OFFSET 0) spelled OFFSET 0) scored"
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
        spellings=sql.SQL(", ").join(spellings),
        candidates=candidates,
    )


def _spell(field: PublishedField, index: int) -> sql.Composable:
    """The value of a searched field in small letters and without accents."""
    column: sql.Composable = sql.Identifier(field.name)
    if field.type != "text":
        column = sql.SQL("{}::text").format(column)
    return sql.SQL("lower({0}) AS {1}, xanh.fold({0}) AS {2}").format(column, *_spelled(index))


def _spelled(index: int) -> tuple[sql.Identifier, sql.Identifier]:
    """What both spellings are called; no field of a layer file can be called so."""
    return sql.Identifier(f"#lower{index}"), sql.Identifier(f"#fold{index}")


def _score(field: PublishedField, index: int) -> sql.Composable:
    lower, folded = _spelled(index)
    return sql.SQL(
        "{weight} * (CASE WHEN {lower} IS NULL THEN 0 WHEN {lower} = {plain} THEN 12 WHEN {fold} = {folded} THEN 10"
        " WHEN {lower} LIKE {starts} THEN 8 WHEN {fold} LIKE {folded_starts} THEN 6 WHEN {fold} LIKE {within} THEN 4"
        " WHEN {fold} LIKE {anywhere} THEN 2 ELSE 0 END)"
    ).format(
        weight=sql.Literal(field.searched),
        lower=lower,
        fold=folded,
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
