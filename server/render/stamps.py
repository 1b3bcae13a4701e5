# SPDX-License-Identifier: MIT
"""Ready symbols stamped on a picture, all points at once: the map engine lays them down one by one, pixel by pixel.

Where symbols overlap, the one further down the picture covers the other: a pixel gets the colours of the symbols around it in the order of
the rows of the symbol it falls into, the last row first. Colours are premultiplied by their opacity, four bytes in one number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mapnik
import numpy
from numpy.typing import NDArray

Numbers = NDArray[numpy.uint32]
Places = NDArray[numpy.int64]
# What is nearly opaque or nearly clear at the edge of an opaque symbol is taken as such: nobody sees it, and fewer pixels are mixed.
_NEARLY_OPAQUE, _NEARLY_CLEAR = 240, 8
_ODD = numpy.uint32(0x00FF00FF)
_EVEN = numpy.uint32(0xFF00FF00)
_EIGHT = numpy.uint32(8)


@dataclass(frozen=True)
class Sprite:
    """A symbol: `colours` are rows of premultiplied RGBA numbers (red in the lowest byte)."""

    colours: Numbers

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.colours.shape[1], self.colours.shape[0]


class UnevenError(Exception):
    """Symbols that stand on one point and not on one pixel: the middle of one lies in a pixel, that of another between two."""


def read_sprite(files: Sequence[Path]) -> Sprite:
    """The symbols of PNG files laid over each other, centred, the first lowest. Raises UnevenError, RuntimeError for an unreadable file."""
    pictures = [_read_picture(file) for file in files]
    height, width = max(one.shape[0] for one in pictures), max(one.shape[1] for one in pictures)
    if any((height - one.shape[0]) % 2 or (width - one.shape[1]) % 2 for one in pictures):
        raise UnevenError
    colours = numpy.zeros((height, width), numpy.uint32)
    for one in pictures:
        top, left = (height - one.shape[0]) // 2, (width - one.shape[1]) // 2
        part = colours[top : top + one.shape[0], left : left + one.shape[1]]
        _lay(part, one, _shine_through(one))
    return Sprite(colours)


def stamp(canvas: Numbers, sprites: Sequence[Sprite], which: Places, places: tuple[Places, Places]) -> None:
    """Stamp a symbol on every place of a canvas: `which` names the sprite of each, `places` column and row of its upper left corner.

    Symbols lie wholly on the canvas.
    """
    width = max(one.size[0] for one in sprites)
    height = max(one.size[1] for one in sprites)
    sheet = numpy.zeros((height, width, len(sprites)), numpy.uint32)
    for number, one in enumerate(sprites):
        sheet[: one.size[1], : one.size[0], number] = one.colours
    if 2 * len(which) < width * height * len(sprites):
        _stamp_singly(canvas, sprites, which, places)
        return
    through, flat = _shine_through(sheet), canvas.reshape(-1)
    start = places[1] * canvas.shape[1] + places[0]
    each = [start[which == number] for number in range(len(sprites))]
    for row, column in ((row, column) for row in range(height - 1, -1, -1) for column in range(width - 1, -1, -1)):
        colours, shine, offset = sheet[row, column], through[row, column], row * canvas.shape[1] + column
        if (shine == shine[0]).all():
            if colours[0]:
                _set_pixels(flat, start + offset, colours.take(which) if (colours != colours[0]).any() else colours[0], shine[0])
            continue
        # Shapes differ here: one after the other, or a clear corner of one would put back what another has just painted.
        for number in numpy.flatnonzero(colours).tolist():
            _set_pixels(flat, each[number] + offset, colours[number], shine[number])


def _stamp_singly(canvas: Numbers, sprites: Sequence[Sprite], which: Places, places: tuple[Places, Places]) -> None:
    """One symbol after the other, from the top to the bottom: sooner where there are fewer of them than pixels in one."""
    through = [_shine_through(one.colours) for one in sprites]
    for number in numpy.lexsort(places).tolist():
        sprite, left, top = int(which[number]), int(places[0][number]), int(places[1][number])
        width, height = sprites[sprite].size
        _lay(canvas[top : top + height, left : left + width], sprites[sprite].colours, through[sprite])


def _set_pixels(flat: Numbers, spots: Places, ink: Numbers | numpy.uint32, through: numpy.uint32) -> None:
    if through:
        below = flat.take(spots)
        _lay(below, ink, through)
        flat[spots] = below
    else:
        flat[spots] = ink


def unmultiply(canvas: Numbers) -> None:
    """Turn premultiplied colours of a picture into plain ones, as PNG keeps them."""
    flat = canvas.reshape(-1)
    opacity = flat >> numpy.uint32(24)
    partly = numpy.flatnonzero((opacity != 0) & (opacity != 255))
    parts = flat[partly].view(numpy.uint8).reshape(-1, 4).astype(numpy.uint32)
    parts[:, :3] = numpy.minimum(255, (parts[:, :3] * 255 + parts[:, 3:] // 2) // parts[:, 3:])
    flat[partly] = parts.astype(numpy.uint8).reshape(-1).view(numpy.uint32)


def _read_picture(file: Path) -> Numbers:
    image = mapnik.Image.open(str(file))
    plain = numpy.frombuffer(image.to_string(), numpy.uint8).reshape(image.height(), image.width(), 4).astype(numpy.uint32)
    opacity = plain[:, :, 3]
    if opacity.max() == 255:
        opacity = numpy.where(opacity >= _NEARLY_OPAQUE, 255, numpy.where(opacity <= _NEARLY_CLEAR, 0, opacity))
    plain[:, :, :3] = (plain[:, :, :3] * opacity[:, :, None] + 127) // 255
    plain[:, :, 3] = opacity
    return numpy.ascontiguousarray(plain.astype(numpy.uint8)).view(numpy.uint32)[:, :, 0]


def _shine_through(colours: Numbers) -> Numbers:
    """How much of what lies below is seen through each colour, in 256ths."""
    opacity = colours >> numpy.uint32(24)
    return numpy.uint32(256) - opacity - (opacity >> numpy.uint32(7))


def _lay(below: Numbers, ink: Numbers | numpy.uint32, through: Numbers | numpy.uint32) -> None:
    """Lay ink over colours, in their place: two of the four bytes at a time."""
    even = below >> _EIGHT
    even &= _ODD
    even *= through
    even &= _EVEN
    below &= _ODD
    below *= through
    below >>= _EIGHT
    below &= _ODD
    below |= even
    below += ink
