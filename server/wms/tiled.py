# SPDX-License-Identifier: MIT
"""GetMap with TILED=TRUE whose box is a tile of one of our matrix sets: answered from the tile cache.

Exact like tiles everywhere: the revisions are read for the request, so the next one after an edit shows it. Whatever else the request says
of its layers (parts, unseen layers, filters) is part of the tile's edition, so it needs no exception here.
"""

from __future__ import annotations

from server.crs.definitions import CRS84, WGS84
from server.crs.extent import Extent
from server.query.maps import MapQuery
from server.tiles.desk import TileDesk
from server.tiles.editions import Edition
from server.tiles.pictures import FORMATS, PicturePlace, make_key


def find_place(query: MapQuery, desk: TileDesk) -> PicturePlace | None:
    """The tile a map is, None when it is none or not one that is kept (transparent PNG or WebP in plain or double pixels)."""
    ending = next((ending for ending, media_type in FORMATS.items() if media_type == query.format.lower()), None)
    if query.width != query.height or not query.transparent or ending is None or query.pixel_ratio not in (1.0, 2.0):
        return None
    code = CRS84.code if query.crs == WGS84.code else query.crs
    for matrix_set in desk.sets.values():
        if matrix_set.crs.code == code and query.width == matrix_set.tile_size * query.pixel_ratio:
            tile = matrix_set.find(Extent(*query.extent, matrix_set.crs))
            return PicturePlace(matrix_set, tile, ending, int(query.pixel_ratio)) if tile else None
    return None


def tile_edition(query: MapQuery, desk: TileDesk) -> Edition:
    """What the tile is made of at this moment. Raises ServerFault."""
    return desk.editions.of_map(query)


def tile_tag(edition: Edition, place: PicturePlace) -> str:
    """The ETag of the tile: its key."""
    return make_key(edition, place).path.replace("/", ".")
