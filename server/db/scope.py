# SPDX-License-Identifier: MIT
"""The condition that names many rows by their ids."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql


def among(column: sql.Composable, ids: Sequence[int]) -> sql.Composed:
    """`column` is one of `ids` (distinct). New rows bear ids one after the other: a range is read and planned at once, a list is not."""
    if ids and max(ids) - min(ids) + 1 == len(ids):
        return sql.SQL("{} BETWEEN {} AND {}").format(column, sql.Literal(min(ids)), sql.Literal(max(ids)))
    return sql.SQL("{} = ANY({}::bigint[])").format(column, sql.Literal("{" + ",".join(map(str, ids)) + "}"))
