# SPDX-License-Identifier: MIT
"""Coordinates from any CRS of the table to any other, always by the pinned operation; the only importer of pyproj.

PROJ is handed a whole pipeline and never asked to choose: its own choice differs by 0.8 m around Tiền Giang.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy
from pyproj import Transformer

from server.crs.definitions import SHIFT_FRAME_ROTATION, SHIFT_METRES, SHIFT_SCALE, WGS84, Box, Crs
from server.crs.extent import Extent
from server.errors import InvalidParameter

_HELMERT = "+proj=helmert +x={} +y={} +z={} +rx={} +ry={} +rz={} +s={} +convention=coordinate_frame".format(
    *SHIFT_METRES, *SHIFT_FRAME_ROTATION, SHIFT_SCALE
)
_TO_GEOCENTRIC = "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84"
_FROM_GEOCENTRIC = "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
_EDGE_STEPS = 20
Coordinates = numpy.ndarray[tuple[int, int], numpy.dtype[numpy.float64]]

_local = threading.local()


class Vn2000Reading(NamedTuple):
    """A VN-2000 pair as Vietnamese surveyors write it: X is north and Y is east, in metres."""

    x_north: float
    y_east: float


def pipeline(source: Crs, target: Crs) -> str:
    """The PROJ pipeline between two CRSs; x east or longitude (degrees or metres), y north or latitude on both sides."""
    steps = ["+proj=pipeline", *_unproject(source)]
    if source.is_vn2000 and not target.is_vn2000:
        steps.append(f"{_TO_GEOCENTRIC} +step {_HELMERT} {_FROM_GEOCENTRIC}")
    elif target.is_vn2000 and not source.is_vn2000:
        steps.append(f"{_TO_GEOCENTRIC} +step +inv {_HELMERT} {_FROM_GEOCENTRIC}")
    return " ".join([*steps, *_project(target)])


def transform_points(xs: Sequence[float], ys: Sequence[float], source: Crs, target: Crs) -> tuple[list[float], list[float]]:
    """Transform points given as two sequences of equal length (x east or longitude, y north or latitude).

    A point that has no image in `target` comes back as infinity in both. Raises ValueError for unequal lengths.
    """
    if len(xs) != len(ys):
        raise ValueError("xs and ys differ in length")
    if _same_place(source, target):
        return list(xs), list(ys)
    out_x, out_y = _transformer(source, target).transform(list(xs), list(ys))
    return out_x, out_y


def transform_coordinates(places: Coordinates, source: Crs, target: Crs) -> Coordinates:
    """The same for many points as an array of n rows and two columns: x east or longitude, y north or latitude."""
    if _same_place(source, target):
        return places
    return numpy.column_stack(_transformer(source, target).transform(places[:, 0], places[:, 1]))


def transform_point(x: float, y: float, source: Crs, target: Crs) -> tuple[float, float]:
    """Transform one point (x east or longitude, y north or latitude). Raises InvalidParameter where it has no image in `target`."""
    (out_x,), (out_y,) = transform_points([x], [y], source, target)
    if not (math.isfinite(out_x) and math.isfinite(out_y)):
        raise InvalidParameter(f"The point has no coordinates in {target.name}")
    return out_x, out_y


def transform_extent(extent: Extent, target: Crs) -> Extent | None:
    """The box around `extent` in `target`, edges followed at 20 steps each, after cutting it to where both CRSs have coordinates.

    None when nothing is left: a map there is blank, a question about features has no answers.
    """
    if _same_place(extent.crs, target):
        return Extent(*extent.bounds, target)
    cut = _intersect(extent.bounds, _own_domain(extent.crs))
    if cut is None:
        return None
    if extent.crs.kind == "projected" and target.kind == "projected":
        geographic = transform_extent(Extent(*cut, extent.crs), WGS84)
        return transform_extent(geographic, target) if geographic else None
    if target.kind == "projected":
        cut = _intersect(cut, target.domain)
    return Extent(*_envelope(cut, extent.crs, target), target) if cut else None


def read_vn2000(reading: Vn2000Reading, crs: Crs) -> tuple[float, float]:
    """Longitude and latitude in WGS 84 degrees of a surveyor's X (north), Y (east) in a projected VN-2000 `crs`."""
    return transform_point(reading.y_east, reading.x_north, crs, WGS84)


def write_vn2000(lon: float, lat: float, crs: Crs) -> Vn2000Reading:
    """The surveyor's X (north), Y (east) in metres in a projected VN-2000 `crs` of a WGS 84 longitude and latitude in degrees."""
    east, north = transform_point(lon, lat, WGS84, crs)
    return Vn2000Reading(x_north=north, y_east=east)


def _same_place(source: Crs, target: Crs) -> bool:
    """Whether numbers stay as they are (EPSG:4326 and CRS84 differ in axis order alone, which is not our concern here)."""
    return source.proj4 == target.proj4


def _unproject(crs: Crs) -> list[str]:
    """Steps from the numbers of `crs` to radians on its own datum."""
    if crs.projection == "longlat":
        return ["+step +proj=unitconvert +xy_in=deg +xy_out=rad"]
    return [f"+step +inv {_projection(crs)}"]


def _project(crs: Crs) -> list[str]:
    """Steps from radians on the datum of `crs` to its numbers."""
    if crs.projection == "longlat":
        return ["+step +proj=unitconvert +xy_in=rad +xy_out=deg"]
    return [f"+step {_projection(crs)}"]


def _projection(crs: Crs) -> str:
    step = "+proj=webmerc" if crs.projection == "webmerc" else crs.projection_step
    return f"{step} +ellps=WGS84"


def _transformer(source: Crs, target: Crs) -> Transformer:
    """One transformer per thread and pair: PROJ objects must not be shared between threads."""
    cache: dict[tuple[int, int], Transformer] | None = getattr(_local, "cache", None)
    if cache is None:
        cache = _local.cache = {}
    key = (source.code, target.code)
    if key not in cache:
        cache[key] = Transformer.from_pipeline(pipeline(source, target))
    return cache[key]


def _intersect(box: Box, limit: Box) -> Box | None:
    west, south = max(box[0], limit[0]), max(box[1], limit[1])
    east, north = min(box[2], limit[2]), min(box[3], limit[3])
    return (west, south, east, north) if west <= east and south <= north else None


@lru_cache(maxsize=64)
def _own_domain(crs: Crs) -> Box:
    """The domain of `crs` in its own coordinates."""
    return crs.domain if crs.kind == "geographic" else _envelope(crs.domain, WGS84, crs)


def _envelope(box: Box, source: Crs, target: Crs) -> Box:
    """The smallest box around the transformed edges."""
    minx, miny, maxx, maxy = box
    along_x = [minx + (maxx - minx) * step / _EDGE_STEPS for step in range(_EDGE_STEPS + 1)]
    along_y = [miny + (maxy - miny) * step / _EDGE_STEPS for step in range(_EDGE_STEPS + 1)]
    xs = along_x + along_x + [minx] * len(along_y) + [maxx] * len(along_y)
    ys = [miny] * len(along_x) + [maxy] * len(along_x) + along_y + along_y
    out_x, out_y = transform_points(xs, ys, source, target)
    return (min(out_x), min(out_y), max(out_x), max(out_y))
