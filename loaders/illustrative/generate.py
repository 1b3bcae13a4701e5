# SPDX-License-Identifier: MIT
"""The one door: all illustrative files of a province."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from loaders.illustrative.kit import TODAY, Kit, Row
from loaders.illustrative.outfalls import make_discharge_points, make_risk_sources
from loaders.illustrative.papers import make_eia_decisions, make_inspections, make_investors, make_permits
from loaders.illustrative.places import make_conservation, make_facilities, make_stations, make_villages, make_zones
from loaders.illustrative.terrain import Commune, order_by_town
from loaders.illustrative.writing import write_rows
from server.crs.provinces import default_zone


def write_illustrative(province_code: str, communes: Sequence[tuple[str, str, BaseGeometry]], out_dir: Path) -> dict[str, Path]:
    """Write the illustrative files of a province and return layer id -> path (GeoJSON in WGS 84 lon/lat, or CSV without geometry).

    `province_code` has two digits; `communes` are (five-digit code, full name, polygon in degrees, x longitude); where there are no
    open commune boundaries the province itself stands in (two-digit code) and the rows name no commune. The same arguments
    give the same bytes.
    Raises ValueError without communes, InvalidParameter for an unknown province, OSError when `out_dir` cannot be written.
    """
    if not communes:
        raise ValueError("An illustrative set needs at least one commune")
    known = order_by_town([Commune(*entry) for entry in sorted(communes, key=lambda entry: entry[0])])
    # Repeatable, not secret: the seed is the province itself.
    kit = Kit(province_code, tuple(known), default_zone(province_code, TODAY), random.Random(f"xanh-{province_code}"))  # noqa: S311
    out_dir.mkdir(parents=True, exist_ok=True)
    return {layer: write_rows(out_dir, layer, _name_communes(kit, rows)) for layer, rows in _make_all(kit).items()}


def _name_communes(kit: Kit, rows: list[Row]) -> list[Row]:
    if kit.communes[0].code != kit.province:
        return rows
    return [Row(row.values | {"commune": None}, row.shape) if "commune" in row.values else row for row in rows]


def _make_all(kit: Kit) -> dict[str, list[Row]]:
    """Rows by layer id, in an order in which every link points to a layer before it."""
    zones = make_zones(kit)
    villages = make_villages(kit)
    facilities = make_facilities(kit, zones)
    conservation = make_conservation(kit)
    permits = make_permits(kit, facilities)
    return {
        "investors": make_investors(kit, facilities, zones, conservation),
        "industrial_zones": zones,
        "craft_villages": villages,
        "facilities": facilities,
        "conservation_facilities": conservation,
        "stations": make_stations(kit, facilities),
        "environmental_permits": permits,
        "eia_decisions": make_eia_decisions(kit, facilities),
        "discharge_points": make_discharge_points(kit, facilities, permits),
        "incident_risk_sources": make_risk_sources(kit, facilities),
        "inspections": make_inspections(kit, facilities),
    }
