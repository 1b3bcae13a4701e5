# SPDX-License-Identifier: MIT
"""Our PNG holds the very pixels, as libpng reads them."""

from __future__ import annotations

import random

import mapnik
import numpy
import pytest

from server.render.png import join_strips, pack_strip, write_png


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 5), (256, 256), (257, 1)])
def test_a_transparent_image_comes_back_pixel_by_pixel(width: int, height: int) -> None:
    pixels = random.Random(1).randbytes(width * height * 4)
    read = mapnik.Image.from_string(write_png(pixels, width, height, transparent=True))
    assert (read.width(), read.height()) == (width, height)
    assert read.to_string() == pixels


def test_an_opaque_image_loses_nothing_but_its_alpha() -> None:
    pixels = random.Random(2).randbytes(16 * 9 * 4)
    read = bytearray(mapnik.Image.from_string(write_png(pixels, 16, 9, transparent=False)).to_string())
    assert set(read[3::4]) == {255}
    del read[3::4]
    wanted = bytearray(pixels)
    del wanted[3::4]
    assert read == wanted


def test_pixels_that_do_not_fit_the_size_are_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        write_png(b"\0" * 15, 2, 2, transparent=True)


@pytest.mark.parametrize("transparent", [True, False])
def test_strips_packed_apart_are_one_picture(transparent: bool) -> None:
    pixels = random.Random(3).randbytes(31 * 40 * 4)
    rows = numpy.frombuffer(pixels, numpy.uint32).reshape(40, 31)
    cuts = [(0, 13), (13, 14), (14, 40)]
    strips = [pack_strip(rows[first:last], transparent=transparent, is_last=last == 40) for first, last in cuts]
    whole = mapnik.Image.from_string(write_png(pixels, 31, 40, transparent=transparent))
    assert mapnik.Image.from_string(join_strips(strips, 31, transparent=transparent)).to_string() == whole.to_string()
