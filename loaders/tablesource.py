# SPDX-License-Identifier: MIT
"""A table of a database as a source: types as the database has them, geometries of its first geometry column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pyarrow

from loaders.batches import SourceBatch, SourceRow
from loaders.source import SourceInfo, SourceOptions
from server.crs.definitions import Crs, find_crs
from server.db.othertable import OtherTable, read_rows, read_table
from server.db.pool import Connection
from server.errors import InvalidCrs

_SIZE = 5000
_TYPES = {"int8": pyarrow.int64(), "float8": pyarrow.float64(), "bool": pyarrow.bool_(), "text": pyarrow.string()}


class DatabaseSource:
    """`schema.table` behind a connection, which must stay open. Raises SourceRefused when it is not there or may not be read."""

    def __init__(self, connection: Connection, name: str, options: SourceOptions) -> None:
        self._connection = connection
        self._options = options
        self._table: OtherTable = read_table(connection, name)

    @cached_property
    def info(self) -> SourceInfo:
        """What the table says of itself."""
        table = self._table
        skipped = f"Not read: {', '.join(table.skipped)}. · Không đọc: {', '.join(table.skipped)}."
        return SourceInfo(
            name=f"{table.schema}.{table.name}",
            format="PostgreSQL",
            fields=tuple(name for name, _ in table.columns),
            geometry=table.kind,
            crs=self._find_crs(),
            row_count=table.rows,
            notes=(skipped,) if table.skipped else (),
            may_lack_geometry=True,
        )

    def _find_crs(self) -> Crs | None:
        if self._table.geometry is None:
            return None
        try:
            return find_crs(self._options.crs or self._table.srid)
        except InvalidCrs:
            return None

    def batches(self, fields: Sequence[str] | None = None, *, shapes: bool = True, most: int | None = None) -> Iterator[SourceBatch]:
        """Every row (or the first `most`, and perhaps some more), in the order of the database."""
        kinds = {name: kind for name, kind in self._table.columns if fields is None or name in fields}
        has_shapes = shapes and self._table.geometry is not None
        number = 0
        for rows in read_rows(self._connection, self._table, list(kinds), shapes=shapes, size=_SIZE):
            columns = {
                name: pyarrow.array([_read(row[place]) for row in rows], _TYPES[kind]) for place, (name, kind) in enumerate(kinds.items())
            }
            numbers = range(number + 1, number + 1 + len(rows))
            yield SourceBatch(numbers, columns, [row[-1] for row in rows] if has_shapes else None)
            number += len(rows)
            if most is not None and number >= most:
                return

    def rows(self) -> Iterator[SourceRow]:
        """The same row by row."""
        for batch in self.batches():
            yield from batch.rows()


def _read(value: Any) -> Any:
    """A value; texts in NFC and without blanks around, empty ones as nothing."""
    if not isinstance(value, str):
        return None if isinstance(value, float) and value != value else value
    return unicodedata.normalize("NFC", value.strip()) or None
