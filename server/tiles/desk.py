# SPDX-License-Identifier: MIT
"""Everything about tiles in one hand, for the rooms that answer requests and for the command line."""

from __future__ import annotations

from dataclasses import dataclass

from server.context import Context
from server.crs.definitions import Crs, find_crs
from server.crs.provinces import legacy_zones
from server.errors import InvalidParameter
from server.render.fingerprint import engine_fingerprint
from server.render.map import MapRenderer
from server.state import StateDir
from server.tiles.cache import TileCache
from server.tiles.editions import Editions
from server.tiles.matrix import TileMatrixSet, matrix_sets
from server.tiles.pictures import PictureTiles
from server.tiles.vectors import VectorTiles

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class TileDesk:
    """The tiles of an installation."""

    context: Context
    sets: dict[str, TileMatrixSet]
    editions: Editions
    pictures: PictureTiles
    vectors: VectorTiles

    def matrix_set(self, name: str) -> TileMatrixSet:
        """The set of that name. Raises InvalidParameter naming those offered."""
        found = self.sets.get(name)
        if found is None:
            raise InvalidParameter(f"The tile matrix sets offered are {', '.join(self.sets)}.", locator="TileMatrixSet")
        return found


def build_desk(context: Context, renderer: MapRenderer) -> TileDesk:
    """The tiles of an installation, drawn by `renderer`. Raises InvalidCrs for a zone of config.yml that does not exist."""
    settings = context.settings
    cache = TileCache(StateDir(settings.var).tiles, settings.tiles.cache_megabytes * _MEGABYTE)
    editions = Editions(context, renderer.source, engine_fingerprint(renderer.source.assets_dir))
    sets = matrix_sets(_zone(context), settings.tiles.max_level)
    return TileDesk(context, sets, editions, PictureTiles(renderer, cache), VectorTiles(context, editions, cache))


def _zone(context: Context) -> Crs:
    """The first VN-2000 zone config.yml names, else that of the province today."""
    named = context.settings.services.vn2000_zones
    return find_crs(named[0], locator="services.vn2000_zones") if named else legacy_zones(context.settings.province.code)[0]
