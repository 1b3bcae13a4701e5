# SPDX-License-Identifier: MIT
"""One door for all file formats. Their libraries are large and slow to import: a process that writes no files never loads them."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from server.encode.files.table import Batches, FileTable
from server.encode.formats import FileFormat

_WRITERS: dict[FileFormat, tuple[str, str]] = {
    "xlsx": ("xlsx", "write_xlsx"),
    "shapezip": ("shapezip", "write_shapezip"),
    "gpkg": ("gdal", "write_geopackage"),
    "flatgeobuf": ("gdal", "write_flatgeobuf"),
    "geoparquet": ("parquet", "write_geoparquet"),
}


def write_file(file_format: FileFormat, table: FileTable, batches: Batches, target: Path) -> None:
    """Write the rows of a table to `target`, which must not exist; whatever is needed on the way lies beside it and is gone at the end.

    `batches` may be asked for a second time. When it raises, the caller removes the folder.
    """
    module, function = _WRITERS[file_format]
    getattr(import_module(f"server.encode.files.{module}"), function)(table, batches, target)
