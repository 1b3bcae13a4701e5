# SPDX-License-Identifier: MIT
"""Shapes of a bulk load made ready for the official store many at a time: flat, of the layer's type, valid, in the storage CRS.

What is unusual in any way stays as it came: the checks of the stage (`server.db.checks`) look at it one by one and name the fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
import pyarrow
import pyarrow.compute
import shapely

from server.catalog.model import Layer
from server.crs.definitions import WGS84, find_crs
from server.crs.transform import Coordinates, transform_coordinates
from server.db.checks import MAINLAND_BOX

Shapes = numpy.ndarray[tuple[int], numpy.dtype[Any]]
_POINT, _LINE, _POLYGON, _MULTI_POINT, _MULTI_LINE, _MULTI_POLYGON = 0, 1, 3, 4, 5, 6
# Type of the layer -> the type of shapely, and the single type that may be wrapped into it (or the multi type whose only part is taken).
_TYPES = {
    "point": (_POINT, _MULTI_POINT),
    "multipoint": (_MULTI_POINT, _POINT),
    "line": (_LINE, _MULTI_LINE),
    "multiline": (_MULTI_LINE, _LINE),
    "polygon": (_POLYGON, _MULTI_POLYGON),
    "multipolygon": (_MULTI_POLYGON, _POLYGON),
}
# Well-known binary of a flat point, little-endian; as PostGIS extends it, with its reference system.
_WKB_POINT = numpy.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
_EWKB_POINT = numpy.dtype([("order", "u1"), ("type", "<u4"), ("srid", "<i4"), ("x", "<f8"), ("y", "<f8")])
_HAS_SRID = 0x20000000
_LOWER, _UPPER = slice(0, 2), slice(2, 4)
_WRAP = {_MULTI_POINT: shapely.multipoints, _MULTI_LINE: shapely.multilinestrings, _MULTI_POLYGON: shapely.multipolygons}


class ShapeReader:
    """Reads WKB (x = east) in the CRS `epsg` for one layer."""

    def __init__(self, layer: Layer, epsg: int) -> None:
        self._layer = layer
        self._source, self._target = find_crs(epsg), find_crs(layer.storage_crs)

    def read(self, given: Sequence[bytes | None]) -> tuple[pyarrow.Array, pyarrow.Array]:
        """For each shape its EWKB in hexadecimal digits when it is ready, else the WKB as PostgreSQL writes bytes; null for none."""
        ready = self._read_points(given) if self._layer.geometry == "point" else None
        if ready is None:
            ready = self._read_shapes(given)
        if not ready.null_count:
            return ready, pyarrow.nulls(len(given), pyarrow.string())
        kept = [
            None if is_ready or wkb is None else f"\\x{wkb.hex()}"
            for is_ready, wkb in zip(ready.is_valid().to_pylist(), given, strict=True)
        ]
        return ready, pyarrow.array(kept, pyarrow.string())

    def _read_points(self, given: Sequence[bytes | None]) -> pyarrow.Array | None:
        """The same of flat points in the byte order of this machine's kind, which most are: numbers, without a shape made for each."""
        if any(wkb is None or len(wkb) != _WKB_POINT.itemsize for wkb in given):
            return None
        points = numpy.frombuffer(b"".join(wkb for wkb in given if wkb is not None), _WKB_POINT)
        if not ((points["order"] == 1) & (points["type"] == 1)).all():
            return None
        places = numpy.column_stack([points["x"], points["y"]])
        if self._source.postgis_srid != self._target.postgis_srid:
            places = transform_coordinates(places, self._source, self._target)
        written = numpy.empty(len(given), _EWKB_POINT)
        written["order"], written["type"], written["srid"] = 1, _HAS_SRID | 1, self._target.postgis_srid
        written["x"], written["y"] = places[:, 0], places[:, 1]
        width = 2 * _EWKB_POINT.itemsize
        starts = pyarrow.py_buffer(numpy.arange(0, width * len(given) + 1, width, dtype="<i4"))
        texts = pyarrow.StringArray.from_buffers(len(given), starts, pyarrow.py_buffer(written.tobytes().hex().encode()))
        is_ready = numpy.isfinite(places).all(axis=1) & self._is_in_place(numpy.hstack([places, places]))
        return texts if is_ready.all() else pyarrow.compute.if_else(pyarrow.array(is_ready), texts, None)

    def _read_shapes(self, given: Sequence[bytes | None]) -> pyarrow.Array:
        shapes = shapely.from_wkb(numpy.array(given, dtype=object), on_invalid="ignore")
        shapes = self._fit(shapely.force_2d(shapes))
        if self._source.postgis_srid != self._target.postgis_srid:
            shapes = shapely.transform(shapes, lambda places: transform_coordinates(places, self._source, self._target))
        is_ready = shapely.is_valid(shapes) & ~shapely.is_empty(shapes) & self._is_in_place(shapely.bounds(shapes))
        if self._layer.geometry != "any":
            is_ready &= shapely.get_type_id(shapes) == _TYPES[self._layer.geometry][0]
        out: Shapes = numpy.full(len(given), None, dtype=object)
        chosen = shapely.set_srid(shapes[is_ready], self._target.postgis_srid)
        out[is_ready] = shapely.to_wkb(chosen, hex=True, include_srid=True)
        return pyarrow.array(out, pyarrow.string())

    def _fit(self, shapes: Shapes) -> Shapes:
        """Single shapes wrapped for a layer of multi shapes, and multi shapes of one part unwrapped for the others."""
        if self._layer.geometry == "any":
            return shapes
        wanted, near = _TYPES[self._layer.geometry]
        other = (shapely.get_type_id(shapes) == near) & ~shapely.is_empty(shapes)
        if not other.any():
            return shapes
        if wanted in _WRAP:
            shapes[other] = _WRAP[wanted](shapes[other][:, None])
        else:
            alone = other & (shapely.get_num_geometries(shapes) == 1)
            shapes[alone] = shapely.get_geometry(shapes[alone], 0)
        return shapes

    def _is_in_place(self, boxes: Coordinates) -> Any:
        """Around the mainland, by boxes (four columns: west, south, east, north in the storage CRS); shapes of the far seas and those
        with exchanged axes are looked at by the stage."""
        if self._layer.anywhere:
            return numpy.ones(len(boxes), dtype=bool)
        if self._target.postgis_srid != WGS84.postgis_srid:
            boxes = numpy.hstack([transform_coordinates(boxes[:, corner], self._target, WGS84) for corner in (_LOWER, _UPPER)])
        west, south, east, north = MAINLAND_BOX
        with numpy.errstate(invalid="ignore"):
            return (boxes[:, 0] >= west) & (boxes[:, 1] >= south) & (boxes[:, 2] <= east) & (boxes[:, 3] <= north)
