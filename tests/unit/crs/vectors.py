# SPDX-License-Identifier: MIT
"""The published and computed VN-2000 pairs every engine has to meet."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from server.crs.definitions import Crs, find_crs

DATA = Path(__file__).parents[2] / "data"
TOLERANCE_METRES = 0.01


@dataclass(frozen=True)
class Vector:
    """One point: WGS 84 degrees and the metres it must get in `crs`."""

    place: str
    lon: float
    lat: float
    crs: Crs
    east: float
    north: float

    def misses(self, east: float, north: float) -> float:
        """Distance in metres between an engine's answer and the expected point."""
        return float(((east - self.east) ** 2 + (north - self.north) ** 2) ** 0.5)


def _read() -> list[Vector]:
    with (DATA / "vn2000_test_vectors.csv").open(encoding="utf-8", newline="") as file:
        return [
            Vector(
                row["place"],
                float(row["wgs84_lon"]),
                float(row["wgs84_lat"]),
                find_crs(int(row["epsg"])),
                float(row["easting_m"]),
                float(row["northing_m"]),
            )
            for row in csv.DictReader(file)
        ]


VECTORS = _read()
