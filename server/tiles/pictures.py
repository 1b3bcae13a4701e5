# SPDX-License-Identifier: MIT
"""Picture tiles: from the cache, or drawn in blocks and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from server.crs.definitions import WGS84
from server.crs.extent import Extent
from server.crs.transform import transform_extent
from server.errors import InvalidFormat
from server.query.maps import MapQuery
from server.render.map import MapRenderer
from server.render.mosaic import render_mosaic
from server.tiles.cache import TileCache, TileKey
from server.tiles.editions import Box, Edition
from server.tiles.matrix import Tile, TileMatrixSet, TileRange
from server.tiles.once import Once

# Endings of addresses and the formats behind them; all can be transparent.
FORMATS = {"png": "image/png", "webp": "image/webp"}
# A block is a picture of about this many pixels: four by four tiles of 256, two by two of 512.
_BLOCK_PIXELS = 1024
# Drawn around a block and cut away: labels there decide about their places as they do in the next block.
_MARGIN = 64
# How far symbols and labels of an object reach beyond it.
REACH_PIXELS = 128
_RECENT_BLOCKS = 8


@dataclass(frozen=True)
class PicturePlace:
    """A tile to be drawn: `ratio` 2 means twice the pixels for the same look, for sharp screens."""

    matrix_set: TileMatrixSet
    tile: Tile
    ending: str = "png"
    ratio: int = 1

    @property
    def pixels(self) -> int:
        """Width and height of the tile in pixels."""
        return self.matrix_set.tile_size * self.ratio


Block = Mapping[Tile, bytes]


@dataclass
class PictureTiles:
    """Draws and keeps picture tiles; shared by all threads of a process."""

    renderer: MapRenderer
    cache: TileCache
    _once: Once[Block] = field(default_factory=Once)
    _recent: OrderedDict[object, Block] = field(default_factory=OrderedDict)
    _blanks: dict[tuple[int, str], bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, edition: Edition, place: PicturePlace) -> bytes:
        """The tile as bytes of its format. Raises InvalidFormat, LimitExceeded, ServerFault."""
        return self.kept(edition, place) or self._make(edition, place)

    def kept(self, edition: Edition, place: PicturePlace) -> bytes | None:
        """The tile as it is kept on disk; None = it is not."""
        return self.cache.get(make_key(edition, place))

    def has(self, edition: Edition, place: PicturePlace) -> bool:
        """Whether the tile is kept on disk."""
        return self.cache.has(make_key(edition, place))

    def _make(self, edition: Edition, place: PicturePlace) -> bytes:
        block = find_block(edition, place)
        if block is None:
            return self._blank(place)
        key = (edition.label, place.matrix_set.id, block, place.ending, place.ratio)
        return self._once.run(key, lambda: self._recall(key) or self._draw_block(key, edition, place, block))[place.tile]

    def _recall(self, key: object) -> Block | None:
        """A block drawn a moment ago: for threads that come just too late to wait for it, and where nothing can be kept on disk."""
        with self._lock:
            return self._recent.get(key)

    def _draw_block(self, key: object, edition: Edition, place: PicturePlace, block: TileRange) -> Block:
        with self.cache.alone(repr(key)) as others_were_at_it:
            tiles = self._read_block(edition, place, block) if others_were_at_it else None
            if tiles is None:
                tiles = self._draw(edition, place, block)
                for tile, picture in tiles.items():
                    self.cache.put(make_key(edition, replace(place, tile=tile)), picture)
        with self._lock:
            self._recent[key] = tiles
            while len(self._recent) > _RECENT_BLOCKS:
                self._recent.popitem(last=False)
        return tiles

    def _read_block(self, edition: Edition, place: PicturePlace, block: TileRange) -> dict[Tile, bytes] | None:
        """The tiles of a block as another process has left them; None when any is missing."""
        tiles: dict[Tile, bytes] = {}
        for tile in block.tiles():
            kept = self.cache.get(make_key(edition, replace(place, tile=tile)))
            if kept is None:
                return None
            tiles[tile] = kept
        return tiles

    def _draw(self, edition: Edition, place: PicturePlace, block: TileRange) -> dict[Tile, bytes]:
        query = replace(
            edition.template,
            crs=place.matrix_set.crs.code,
            extent=place.matrix_set.block_extent(block).bounds,
            width=(block.last_column - block.first_column + 1) * place.pixels,
            height=(block.last_row - block.first_row + 1) * place.pixels,
            format=_find_format(place.ending),
            pixel_ratio=float(place.ratio),
        )
        rows = render_mosaic(self.renderer, query, place.pixels, _MARGIN * place.ratio)
        return {
            Tile(block.level, block.first_column + column, block.first_row + row): picture
            for row, pictures in enumerate(rows)
            for column, picture in enumerate(pictures)
        }

    def _blank(self, place: PicturePlace) -> bytes:
        key = (place.pixels, place.ending)
        if key not in self._blanks:
            query = MapQuery((), 3857, (0.0, 0.0, 1.0, 1.0), place.pixels, place.pixels, _find_format(place.ending), transparent=True)
            self._blanks[key] = self.renderer.render_map(query)
        return self._blanks[key]


def make_key(edition: Edition, place: PicturePlace) -> TileKey:
    """The key of a tile."""
    folder = place.matrix_set.id if place.ratio == 1 else f"{place.matrix_set.id}@{place.ratio}x"
    return TileKey(edition.label, folder, place.tile.level, place.tile.column, place.tile.row, place.ending)


def covered(extents: tuple[Box, ...], matrix_set: TileMatrixSet, level: int) -> TileRange | None:
    """The tiles of a level that hold anything of these lon/lat boxes, symbols and labels at their edge included; None = no tile."""
    if not extents:
        return None
    west, south, east, north = zip(*extents, strict=True)
    box = transform_extent(Extent(min(west), min(south), max(east), max(north), WGS84), matrix_set.crs)
    return matrix_set.cover(level, box, REACH_PIXELS) if box else None


def find_block(edition: Edition, place: PicturePlace) -> TileRange | None:
    """The tiles that are drawn together with this one; None when nothing of the edition lies in the tile."""
    reached = covered(edition.extents, place.matrix_set, place.tile.level)
    if reached is None or not reached.holds(place.tile):
        return None
    return place.matrix_set.block(place.tile, block_size(place)).overlap(reached)


def block_size(place: PicturePlace) -> int:
    """How many tiles a block is wide and high at most."""
    return max(1, _BLOCK_PIXELS // place.pixels)


def _find_format(ending: str) -> str:
    found = FORMATS.get(ending)
    if found is None:
        raise InvalidFormat(f"Tiles are offered as {', '.join(FORMATS)}.", locator="FORMAT")
    return found
