# SPDX-License-Identifier: MIT
"""Vector tiles (MVT 2.1) of one layer in web Mercator: from the cache, or from PostGIS and kept when that is worth a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from server.context import Context
from server.features.tiles import vector_tile, vector_tile_now
from server.query.pyramid import fits_pyramid, pick_band
from server.query.tiles import VectorTileQuery
from server.tiles.cache import TileCache, TileKey
from server.tiles.editions import Edition, Editions
from server.tiles.matrix import Tile, web_mercator
from server.tiles.once import Once

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
_GRID = web_mercator()
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
        if guess is not None and self._is_cold(key := vector_key(guess, tile)) and not has(make_tag(key)):
            made = self._once.run(key, lambda: self._make_now(guess, name, tile))
            tag = make_tag(vector_key(made.edition, tile))
            return VectorAnswer(tag, None if has(tag) else made.tile)
        edition = self.editions.of_vectors(name)
        tag = make_tag(vector_key(edition, tile))
        return VectorAnswer(tag, None if has(tag) else self.read(edition, tile))

    def read(self, edition: Edition, tile: Tile) -> bytes:
        """The tile; b"" when nothing lies in it. Raises LimitExceeded, ServerFault."""
        key = vector_key(edition, tile)
        kept = self.cache.get(key)
        return kept if kept is not None else self._once.run(key, lambda: self._make(edition, tile)).tile

    def _is_cold(self, key: TileKey) -> bool:
        """Neither kept nor in the making: who waits for what others began must have read the state of the layer after asking."""
        return not self._once.is_running(key) and not self.cache.has(key)

    def _make_now(self, guess: Edition, name: str, tile: Tile) -> _Made:
        """The tile and its edition of one moment, as if nothing had changed since the guess; made again where the pyramid has."""
        query = self._ask(guess, tile)
        state, made = vector_tile_now(self.context, query)
        edition = self.editions.of_vectors_at(name, state)
        if self._ask(edition, tile).band != query.band:
            return self._make(edition, tile)
        return self._keep(edition, tile, made)

    def _make(self, edition: Edition, tile: Tile) -> _Made:
        return self._keep(edition, tile, vector_tile(self.context, self._ask(edition, tile)))

    def _ask(self, edition: Edition, tile: Tile) -> VectorTileQuery:
        part = edition.template.layers[0]
        # Thinned out as for a picture of 256 pixels: where many objects lie, a tile stays below a megabyte. With a filter the pyramid
        # might have kept the wrong ones.
        band = pick_band(part.pyramid_bands, _GRID.pixel_size(tile.level)) if fits_pyramid(part.layer, part.where) else None
        return VectorTileQuery(part.layer, self.editions.vector_fields(part.layer.id), _GRID.extent(tile).bounds, band, part.where)

    def _keep(self, edition: Edition, tile: Tile, made: bytes) -> _Made:
        if len(made) >= _WORTH_KEEPING_BYTES:
            self.cache.put(vector_key(edition, tile), made)
        return _Made(edition, made)


def vector_key(edition: Edition, tile: Tile) -> TileKey:
    """The key of a tile."""
    return TileKey(edition.label, "WebMercatorQuad", tile.level, tile.column, tile.row, "mvt")


def make_tag(key: TileKey) -> str:
    """What an ETag says of a key."""
    return hashlib.sha256(key.path.encode()).hexdigest()[:32]
