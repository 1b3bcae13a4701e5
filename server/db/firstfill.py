# SPDX-License-Identifier: MIT
"""Filling an empty layer with many rows: its indexes on shapes are made at the end, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from server.catalog.model import Layer
from server.db.pool import Connection

# Below, an index grows as fast as it is made; and nobody who looks at the empty layer is kept waiting for long.
FEWEST = 50_000


@contextmanager
def indexes_set_aside(connection: Connection, layer: Layer, rows: int) -> Iterator[None]:
    """Insert inside: where the official table is empty and at least FEWEST rows come, its indexes on shapes are made afterwards."""
    aside: list[tuple[str, str]] = []
    if rows >= FEWEST and layer.has_geometry:
        found = connection.execute("SELECT name, place FROM xanh.set_shape_indexes_aside(%s)", [layer.id]).fetchall()
        aside = [(row[0], row[1]) for row in found]
    yield
    for name, place in aside:
        connection.execute("SELECT xanh.put_shape_index_back(%s, %s, %s)", [layer.id, name, place])
