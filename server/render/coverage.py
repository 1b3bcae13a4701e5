# SPDX-License-Identifier: MIT
"""Values of rasters: a window at a size of one's own, read through the overviews of the file; what is no data stays so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader, MemoryFile
from rasterio.transform import from_bounds
from rasterio.windows import Window

from server.errors import ServerFault

# A coordinate on the edge of a cell means the edge, whatever its last digits say.
_EDGE = 1e-6
_TILED_FROM = 512
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Grid:
    """The cells of a raster: columns and rows, left, bottom, right, top in its CRS, bands, type and no-data value of the values."""

    width: int
    height: int
    bounds: Bounds
    bands: int
    kind: str
    nodata: float | None

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell in units of the CRS."""
        left, bottom, right, top = self.bounds
        return (right - left) / self.width, (top - bottom) / self.height


@dataclass(frozen=True)
class Part:
    """A window of a grid in whole cells (columns and rows from the top left) and the size it is wanted in."""

    column: int
    row: int
    width: int
    height: int
    size: tuple[int, int]


@dataclass(frozen=True)
class Values:
    """Bands of a part: an array (band, row, column), true in `mask` where there is no data; `grid` is that of the part."""

    array: np.ndarray[Any, Any]
    mask: np.ndarray[Any, Any]
    grid: Grid


def read_grid(path: Path) -> Grid:
    """The cells of a file. Raises ServerFault when it cannot be read or is not north up."""
    try:
        with rasterio.open(path) as file:
            return _grid_of(file)
    except RasterioError as error:
        raise ServerFault("The raster cannot be read.") from error


def find_part(grid: Grid, box: Bounds) -> Part | None:
    """The cells that a box (in the CRS of the grid) touches, in their own size; None when it lies outside."""
    left, _, _, top = grid.bounds
    wide, high = grid.cell
    first, end = _span((box[0] - left) / wide, (box[2] - left) / wide, grid.width)
    upper, lower = _span((top - box[3]) / high, (top - box[1]) / high, grid.height)
    if first >= end or upper >= lower:
        return None
    return Part(first, upper, end - first, lower - upper, (end - first, lower - upper))


def place_part(grid: Grid, part: Part) -> Grid:
    """The grid of a part: its own place and size."""
    left, _, _, top = grid.bounds
    wide, high = grid.cell
    x, y = left + part.column * wide, top - part.row * high
    bounds = (x, y - part.height * high, x + part.width * wide, y)
    return Grid(part.size[0], part.size[1], bounds, grid.bands, grid.kind, grid.nodata)


def read_values(path: Path, part: Part, bands: tuple[int, ...]) -> Values:
    """The values of some bands (from 1). Smaller sizes take the nearest cell of whole numbers (they may be codes), averages of others.

    Raises ServerFault when the file cannot be read.
    """
    try:
        with rasterio.open(path) as file:
            grid = _grid_of(file)
            read = file.read(
                list(bands),
                window=Window(part.column, part.row, part.width, part.height),
                out_shape=(len(bands), part.size[1], part.size[0]),
                resampling=Resampling.average if grid.kind.startswith("float") else Resampling.nearest,
                masked=True,
            )
    except RasterioError as error:
        raise ServerFault("The raster cannot be read.") from error
    mask = np.ma.getmaskarray(read) | (np.isnan(read.data) if grid.kind.startswith("float") else False)
    return Values(read.data, mask, place_part(grid, part))


def encode_values(values: Values, definition: str) -> bytes:
    """A GeoTIFF (OGC 19-008r4) of the values in the CRS GDAL knows as `definition`, with the no-data value of the source."""
    grid, (bands, rows, columns) = values.grid, values.array.shape
    tiles = {"tiled": True, "blockxsize": 256, "blockysize": 256} if min(rows, columns) >= _TILED_FROM else {}
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=columns,
            height=rows,
            count=bands,
            dtype=grid.kind,
            crs=rasterio.crs.CRS.from_user_input(definition),
            transform=from_bounds(*grid.bounds, columns, rows),
            nodata=grid.nodata,
            compress="deflate",
            **tiles,
        ) as raster:
            raster.write(values.array)
        return bytes(memory.read())


def _grid_of(file: DatasetReader) -> Grid:
    if file.transform.b or file.transform.d:
        raise ServerFault("The raster is not north up.")
    nodata = None if file.nodata is None else float(file.nodata)
    return Grid(file.width, file.height, tuple(file.bounds), file.count, file.dtypes[0], nodata)


def _span(low: float, high: float, cells: int) -> tuple[int, int]:
    """First cell and the one after the last between two places counted in cells; a single place is the cell it lies in."""
    first = math.floor(min(max(low, -1), cells + 1) + _EDGE)
    end = math.ceil(min(max(high, -1), cells + 1) - _EDGE)
    return max(first, 0), min(max(end, first + 1), cells)
