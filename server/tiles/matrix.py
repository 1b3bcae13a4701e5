# SPDX-License-Identifier: MIT
"""Tile matrix sets (OGC 17-083r2) and the arithmetic of tiles: pure functions, no map and no database.

Every set here is a quad tree: level z + 1 has half the pixel size of level z and the same upper left corner. `row` counts from the top,
as in WMTS and XYZ.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from server.crs.definitions import CRS84, WEB_MERCATOR, Crs
from server.crs.extent import Extent
from server.errors import InvalidParameter, XanhError

PIXEL_M = 0.00028
# Metres per degree on the equator of WGS 84, as 17-083r2 annex D reckons scale denominators.
METRES_PER_DEGREE = 6_378_137.0 * math.pi / 180
_HALF_WORLD = 6_378_137.0 * math.pi
_STANDARD_PIXELS = 256
# Coordinates are doubles and layers begin and end anywhere: a box that only touches the next tile does not reach into it.
_TOUCH = 1e-9

# The square of the VN-2000 sets: 2^21 m wide and symmetric around the central meridian (false easting 500 000). In every zone it holds the
# mainland and both archipelagos, and with a top tile of 256 pixels every pixel size is a power of two in metres: 8192 m down to 0.25 m.
_VN2000_SIDE = 2_097_152.0
_VN2000_LEFT = 500_000.0 - _VN2000_SIDE / 2
_VN2000_TOP = 2_700_000.0
_VN2000_LEVELS = 16


class TileOutOfRange(XanhError):
    """The tile lies outside its matrix (07-057r7 table 24)."""

    code = "TileOutOfRange"


@dataclass(frozen=True)
class Tile:
    """One tile of a set: level, column from the left, row from the top, all from 0."""

    level: int
    column: int
    row: int


@dataclass(frozen=True)
class TileRange:
    """Columns and rows of one level, both ends inclusive."""

    level: int
    first_column: int
    last_column: int
    first_row: int
    last_row: int

    @property
    def count(self) -> int:
        """How many tiles."""
        return (self.last_column - self.first_column + 1) * (self.last_row - self.first_row + 1)

    @property
    def is_announced(self) -> bool:
        """Whether WMTS can name this range as limits: the schema of 07-057r7 wants positive numbers."""
        return self.first_column > 0 and self.first_row > 0

    def holds(self, tile: Tile) -> bool:
        """Whether the tile is one of them."""
        inside = self.first_column <= tile.column <= self.last_column and self.first_row <= tile.row <= self.last_row
        return inside and tile.level == self.level

    def overlap(self, other: TileRange) -> TileRange:
        """The tiles both hold; the two are of one level and do overlap."""
        return TileRange(
            self.level,
            max(self.first_column, other.first_column),
            min(self.last_column, other.last_column),
            max(self.first_row, other.first_row),
            min(self.last_row, other.last_row),
        )

    def tiles(self) -> Iterator[Tile]:
        """All of them, row by row."""
        for row in range(self.first_row, self.last_row + 1):
            for column in range(self.first_column, self.last_column + 1):
                yield Tile(self.level, column, row)


@dataclass(frozen=True)
class TileMatrixSet:
    """A quad tree of tiles. `left` and `top` are the upper left corner in units of `crs` (x east or longitude, y north or latitude).

    `cell` is the size of a pixel of level 0 in units of the CRS for tiles of 256 pixels; a set whose `tile_size` is larger cuts the same
    squares into finer pixels. `columns` and `rows` are those of level 0, `levels` how many there are.
    """

    id: str
    title_vi: str
    title_en: str
    crs: Crs
    left: float
    top: float
    cell: float
    columns: int
    rows: int
    levels: int
    tile_size: int = _STANDARD_PIXELS
    well_known: str | None = None

    def side(self, level: int) -> float:
        """Width and height of a tile of a level in units of the CRS."""
        return self.cell * _STANDARD_PIXELS / (1 << level)

    def pixel_size(self, level: int) -> float:
        """Width and height of a pixel of a level in units of the CRS."""
        return self.side(level) / self.tile_size

    def scale_denominator(self, level: int) -> float:
        """1 : this, with pixels of 0.28 mm (17-083r2 6.2.3)."""
        return self.pixel_size(level) * (METRES_PER_DEGREE if self.crs.kind == "geographic" else 1.0) / PIXEL_M

    def matrix_size(self, level: int) -> tuple[int, int]:
        """Columns and rows of a level."""
        return self.columns << level, self.rows << level

    def extent(self, tile: Tile) -> Extent:
        """The box of a tile in the set's CRS."""
        return self.block_extent(TileRange(tile.level, tile.column, tile.column, tile.row, tile.row))

    def block_extent(self, block: TileRange) -> Extent:
        """The box of a block of tiles in the set's CRS."""
        side = self.side(block.level)
        minx, maxx = self.left + block.first_column * side, self.left + (block.last_column + 1) * side
        miny, maxy = self.top - (block.last_row + 1) * side, self.top - block.first_row * side
        return Extent(minx, miny, maxx, maxy, self.crs)

    @property
    def holds_vectors(self) -> bool:
        """Whether vector tiles are cut by this set: not by one of the same squares in finer pixels."""
        return self.tile_size == _STANDARD_PIXELS

    def require(self, tile: Tile) -> Tile:
        """The tile itself when its matrix has it. Raises InvalidParameter (level), TileOutOfRange (row, column)."""
        if not 0 <= tile.level < self.levels:
            raise InvalidParameter(f"{self.id} has the levels 0 to {self.levels - 1}.", locator="TileMatrix")
        columns, rows = self.matrix_size(tile.level)
        if not 0 <= tile.column < columns:
            raise TileOutOfRange(f"The columns of this level are 0 to {columns - 1}.", locator="TileCol")
        if not 0 <= tile.row < rows:
            raise TileOutOfRange(f"The rows of this level are 0 to {rows - 1}.", locator="TileRow")
        return tile

    def find(self, extent: Extent) -> Tile | None:
        """The tile whose box this is, to a thousandth of a pixel; None when it is the box of none."""
        size = self.side(0) / extent.width if extent.width > 0 else 0.0
        level = round(math.log2(size)) if size >= 1 else -1
        if extent.crs != self.crs or not 0 <= level < self.levels:
            return None
        side, columns_rows = self.side(level), self.matrix_size(level)
        column, row = round((extent.minx - self.left) / side), round((self.top - extent.maxy) / side)
        if not (0 <= column < columns_rows[0] and 0 <= row < columns_rows[1]):
            return None
        tile = Tile(level, column, row)
        pairs = zip(self.extent(tile).bounds, extent.bounds, strict=True)
        return tile if all(abs(wanted - given) < self.pixel_size(level) / 1000 for wanted, given in pairs) else None

    def cover(self, level: int, extent: Extent, margin_pixels: int = 0) -> TileRange | None:
        """The tiles of a level that a box in the set's CRS, grown by a margin in pixels, reaches into; None when it reaches into none."""
        side, margin = self.side(level), margin_pixels * self.pixel_size(level)
        columns, rows = self.matrix_size(level)
        first_column = math.floor((extent.minx - margin - self.left) / side + _TOUCH)
        last_column = max(math.ceil((extent.maxx + margin - self.left) / side - _TOUCH) - 1, first_column)
        first_row = math.floor((self.top - extent.maxy - margin) / side + _TOUCH)
        last_row = max(math.ceil((self.top - extent.miny + margin) / side - _TOUCH) - 1, first_row)
        if last_column < 0 or last_row < 0 or first_column >= columns or first_row >= rows:
            return None
        return TileRange(level, max(first_column, 0), min(last_column, columns - 1), max(first_row, 0), min(last_row, rows - 1))

    def block(self, tile: Tile, size: int) -> TileRange:
        """The block of `size` times `size` tiles the tile belongs to, cut off at the edge of the matrix."""
        columns, rows = self.matrix_size(tile.level)
        column, row = tile.column - tile.column % size, tile.row - tile.row % size
        return TileRange(tile.level, column, min(column + size, columns) - 1, row, min(row + size, rows) - 1)


