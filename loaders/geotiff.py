# SPDX-License-Identifier: MIT
"""GeoTIFF: check what a raster claims, then write a cloud-optimised GeoTIFF beside and rename it into place.

The only importer of rasterio in the loaders. Checks: opens, is georeferenced, known CRS, bounded size, a usable band,
bounds inside the CRS.
"""

from __future__ import annotations

import math
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import rasterio
import rasterio.crs
from rasterio._err import CPLE_BaseError
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.shutil import copy as copy_raster
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from server.crs.definitions import Crs, find_crs
from server.crs.engines import gdal_definition
from server.crs.extent import Extent
from server.crs.identify import explain_wkt, identify_wkt
from server.crs.transform import transform_extent
from server.errors import SourceRefused

DRIVERS = frozenset({"GTiff", "COG", "AAIGrid"})
MAX_PIXELS = 2_000_000_000
_AT_ONCE = 4_000_000
# What programs write where they have no value.
_USUAL_NO_DATA = (-9999.0, -99999.0, -32768.0, -32767.0, -3.4028234663852886e38, 3.4028234663852886e38, 1e20, -2147483648.0)
_OTHER_KINDS = (
    (b"PK\x03\x04", "a ZIP archive", "tệp nén ZIP"),
    (b"\x1f\x8b", "a GZIP archive", "tệp nén GZIP"),
    (b"%PDF", "a PDF document", "tài liệu PDF"),
    (b"\x89PNG", "a PNG picture", "ảnh PNG"),
    (b"\xff\xd8\xff", "a JPEG picture", "ảnh JPEG"),
)
_TYPES = frozenset({"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"})


@dataclass(frozen=True)
class RasterPlan:
    """What would be loaded: size in pixels, bands, pixel type, no-data value, CRS, extent (lon/lat), range of the chosen band.

    `place` are the six numbers a, b, c, d, e, f of x = a column + b row + c, y = d column + e row + f; `notes` are words for the plan.
    """

    name: str
    width: int
    height: int
    bands: int
    dtype: str
    nodata: float | None
    crs: Crs
    extent: tuple[float, float, float, float]
    minimum: float | None
    maximum: float | None
    place: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()


