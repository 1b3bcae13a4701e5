# SPDX-License-Identifier: MIT
"""What a reader has to fetch before anything is seen: ceilings on the built files, packed as browsers get them."""

from __future__ import annotations

import gzip

import pytest

from viewer.assets import STATIC

BUILT = STATIC / "build"


@pytest.mark.parametrize(("name", "most"), [("map.js", 230_000), ("style.css", 15_000), ("pages.css", 10_000), ("print-page.js", 60_000)])
def test_built_files_stay_within_their_budget(name: str, most: int) -> None:
    assert len(gzip.compress((BUILT / name).read_bytes(), 9)) <= most


def test_letters_of_one_weight_are_small() -> None:
    fonts = list((BUILT / "fonts").glob("*.woff2"))
    assert len(fonts) == 8, "four weights, Latin and Vietnamese"
    assert sum(font.stat().st_size for font in fonts) <= 150_000


def test_pages_without_script_name_none() -> None:
    for page in (STATIC.parent / "templates" / "pages").glob("*.html"):
        assert '<script type="module"' not in page.read_text(encoding="utf-8")
