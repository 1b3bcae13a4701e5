# SPDX-License-Identifier: MIT
"""Batches of rows as Arrow record batches, which GDAL and Parquet take without looking at a single value in Python.

The only importer of pyarrow beside `parquet.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from server.encode.files.table import Batch, FileTable

GEOMETRY = "geom"
_TYPES: dict[str, Any] = {
    "integer": pa.int64(),
    "link": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("ms", "UTC"),
}


def table_schema(table: FileTable, names: tuple[str, ...] | None = None) -> pa.Schema:
    """The columns: `id`, the fields (under `names` where given), the geometry as WKB, then the further ones."""
    titles = names or tuple(field.name for field in table.fields)
    parts = [pa.field("id", pa.int64(), nullable=False)]
    parts += [pa.field(title, _TYPES.get(str(field.type), pa.string())) for title, field in zip(titles, table.fields, strict=True)]
    places = ([GEOMETRY] if table.placed else []) + [shape.name for shape in table.further]
    parts += [pa.field(name, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"}) for name in places]
    return pa.schema(parts)


def record_batches(schema: pa.Schema, batches: Iterable[Batch]) -> Iterator[pa.RecordBatch]:
    """Each batch of columns as a record batch of the schema."""
    for batch in batches:
        arrays = [pa.array(column, type=part.type) for column, part in zip(batch, schema, strict=True)]
        yield pa.record_batch(arrays, schema=schema)


def read_stream(schema: pa.Schema, batches: Iterable[Batch]) -> pa.RecordBatchReader:
    """The batches as a stream that is pulled while it is written."""
    return pa.RecordBatchReader.from_batches(schema, record_batches(schema, batches))
