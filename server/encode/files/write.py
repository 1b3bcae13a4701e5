# SPDX-License-Identifier: MIT
"""One door for all file formats. Their libraries are large and slow to import: a process that writes no files never loads them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from server.encode.files.table import Part
from server.encode.formats import FileFormat

_WRITERS: dict[FileFormat, tuple[str, str]] = {
    "xlsx": ("xlsx", "write_xlsx"),
    "shapezip": ("shapezip", "write_shapezip"),
    "gpkg": ("gdal", "write_geopackage"),
    "flatgeobuf": ("gdal", "write_flatgeobuf"),
    "geoparquet": ("parquet", "write_geoparquet"),
}


def write_file(file_format: FileFormat, parts: Sequence[Part], target: Path) -> None:
    """Write tables to `target`, which must not exist; whatever is needed on the way lies beside it and is gone at the end.

    Workbooks, shapefiles and GeoPackages hold any number of tables, the other formats one. When rows cannot be read, the caller removes
    the folder.
    """
    module, function = _WRITERS[file_format]
    getattr(import_module(f"server.encode.files.{module}"), function)(parts, target)
