# SPDX-License-Identifier: MIT
"""The coordinate reference systems an installation offers through its map and feature services."""

from __future__ import annotations

from server.config import Settings
from server.crs.definitions import Crs, find_crs
from server.crs.provinces import legacy_zones
from server.crs.spelling import parse_crs


def offered_systems(settings: Settings) -> tuple[Crs, ...]:
    """Those of config.yml in their order, then the VN-2000 zones it names, or the zones the province's data come in. Raises InvalidCrs."""
    named = [parse_crs(text, locator="services.crs").crs for text in settings.services.crs]
    zones = [find_crs(code, locator="services.vn2000_zones") for code in settings.services.vn2000_zones]
    return tuple(dict.fromkeys([*named, *(zones or legacy_zones(settings.province.code))]))
