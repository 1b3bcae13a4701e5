# SPDX-License-Identifier: MIT
"""GeoParquet 1.1.0: Parquet with WKB places and a note of their system, types and extent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import shapely

from server.crs.exchange import projjson
from server.encode.files.arrow import GEOMETRY, record_batches, table_schema
from server.encode.files.table import Batches, FileTable

_VERSION = "1.1.0"


def write_geoparquet(table: FileTable, batches: Batches, target: Path) -> None:
    """A GeoParquet file, one row group per batch, compressed with Zstandard. A table without places is plain Parquet."""
    schema = table_schema(table)
    noted = _Noted()
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in record_batches(schema, _note_places(table, batches, noted)):
            writer.write_batch(batch)
        if table.crs is not None:
            writer.add_key_value_metadata({"geo": json.dumps(_describe(table.crs.code, noted))})


class _Noted:
    """What was seen of the places so far."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.extent: list[float] | None = None


def _note_places(table: FileTable, batches: Batches, noted: _Noted) -> Any:
    for batch in batches():
        if table.crs is not None:
            places = shapely.from_wkb([place for place in batch[-1] if place is not None])
            if len(places):
                noted.types |= {_TYPES[kind] for kind in set(shapely.get_type_id(places).tolist())}
                noted.extent = _widen(noted.extent, shapely.total_bounds(places).tolist())
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


def _describe(code: int, noted: _Noted) -> dict[str, Any]:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(noted.types), "crs": projjson(code)}
    if noted.extent is not None:
        column["bbox"] = noted.extent
    return {"version": _VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
