# SPDX-License-Identifier: MIT
"""What file formats are written from: the description of a table and its rows, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from server.catalog.model import GeometryType, Layer
from server.catalog.projection import PublishedField, PublishedShape, published_fields, published_shapes
from server.crs.definitions import Crs

# One batch: the columns of the same rows; the ids first, then each field, then the place (WKB, x before y) where the table has one, then
# each further geometry (WKB).
Batch = tuple[tuple[Any, ...], ...]
Batches = Callable[[], Iterator[Batch]]


@dataclass(frozen=True)
class FileTable:
    """The rows of one layer as a table: id, `fields`, the geometry of a `kind` unless `placed` is false, and the `further` ones.

    Coordinates are in `system`, x before y. `name` is what the table is called inside the file.
    """

    layer: Layer
    name: str
    fields: tuple[PublishedField, ...]
    system: Crs
    placed: bool
    kind: GeometryType
    further: tuple[PublishedShape, ...] = ()

    @property
    def crs(self) -> Crs | None:
        """The system of the rows' places; None when the table has none."""
        return self.system if self.placed else None

    @property
    def place(self) -> int:
        """Which column of a batch holds the places, where there are any."""
        return 1 + len(self.fields)

    @property
    def digits(self) -> int:
        """How many digits coordinates are written with as text: about a centimetre in degrees, a millimetre in metres."""
        return 7 if self.system.unit == "degree" else 3


@dataclass(frozen=True)
class Part:
    """A table and its rows; `batches` may be asked for more than once."""

    table: FileTable
    batches: Batches


def describe_table(layer: Layer, fields: tuple[str, ...] | None, system: Crs, *, placed: bool = True) -> FileTable:
    """The table of a layer with its chosen fields and further geometries (None = all published ones)."""
    chosen = tuple(field for field in published_fields(layer) if fields is None or field.name in fields)
    further = tuple(shape for shape in published_shapes(layer) if fields is None or shape.name in fields)
    return FileTable(layer, layer.id, chosen, system, placed and layer.has_geometry, layer.geometry, further)
