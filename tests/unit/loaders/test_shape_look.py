# SPDX-License-Identifier: MIT
"""Shapes worth a look: doubles, slivers and rows without a shape are counted and named; everything else is left alone."""

from __future__ import annotations

import pytest
import shapely

from loaders import shapelook
from loaders.batches import SourceBatch
from loaders.shapelook import ShapeLook

SQUARE, STRIP = "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((0 0, 1000 0, 1000 1, 0 1, 0 0))"


def batch(*shapes: str | None, first: int = 1) -> SourceBatch:
    written = [None if wkt is None else bytes(shapely.to_wkb(shapely.from_wkt(wkt))) for wkt in shapes]
    return SourceBatch(range(first, first + len(shapes)), {}, written)


def test_a_shape_that_comes_again_is_named_with_the_row_it_repeats() -> None:
    look = ShapeLook()
    look.note(batch("POINT (1 1)", "POINT (1 2)", "POINT (1 1)"))
    look.note(batch("POINT (1 2)", first=4))
    assert look.doubles == 2
    assert [(one.number, one.text()) for one in look.found] == [
        (3, "the same shape as row 1 · trùng hình học với dòng 1"),
        (4, "the same shape as row 2 · trùng hình học với dòng 2"),
    ]


def test_a_strip_is_a_sliver_and_a_square_a_line_and_a_missing_shape_are_none() -> None:
    look = ShapeLook()
    look.note(batch(SQUARE, STRIP, None, "LINESTRING (0 0, 1 1)", "POLYGON EMPTY"))
    assert (look.slivers, look.missing, [one.number for one in look.found]) == (1, 1, [2])
    assert "mảnh hẹp" in look.found[0].text()


def test_unreadable_shapes_and_sources_without_shapes_are_passed_over() -> None:
    look = ShapeLook()
    look.note(SourceBatch([1, 2], {}, [b"", b"\x01\x02nonsense"]))
    look.note(SourceBatch([3], {}, None))
    assert (look.doubles, look.slivers, look.found) == (0, 0, [])


def test_no_more_is_remembered_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapelook, "_MOST_REMEMBERED", 2)
    monkeypatch.setattr(shapelook, "MOST_LISTED", 1)
    look = ShapeLook()
    look.note(batch(*(f"POINT ({n} 1)" for n in (1, 2, 3, 3, 1, 1))))
    assert (look.doubles, len(look.found)) == (2, 1)
