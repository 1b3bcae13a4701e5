# SPDX-License-Identifier: MIT
"""A file of one point of the VN-2000 table, in any format that has places."""

from __future__ import annotations

from pathlib import Path

import shapely

from server.catalog.model import Layer
from server.encode.files.table import Part, describe_table
from server.encode.files.write import write_file
from server.encode.formats import FileFormat
from tests.unit.crs.vectors import Vector

_SUFFIX = {"shapezip": ".zip", "gpkg": ".gpkg", "flatgeobuf": ".fgb", "geoparquet": ".parquet"}
_LAYER = Layer.model_validate(
    {
        "id": "marks",
        "group": "g",
        "title": {"vi": "Mốc", "en": "Marks"},
        "abstract": {"vi": "Mốc", "en": "Marks"},
        "geometry": "point",
        "source": {"vi": "Thử", "en": "Test", "licence": "MIT"},
        "fields": {"name": {"vi": "Tên", "en": "Name", "title": True}},
    }
)


def write_vector(vector: Vector, file_format: FileFormat, folder: Path) -> Path:
    """The point in its own system, in a file of the folder; the shapefile zipped."""
    place = shapely.to_wkb(shapely.Point(vector.east, vector.north))
    part = Part(describe_table(_LAYER, None, vector.crs), lambda: iter([((1,), (vector.place,), (place,))]))
    target = folder / f"{vector.crs.code}_{vector.place.split()[0]}{_SUFFIX[file_format]}"
    write_file(file_format, [part], target)
    return target
