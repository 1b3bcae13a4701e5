# SPDX-License-Identifier: MIT
"""Vector tiles (MVT 2.1) of one layer: from the cache, or from PostGIS and kept when that is worth a file.

Those of web Mercator take the short way; those of other matrix sets are turned into their system on the way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from server.context import Context
from server.crs.definitions import WEB_MERCATOR
from server.crs.extent import Extent
from server.crs.transform import transform_extent
from server.features.tiles import vector_tile, vector_tile_now
from server.query.pyramid import fits_pyramid, pick_band
from server.query.tiles import VectorTileQuery
from server.tiles.cache import TileCache, TileKey
from server.tiles.editions import Box, Edition, Editions
from server.tiles.matrix import Tile, TileMatrixSet, web_mercator
from server.tiles.once import Once

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
_GRID = web_mercator()
# How far beyond a tile of another system shapes are read, in widths of it: more than the margin, so that no cut edge shows.
_REACH = 1 / 16
# PostGIS writes a smaller tile in about the time it takes to find the state of the layer and to read a file.
_WORTH_KEEPING_BYTES = 16_000


@dataclass(frozen=True)
class VectorAnswer:
    """A tile of an edition: `tag` names both; `tile` is b"" when nothing lies in it, None when the client has it already."""

    tag: str
    tile: bytes | None


@dataclass(frozen=True)
class _Made:
    edition: Edition
    tile: bytes


@dataclass(frozen=True)
class VectorTiles:
    """Makes and keeps vector tiles; shared by all threads of a process."""

    context: Context
    editions: Editions
    cache: TileCache
    _once: Once[_Made] = field(default_factory=Once)

    def answer(self, name: str, tile: Tile, has: Callable[[str], bool]) -> VectorAnswer:
        """The tile of a layer as it is now; `has` says whether the client holds the tile of a tag.

        Where the tile has to be made anyway, the state of the layer is asked for in the same question.
        Raises LayerNotDefined, InvalidParameter, TileOutOfRange, LimitExceeded, ServerFault.
        """
        web_mercator(self.context.settings.tiles.max_level + 1).require(tile)
        guess = self.editions.last_of_vectors(name)
        if guess is not None and self._is_cold(key := vector_key(guess, tile)) and not has(tag := make_tag(key)):
            made = self._once.run(key, lambda: self._make_now(guess, name, tile))
            if made.edition is not guess:
                tag = make_tag(vector_key(made.edition, tile))
            return VectorAnswer(tag, None if made.edition is not guess and has(tag) else made.tile)
        edition = self.editions.of_vectors(name)
        tag = make_tag(vector_key(edition, tile))
        return VectorAnswer(tag, None if has(tag) else self.read(edition, tile))

    def answer_of(self, name: str, matrix_set: TileMatrixSet, tile: Tile, has: Callable[[str], bool]) -> VectorAnswer:
        """As `answer`, of any matrix set. Raises the same."""
        if matrix_set.id == _GRID.id:
            return self.answer(name, tile, has)
        matrix_set.require(tile)
        edition = self.editions.of_vectors(name)
        key = vector_key(edition, tile, matrix_set.id)
        tag = make_tag(key)
        if has(tag):
            return VectorAnswer(tag, None)
        kept = self.cache.get(key)
        return VectorAnswer(tag, kept if kept is not None else self._once.run(key, lambda: self._make_of(edition, matrix_set, tile)).tile)

    def _make_of(self, edition: Edition, matrix_set: TileMatrixSet, tile: Tile) -> _Made:
        extent = matrix_set.extent(tile)
        margin = extent.width * _REACH
        grown = Extent(extent.minx - margin, extent.miny - margin, extent.maxx + margin, extent.maxy + margin, extent.crs)
        reach = transform_extent(grown, WEB_MERCATOR)
        if reach is None:
            return _Made(edition, b"")
        asked = self._ask(edition, reach.bounds, reach.width / _GRID.tile_size)
        query = replace(asked, extent=extent.bounds, srid=matrix_set.crs.postgis_srid, reach=reach.bounds)
        return self._keep(edition, vector_key(edition, tile, matrix_set.id), vector_tile(self.context, query))

    def read(self, edition: Edition, tile: Tile) -> bytes:
        """The tile of web Mercator; b"" when nothing lies in it. Raises LimitExceeded, ServerFault."""
        key = vector_key(edition, tile)
        kept = self.cache.get(key)
        return kept if kept is not None else self._once.run(key, lambda: self._make(edition, tile)).tile

    def _is_cold(self, key: TileKey) -> bool:
        """Neither kept nor in the making: who waits for what others began must have read the state of the layer after asking."""
        return not self._once.is_running(key) and not self.cache.has(key)

    def _make_now(self, guess: Edition, name: str, tile: Tile) -> _Made:
        """The tile and its edition of one moment, as if nothing had changed since the guess; made again where the pyramid has."""
        query = self._ask(guess, *_place(tile))
        state, made = vector_tile_now(self.context, query)
        edition = self.editions.of_vectors_at(name, state)
        if edition is not guess and self._ask(edition, *_place(tile)).band != query.band:
            return self._make(edition, tile)
        return self._keep(edition, vector_key(edition, tile), made)

    def _make(self, edition: Edition, tile: Tile) -> _Made:
        return self._keep(edition, vector_key(edition, tile), vector_tile(self.context, self._ask(edition, *_place(tile))))

    def _ask(self, edition: Edition, bounds: Box, resolution: float) -> VectorTileQuery:
        """`bounds` in EPSG:3857, `resolution` in metres of it for a 256th of a tile."""
        part = edition.template.layers[0]
        # Thinned out as for a picture of 256 pixels: where many objects lie, a tile stays below a megabyte. With a filter the pyramid
        # might have kept the wrong ones.
        band = pick_band(part.pyramid_bands, resolution) if fits_pyramid(part.layer, part.where) else None
        return VectorTileQuery(part.layer, self.editions.vector_fields(part.layer.id), bounds, band, part.where)

    def _keep(self, edition: Edition, key: TileKey, made: bytes) -> _Made:
        if len(made) >= _WORTH_KEEPING_BYTES:
            self.cache.put(key, made)
        return _Made(edition, made)


def _place(tile: Tile) -> tuple[Box, float]:
    """Where a tile of web Mercator is, and how wide a 256th of it."""
    return _GRID.extent(tile).bounds, _GRID.pixel_size(tile.level)


def vector_key(edition: Edition, tile: Tile, matrix_set: str = "WebMercatorQuad") -> TileKey:
    """The key of a tile."""
    return TileKey(edition.label, matrix_set, tile.level, tile.column, tile.row, "mvt")


def make_tag(key: TileKey) -> str:
    """What an ETag says of a key."""
    return hashlib.sha256(key.path.encode()).hexdigest()[:32]
