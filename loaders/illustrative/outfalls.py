# SPDX-License-Identifier: MIT
"""Illustrative discharge points and sources at risk of environmental incidents, placed at the facilities."""

from __future__ import annotations

from datetime import date

import shapely

from loaders.illustrative.kit import Kit, Row, Value
from loaders.illustrative.terrain import place_near
from loaders.illustrative.wording import MARK, Trade, list_trades, list_waters
from server.crs.transform import write_vn2000

RISK_SOURCES = 15
_RISKS = (
    ("chemical_leak", "NaOH, HCl"),
    ("oil_spill", "Dầu DO, xăng"),
    ("wastewater_pond", "Nước thải chưa xử lý"),
    ("landfill", "Nước rỉ rác"),
    ("fire_explosion", "Khí hóa lỏng, amoniac"),
)


def make_discharge_points(kit: Kit, facilities: list[Row], permits: list[Row]) -> list[Row]:
    """A wastewater stream, and a stack where the trade has one, per facility with a valid permit; with the coordinates a permit prints."""
    permit_of = {row.text("facility"): row.text("code") for row in permits if row.values["status"] in ("valid", "expiring")}
    trades = {trade.word: trade for trade in list_trades(kit.province)}
    rows: list[Row] = []
    for facility in facilities:
        permit = permit_of.get(facility.text("code"))
        if permit is None:
            continue
        trade = trades[facility.text("name").split(" số ")[0]]
        rows.append(_place_stream(kit, facility, _describe_water(kit, trade) | {"permit": permit, "code": kit.code("XT", len(rows) + 1)}))
        if trade.gas:
            rows.append(
                _place_stream(kit, facility, _describe_gas(kit, trade.gas) | {"permit": permit, "code": kit.code("XT", len(rows) + 1)})
            )
    return rows


def _describe_water(kit: Kit, trade: Trade) -> dict[str, Value]:
    receiving_class = kit.rng.choice(("A", "B", "B", "C"))
    return {
        "medium": "wastewater",
        "stream_no": 1,
        "source_names": "Nước thải sản xuất; nước thải sinh hoạt",
        "max_flow": kit.rng.randrange(*trade.water),
        "max_flow_unit": "m3_day",
        "discharge_mode": kit.rng.choice(("gravity", "pumped", "continuous")),
        "receiving_body": kit.rng.choice(list_waters(kit.province)),
        "receiving_class": receiving_class,
        "stack_height_m": None,
        "standard": "QCVN 14:2025/BTNMT" if trade.kind == "medical" else "QCVN 40:2025/BTNMT",
    }


def _describe_gas(kit: Kit, gas: tuple[int, int]) -> dict[str, Value]:
    return {
        "medium": "emission",
        "stream_no": 1,
        "source_names": "Khí thải lò hơi, lò đốt",
        "max_flow": round(kit.rng.randrange(*gas), -2),
        "max_flow_unit": "m3_hour",
        "discharge_mode": "stack",
        "receiving_body": None,
        "receiving_class": None,
        "stack_height_m": kit.rng.randrange(12, 45),
        "standard": "QCVN 19:2024/BTNMT",
    }


def _place_stream(kit: Kit, facility: Row, values: dict[str, Value]) -> Row:
    commune = kit.commune(facility.text("commune"))
    start = facility.shape.representative_point() if facility.shape else commune.area.representative_point()
    point: shapely.Point = place_near(start, commune, kit.rng)
    printed = write_vn2000(point.x, point.y, kit.zone)
    word = "nước thải" if values["medium"] == "wastewater" else "khí thải"
    more: dict[str, Value] = {
        "name": f"Dòng {word} {values['stream_no']}, {facility.text('code')} ({MARK})",
        "facility": facility.text("code"),
        "vn2000_x": round(printed.x_north, 2),
        "vn2000_y": round(printed.y_east, 2),
        "vn2000_meridian": kit.zone.name,
        "commune": commune.code,
        "status": facility.values["status"],
    }
    return Row(values | more, point)


def make_risk_sources(kit: Kit, facilities: list[Row]) -> list[Row]:
    """Sources at risk of incidents at the first facilities whose trade is risky, at the facility's place."""
    risky = [row for row in facilities if row.values["pollution_risk"]][:RISK_SOURCES]
    rows = []
    for number, facility in enumerate(risky, start=1):
        kind, substances = _RISKS[number % len(_RISKS)]
        planned = kit.pick_day(date(2020, 1, 2), date(2026, 8, 31))
        values: dict[str, Value] = {
            "code": kit.code("SC", number),
            "name": f"Nguồn nguy cơ sự cố {facility.text('code')} ({MARK})",
            "facility": facility.text("code"),
            "risk_kind": kind,
            "substances": f"{substances}: {kit.rng.randrange(1, 80)} tấn",
            "plan_decision": f"{kit.rng.randrange(1, 90):02d}/QĐ-MH",
            "plan_date": planned.isoformat(),
            "level": kit.rng.choice(("low", "medium", "medium", "high")),
            "sensitive_receptors": kit.rng.choice(("Khu dân cư trong 500 m", "Trạm cấp nước sinh hoạt hạ lưu", "Trường học trong 300 m")),
            "last_drill": kit.pick_day(planned, date(2026, 10, 30)).isoformat(),
            "commune": facility.text("commune"),
        }
        rows.append(Row(values, facility.shape))
    return rows
