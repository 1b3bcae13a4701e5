# SPDX-License-Identifier: MIT
"""Which column types can become which others without losing anything."""

from __future__ import annotations

import re

from psycopg import sql

from server.db.table import type_sql

_LOSSLESS = {
    ("bigint", "double precision"),  # exact up to 2^53, far beyond any count here
    ("bigint", "text"),
    ("double precision", "text"),
    ("boolean", "text"),
    ("date", "text"),
    ("timestamp with time zone", "text"),
    ("date", "timestamp with time zone"),
}
_GEOMETRY = re.compile(r"geometry\((?P<kind>\w+),(?P<srid>\d+)\)")


def change_type(column: str, old: str, new: str) -> sql.Composed | None:
    """`ALTER COLUMN ... TYPE ... USING ...` when nothing is lost, else None.

    A geometry may become its multi type and may move to another storage CRS (transformed with the pinned datum shift).
    """
    name = sql.Identifier(column)
    using: sql.Composable | None = None
    if (old, new) in _LOSSLESS:
        using = sql.SQL("{}::{}").format(name, type_sql(new))
    before, after = _GEOMETRY.fullmatch(old), _GEOMETRY.fullmatch(new)
    if before and after and after["kind"] in (before["kind"], f"Multi{before['kind']}"):
        using = sql.SQL("ST_Multi({})").format(name) if after["kind"] != before["kind"] else name
        if before["srid"] != after["srid"]:
            using = sql.SQL("ST_Transform({}, {})").format(using, sql.Literal(int(after["srid"])))
    if using is None:
        return None
    return sql.SQL("ALTER COLUMN {} TYPE {} USING {}").format(name, type_sql(new), using)
