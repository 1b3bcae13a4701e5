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
from server.features.grid import snap_places, snap_shapes
from server.features.shapes import ShapeArray, Shapes, as_shapes

# Type of the layer -> the type of flat WKB, and the single type that is wrapped into it.
_WKB_TYPES = {"point": (1, 1), "line": (2, 2), "polygon": (3, 3), "multipoint": (4, 1), "multiline": (5, 2), "multipolygon": (6, 3)}
# Type of the layer -> the type of shapely whose only part is taken.
_MULTI = {"point": 4, "line": 5, "polygon": 6}
# Well-known binary of a flat point, little-endian; as PostGIS extends it, with its reference system.
_WKB_POINT = numpy.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
_EWKB_POINT = numpy.dtype([("order", "u1"), ("type", "<u4"), ("srid", "<i4"), ("x", "<f8"), ("y", "<f8")])
_HAS_SRID = 0x20000000
_LOWER, _UPPER = slice(0, 2), slice(2, 4)
# Of WKB: byte order and type.
_HEAD = 5


class ShapeReader:
    """Reads WKB (x = east) in the CRS `epsg` for one layer."""

    def __init__(self, layer: Layer, epsg: int) -> None:
        self._layer = layer
        self._source, self._target = find_crs(epsg), find_crs(layer.storage_crs)
        self._fronts = self._list_fronts()
        self.snapped = 0  # so many ready shapes were moved to the grid of the layer

    def read(self, given: Sequence[bytes | None]) -> tuple[pyarrow.Array, pyarrow.Array]:
        """For each shape its EWKB in hexadecimal digits when it is ready, else the WKB as PostgreSQL writes bytes; null for none."""
        ready = self._read_points(given) if self._layer.geometry == "point" else None
        if ready is None:
            ready = self._read_shapes(as_shapes(given))
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
        if self._layer.grid:
            as_told, places = places, snap_places(places, self._layer.grid)
            self.snapped += int((as_told != places).any(axis=1).sum())
        written = numpy.empty(len(given), _EWKB_POINT)
        written["order"], written["type"], written["srid"] = 1, _HAS_SRID | 1, self._target.postgis_srid
        written["x"], written["y"] = places[:, 0], places[:, 1]
        width = 2 * _EWKB_POINT.itemsize
        starts = pyarrow.py_buffer(numpy.arange(0, width * len(given) + 1, width, dtype="<i4"))
        texts = pyarrow.StringArray.from_buffers(len(given), starts, pyarrow.py_buffer(written.tobytes().hex().encode()))
        is_ready = numpy.isfinite(places).all(axis=1) & self._is_in_place(numpy.hstack([places, places]))
        return texts if is_ready.all() else pyarrow.compute.if_else(pyarrow.array(is_ready), texts, None)

    def _read_shapes(self, given: Shapes) -> pyarrow.Array:
        """Shapes that came as they are stored keep their bytes; the others are made flat, of the layer's type and in its CRS first."""
        shapes, is_fit = given.decoded, given.valid
        wkb: Sequence[bytes | None] = given.wkb
        moves = self._source.postgis_srid != self._target.postgis_srid
        odd = ~shapely.is_missing(shapes)
        if given.is_own and not moves:
            odd &= numpy.array([shape is not None and shape[:_HEAD] not in self._fronts for shape in wkb], dtype=bool)
        if odd.any():
            made = self._fit(shapely.force_2d(shapes[odd]))
            if moves:
                made = shapely.transform(made, lambda places: transform_coordinates(places, self._source, self._target))
            shapes, is_fit = shapes.copy(), is_fit.copy()
            shapes[odd], is_fit[odd] = made, shapely.is_valid(made)
            wkb = _put(wkb, numpy.flatnonzero(odd), made)
        is_ready = is_fit & ~shapely.is_empty(shapes) & self._is_in_place(shapely.bounds(shapes))
        if self._layer.grid and is_ready.any():
            wkb = self._snap(shapes, wkb, is_ready)
        return self._write([shape if ready else None for shape, ready in zip(wkb, is_ready.tolist(), strict=True)])

    def _snap(self, shapes: ShapeArray, wkb: Sequence[bytes | None], is_ready: Any) -> Sequence[bytes | None]:
        """The WKB with the ready shapes on the grid of the layer."""
        places = numpy.flatnonzero(is_ready)
        snapped, changed = snap_shapes(shapes[places], self._layer.grid or 0.0)
        self.snapped += int(changed.sum())
        return _put(wkb, places[changed], snapped[changed])

    def _write(self, wkb: Sequence[bytes | None]) -> pyarrow.Array:
        """Flat little-endian WKB as EWKB in hexadecimal digits; null for none and for what is not of the layer's type."""
        parts: list[bytes] = []
        lengths = numpy.zeros(len(wkb) + 1, dtype=numpy.int64)
        flags = numpy.zeros(len(wkb), dtype=bool)
        for index, shape in enumerate(wkb):
            front = self._fronts.get(shape[:_HEAD]) if shape is not None else None
            if shape is None or front is None:
                continue
            rest = shape if front[1] else shape[_HEAD:]
            parts += (front[0], rest)
            lengths[index + 1], flags[index] = 2 * (len(front[0]) + len(rest)), True
        texts = b"".join(parts).hex().encode()
        offsets = pyarrow.py_buffer(numpy.cumsum(lengths))
        missing = None if flags.all() else pyarrow.array(flags).buffers()[1]
        return pyarrow.LargeStringArray.from_buffers(len(wkb), offsets, pyarrow.py_buffer(texts), missing)

    def _list_fronts(self) -> dict[bytes, tuple[bytes, bool]]:
        """Beginnings of flat WKB the layer takes -> how the EWKB begins, and whether the whole WKB follows it (as the part of a multi
        shape) or what is behind its beginning."""

        def begin(kind: int, flag: int = 0, *more: int) -> bytes:
            return b"".join([b"\x01", (kind | flag).to_bytes(4, "little"), *(number.to_bytes(4, "little") for number in more)])

        srid = self._target.postgis_srid
        if self._layer.geometry == "any":
            return {begin(kind): (begin(kind, _HAS_SRID, srid), False) for kind in range(1, 8)}
        wanted, single = _WKB_TYPES[self._layer.geometry]
        out = {begin(wanted): (begin(wanted, _HAS_SRID, srid), False)}
        if wanted > single:
            out[begin(single)] = (begin(wanted, _HAS_SRID, srid, 1), True)
        return out

    def _fit(self, shapes: ShapeArray) -> ShapeArray:
        """Multi shapes of one part unwrapped for a layer of single ones."""
        if self._layer.geometry not in _MULTI:
            return shapes
        alone = (shapely.get_type_id(shapes) == _MULTI[self._layer.geometry]) & (shapely.get_num_geometries(shapes) == 1)
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


def _put(wkb: Sequence[bytes | None], places: Any, shapes: ShapeArray) -> Sequence[bytes | None]:
    """The WKB with that of shapes at these places."""
    out = list(wkb)
    for index, written in zip(places.tolist(), shapely.to_wkb(shapes, byte_order=1), strict=True):
        out[index] = written
    return out
