# SPDX-License-Identifier: MIT
"""A folder of tiles as one raster: tiles that do not belong together are refused with the reason, the others are joined by a VRT.

The VRT is ours and names only files that were checked; it lives as long as the cloud-optimised GeoTIFF is written from it.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy

from loaders.geotiff import MAX_PIXELS, RasterPlan
from server.crs.engines import gdal_definition
from server.errors import SourceRefused

MOST_TILES = 1000
RASTER_ENDINGS = frozenset({".tif", ".tiff", ".asc"})
# Tiles stand on one grid when their corners are off by less than this part of a pixel.
_OFF = 0.02
_VRT_TYPES = {"uint8": "Byte", "int8": "Int8", "uint16": "UInt16", "int16": "Int16", "uint32": "UInt32", "int32": "Int32"}
_VRT_TYPES |= {"float32": "Float32", "float64": "Float64"}
Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True)
class Tile:
    """One tile: its file, what it is, and where it lies in the mosaic (column and row of its upper left pixel)."""

    file: Path
    plan: RasterPlan
    column: int
    row: int


@dataclass(frozen=True)
class Mosaic:
    """Tiles that fit, and what they make together."""

    plan: RasterPlan
    tiles: tuple[Tile, ...]

    def overlaps(self) -> Iterator[tuple[Tile, Rectangle, Tile, Rectangle]]:
        """Pairs of tiles that share pixels: for each of the two the window (column, row, width, height) in it."""
        for one, other in combinations(self.tiles, 2):
            left, top = max(one.column, other.column), max(one.row, other.row)
            right = min(one.column + one.plan.width, other.column + other.plan.width)
            bottom = min(one.row + one.plan.height, other.row + other.plan.height)
            if left < right and top < bottom:
                size = (right - left, bottom - top)
                yield one, (left - one.column, top - one.row, *size), other, (left - other.column, top - other.row, *size)


def list_tiles(folder: Path) -> list[Path]:
    """The rasters of a folder by name. Raises SourceRefused: none, too many."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in RASTER_ENDINGS and not file.name.startswith("."))
    if not files:
        raise _refuse(folder.name, "holds no GeoTIFF", "không có tệp GeoTIFF nào")
    if len(files) > MOST_TILES:
        raise _refuse(folder.name, f"holds more than {MOST_TILES} rasters", f"có hơn {MOST_TILES} ảnh")
    return files


def join_tiles(name: str, files: Sequence[Path], plans: Sequence[RasterPlan]) -> Mosaic:
    """Put tiles together.

    Raises SourceRefused: another coordinate system, pixel size, pixel type, number of bands or no-data value than the first one, turned,
    not on the same grid, gaps without a no-data value to fill them, too large.
    """
    first = plans[0]
    for plan in plans:
        _check_alike(first, plan)
    width, height = first.place[0], first.place[4]
    west, north = min(plan.place[2] for plan in plans), max(plan.place[5] for plan in plans)
    tiles = []
    for file, plan in zip(files, plans, strict=True):
        column, row = (plan.place[2] - west) / width, (plan.place[5] - north) / height
        if max(abs(column - round(column)), abs(row - round(row))) > _OFF:
            raise _refuse(plan.name, f"does not stand on the grid of {first.name}", f"lệch lưới điểm ảnh so với {first.name}")
        tiles.append(Tile(file, plan, round(column), round(row)))
    columns, rows = max(t.column + t.plan.width for t in tiles), max(t.row + t.plan.height for t in tiles)
    if columns * rows > MAX_PIXELS:
        raise _refuse(name, f"makes {columns} x {rows} pixels, more than {MAX_PIXELS}", f"ghép thành {columns} x {rows} điểm ảnh, quá lớn")
    empty = _share_empty(tiles, columns, rows)
    if empty and first.nodata is None:
        why = f"the tiles leave gaps ({empty:.1%}) and have no no-data value to fill them"
        raise _refuse(name, why, f"các mảnh để hở {empty:.1%} và không có giá trị NoData để lấp")
    note = f"{len(tiles)} tiles, {empty:.1%} of the mosaic without one · {len(tiles)} mảnh, {empty:.1%} không có mảnh nào"
    lows = [plan.minimum for plan in plans if plan.minimum is not None]
    highs = [plan.maximum for plan in plans if plan.maximum is not None]
    boxes = list(zip(*(plan.extent for plan in plans), strict=True))
    whole = replace(
        first,
        name=name,
        width=columns,
        height=rows,
        extent=(min(boxes[0]), min(boxes[1]), max(boxes[2]), max(boxes[3])),
        minimum=min(lows, default=None),
        maximum=max(highs, default=None),
        place=(width, 0.0, west, 0.0, height, north),
        notes=(note, *dict.fromkeys(told for plan in plans for told in plan.notes)),
    )
    return Mosaic(whole, tuple(tiles))


