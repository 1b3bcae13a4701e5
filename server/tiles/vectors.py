# SPDX-License-Identifier: MIT
"""Vector tiles (MVT 2.1) of one layer in web Mercator: from the cache, or from PostGIS and kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.context import Context
from server.features.tiles import vector_tile
from server.query.pyramid import pick_band
from server.query.tiles import VectorTileQuery
from server.tiles.cache import TileCache, TileKey
from server.tiles.editions import Edition, Editions
from server.tiles.matrix import Tile, web_mercator
from server.tiles.once import Once

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
_GRID = web_mercator()


@dataclass(frozen=True)
class VectorTiles:
    """Makes and keeps vector tiles; shared by all threads of a process."""

    context: Context
    editions: Editions
    cache: TileCache
    _once: Once[bytes] = field(default_factory=Once)

    def read(self, edition: Edition, tile: Tile) -> bytes:
        """The tile; b"" when nothing lies in it. Raises LimitExceeded, ServerFault."""
        key = vector_key(edition, tile)
        kept = self.cache.get(key)
        return kept if kept is not None else self._once.run(key, lambda: self._make(edition, tile, key))

    def _make(self, edition: Edition, tile: Tile, key: TileKey) -> bytes:
        part = edition.template.layers[0]
        # Thinned out as for a picture of 256 pixels: where many objects lie, a tile stays below a megabyte. With a filter the pyramid
        # might have kept the wrong ones.
        band = pick_band(part.pyramid_bands, _GRID.pixel_size(tile.level)) if part.where is None else None
        fields = self.editions.vector_fields(part.layer.id)
        made = vector_tile(self.context, VectorTileQuery(part.layer, fields, _GRID.extent(tile).bounds, band, part.where))
        self.cache.put(key, made)
        return made


def vector_key(edition: Edition, tile: Tile) -> TileKey:
    """The key of a tile."""
    return TileKey(edition.label, "WebMercatorQuad", tile.level, tile.column, tile.row, "mvt")
