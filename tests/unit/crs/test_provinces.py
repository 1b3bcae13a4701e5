# SPDX-License-Identifier: MIT
"""The default axis of a province depends on the day: codes were reused in July 2025."""

from __future__ import annotations

from datetime import date

import pytest

from server.crs.provinces import default_zone, legacy_zones, province_zones
from server.errors import InvalidParameter

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.mark.parametrize(
    ("code", "day", "epsg"),
    [("82", BEFORE, 9210), ("82", AFTER, 5897), ("87", BEFORE, 5897), ("20", BEFORE, 9215), ("20", AFTER, 9215), ("12", AFTER, 9208)],
)
def test_a_province_has_the_zone_of_its_day(code: str, day: date, epsg: int) -> None:
    assert default_zone(code, day).code == epsg


@pytest.mark.parametrize(("code", "day"), [("87", AFTER), ("00", BEFORE), ("", AFTER), ("2", AFTER)])
def test_a_code_nobody_bore_that_day_is_refused(code: str, day: date) -> None:
    with pytest.raises(InvalidParameter):
        default_zone(code, day)


def test_there_are_63_provinces_before_and_34_after_each_with_a_source() -> None:
    assert sum(zone.is_valid_on(BEFORE) for zone in province_zones()) == 63
    assert sum(zone.is_valid_on(AFTER) for zone in province_zones()) == 34
    assert all(zone.source and zone.status == "verified" for zone in province_zones())


def test_a_province_keeps_the_zones_its_older_data_come_in() -> None:
    assert [crs.code for crs in legacy_zones("82")] == [5897, 9210]
    assert [crs.code for crs in legacy_zones("20")] == [9215]
    assert legacy_zones("00") == ()
