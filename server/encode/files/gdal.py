# SPDX-License-Identifier: MIT
"""Formats GDAL writes: GeoPackage and FlatGeobuf. Rows are pulled batch by batch, so that memory stays flat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyogrio
from pyogrio.errors import DataLayerError

from server.catalog.model import GeometryType
from server.crs.exchange import authority_name
from server.encode.files.arrow import GEOMETRY, read_stream, table_schema
from server.encode.files.table import Batches, FileTable

OGR_TYPES: dict[GeometryType, str] = {
    "point": "Point",
    "multipoint": "MultiPoint",
    "line": "LineString",
    "multiline": "MultiLineString",
    "polygon": "Polygon",
    "multipolygon": "MultiPolygon",
}


def write_geopackage(table: FileTable, batches: Batches, target: Path) -> None:
    """A GeoPackage of one table with its title. VN-2000 goes by its EPSG code: the format has no place for a shift."""
    options = {"identifier": table.layer.title.vi, "description": table.layer.title.en, "fid": "fid"}
    _write(table, batches, target, "GPKG", options)


def write_flatgeobuf(table: FileTable, batches: Batches, target: Path) -> None:
    """A FlatGeobuf with its spatial index; without one where some feature has no place, because the format cannot have both."""
    if table.crs is None:
        _write(table, batches, target, "FlatGeobuf", {"spatial_index": "NO"})
        return
    try:
        _write(table, batches, target, "FlatGeobuf", {"spatial_index": "YES"})
    except DataLayerError as error:
        if "NULL geometry" not in str(error):
            raise
        target.unlink(missing_ok=True)
        _write(table, batches, target, "FlatGeobuf", {"spatial_index": "NO"})


def _write(table: FileTable, batches: Batches, target: Path, driver: str, options: dict[str, str]) -> None:
    place: dict[str, Any] = {"geometry_type": None}
    if table.crs is not None:
        kind = OGR_TYPES.get(table.layer.geometry, "Unknown")
        place = {"geometry_name": GEOMETRY, "geometry_type": kind, "crs": authority_name(table.crs)}
    stream = read_stream(table_schema(table), batches())
    pyogrio.write_arrow(stream, target, layer=table.name, driver=driver, encoding="UTF-8", layer_options=options, **place)
