# SPDX-License-Identifier: MIT
"""What file formats are written from: the description of a table and its rows, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields
from server.crs.definitions import Crs

# One batch: the columns of the same rows; the ids first, then each field, last the places (WKB, x before y) where the table has any.
Batch = tuple[tuple[Any, ...], ...]
Batches = Callable[[], Iterator[Batch]]


@dataclass(frozen=True)
class FileTable:
    """The rows of one layer as a table: id, `fields`, and the geometry (in `crs`, x before y) unless `crs` is None."""

    layer: Layer
    fields: tuple[PublishedField, ...]
    crs: Crs | None

    @property
    def name(self) -> str:
        """What the table is called inside the file."""
        return self.layer.id


def describe_table(layer: Layer, fields: tuple[str, ...] | None, crs: Crs | None) -> FileTable:
    """The table of a layer with its chosen fields (None = all published ones), without geometry where the layer has none."""
    chosen = tuple(field for field in published_fields(layer) if fields is None or field.name in fields)
    return FileTable(layer, chosen, crs if layer.has_geometry else None)
