# SPDX-License-Identifier: MIT
"""Drawing tiles ahead of the first who asks. What is there already is passed over, so an interrupted run is simply started again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from server.catalog.background import background
from server.query.maps import MapLayer, MapQuery
from server.query.validity import shown_by_default
from server.tiles.desk import TileDesk
from server.tiles.drawings import open_layers
from server.tiles.editions import Edition
from server.tiles.matrix import Tile, TileMatrixSet, TileRange
from server.tiles.pictures import PicturePlace, block_size, covered


@dataclass(frozen=True)
class SeedPlan:
    """One drawing at some levels, both ends inclusive. `edition` is that of the moment the plan was made."""

    edition: Edition
    matrix_set: TileMatrixSet
    first_level: int
    last_level: int
    ending: str = "png"

    def ranges(self) -> Iterator[TileRange]:
        """The tiles of every level that hold anything."""
        for level in range(self.first_level, min(self.last_level, self.matrix_set.levels - 1) + 1):
            found = covered(self.edition.extents, self.matrix_set, level)
            if found is not None:
                yield found

    def blocks(self) -> Iterator[TileRange]:
        """The blocks that are drawn at once, from the lowest level on."""
        for found in self.ranges():
            size = block_size(PicturePlace(self.matrix_set, Tile(0, 0, 0), self.ending))
            for row in range(found.first_row - found.first_row % size, found.last_row + 1, size):
                for column in range(found.first_column - found.first_column % size, found.last_column + 1, size):
                    yield self.matrix_set.block(Tile(found.level, column, row), size).overlap(found)

    def count_blocks(self) -> int:
        """How many blocks there are, without walking through them."""
        size = block_size(PicturePlace(self.matrix_set, Tile(0, 0, 0), self.ending))
        return sum(
            (found.last_column // size - found.first_column // size + 1) * (found.last_row // size - found.first_row // size + 1)
            for found in self.ranges()
        )


def plan_seed(desk: TileDesk, name: str, levels: tuple[int, int]) -> SeedPlan:
    """A drawing in its default style as web Mercator tiles. Raises LayerNotDefined, ServerFault."""
    return SeedPlan(desk.editions.of_drawing(name, ""), desk.matrix_set("WebMercatorQuad"), *levels)


def plan_land(desk: TileDesk, published: Collection[str], levels: tuple[int, int]) -> SeedPlan:
    """The land of the base map as the map viewer asks for it: shapes without labels, tiles of 512 pixels. Raises ServerFault."""
    parts = background(layer for layer in open_layers(desk.context.catalog) if layer.id in published)
    layers = tuple(MapLayer(layer, style, 0, shown_by_default(layer)) for layer, style in parts)
    query = MapQuery(layers, 3857, (0.0, 0.0, 1.0, 1.0), 1, 1, transparent=True, parts="shapes")
    return SeedPlan(desk.editions.of_map(query), desk.matrix_set("WebMercatorQuadx2"), *levels)


def seed_block(desk: TileDesk, plan: SeedPlan, block: TileRange) -> bool:
    """Draw and keep a block unless all of it is kept already. Returns whether it was drawn. Raises LimitExceeded, ServerFault."""
    for tile in block.tiles():
        place = PicturePlace(plan.matrix_set, tile, plan.ending)
        if not desk.pictures.has(plan.edition, place):
            desk.pictures.read(plan.edition, place)
            return True
    return False
