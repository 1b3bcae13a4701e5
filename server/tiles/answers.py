# SPDX-License-Identifier: MIT
"""Tiles with all that HTTP says of them, for every protocol that offers them. The ETag is the key of the cache, so a client that has the
tile is told so before anything is read or drawn.

Tags are compared weakly (RFC 9110 13.1.2): a proxy that compresses on the way makes weak ones of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from server.tiles.asked import GetTile
from server.tiles.desk import TileDesk
from server.tiles.editions import Box
from server.tiles.matrix import Tile, TileMatrixSet, TileOutOfRange
from server.tiles.pictures import FORMATS, PicturePlace, covered, make_key
from server.tiles.vectors import MEDIA_TYPE, make_tag

Holds = Callable[[str], bool]
Bounds = Literal["matrix", "announced", "limits"]
"""Which tiles there are: all of the matrix (blank where the layer has nothing), those within the limits WMTS can announce, or those
within the limits of the layer (20-057 requirement 6)."""


@dataclass(frozen=True)
class TileAnswer:
    """A tile before it becomes HTTP; `body` is None when the client has it already, b"" when nothing lies in it."""

    tag: str
    body: bytes | None
    content_type: str

    @property
    def status(self) -> str:
        """The status line."""
        return "304 NOT MODIFIED" if self.body is None else "200 OK" if self.body else "204 NO CONTENT"

    def headers(self) -> list[tuple[str, str]]:
        """Whoever keeps it must ask whether it still holds: that is what makes the next request after an edit show it."""
        said = [("ETag", f'"{self.tag}"'), ("Cache-Control", "no-cache")]
        return [*said, ("Content-Type", self.content_type), ("Content-Length", str(len(self.body)))] if self.body else said


def find_picture(desk: TileDesk, asked: GetTile, holds: Holds, *, bounds: Bounds = "matrix") -> TileAnswer:
    """A picture tile; `holds` says whether the client has the tile of a tag. Outside of `bounds` tiles are refused.

    Raises LayerNotDefined, StyleNotDefined, InvalidParameter, InvalidFormat, TileOutOfRange, LimitExceeded, ServerFault.
    """
    matrix_set = desk.matrix_set(asked.matrix_set)
    place = PicturePlace(matrix_set, matrix_set.require(asked.tile), asked.ending, asked.ratio)
    edition = desk.editions.of_drawing(asked.layer, asked.style)
    if bounds != "matrix":
        require_within(edition.extents, matrix_set, asked.tile, bounds)
    tag = make_tag(make_key(edition, place))
    return TileAnswer(tag, None if holds(tag) else desk.pictures.read(edition, place), FORMATS[asked.ending])


def find_mixture(desk: TileDesk, names: Sequence[str], asked: GetTile, holds: Holds) -> TileAnswer:
    """One picture tile of several layers or groups in their default styles, the first lowest, within their limits; `asked` says the rest.

    Raises what `find_picture` raises.
    """
    matrix_set = desk.matrix_set(asked.matrix_set)
    place = PicturePlace(matrix_set, matrix_set.require(asked.tile), asked.ending, asked.ratio)
    edition = desk.editions.of_drawings(names)
    require_within(edition.extents, matrix_set, asked.tile, "limits")
    tag = make_tag(make_key(edition, place))
    return TileAnswer(tag, None if holds(tag) else desk.pictures.read(edition, place), FORMATS[asked.ending])


def find_vectors(desk: TileDesk, layer: str, tile: Tile, holds: Holds) -> TileAnswer:
    """A vector tile of web Mercator. Raises LayerNotDefined, InvalidParameter, TileOutOfRange, LimitExceeded, ServerFault."""
    found = desk.vectors.answer(layer, tile, holds)
    return TileAnswer(found.tag, found.tile, MEDIA_TYPE)


def find_vectors_of(desk: TileDesk, layer: str, place: tuple[TileMatrixSet, Tile], holds: Holds) -> TileAnswer:
    """A vector tile of any matrix set. Raises what `find_vectors` raises."""
    found = desk.vectors.answer_of(layer, *place, holds)
    return TileAnswer(found.tag, found.tile, MEDIA_TYPE)


def require_within(extents: tuple[Box, ...], matrix_set: TileMatrixSet, tile: Tile, bounds: Bounds) -> None:
    """Refuse a tile outside the limits of layers with these lon/lat boxes. Raises TileOutOfRange."""
    limits = covered(extents, matrix_set, tile.level)
    if bounds == "announced" and (limits is None or not limits.is_announced):
        return
    if limits is None:
        raise TileOutOfRange("There is nothing in this matrix.", locator="TileMatrix")
    if limits.holds(tile):
        return
    if not limits.first_column <= tile.column <= limits.last_column:
        raise TileOutOfRange(f"The layer has the columns {limits.first_column} to {limits.last_column} here.", locator="TileCol")
    raise TileOutOfRange(f"The layer has the rows {limits.first_row} to {limits.last_row} here.", locator="TileRow")
