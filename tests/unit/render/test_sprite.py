# SPDX-License-Identifier: MIT
"""Sprites: every icon where the index says, none over another."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import mapnik

from server.config import load_settings
from server.render.sprite import render_sprite
from server.render.symbols import SymbolStore
from server.style.model import ExternalGraphic, Fill, Graphic, Mark, Stroke

ASSETS = load_settings().styles_dir / "assets"
ICONS: dict[str, Graphic | Fill] = {
    "dot": Graphic(Mark("square", "#ff0000"), 10.0),
    "leaf": Graphic(ExternalGraphic("symbols/leaf.svg"), 20.0),
    "hatch": Fill(pattern=Graphic(Mark("slash", None, stroke=Stroke("#0000ff", 1.0)), 8.0)),
}


def test_icons_lie_side_by_side_and_the_index_finds_them(tmp_path: Path) -> None:
    sprite = render_sprite(ICONS, SymbolStore(tmp_path, ASSETS))
    image = mapnik.Image.from_string(sprite.picture)
    assert sorted(sprite.index) == ["dot", "hatch", "leaf"]
    for place in sprite.index.values():
        assert place["x"] + place["width"] <= image.width()
        assert place["y"] + place["height"] <= image.height()
    dot = sprite.index["dot"]
    middle = (int(dot["y"] + dot["height"] / 2) * image.width() + int(dot["x"] + dot["width"] / 2)) * 4
    assert image.to_string()[middle : middle + 4] == b"\xff\x00\x00\xff"
    boxes = sorted((place["x"], place["x"] + place["width"]) for place in sprite.index.values())
    assert all(first[1] <= second[0] for first, second in pairwise(boxes))


def test_a_finer_sprite_holds_larger_pictures_of_the_same_icons(tmp_path: Path) -> None:
    one, two = (render_sprite(ICONS, SymbolStore(tmp_path, ASSETS), ratio) for ratio in (1.0, 2.0))
    assert one.index.keys() == two.index.keys()
    assert two.index["leaf"]["width"] > 1.8 * one.index["leaf"]["width"]
    assert two.index["leaf"]["pixelRatio"] == 2.0


def test_no_icons_are_one_transparent_pixel(tmp_path: Path) -> None:
    image = mapnik.Image.from_string(render_sprite({}, SymbolStore(tmp_path, ASSETS)).picture)
    assert (image.width(), image.height(), image.to_string()) == (1, 1, b"\x00\x00\x00\x00")
