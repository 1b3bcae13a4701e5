# SPDX-License-Identifier: MIT
"""The central meridian a province uses by default, before and after July 2025.

The axis belongs to the dataset, never to the province: this is a first suggestion for a file that names no CRS, no more. Codes were
reused in July 2025 (82 was Tiền Giang and is Đồng Tháp), hence the date.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from server.crs.definitions import DATA, Crs, find_crs
from server.errors import InvalidParameter


@dataclass(frozen=True)
class ProvinceZone:
    """The TM-3 zone of a province for the dates `valid_from` to `valid_to` (both inclusive, None = open)."""

    valid_from: date | None
    valid_to: date | None
    province_code: str
    province: str
    crs: Crs
    status: str
    source: str
    note: str

    def is_valid_on(self, day: date) -> bool:
        """Whether the row holds on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@lru_cache(maxsize=1)
def province_zones() -> tuple[ProvinceZone, ...]:
    """All rows: the 63 provinces until 2025-06-30 and the 34 since."""
    with (DATA / "province_zones.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_read_row(row) for row in csv.DictReader(file))


def default_zone(province_code: str, day: date) -> Crs:
    """The TM-3 CRS of the province that bore `province_code` (two digits) on `day`. Raises InvalidParameter when there was none."""
    for zone in province_zones():
        if zone.province_code == province_code and zone.is_valid_on(day):
            return zone.crs
    raise InvalidParameter(f"There was no province with that code on {day.isoformat()}", locator="province")


def legacy_zones(province_code: str) -> tuple[Crs, ...]:
    """The zones a province's data come in: that of its code today, then that of whoever bore the code before July 2025.

    Data already made keep their axis: maps of Tiền Giang stay on 105°45' although Đồng Tháp, which bears its code now, is on 105°.
    """
    zones = [zone for zone in province_zones() if zone.province_code == province_code]
    return tuple(dict.fromkeys(zone.crs for zone in sorted(zones, key=lambda zone: zone.valid_to or date.max, reverse=True)))


def _read_row(row: dict[str, str]) -> ProvinceZone:
    return ProvinceZone(
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        province_code=row["province_code"],
        province=row["province"],
        crs=find_crs(int(row["code"])),
        status=row["status"],
        source=row["source"],
        note=row["note"],
    )