@lru_cache(maxsize=8)
def web_mercator(levels: int = 25, tile_size: int = _STANDARD_PIXELS) -> TileMatrixSet:
    """WebMercatorQuad (17-083r2 D.2): the tiles of every web map. With tiles of 512 pixels it is named WebMercatorQuadx2."""
    return TileMatrixSet(
        id="WebMercatorQuad" if tile_size == _STANDARD_PIXELS else f"WebMercatorQuadx{tile_size // _STANDARD_PIXELS}",
        title_vi="Mercator web",
        title_en="Web Mercator",
        crs=WEB_MERCATOR,
        left=-_HALF_WORLD,
        top=_HALF_WORLD,
        cell=2 * _HALF_WORLD / _STANDARD_PIXELS,
        columns=1,
        rows=1,
        levels=levels,
        tile_size=tile_size,
        well_known="urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible" if tile_size == _STANDARD_PIXELS else None,
    )


def world_crs84(levels: int = 18) -> TileMatrixSet:
    """WorldCRS84Quad (17-083r2 D.3): degrees, two tiles at level 0."""
    return TileMatrixSet(
        id="WorldCRS84Quad",
        title_vi="Kinh vĩ độ WGS 84",
        title_en="WGS 84 degrees",
        crs=CRS84,
        left=-180.0,
        top=90.0,
        cell=0.703125,
        columns=2,
        rows=1,
        levels=levels,
        well_known="urn:ogc:def:wkss:OGC:1.0:GoogleCRS84Quad",
    )


def vn2000(zone: Crs, levels: int = _VN2000_LEVELS) -> TileMatrixSet:
    """VN2000Quad<code> of a projected VN-2000 zone: the square from easting -548 576 to 1 548 576 and northing 602 848 to 2 700 000.

    Raises ValueError for another CRS.
    """
    if not zone.is_vn2000 or zone.kind != "projected":
        raise ValueError(f"EPSG:{zone.code} is no VN-2000 zone")
    cell = _VN2000_SIDE / _STANDARD_PIXELS
    return TileMatrixSet(
        id=f"VN2000Quad{zone.code}",
        title_vi=zone.name_vi,
        title_en=zone.name,
        crs=zone,
        left=_VN2000_LEFT,
        top=_VN2000_TOP,
        cell=cell,
        columns=1,
        rows=1,
        levels=levels,
    )


@lru_cache(maxsize=8)
def matrix_sets(zone: Crs, max_level: int) -> dict[str, TileMatrixSet]:
    """The sets of an installation by id: web Mercator, WGS 84 degrees and the province's VN-2000 zone, none deeper than `max_level`."""
    levels = max_level + 1
    sets = (
        web_mercator(min(levels, 25)),
        web_mercator(min(levels, 25), 512),
        world_crs84(min(levels, 18)),
        vn2000(zone, min(levels, _VN2000_LEVELS)),
    )
    return {one.id: one for one in sets}
