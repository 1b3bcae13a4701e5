# SPDX-License-Identifier: MIT
"""Rows of a source column by column, some thousands at a time: what makes large files load fast, and memory not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow

from server.features.batches import is_plain


@dataclass(frozen=True)
class SourceRow:
    """One feature as the source has it: row number from 1, values by source field (text in NFC), WKB in the source's CRS (x = east).

    A geometry that is there and cannot be read is empty bytes, so that the row is refused and not loaded without a place.
    """

    number: int
    values: Mapping[str, Any]
    wkb: bytes | None


@dataclass(frozen=True)
class SourceBatch:
    """The same for many rows: their numbers, Arrow arrays by source field, geometries (None: not asked for, or the source has none)."""

    numbers: Sequence[int]
    columns: Mapping[str, pyarrow.Array]
    shapes: Sequence[bytes | None] | None

    def row(self, index: int) -> SourceRow:
        """One row, counted from 0."""
        values = {name: column[index].as_py() for name, column in self.columns.items()}
        return SourceRow(self.numbers[index], values, self.shapes[index] if self.shapes is not None else None)

    def rows(self) -> Iterator[SourceRow]:
        """All of them."""
        names, columns = list(self.columns), [column.to_pylist() for column in self.columns.values()]
        for index, number in enumerate(self.numbers):
            values = {name: column[index] for name, column in zip(names, columns, strict=True)}
            yield SourceRow(number, values, self.shapes[index] if self.shapes is not None else None)

    def pick(self, wanted: Sequence[int]) -> SourceBatch:
        """Some of the rows, counted from 0."""
        places = pyarrow.array(wanted, pyarrow.int64())
        return SourceBatch(
            [self.numbers[index] for index in wanted],
            {name: column.take(places) for name, column in self.columns.items()},
            None if self.shapes is None else [self.shapes[index] for index in wanted],
        )


def read_texts(column: pyarrow.Array, read: Callable[[bytes], str | None]) -> pyarrow.Array:
    """Bytes as the texts they mean; `read` is asked once for each distinct value, and not at all for plain ASCII without controls."""
    if is_plain(column):
        return column.cast(pyarrow.string())
    coded = column.dictionary_encode()
    return pyarrow.array([read(value) for value in coded.dictionary.to_pylist()], pyarrow.string()).take(coded.indices)
