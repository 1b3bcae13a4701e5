# SPDX-License-Identifier: MIT
"""Coordinates of a place in words: WGS 84 and the VN-2000 zone of the province."""

from __future__ import annotations

from datetime import date

from server.catalog.display import show_number
from server.config import Settings
from server.crs.definitions import Crs
from server.crs.provinces import default_zone
from server.crs.transform import write_vn2000

Point = tuple[float, float]


def place_zone(settings: Settings) -> Crs:
    """The zone coordinates of this province are written in today."""
    return default_zone(settings.province.code, date.today())


def write_places(point: Point, zone: Crs, language: str) -> list[tuple[str, str]]:
    """Label and reading of a lon/lat: 10,3600° B 106,3600° Đ; X and Y of the zone in whole metres."""
    lon, lat = point
    north, east = ("N", "E") if language == "en" else ("B", "Đ")
    degrees = f"{lat:.5f}°\u00a0{north} {lon:.5f}°\u00a0{east}"
    reading = write_vn2000(lon, lat, zone)
    whole, minutes = divmod(round((zone.central_meridian or 0) * 60), 60)
    metres = f"X {show_number(round(reading.x_north), language)} Y {show_number(round(reading.y_east), language)}"
    return [("WGS 84", degrees if language == "en" else degrees.replace(".", ",")), (f"VN-2000 {whole}°{minutes:02d}′", metres)]
