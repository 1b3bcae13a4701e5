# SPDX-License-Identifier: MIT
"""Illustrative things with a place: industrial zones, craft villages, facilities, automatic stations, conservation facilities."""

from __future__ import annotations

from datetime import date

from loaders.illustrative.kit import TODAY, Kit, Row, Value
from loaders.illustrative.terrain import Commune, measure_hectares, place_near, place_point, place_site
from loaders.illustrative.wording import CONSERVATION, MARK, STREETS, Trade, list_crafts, list_trades, list_waters

ZONES, VILLAGES, FACILITIES = 12, 10, 60
_PARKS = 5  # the first of the zones are industrial parks (KCN), the others clusters (CCN)
_SHARE_IN_ZONE = 0.35
_AIR_STATIONS, _WATER_STATIONS, _EFFLUENT_STATIONS = 3, 4, 5


def make_zones(kit: Kit) -> list[Row]:
    """Industrial parks (60-200 ha) and clusters (20-75 ha), one per commune, near towns."""
    rows: list[Row] = []
    near = kit.communes[: max(1, len(kit.communes) // 2)]
    for commune in kit.rng.sample(near, len(near)):
        if len(rows) == ZONES:
            break
        park = len(rows) < _PARKS
        site = place_site(commune, kit.rng.uniform(60, 190) if park else kit.rng.uniform(22, 70), kit.rng)
        if site is None:
            continue
        number, kind = len(rows) + 1, "KCN" if park else "CCN"
        area = round(measure_hectares(site), 1)
        name = f"{'Khu' if park else 'Cụm'} công nghiệp {_place_name(commune)} ({MARK})"
        rows.append(Row(_describe_zone(kit, number, kind, area) | {"name": name, "commune": commune.code}, site))
    return rows


def _describe_zone(kit: Kit, number: int, kind: str, area: float) -> dict[str, Value]:
    rng, park = kit.rng, kind == "KCN"
    status = "operating" if number % 4 else "building"
    design = round(area * rng.uniform(18, 30) / 100) * 100 if park or kit.chance(0.5) else None
    occupied = round(rng.uniform(45, 98), 1) if status == "operating" else round(rng.uniform(0, 25), 1)
    facilities = round(area * occupied / 300) + 1
    return {
        "code": kit.code("KC", number),
        "kind": kind,
        "investor": kit.code("CDT", 900 + number),
        "established_decision": f"{rng.randrange(100, 2900)}/QĐ-UBND",
        "area_planned_ha": area,
        "area_leased_ha": round(area * 0.7 * occupied / 100, 1),
        "occupancy_pct": occupied,
        "facility_count": facilities,
        "has_central_wwtp": design is not None,
        "wwtp_design_m3d": design,
        "wwtp_actual_m3d": round(design * occupied / 130) if design else None,
        "wwtp_standard": "QCVN 40:2025/BTNMT, cột B" if design else None,
        "connected_count": facilities if design else 0,
        "rainwater_separated": kit.chance(0.8),
        "has_auto_monitoring": design is not None and design >= 500,
        "emergency_pond": design is not None and kit.chance(0.6),
        "green_ratio_pct": round(rng.uniform(8, 15), 1),
        "status": status,
    }


def make_villages(kit: Kit) -> list[Row]:
    """Craft villages, each a point in its commune."""
    rows: list[Row] = []
    for number, (craft, kind) in enumerate(list_crafts(kit.province)[:VILLAGES], start=1):
        commune, rng = kit.pick_commune(), kit.rng
        households, known = rng.randrange(20, 320), kit.chance(0.75)
        values: dict[str, Value] = {
            "code": kit.code("LN", number),
            "name": f"Làng nghề {craft} {_place_name(commune)} ({MARK})",
            "commune": commune.code,
            "kind": kind,
            "recognised": known,
            "recognition_decision": f"{rng.randrange(100, 2900)}/QĐ-UBND" if known else None,
            "household_count": households,
            "labour_count": households * rng.randrange(2, 5),
            "env_plan_approved": known and kit.chance(0.6),
            "has_management_team": kit.chance(0.5),
            "has_infrastructure": kit.chance(0.4),
            "wastewater_m3d": round(households * rng.uniform(0.2, 1.5), 1),
            "solid_waste_tpd": round(households * rng.uniform(0.005, 0.02), 2),
            "pollution_level": rng.choice(("not_assessed", "none", "none", "polluted")),
        }
        rows.append(Row(values, place_point(commune, rng)))
    return rows


def make_facilities(kit: Kit, zones: list[Row]) -> list[Row]:
    """Facilities, about a third of them inside the zones that operate; each has an investor of the same number."""
    trades = list_trades(kit.province)
    open_zones = [zone for zone in zones if zone.values["status"] == "operating"]
    return [_make_facility(kit, number, trades[(number - 1) % len(trades)], open_zones) for number in range(1, FACILITIES + 1)]


def _make_facility(kit: Kit, number: int, trade: Trade, open_zones: list[Row]) -> Row:
    rng = kit.rng
    zone = rng.choice(open_zones) if open_zones and trade.kind == "production" and kit.chance(_SHARE_IN_ZONE * 2) else None
    commune = kit.commune(zone.text("commune")) if zone else kit.pick_commune()
    # a zone is small: half its inradius keeps a point inside without a search
    point = (
        place_near(zone.shape.representative_point(), Commune(commune.code, commune.name, zone.shape), rng)
        if zone and zone.shape
        else place_point(commune, rng)
    )
    capacity = rng.randrange(trade.capacity[0], trade.capacity[1] + 1) * trade.unit.step
    address = f"{zone.text('name')}, {commune.name}" if zone else f"{rng.choice(STREETS)}, {commune.name}"
    values: dict[str, Value] = {
        "code": kit.code("CS", number),
        "name": f"{trade.word} số {number:02d} ({MARK})",
        "kind": trade.kind,
        "sector": trade.sector,
        "sector_code": trade.vsic,
        "investor": kit.code("CDT", number),
        "owner_name": name_investor(number),
        "address": address,
        "commune": commune.code,
        "industrial_zone": zone.text("code") if zone else None,
        "pollution_risk": trade.risky,
        "project_group": trade.group,
        "capacity_text": f"{capacity:,} {trade.unit.word}".replace(",", "."),
        "capacity_value": capacity,
        "capacity_unit": trade.unit.code,
        "operation_frequency": "seasonal" if trade.seasonal else "regular",
        "season_note": "Theo vụ thu hoạch" if trade.seasonal else None,
        "start_year": rng.randrange(1998, 2026),
        "data_source": "Số liệu minh họa",
        "province_code": kit.province,
        "area_m2": rng.randrange(20, 900) * 100,
        "geom_source": rng.choice(("permit", "eia", "digitised")),
        "employees": rng.randrange(12, 900),
        "has_auto_water": trade.water[1] >= 500,
        "has_auto_air": trade.gas is not None and trade.gas[1] >= 60000,
        "connected_central_wwtp": zone is not None and zone.values["has_central_wwtp"] is True,
        "status": rng.choice(("operating",) * 8 + ("trial", "suspended")),
    }
    return Row(values, point)


def name_investor(number: int) -> str:
    """The invented name of the investor of that number."""
    form = ("Công ty TNHH", "Công ty Cổ phần", "Doanh nghiệp tư nhân", "Hợp tác xã")[number % 4]
    return f"{form} Minh Họa {number:03d}"


def make_conservation(kit: Kit) -> list[Row]:
    """Conservation facilities, one of each word in the list."""
    rows = []
    for number, (word, kind) in enumerate(CONSERVATION, start=1):
        commune = kit.pick_commune()
        values: dict[str, Value] = {
            "code": kit.code("BTS", number),
            "name": f"{word} {_place_name(commune)} ({MARK})",
            "kind": kind,
            "investor": kit.code("CDT", 950 + number),
            "species": "Loài minh họa: 12 cá thể",
            "certificate_no": f"{kit.rng.randrange(1, 60):02d}/GCN-UBND",
            "certificate_date": kit.pick_day(date(2018, 1, 2), date(2026, 6, 30)).isoformat(),
            "issuer": "ubnd_province",
            "area_ha": round(kit.rng.uniform(0.5, 25), 1),
            "staff_count": kit.rng.randrange(3, 25),
            "commune": commune.code,
        }
        rows.append(Row(values, place_point(commune, kit.rng)))
    return rows


def make_stations(kit: Kit, facilities: list[Row]) -> list[Row]:
    """Automatic stations: ambient air in towns, surface water, and effluent at the facilities that must have one."""
    rows: list[Row] = []
    plan = [("ambient_air", "Trạm không khí tự động", "residential")] * _AIR_STATIONS
    plan += [("surface_water", "Trạm nước mặt tự động", "background")] * _WATER_STATIONS
    towns = [commune for commune in kit.communes if commune.is_town] or list(kit.communes)
    for medium, word, position in plan:
        commune = kit.rng.choice(towns if medium == "ambient_air" else list(kit.communes))
        name = f"{word} {_place_name(commune)} ({MARK})"
        water = kit.rng.choice(list_waters(kit.province)) if medium == "surface_water" else None
        values: dict[str, Value] = {"medium": medium, "name": name, "position_type": position, "water_body": water, "facility": None}
        rows.append(Row(_finish_station(kit, len(rows) + 1, values, commune), place_point(commune, kit.rng)))
    for facility in [row for row in facilities if row.values["has_auto_water"]][:_EFFLUENT_STATIONS]:
        commune = kit.commune(facility.text("commune"))
        values = {
            "medium": "wastewater",
            "name": f"Trạm nước thải {facility.text('code')} ({MARK})",
            "position_type": "industrial",
            "water_body": None,
        }
        values["facility"] = facility.text("code")
        rows.append(Row(_finish_station(kit, len(rows) + 1, values, commune), facility.shape))
    return rows


def _finish_station(kit: Kit, number: int, values: dict[str, Value], commune: Commune) -> dict[str, Value]:
    shared: dict[str, Value] = {
        "code": kit.code("QT", number),
        "kind": "auto",
        "province_code": kit.province,
        "commune": commune.code,
        "interval_min": 5,
        "operator": "Trung tâm quan trắc",
    }
    return shared | values | {"online_from": kit.pick_day(date(2019, 1, 2), TODAY).isoformat()}


def _place_name(commune: Commune) -> str:
    return commune.name.split(" ", 1)[-1]
