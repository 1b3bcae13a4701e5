# SPDX-License-Identifier: MIT
"""The truth table of axis order: service, version, spelling."""

from __future__ import annotations

import pytest

from server.crs.axis import AxisOrder, Service, axis_order
from server.crs.definitions import CRS84, all_crs, find_crs
from server.crs.spelling import Spelling

SPELLINGS = (Spelling.SHORT, Spelling.GML_URL, Spelling.URN, Spelling.URN_EXPERIMENTAL, Spelling.URL, Spelling.CURIE)

# One letter per spelling in the order above: e = xy (east first), n = yx (north first), for the geographic EPSG codes.
TRUTH = [
    (Service.WMS, "1.0.0", "eeeeee"),
    (Service.WMS, "1.1.1", "eeeeee"),
    (Service.WMS, "1.3.0", "nnnnnn"),
    (Service.WFS, "1.0.0", "eeeeee"),
    (Service.WFS, "1.1.0", "eennnn"),
    (Service.WFS, "2.0.0", "eennnn"),
    (Service.WFS, "2.0.2", "eennnn"),
    (Service.WMTS, "1.0.0", "nnnnnn"),
    (Service.OGC_API, "1.0", "nnnnnn"),
]
CELLS = [
    (service, version, spelling, "yx" if letter == "n" else "xy")
    for service, version, letters in TRUTH
    for spelling, letter in zip(SPELLINGS, letters, strict=True)
]


@pytest.mark.parametrize("code", [4326, 4756])
@pytest.mark.parametrize(("service", "version", "spelling", "expected"), CELLS)
def test_a_geographic_code_turns_as_the_table_says(
    service: Service, version: str, spelling: Spelling, expected: AxisOrder, code: int
) -> None:
    assert axis_order(find_crs(code), service, version, spelling) == expected


@pytest.mark.parametrize(("service", "version", "spelling"), [cell[:3] for cell in CELLS])
def test_crs84_and_every_projected_code_never_turn(service: Service, version: str, spelling: Spelling) -> None:
    for crs in all_crs():
        if crs is CRS84 or crs.kind == "projected":
            assert axis_order(crs, service, version, spelling) == "xy"
