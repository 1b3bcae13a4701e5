# SPDX-License-Identifier: MIT
"""GeoParquet 1.1.0: Parquet with WKB places and a note of their system, types and extent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import shapely

from server.crs.exchange import projjson
from server.encode.files.arrow import record_batches, table_schema
from server.encode.files.table import Batch, FileTable, Part

_VERSION = "1.1.0"


def write_geoparquet(parts: Sequence[Part], target: Path) -> None:
    """A GeoParquet file, one row group per batch, compressed with Zstandard; further geometries of a layer are geometry columns too.

    A table without places is plain Parquet.
    """
    (part,) = parts
    schema = table_schema(part.table)
    noted = {column: _Noted() for column in range(part.table.place, len(schema))}
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in record_batches(schema, _note_places(part, noted)):
            writer.write_batch(batch)
        if noted:
            described = {schema.field(column).name: _describe(part.table, seen) for column, seen in noted.items()}
            document = {"version": _VERSION, "primary_column": next(iter(described)), "columns": described}
            writer.add_key_value_metadata({"geo": json.dumps(document)})


class _Noted:
    """What was seen of the places so far."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.extent: list[float] | None = None


def _note_places(part: Part, noted: dict[int, _Noted]) -> Iterator[Batch]:
    for batch in part.batches():
        for column, seen in noted.items():
            places = shapely.from_wkb([place for place in batch[column] if place is not None])
            if len(places):
                seen.types |= {_TYPES[kind] for kind in set(shapely.get_type_id(places).tolist())}
                seen.extent = _widen(seen.extent, shapely.total_bounds(places).tolist())
        yield batch


_TYPES = {
    0: "Point",
    1: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}


def _widen(known: list[float] | None, box: list[float]) -> list[float] | None:
    if any(number != number for number in box):  # only empty geometries
        return known
    if known is None:
        return box
    return [min(known[0], box[0]), min(known[1], box[1]), max(known[2], box[2]), max(known[3], box[3])]


def _describe(table: FileTable, noted: _Noted) -> dict[str, Any]:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(noted.types), "crs": projjson(table.system.code)}
    if noted.extent is not None:
        column["bbox"] = noted.extent
    return column
