# SPDX-License-Identifier: MIT
"""Point symbols drawn once to bitmaps."""

from __future__ import annotations

from pathlib import Path

import mapnik
import pytest

from server.config import load_settings
from server.errors import ConfigError
from server.render.symbols import SymbolStore
from server.style.marks import MARKS
from server.style.model import ExternalGraphic, Graphic, Mark, Stroke

ASSETS = load_settings().styles_dir / "assets"


@pytest.fixture
def symbols(tmp_path: Path) -> SymbolStore:
    """A store of its own."""
    return SymbolStore(tmp_path / "symbols", ASSETS)


@pytest.mark.parametrize("shape", sorted(MARKS))
def test_every_mark_is_drawn(symbols: SymbolStore, shape: str) -> None:
    image = mapnik.Image.open(str(symbols.file(Graphic(Mark(shape, "#ff0000", stroke=Stroke("#000000", 1.0)), 12.0))))
    assert 12 <= image.width() <= 16
    assert any(image.to_string()[3::4])


@pytest.mark.parametrize("shape", ["circle", "square", "diamond", "hexagon", "cross"])
def test_a_symbol_stands_in_the_middle_of_its_bitmap(symbols: SymbolStore, shape: str) -> None:
    image = mapnik.Image.open(str(symbols.file(Graphic(Mark(shape, "#ff0000"), 11.0))))
    width, alpha = image.width(), image.to_string()[3::4]
    rows = [alpha[start : start + width] for start in range(0, len(alpha), width)]
    mirrored = [row[::-1] for row in rows]
    assert sum(abs(a - b) for row, other in zip(rows, mirrored, strict=True) for a, b in zip(row, other, strict=True)) < 255 * 3


def test_the_same_symbol_is_one_file_and_another_size_is_another(symbols: SymbolStore) -> None:
    small, again, large = (symbols.file(Graphic(Mark("circle"), size)) for size in (6.0, 6.0, 9.0))
    assert small == again
    assert small != large
    assert len(list(symbols.directory.iterdir())) == 2


def test_a_finer_picture_is_larger(symbols: SymbolStore) -> None:
    graphic = Graphic(Mark("circle"), 10.0)
    plain, fine = (mapnik.Image.open(str(symbols.file(graphic, ratio))).width() for ratio in (1.0, 2.0))
    assert fine == 2 * plain


@pytest.mark.parametrize("path", sorted(path.relative_to(ASSETS).as_posix() for path in (ASSETS / "symbols").glob("*.svg")))
def test_every_shipped_picture_is_drawn_at_the_size_asked_for(symbols: SymbolStore, path: str) -> None:
    image = mapnik.Image.open(str(symbols.file(Graphic(ExternalGraphic(path), 18.0))))
    painted = [any(image.to_string()[row * image.width() * 4 + 3 : (row + 1) * image.width() * 4 : 4]) for row in range(image.height())]
    assert 15 <= sum(painted) <= 20


def test_a_picture_that_is_not_there_is_named(symbols: SymbolStore) -> None:
    with pytest.raises(ConfigError, match=r"missing\.svg"):
        symbols.file(Graphic(ExternalGraphic("symbols/missing.svg"), 18.0))
