# SPDX-License-Identifier: MIT
"""Coordinates typed into the search box, and names in addresses."""

from __future__ import annotations

import pytest

from server.crs.definitions import find_crs
from viewer.pages.objects import write_slug
from viewer.pages.places import read_place

ZONE = find_crs(5897)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("10.36, 106.36", (106.36, 10.36)),
        ("106.36 10.36", (106.36, 10.36)),
        ("10,36 106,36", (106.36, 10.36)),
        ("10,36; 106,36", (106.36, 10.36)),
        ("10°21'36\"B 106°21'36\"Đ", (106.36, 10.36)),
        ("10°30' 106°", None),
        ("1.145.736,5 566.604", (105.61, 10.36)),
        ("566604 1145736.5", (105.61, 10.36)),
    ],
)
def test_spellings_of_a_place(text: str, point: tuple[float, float] | None) -> None:
    found = read_place(text, ZONE)
    assert (found is None) == (point is None)
    assert found is None or found == pytest.approx(point, abs=1e-4)


@pytest.mark.parametrize("text", ["", "Gò Công", "12", "48.85, 2.35", "1,2,3", "nan, nan", "10.36, 106.36, 5 m", "١٠ ١٠٦"])
def test_what_is_no_place_in_vietnam(text: str) -> None:
    assert read_place(text, ZONE) is None


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Gò Công Đông", "go-cong-dong"),
        ("  Nhà máy số 1 (cũ)  ", "nha-may-so-1-cu"),
        ("<script>", "script"),
        ("中文", ""),
        ("x" * 300, "x" * 80),
    ],
)
def test_names_in_addresses_are_plain_letters(title: str, slug: str) -> None:
    assert write_slug(title) == slug
