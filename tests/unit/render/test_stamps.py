# SPDX-License-Identifier: MIT
"""Symbols stamped on a picture: many at once as one after the other."""

from __future__ import annotations

from pathlib import Path

import mapnik
import numpy
import pytest
from numpy.typing import NDArray

from server.render.stamps import Sprite, UnevenError, read_sprite, stamp, unmultiply

WHITE = 0xFFFFFFFF
EMPTY = numpy.zeros(0, numpy.int64)


def _sprite(*rows: str) -> Sprite:
    """x is opaque blue, o half-transparent red, . nothing."""
    colours = {"x": 0xFFFF0000, "o": 0x80000080, ".": 0}
    return Sprite(numpy.array([[colours[one] for one in row] for row in rows], numpy.uint32))


def _canvas(side: int = 40, colour: int = WHITE) -> NDArray[numpy.uint32]:
    return numpy.full((side, side), colour, numpy.uint32)


RING, DOT = _sprite(".x.", "xox", ".x."), _sprite("xo", "ox")


def test_many_at_once_look_like_one_after_the_other() -> None:
    random = numpy.random.default_rng(2)
    cells = numpy.sort(random.permutation(37 * 37)[:700])
    left, top, kinds = cells % 37, cells // 37, random.integers(0, 2, 700)
    together, apart = _canvas(), _canvas()
    order = random.permutation(700)
    stamp(together, [RING, DOT], kinds[order], (left[order], top[order]))
    for one in range(700):
        stamp(apart, [RING, DOT], kinds[one : one + 1], (left[one : one + 1], top[one : one + 1]))
    assert (together != WHITE).mean() > 0.5
    assert (together == apart).all()


def test_a_symbol_further_down_covers_the_one_above() -> None:
    for count in (2, 200):
        canvas = _canvas()
        tops = numpy.resize([5, 4], count)
        stamp(canvas, [_sprite("xx", "xx"), _sprite("oo", "oo")], numpy.resize([1, 0], count), (numpy.full(count, 7), tops))
        assert canvas[4, 7] == 0xFFFF0000
        assert canvas[6, 7] != WHITE
        assert canvas[5, 7] not in (0xFFFF0000, WHITE), "the half-transparent one lies on the other"


def test_nothing_to_stamp_leaves_the_picture() -> None:
    canvas = _canvas()
    stamp(canvas, [RING], EMPTY, (EMPTY, EMPTY))
    assert (canvas == WHITE).all()


def test_colours_are_written_as_if_they_were_not_laid_on_anything() -> None:
    canvas = _canvas(colour=0)
    stamp(canvas, [DOT], numpy.zeros(1, numpy.int64), (numpy.array([3]), numpy.array([3])))
    unmultiply(canvas)
    assert canvas[3, 4] == 0x800000FF
    assert canvas[3, 3] == 0xFFFF0000
    assert canvas[0, 0] == 0


def test_symbols_of_odd_and_even_size_do_not_share_a_middle(tmp_path: Path) -> None:
    files = []
    for side in (3, 5, 6):
        image = mapnik.Image(side, side)
        image.fill(mapnik.Color("red"))
        files.append(tmp_path / f"{side}.png")
        image.save(str(files[-1]), "png32")
    assert read_sprite(files[:2]).size == (5, 5)
    with pytest.raises(UnevenError):
        read_sprite(files)
