# SPDX-License-Identifier: MIT
"""Our PNG holds the very pixels, as libpng reads them."""

from __future__ import annotations

import random

import mapnik
import pytest

from server.render.png import write_png


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