def plan_raster(path: Path, band: int = 1, crs: int | None = None) -> RasterPlan:
    """Look at a raster without changing anything.

    Raises SourceRefused: not a raster, damaged, no georeference, unknown CRS, too large, no such band, type that cannot be drawn.
    """
    _refuse_other_kinds(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as raster:
                return _describe(raster, path.name, band, crs)
    except (RasterioError, CPLE_BaseError, OSError, MemoryError, ValueError) as error:
        raise SourceRefused(
            f"{path.name} is not a readable GeoTIFF.", locator=path.name, message_vi=f"{path.name}: không phải tệp GeoTIFF đọc được."
        ) from error


def _refuse_other_kinds(path: Path) -> None:
    """Say what a file is that only bears the name of a raster."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError:
        return  # said below, by who opens it
    for sign, kind, kind_vi in _OTHER_KINDS:
        if start.startswith(sign):
            raise SourceRefused(
                f"{path.name} is {kind}, not a GeoTIFF; unpack it or rename it.",
                locator=path.name,
                message_vi=f"{path.name} là {kind_vi}, không phải GeoTIFF; hãy giải nén hoặc đổi tên.",
            )


def _check_usable(raster: Any, name: str, band: int) -> None:
    """Raises SourceRefused for what cannot be drawn."""
    size = f"{raster.width} x {raster.height}"
    if raster.driver not in DRIVERS:
        raise _refuse(name, f"format {raster.driver} is not loaded", f"không nạp định dạng {raster.driver}")
    if raster.width * raster.height > MAX_PIXELS:
        raise _refuse(name, f"{size} pixels are more than {MAX_PIXELS}", f"{size} điểm ảnh, nhiều hơn {MAX_PIXELS}")
    if not 1 <= band <= raster.count:
        raise _refuse(name, f"there is no band {band}", f"không có kênh {band}")
    if (kind := raster.dtypes[band - 1]) not in _TYPES:
        raise _refuse(name, f"pixel type {kind} cannot be drawn", f"kiểu điểm ảnh {kind} không vẽ được")
    if raster.transform.is_identity:
        raise SourceRefused(f"{name} is not georeferenced.", locator=name, message_vi=f"{name}: ảnh chưa có toạ độ.")


def _describe(raster: Any, name: str, band: int, asked: int | None) -> RasterPlan:
    _check_usable(raster, name, band)
    crs = find_crs(asked) if asked else identify_wkt(raster.crs.to_wkt()) if raster.crs else None
    if crs is None:
        trap = explain_wkt(raster.crs.to_wkt()) if raster.crs else None
        raise SourceRefused(
            f"{name}: coordinate system missing or unknown; say it with --crs." + (f" {trap[0]}." if trap else ""),
            locator=name,
            message_vi=f"{name}: thiếu hệ toạ độ hoặc hệ lạ; hãy chỉ rõ bằng --crs." + (f" {trap[1]}." if trap else ""),
        )
    bounds = raster.bounds
    extent = transform_extent(
        Extent(min(bounds.left, bounds.right), bounds.bottom, max(bounds.left, bounds.right), bounds.top, crs), find_crs(4326)
    )
    if extent is None:
        raise _refuse(name, "its corners lie outside its own coordinate system", "các góc ảnh nằm ngoài hệ toạ độ của ảnh")
    low, high = _range(raster, band)
    box = (extent.minx, extent.miny, extent.maxx, extent.maxy)
    size, place = (raster.width, raster.height, raster.count), tuple(raster.transform)[:6]
    notes = _doubt_no_data(raster.nodata, low, high)
    return RasterPlan(name, *size, raster.dtypes[band - 1], raster.nodata, crs, box, low, high, place, notes)


def _refuse(name: str, why: str, why_vi: str) -> SourceRefused:
    return SourceRefused(f"{name}: {why}.", locator=name, message_vi=f"{name}: {why_vi}.")


def _doubt_no_data(marked: float | None, low: float | None, high: float | None) -> tuple[str, ...]:
    """What looks wrong with the no-data value, in both languages."""
    if low is None or high is None:
        return ("No pixel has a value. · Không điểm ảnh nào có giá trị.",)
    suspects = [value for value in (low, high) if any(math.isclose(value, usual, rel_tol=1e-6) for usual in _USUAL_NO_DATA)]
    if not suspects or low == high:
        return ()
    told = "nothing is" if marked is None else f"{marked:g} is"
    told_vi = "chưa khai báo NoData" if marked is None else f"NoData khai báo là {marked:g}"
    return (
        f"{suspects[0]:g} looks like no data, but {told} marked so; mend it before colours are chosen."
        f" · {suspects[0]:g} có vẻ là NoData, nhưng {told_vi}; hãy sửa trước khi chọn màu.",
    )


def _range(raster: Any, band: int) -> tuple[float | None, float | None]:
    """Minimum and maximum from a look at no more than about a million pixels; reading also proves that the tiles are whole."""
    step = max(1, math.isqrt(raster.width * raster.height // 1_000_000 + 1))
    values = raster.read(band, out_shape=(max(1, raster.height // step), max(1, raster.width // step)), masked=True)
    valid = values.compressed()
    valid = valid[numpy.isfinite(valid)] if valid.dtype.kind == "f" else valid
    return (float(valid.min()), float(valid.max())) if valid.size else (None, None)


def differ(first: tuple[Path, tuple[int, int, int, int]], second: tuple[Path, tuple[int, int, int, int]], band: int) -> bool:
    """Whether two rasters hold different values anywhere in windows (column, row, width, height) of one size; no data differs from nothing.

    Raises SourceRefused when one cannot be read.
    """
    try:
        with rasterio.open(first[0]) as one, rasterio.open(second[0]) as other:
            width, height = first[1][2:]
            step = max(1, _AT_ONCE // width)
            for top in range(0, height, step):
                rows = min(step, height - top)
                mine, theirs = (
                    raster.read(band, window=Window(left, upper + top, width, rows), masked=True)
                    for raster, (left, upper, _, _) in ((one, first[1]), (other, second[1]))
                )
                if numpy.ma.any(mine != theirs):
                    return True
    except (RasterioError, CPLE_BaseError, OSError) as error:
        raise _refuse(first[0].name, f"this or {second[0].name} is damaged", f"tệp này hoặc {second[0].name} bị hỏng") from error
    return False


def write_cog(path: Path, target: Path, crs: tuple[Crs, Crs], *, is_mosaic: bool = False) -> None:
    """Write `path` as a cloud-optimised GeoTIFF with overviews to `target`, first beside it, then renamed.

    `crs` is (of the file, of the layer); a raster in another CRS than its layer is warped with the pinned transformation. Readers never
    see half a file. `is_mosaic`: it is a virtual raster of ours; others are not opened. Raises SourceRefused when a tile cannot be read.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with rasterio.open(path) as raster:
            if (raster.driver == "VRT") != is_mosaic:
                raise _refuse(path.name, f"format {raster.driver} is not loaded", f"không nạp định dạng {raster.driver}")
            resampling = "average" if raster.dtypes[0].startswith("float") else "nearest"
            options = {
                "driver": "COG",
                "compress": "deflate",
                "overview_resampling": resampling,
                "blocksize": 256,
                "statistics": "YES",
                "num_threads": "all_cpus",
            }
            if crs[0].code == crs[1].code:
                copy_raster(raster, beside, **options)
            else:
                from_crs, to_crs = (rasterio.crs.CRS.from_user_input(gdal_definition(one)) for one in crs)
                with WarpedVRT(raster, src_crs=from_crs, crs=to_crs, resampling=Resampling[resampling]) as warped:
                    copy_raster(warped, beside, **options)
        os.replace(beside, target)
    except (RasterioError, CPLE_BaseError, OSError) as error:
        raise _refuse(path.name, "damaged: its pixels cannot be read", "tệp hỏng: không đọc được điểm ảnh") from error
    finally:
        beside.unlink(missing_ok=True)
        beside.with_name(beside.name + ".aux.xml").unlink(missing_ok=True)
