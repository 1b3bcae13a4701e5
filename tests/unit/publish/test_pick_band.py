# SPDX-License-Identifier: MIT
"""Which band of the pyramid serves which map."""

from __future__ import annotations

import pytest

from server.db.pyramid import resolution
from server.query.pyramid import CELL_PIXELS, pick_band, pick_point_band

BANDS = (4, 5, 6, 7, 8)


@pytest.mark.parametrize("band", BANDS)
def test_a_map_at_a_zoom_takes_its_band(band: int) -> None:
    assert pick_band(BANDS, resolution(band)) == band


def test_a_map_between_two_zooms_takes_the_finer_band() -> None:
    assert pick_band(BANDS, resolution(6) * 0.9) == 7
    assert pick_band(BANDS, resolution(6) * 1.1) == 6


def test_maps_from_very_far_take_the_first_band() -> None:
    assert pick_band(BANDS, resolution(0)) == 4


def test_maps_near_by_and_layers_without_pyramid_take_the_layer_itself() -> None:
    assert pick_band(BANDS, resolution(8) * 0.99) is None
    assert pick_band((), 100) is None


@pytest.mark.parametrize("symbol", [0.0, 3.0, 6.0, 6.8, 7.0, 8.0, 13.6, 20.0, 40.0])
def test_a_symbol_left_out_touches_the_one_that_stands_for_it(symbol: float) -> None:
    plain, taken = pick_point_band(BANDS, resolution(7), 0.0), pick_point_band(BANDS, resolution(7), symbol)
    assert plain == 7
    assert taken is not None
    cell = CELL_PIXELS * resolution(taken) / resolution(7)
    assert cell == CELL_PIXELS or cell * 2**0.5 <= symbol
    assert taken == BANDS[0] or 2 * cell * 2**0.5 > symbol, "a coarser band would do"


@pytest.mark.parametrize("nonsense", [0.0, -1.0, float("nan")])
def test_nonsense_takes_the_layer_itself(nonsense: float) -> None:
    assert pick_band(BANDS, nonsense) is None
