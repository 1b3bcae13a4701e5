# SPDX-License-Identifier: MIT
"""Features as values rather than text, for formats that libraries write: batches of columns through a cursor on the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import sql

from server.db.pool import Connection
from server.db.rowshape import Shape, chosen_fields, geometry_in, outlines
from server.db.select import compose_rows, explain_failure
from server.query.features import FeatureQuery

BATCH_ROWS = 2000


def flow_records(connection: Connection, query: FeatureQuery) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """Batches of columns: ids, each chosen field, (unless left out) the geometry as WKB in `query.crs`, x before y, then further ones.

    Every batch is a statement of its own, so that none runs out of its time; all see the same snapshot. `query.limit` must be set.
    Raises InvalidParameter for what does not fit the layer.
    """
    columns: list[sql.Composable] = [sql.SQL("id")]
    columns += [sql.Identifier(field.name) for field in chosen_fields(query.layer, query.fields)]
    shape = Shape("geojson", query.fields, query.crs, swapped=False, srs_name="", with_geometry=query.with_geometry)
    columns += [sql.SQL("ST_AsBinary({})").format(geometry_in(query.crs, one.column)) for one in outlines(query.layer, shape)]
    statement, params = compose_rows(query, sql.SQL(", ").join(columns), query.limit or 0)
    with connection.transaction(), explain_failure(query), connection.cursor("records", binary=True) as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(BATCH_ROWS):
            yield tuple(zip(*rows, strict=True))
