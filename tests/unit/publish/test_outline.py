# SPDX-License-Identifier: MIT
"""Count and bounds of a layer follow the rows that changed, or say that they cannot."""

from __future__ import annotations

from server.db.outline import Outline, follow

WHOLE = Outline(10, (100.0, 10.0, 110.0, 20.0, None, None))
NOTHING = Outline(0, (None,) * 6)


def _point(x: float, y: float) -> Outline:
    return Outline(1, (x, y, x, y, None, None))


def test_a_new_row_widens_the_bounds() -> None:
    assert follow(WHOLE, NOTHING, _point(99, 15)) == Outline(11, (99.0, 10.0, 110.0, 20.0, None, None))


def test_a_row_from_the_middle_leaves_no_trace_but_in_the_count() -> None:
    assert follow(WHOLE, _point(105, 15), NOTHING) == Outline(9, WHOLE.bounds)


def test_a_row_that_leaves_the_border_needs_a_scan() -> None:
    assert follow(WHOLE, _point(100, 15), NOTHING) is None
    assert follow(WHOLE, _point(100, 15), _point(101, 15)) is None
    assert follow(WHOLE, _point(105, 20), _point(105, 19)) is None


def test_a_row_on_the_border_that_stays_or_moves_outwards_needs_none() -> None:
    assert follow(WHOLE, _point(100, 15), _point(100, 16)) == WHOLE
    assert follow(WHOLE, _point(100, 15), _point(99, 15)) == Outline(10, (99.0, 10.0, 110.0, 20.0, None, None))


def test_the_first_row_of_an_empty_layer_gives_it_bounds() -> None:
    assert follow(NOTHING, NOTHING, _point(106, 10)) == _point(106, 10)
