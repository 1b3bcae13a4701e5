# SPDX-License-Identifier: MIT
"""What is asked for, in the client's words: a picture tile, and the three numbers of any tile."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.errors import InvalidParameter
from server.tiles.matrix import Tile

_INTEGER = re.compile(r"-?\d{1,12}", re.ASCII)


@dataclass(frozen=True)
class GetTile:
    """A picture tile in the client's words; numbers are numbers already."""

    layer: str
    style: str
    matrix_set: str
    tile: Tile
    ending: str
    ratio: int = 1


def read_tile(level: str, column: str, row: str) -> Tile:
    """A tile of three texts. Raises InvalidParameter for what is no whole number of at most twelve digits."""
    named = (("TileMatrix", level), ("TileCol", column), ("TileRow", row))
    for name, text in named:
        if not _INTEGER.fullmatch(text):
            raise InvalidParameter(f"{name} must be a whole number.", locator=name)
    return Tile(*(int(text) for _, text in named))
