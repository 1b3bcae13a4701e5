# SPDX-License-Identifier: MIT
"""Features as encoded rows: a FeatureQuery becomes SQL whose rows are text, and the text is glued here and passed on.

Small answers are read at once (here); large ones flow (`server.db.flow`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq, sql

from server.catalog.model import Layer
from server.db.catalogue import REVISION_OF, REVISION_OF_THIRD, Revision, read_revision_column
from server.db.condition import Condition
from server.db.former import former_rows
from server.db.pool import Connection
from server.db.prepared import run_prepared
from server.db.rowtext import row_text
from server.db.select_official import official_rows
from server.db.where import compile_where, require_field
from server.db.where_known import recall, remember, sketch
from server.errors import InvalidParameter, LayerNotDefined, RecordForgotten
from server.query.features import FeatureQuery, RowFormat

# Answers up to so many rows are read at once when rows are short (points, records), fewer when they may be long.
SMALL_ROWS, SMALL_LONG_ROWS = 1000, 20
_SIZES = (16, 128, SMALL_ROWS + 1)
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_MAX_REMEMBERED = 500
_BEFORE_ALL = -(2**63)

GLUE: dict[RowFormat, bytes] = {
    "geojson": b",\n",
    "geojsonseq": b"\n",
    "jsonfg": b",\n",
    "gml31": b"\n",
    "gml32": b"\n",
    "gml2": b"\n",
    "kml": b"\n",
    "csv": b"\r\n",
}


@dataclass
class Progress:
    """What is known of an answer while its rows flow: rows passed on, id of the last one, whether another one follows.

    `state` is the layer's catalogue row as of the very snapshot of the rows, where it came along with them.
    """

    count: int = 0
    last_id: int | None = None
    more: bool = False
    state: Revision | None = None


def drop_illegal_xml(text: bytes) -> bytes:
    """UTF-8 without the characters XML 1.0 (2.2) cannot hold: controls, U+FFFE, U+FFFF. The database keeps no NUL and no surrogates."""
    text = text.translate(None, _CONTROLS)
    return text.replace(b"\xef\xbf\xbe", b"").replace(b"\xef\xbf\xbf", b"") if b"\xef\xbf" in text else text


def needs_cleaning(query: FeatureQuery, row_format: RowFormat) -> bool:
    """Whether rows may hold characters XML cannot: the ready XML of all fields was cleaned when it was published, nothing else was."""
    return row_format == "kml" or (query.fields is not None and row_format in ("gml31", "gml32", "gml2"))


def is_small(layer: Layer, limit: int) -> bool:
    """Whether an answer of so many rows is better read at once."""
    return limit <= (SMALL_ROWS if layer.geometry in ("point", "none") else SMALL_LONG_ROWS)


def is_plain(query: FeatureQuery) -> bool:
    """Whether a question to `published` has no filter, order or offset: then one prepared statement brings the catalogue row along."""
    return query.where is None and not query.sort and not query.offset and query.store == "published"


def read_rows(connection: Connection, query: FeatureQuery, row_format: RowFormat, progress: Progress) -> bytes:
    """The rows of a small answer, in order and glued; `progress` is complete afterwards. `query.limit` must be set.

    Raises InvalidParameter for filters, fields or orders that do not fit the layer, LayerNotDefined when it has no table.
    """
    limit = query.limit or 0
    if is_plain(query):
        after = _BEFORE_ALL if query.after is None else query.after
        plain = _plain_statement(query, row_format, next(size for size in _SIZES if size > limit))
        with explain_failure(query):
            result = run_prepared(connection, plain, [b"%d" % after, b"%d" % (limit + 1), query.layer.id.encode()])
        progress.state, found = read_revision_column(result, 2), result.ntuples
    else:
        result = _ask_composed(connection, query, row_format)
        found = result.ntuples
        if query.store == "published":
            progress.state = read_revision_column(result, 2)
            if found and result.get_value(0, 0) is None:  # nothing but the state of the layer
                found = 0
    progress.more = found > limit
    progress.count = min(found, limit)
    if progress.count:
        progress.last_id = int.from_bytes(result.get_value(progress.count - 1, 0) or b"", "big", signed=True)
    glued = GLUE[row_format].join([result.get_value(row, 1) or b"" for row in range(progress.count)])
    return drop_illegal_xml(glued) if needs_cleaning(query, row_format) else glued


def _ask_composed(connection: Connection, query: FeatureQuery, row_format: RowFormat) -> pq.abc.PGresult:
    """The rows of a question with filter, order or offset. One whose like was asked before is bound to the statement made then."""
    asked = sketch(query, row_format)
    known = recall(asked, query) if asked else None
    with explain_failure(query):
        if known is not None:
            return run_prepared(connection, *known)
        statement, params = _composed_statement(query, row_format)
        cursor = connection.cursor(binary=True)
        cursor.execute(statement, params)
    if cursor.pgresult is None:
        raise psycopg.InterfaceError("the statement gave no rows")
    if asked:
        remember(asked, query, statement, params)
    return cursor.pgresult


def count_rows(connection: Connection, query: FeatureQuery) -> int:
    """How many features match `query.where`. Raises InvalidParameter."""
    condition = _where(query)
    statement = sql.SQL("SELECT count(*) FROM {}{}").format(_table(query), condition.sql)
    with explain_failure(query):
        row = connection.execute(statement, condition.params).fetchone()
    return int(row[0]) if row else 0


def find_ids(connection: Connection, query: FeatureQuery) -> list[int]:
    """The ids of the features that match `query.where`, ascending, `query.limit` at most. Raises InvalidParameter."""
    condition = _where(query)
    statement = sql.SQL("SELECT id FROM {}{} ORDER BY id LIMIT {}").format(_table(query), condition.sql, sql.Literal(query.limit))
    with explain_failure(query):
        return [int(row[0]) for row in connection.execute(statement, condition.params).fetchall()]


def find_page_start(connection: Connection, query: FeatureQuery, before: int) -> int | None:
    """The `after` of the page of `query.limit` features that ends just before the features with an id above `before`; None = the first."""
    condition = _where(query, Condition(sql.SQL("id <= %s"), (before,)))
    statement = sql.SQL("SELECT id FROM {}{} ORDER BY id DESC OFFSET %s LIMIT 1").format(_table(query), condition.sql)
    with explain_failure(query):
        row = connection.execute(statement, (*condition.params, query.limit)).fetchone()
    return int(row[0]) if row else None


def compose_select(query: FeatureQuery, row_format: RowFormat) -> tuple[sql.Composed, tuple[Any, ...]]:
    """The whole SELECT and its values: id and text of each row, one more than `query.limit` (it tells whether more follow).

    Raises InvalidParameter.
    """
    return compose_rows(query, sql.SQL("id, {}").format(row_text(query, row_format)), (query.limit or 0) + 1)


def compose_rows(query: FeatureQuery, columns: sql.Composable, limit: int) -> tuple[sql.Composed, tuple[Any, ...]]:
    """A SELECT of any columns of the rows asked for, in their order, and its values. Raises InvalidParameter."""
    extra = Condition(sql.SQL("id > %s"), (query.after,)) if query.after is not None else None
    if extra and query.sort:
        raise InvalidParameter("Paging by id needs the default order.", locator="sortby")
    where = _where(query, extra)
    keys = [
        sql.SQL("{} DESC NULLS LAST" if key.descending else "{}").format(sql.Identifier(require_field(query.layer, key.field)))
        for key in query.sort
    ]
    statement = sql.SQL("SELECT {} FROM {}{} ORDER BY {} OFFSET {} LIMIT {}").format(
        columns,
        _table(query),
        where.sql,
        sql.SQL(", ").join([*keys, sql.SQL("id")]),
        sql.Literal(query.offset),
        sql.Literal(limit),
    )
    return statement, where.params


def compose_condition(query: FeatureQuery) -> Condition:
    """` WHERE ...` for `query.where` with its values, empty without a filter. Raises InvalidParameter."""
    return _where(query)


def _where(query: FeatureQuery, extra: Condition | None = None) -> Condition:
    is_published = query.store == "published"
    parts = [part for part in (compile_where(query.layer, query.where, is_published=is_published) if query.where else None, extra) if part]
    if not parts:
        return Condition(sql.SQL(""))
    joined = sql.SQL(" AND ").join(part.sql for part in parts)
    return Condition(sql.SQL(" WHERE {}").format(joined), sum((part.params for part in parts), ()))


def _table(query: FeatureQuery) -> sql.Composable:
    if query.store == "official":
        return official_rows(query.layer)
    if query.store == "former" and query.moment is not None:
        return former_rows(query.layer, query.moment)
    return sql.Identifier("published", query.layer.id)


_composed: dict[tuple[int, RowFormat], tuple[FeatureQuery, bytes, tuple[Any, ...]]] = {}


def _composed_statement(query: FeatureQuery, row_format: RowFormat) -> tuple[bytes, tuple[Any, ...]]:
    """The statement of a question with filter, order or offset, and its values; remembered as long as the very question is asked again.

    Of published features it brings the catalogue row along, also where there are no rows: one journey instead of two, and one snapshot.
    The only row on the left makes the join a loop, which keeps the order of the rows. Raises InvalidParameter.
    """
    key = (id(query), row_format)
    found = _composed.get(key)
    if found is not None and found[0] is query:
        return found[1], found[2]
    statement, params = compose_select(query, row_format)
    if query.store == "published":
        state = sql.SQL(REVISION_OF).format(sql.Literal(query.layer.id))
        joined = sql.SQL("SELECT page.*, state FROM (SELECT ({}) AS state) layer LEFT JOIN LATERAL ({}) page ON true")
        statement = joined.format(state, statement)
    if len(_composed) > _MAX_REMEMBERED:
        _composed.clear()
    written = statement.as_bytes(None)
    _composed[key] = (query, written, params)
    return written, params


_plain: dict[tuple[object, ...], tuple[Layer, bytes]] = {}


def _plain_statement(query: FeatureQuery, row_format: RowFormat, size: int) -> bytes:
    """The statement without filter, as the wire takes it; remembered beside the layer it was made for.

    The inner limit is written out: a limit that is only bound makes the planner plan anew each time (111 us instead of 34).
    """
    shape = (query.fields, query.crs, query.axis_order, query.srs_name, query.with_geometry)
    key = (id(query.layer), row_format, shape, size)
    found = _plain.get(key)
    if found is not None and found[0] is query.layer:
        return found[1]
    statement = sql.SQL(
        "SELECT id, text, state FROM (SELECT id, {} AS text, ({}) AS state FROM {} WHERE id > $1::bigint ORDER BY id LIMIT {}) page"
        " ORDER BY id LIMIT $2::bigint"
    ).format(row_text(query, row_format), sql.SQL(REVISION_OF_THIRD), _table(query), sql.Literal(size))
    if len(_plain) > _MAX_REMEMBERED:
        _plain.clear()
    written = statement.as_bytes(None)
    _plain[key] = (query.layer, written)
    return written


@contextmanager
def explain_failure(query: FeatureQuery) -> Iterator[None]:
    """What cannot be computed of a stranger's filter is the stranger's mistake, said without detail; a layer may have no table yet."""
    try:
        yield
    except psycopg.errors.UndefinedTable as error:
        raise LayerNotDefined(f"The layer {query.layer.id!r} has no table yet.") from error
    except (psycopg.errors.InternalError_, psycopg.DataError) as error:
        if query.store == "former":
            raise RecordForgotten(
                "What was published then does not fit the fields of today.",
                locator="asof",
                message_vi="Dữ liệu công bố khi đó không khớp các trường hiện nay.",
            ) from error
        if query.where is None:
            raise
        raise InvalidParameter("The filter holds a geometry or value that cannot be computed.", locator="filter") from error
