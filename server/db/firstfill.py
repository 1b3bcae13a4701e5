# SPDX-License-Identifier: MIT
"""Filling an empty layer with many rows: its plain indexes are made at the end, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from server.catalog.model import Layer
from server.db.pool import Connection

# Below, an index grows as fast as it is made; and nobody who looks at the empty layer is kept waiting for long.
FEWEST = 50_000


@contextmanager
def indexes_set_aside(connection: Connection, layer: Layer, rows: int) -> Iterator[None]:
    """Insert inside: where the official table is empty and at least FEWEST rows come, its indexes are made afterwards.

    Those of primary keys, and those with conditions, stay.
    """
    aside = connection.execute("SELECT * FROM xanh.set_indexes_aside(%s)", [layer.id]).fetchall() if rows >= FEWEST else []
    yield
    for index in aside:
        connection.execute("SELECT xanh.put_index_back(%s, %s, %s, %s, %s, %s)", [layer.id, *index])
