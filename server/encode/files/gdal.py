# SPDX-License-Identifier: MIT
"""Formats GDAL writes: GeoPackage and FlatGeobuf. Rows are pulled batch by batch, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyogrio
from pyogrio.errors import DataLayerError

from server.catalog.model import GeometryType
from server.crs.engines import gdal_definition, geopackage_definition
from server.encode.files.arrow import GEOMETRY, read_stream, table_schema
from server.encode.files.further import apart, as_texts
from server.encode.files.table import FileTable, Part

# What programs of the last ten years read without a warning (GDAL would write 1.4).
_VERSION = "1.2"
OGR_TYPES: dict[GeometryType, str] = {
    "point": "Point",
    "multipoint": "MultiPoint",
    "line": "LineString",
    "multiline": "MultiLineString",
    "polygon": "Polygon",
    "multipolygon": "MultiPolygon",
}


def write_geopackage(parts: Sequence[Part], target: Path) -> None:
    """A GeoPackage of tables with their titles; further geometries of a layer are tables of their own (12-128r15 2.1.1 has one per table).

    VN-2000 goes as WKT with its datum shift, as in a FlatGeobuf.
    """
    for part in apart(parts):
        title = part.table.layer.title
        options = {"identifier": title.vi, "description": title.en, "fid": _row_number(part.table)}
        _write(part, target, "GPKG", geopackage_definition(part.table.system), **options)


def _row_number(table: FileTable) -> str:
    """What GDAL's own number of a row is called: `fid`, or longer where the layer has a field of that name."""
    taken, name = {field.name.lower() for field in table.fields}, "fid"
    while name in taken:
        name += "_"
    return name


def write_flatgeobuf(parts: Sequence[Part], target: Path) -> None:
    """A FlatGeobuf with its spatial index; without one where some feature has no place, because the format cannot have both.

    VN-2000 goes as WKT with its datum shift, without EPSG code: programs would take the code and choose a shift of their own.
    """
    (one,) = parts
    part = as_texts(one)
    if part.table.crs is None:
        _write(part, target, "FlatGeobuf", "", spatial_index="NO")
        return
    system = gdal_definition(part.table.system)
    try:
        _write(part, target, "FlatGeobuf", system, spatial_index="YES")
    except DataLayerError as error:
        if "NULL geometry" not in str(error):
            raise
        target.unlink(missing_ok=True)
        _write(part, target, "FlatGeobuf", system, spatial_index="NO")


def _write(part: Part, target: Path, driver: str, system: str, **options: str) -> None:
    table = part.table
    place: dict[str, Any] = {"geometry_type": None}
    if table.placed:
        place = {"geometry_name": GEOMETRY, "geometry_type": OGR_TYPES.get(table.kind, "Unknown"), "crs": system}
    if driver == "GPKG" and table.name != table.layer.id:
        options["identifier"] = f"{options['identifier']} ({table.name})"  # no two tables may have the same
    if target.exists():
        place["append"] = True
    elif driver == "GPKG":
        place["dataset_options"] = {"VERSION": _VERSION}
    stream = read_stream(table_schema(table), part.batches())
    pyogrio.write_arrow(stream, target, layer=table.name, driver=driver, encoding="UTF-8", layer_options=options, **place)
