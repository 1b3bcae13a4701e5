# SPDX-License-Identifier: MIT
"""Invalid shapes: where, why, what a repair changes; and only what was asked for is repaired."""

from __future__ import annotations

import pytest
import shapely

from loaders.batches import SourceBatch
from loaders.repair import Repairer, Wish
from server.features.faults import translate_validity

BOW = "POLYGON ((106 10, 107 11, 107 10, 106 11, 106 10))"
SPIKE = "POLYGON ((0 0, 10 0, 10 10, 5 10, 5 12, 5 10, 0 10, 0 0))"
SPECK = "POLYGON ((0 0, 100 0, 100 100, 50 100, 50.2 100.1, 50 100.1, 50.2 100, 0 100, 0 0))"


def one(wkt: str) -> SourceBatch:
    return SourceBatch([7], {}, [shapely.to_wkb(shapely.from_wkt(wkt))])


@pytest.mark.parametrize(
    ("wkt", "wish", "done"),
    [
        (SPECK, "no", False),
        (SPECK, "small", True),
        (SPIKE, "small", True),
        (BOW, "small", False),
        (BOW, "all", True),
    ],
)
def test_a_shape_is_repaired_as_far_as_was_asked(wkt: str, wish: Wish, done: bool) -> None:
    repairer = Repairer(wish)
    shape = shapely.from_wkb(repairer.mend(one(wkt))[0])
    assert (shape.is_valid, repairer.invalid, repairer.repaired) == (done, 1, int(done))
    assert shape.geom_type in ("Polygon", "MultiPolygon")


def test_place_reason_and_change_are_told_in_both_languages() -> None:
    repairer = Repairer("small")
    repairer.mend(one(SPIKE))
    found = repairer.found[0]
    assert (found.number, found.change, found.done) == (7, 0, True)
    assert found.place == (5.0, 12.0)
    assert "area changes by 0.000%" in found.text()
    assert "tự cắt" in found.text()
    assert translate_validity("Nested shells[1 2]") == "các vỏ lồng nhau[1 2]"
    assert translate_validity("Something new") == "Something new"


def test_valid_missing_and_unreadable_shapes_stay_as_they_are() -> None:
    repairer = Repairer("all")
    fine = shapely.to_wkb(shapely.from_wkt("POLYGON ((0 0, 1 0, 1 1, 0 0))"))
    assert repairer.mend(SourceBatch([1, 2, 3], {}, [fine, None, b""])) == [fine, None, b""]
    assert repairer.invalid == 0
