# SPDX-License-Identifier: MIT
"""Records that are in no table, filtered and sorted as features are: they travel with the question as one JSON value."""

from __future__ import annotations

from psycopg import sql
from psycopg.types.json import Jsonb

from server.catalog.projection import published_fields
from server.db.condition import Condition
from server.db.fieldvalues import Kind
from server.db.pool import Connection
from server.db.select import explain_failure
from server.db.where import compile_where
from server.errors import InvalidParameter
from server.query.features import FeatureQuery
from server.query.records import RecordQuestion

_COLUMNS = {"text": sql.SQL("text"), "datetime": sql.SQL("timestamptz")}
_LIST = sql.SQL("text[]")


def find_records(connection: Connection, asked: RecordQuestion) -> list[str]:
    """The ids of the rows that meet the condition, in the order asked for and then by id. Raises InvalidParameter for what does not fit."""
    condition = Condition(sql.SQL("TRUE"))
    if asked.where is not None:
        kinds: dict[str, Kind] = {"id": "text", **dict.fromkeys(asked.lists, "texts")}
        condition = compile_where(asked.layer, asked.where, kinds=kinds)
    fields = {field.name: _LIST if field.name in asked.lists else _COLUMNS[field.type] for field in published_fields(asked.layer)}
    if any(key.field in asked.lists or key.field not in ("id", *fields) for key in asked.sort):
        raise InvalidParameter("sortby names a field these records are not sorted by.", locator="sortby")
    columns = sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(name), kind) for name, kind in fields.items())
    keys = [sql.SQL("{} DESC NULLS LAST" if key.descending else "{}").format(sql.Identifier(key.field)) for key in asked.sort]
    statement = sql.SQL(
        "SELECT id FROM (SELECT *, ST_MakeEnvelope(box[1], box[2], box[3], box[4], 4326) AS geom"
        " FROM jsonb_to_recordset(%s) AS listed(id text, box float8[], {})) AS records WHERE {} ORDER BY {}"
    ).format(columns, condition.sql, sql.SQL(", ").join([*keys, sql.SQL("id")]))
    rows = Jsonb([dict(row) for row in asked.rows])
    with explain_failure(FeatureQuery(asked.layer, where=asked.where)):
        return [row[0] for row in connection.execute(statement, [rows, *condition.params]).fetchall()]