def write_vrt(mosaic: Mosaic, target: Path) -> None:
    """Write the mosaic as a virtual raster of GDAL (XML)."""
    plan = mosaic.plan
    a, b, c, d, e, f = plan.place
    place = ", ".join(repr(number) for number in (c, a, b, f, d, e))  # in the order of GDAL
    bands = "\n".join(_write_band(mosaic, band) for band in range(1, plan.bands + 1))
    target.write_text(
        f'<VRTDataset rasterXSize="{plan.width}" rasterYSize="{plan.height}">\n<SRS>{html.escape(gdal_definition(plan.crs))}</SRS>\n'
        f"<GeoTransform>{place}</GeoTransform>\n{bands}\n</VRTDataset>\n",
        encoding="utf-8",
    )


def _write_band(mosaic: Mosaic, band: int) -> str:
    empty = mosaic.plan.nodata
    told = f"<NoDataValue>{empty!r}</NoDataValue>" if empty is not None else ""
    source, kept = ("ComplexSource", f"<NODATA>{empty!r}</NODATA>") if empty is not None else ("SimpleSource", "")
    sources = "\n".join(
        f'<{source}><SourceFilename relativeToVRT="0">{html.escape(str(tile.file.absolute()))}</SourceFilename>'
        f"<SourceBand>{band}</SourceBand>"
        f'<SrcRect xOff="0" yOff="0" xSize="{tile.plan.width}" ySize="{tile.plan.height}"/>'
        f'<DstRect xOff="{tile.column}" yOff="{tile.row}" xSize="{tile.plan.width}" ySize="{tile.plan.height}"/>{kept}</{source}>'
        for tile in mosaic.tiles
    )
    return f'<VRTRasterBand dataType="{_VRT_TYPES[mosaic.plan.dtype]}" band="{band}">{told}\n{sources}\n</VRTRasterBand>'


def _check_alike(first: RasterPlan, plan: RasterPlan) -> None:
    name = plan.name
    if plan.crs.code != first.crs.code:
        raise _refuse(name, f"is in EPSG:{plan.crs.code}, {first.name} in EPSG:{first.crs.code}", f"khác hệ tọa độ với {first.name}")
    if any(abs(plan.place[index]) > 0 for index in (1, 3)) or plan.place[0] <= 0 or plan.place[4] >= 0:
        raise _refuse(name, "is turned; its rows do not run from west to east, from north to south", "ảnh bị xoay")
    if any(not math.isclose(plan.place[index], first.place[index], rel_tol=1e-6) for index in (0, 4)):
        why = f"has pixels of {plan.place[0]:.9g}, {first.name} of {first.place[0]:.9g}"
        raise _refuse(name, why, f"khác kích thước điểm ảnh với {first.name}")
    if (plan.dtype, plan.bands) != (first.dtype, first.bands):
        why = f"holds {plan.bands} bands of {plan.dtype}, {first.name} {first.bands} of {first.dtype}"
        raise _refuse(name, why, f"khác kiểu điểm ảnh hoặc số kênh với {first.name}")
    if not _same_number(plan.nodata, first.nodata):
        why = f"marks no data by {_tell(plan.nodata)}, {first.name} by {_tell(first.nodata)}"
        raise _refuse(name, why, f"khác giá trị NoData với {first.name}")


def _share_empty(tiles: Sequence[Tile], columns: int, rows: int) -> float:
    """The share of the mosaic no tile lies on."""
    across = sorted({0, columns} | {t.column for t in tiles} | {t.column + t.plan.width for t in tiles})
    down = sorted({0, rows} | {t.row for t in tiles} | {t.row + t.plan.height for t in tiles})
    covered = numpy.zeros((len(down) - 1, len(across) - 1), dtype=bool)
    for tile in tiles:
        top, bottom = numpy.searchsorted(down, [tile.row, tile.row + tile.plan.height])
        left, right = numpy.searchsorted(across, [tile.column, tile.column + tile.plan.width])
        covered[top:bottom, left:right] = True
    sizes = numpy.outer(numpy.diff(down), numpy.diff(across))
    return float(sizes[~covered].sum() / (columns * rows))


def _same_number(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and math.isnan(one) and math.isnan(other))


def _tell(number: float | None) -> str:
    return "nothing" if number is None else f"{number:g}"


def _refuse(name: str, why: str, why_vi: str) -> SourceRefused:
    return SourceRefused(f"{name}: {why}.", locator=name, message_vi=f"{name}: {why_vi}.")
