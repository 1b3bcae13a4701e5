# SPDX-License-Identifier: MIT
"""Illustrative records without a place, linked by code: investors, environmental permits, EIA decisions, inspections.

The forms of numbers follow issued papers (2519/GPMT-UBND; 1045/QĐ-UBND); the numbers themselves are invented.
"""

from __future__ import annotations

from datetime import date, timedelta

from loaders.illustrative.kit import TODAY, Kit, Row, Value
from loaders.illustrative.wording import FAMILY_NAMES, GIVEN_NAMES, MARK, STREETS, Trade, list_trades

_MERGER, _NEW_OFFICES = date(2025, 7, 1), date(2025, 3, 1)
_FIRST_PERMIT, _LAST_PERMIT = date(2022, 2, 1), date(2026, 10, 30)
_SHARE_WITH_PERMIT, _SHARE_WITH_EIA, _INSPECTIONS, _REPLACED_EVERY = 0.85, 0.6, 24, 9


def make_investors(kit: Kit, facilities: list[Row], zones: list[Row], conservation: list[Row]) -> list[Row]:
    """One investor for each code that the facilities, zones and conservation facilities name."""
    rows = [_make_investor(kit, row.text("investor"), row.text("owner_name"), row.text("commune")) for row in facilities]
    for zone in zones:
        name = f"Công ty hạ tầng Minh Họa {zone.text('code')[-2:]}"
        rows.append(_make_investor(kit, zone.text("investor"), name, zone.text("commune"), "infrastructure"))
    for site in conservation:
        rows.append(
            _make_investor(
                kit, site.text("investor"), f"Ban quản lý Minh Họa {site.text('code')[-2:]}", site.text("commune"), "public_unit"
            )
        )
    return rows


def _make_investor(kit: Kit, code: str, name: str, commune_code: str, kind: str | None = None) -> Row:
    rng, number = kit.rng, int(code.rsplit("-", 1)[1])
    person = f"{rng.choice(FAMILY_NAMES)} {rng.choice(GIVEN_NAMES)}"
    values: dict[str, Value] = {
        "code": code,
        "tax_code": f"99{kit.province}{number:06d}",
        "name": f"{name} ({MARK})",
        "kind": kind or ("cooperative" if name.startswith("Hợp tác xã") else "enterprise"),
        "business_reg_no": f"99{kit.province}{number:06d}",
        "business_reg_date": kit.pick_day(date(2000, 1, 3), date(2024, 12, 31)).isoformat(),
        "address": f"{rng.choice(STREETS)}, {kit.commune(commune_code).name}",
        "commune": commune_code,
        "phone": f"0200 000 {number:04d}",
        "email": f"lienhe{number:03d}@minhhoa.example",
        "representative": person,
        "representative_position": rng.choice(("Giám đốc", "Tổng giám đốc", "Chủ nhiệm")),
        "status": "paused" if number % 17 == 0 else "active",
    }
    return Row(values)


def make_permits(kit: Kit, facilities: list[Row]) -> list[Row]:
    """Environmental permits of most facilities; every ninth one replaces an older one, which stays as a row of its own."""
    trades = {trade.word: trade for trade in list_trades(kit.province)}
    numbers = kit.rng.sample(range(100, 2990), 2 * len(facilities))
    rows: list[Row] = []
    for facility in facilities:
        if not kit.chance(_SHARE_WITH_PERMIT):
            continue
        trade = trades[facility.text("name").split(" số ")[0]]
        if len(rows) % _REPLACED_EVERY == _REPLACED_EVERY - 1:
            old = _make_permit(kit, numbers.pop(), facility, trade, (_FIRST_PERMIT, date(2023, 12, 29)))
            new = _make_permit(kit, numbers.pop(), facility, trade, (date(2024, 6, 3), _LAST_PERMIT))
            code = kit.code("GP", len(rows) + 1)
            rows.append(Row(old | {"code": code, "status": "replaced"}))
            rows.append(Row(new | {"code": kit.code("GP", len(rows) + 1), "replaces": code}))
        else:
            permit = _make_permit(kit, numbers.pop(), facility, trade, (_FIRST_PERMIT, _LAST_PERMIT))
            rows.append(Row(permit | {"code": kit.code("GP", len(rows) + 1)}))
    return rows


def _make_permit(kit: Kit, number: int, facility: Row, trade: Trade, span: tuple[date, date]) -> dict[str, Value]:
    rng, day = kit.rng, kit.pick_day(*span)
    years = 7 if trade.group == "I" else rng.choice((10, 10, 10, 7, 5, 4))
    symbol = ("GPMT-BTNMT" if day < _NEW_OFFICES else "GPMT-BNNMT") if trade.group == "I" else "GPMT-UBND"
    expiry = _add_years(day, years)
    return {
        "number": f"{number}/{symbol}",
        "symbol": symbol,
        "kind": "permit",
        "issue_date": day.isoformat(),
        "issuer": _code_issuer(symbol, day),
        "facility": facility.text("code"),
        "investor": facility.text("investor"),
        "business_type": trade.word,
        "scope_area": f"{rng.randrange(20, 900) * 100} m2",
        "project_group": trade.group,
        "capacity_text": facility.values["capacity_text"],
        "wastewater_max_m3d": rng.randrange(*trade.water),
        "gas_max_m3h": round(rng.randrange(*trade.gas), -2) if trade.gas else None,
        "solid_waste_kg_y": rng.randrange(20, 4000) * 100,
        "hazardous_kg_y": rng.randrange(5, 900) * 10,
        "term_years": years,
        "expiry_date": expiry.isoformat(),
        "replaces": None,
        "status": "expired" if expiry < TODAY else "expiring" if expiry <= TODAY + timedelta(days=365) else "valid",
    }


def make_eia_decisions(kit: Kit, facilities: list[Row]) -> list[Row]:
    """Decisions approving the results of EIA appraisal, for part of the facilities of groups I and II."""
    numbers = kit.rng.sample(range(50, 2990), len(facilities))
    rows: list[Row] = []
    for facility in facilities:
        if facility.text("project_group") not in ("I", "II") or not kit.chance(_SHARE_WITH_EIA):
            continue
        day = kit.pick_day(date(2012, 1, 3), date(2025, 12, 30))
        project = facility.text("name").replace(f" ({MARK})", "")
        values: dict[str, Value] = {
            "code": kit.code("DTM", len(rows) + 1),
            "number": f"{numbers.pop()}/QĐ-UBND",
            "decision_date": day.isoformat(),
            "issuer": _code_issuer("QĐ-UBND", day),
            "project_name": f"Dự án đầu tư {project} ({MARK})",
            "investor": facility.text("investor"),
            "facility": facility.text("code"),
            "project_group": facility.text("project_group"),
            "capacity_text": facility.values["capacity_text"],
            "status": "replaced" if len(rows) % 11 == 10 else "valid",
        }
        rows.append(Row(values))
    return rows


def make_inspections(kit: Kit, facilities: list[Row]) -> list[Row]:
    """Inspections of the last three years; about a third found a breach, with a fine and a date for remedy."""
    rows = []
    for number in range(1, _INSPECTIONS + 1):
        facility, rng = kit.rng.choice(facilities), kit.rng
        decided = kit.pick_day(date(2024, 1, 2), date(2026, 9, 30))
        start = decided + timedelta(days=rng.randrange(5, 20))
        breach = kit.chance(0.35)
        values: dict[str, Value] = {
            "code": kit.code("TT", number),
            "decision_no": f"{rng.randrange(20, 900)}/QĐ-SNNMT" if decided >= _NEW_OFFICES else f"{rng.randrange(20, 900)}/QĐ-STNMT",
            "decision_date": decided.isoformat(),
            "kind": rng.choice(("planned", "planned", "unplanned", "specialised")),
            "agency": "so_nnmt" if decided >= _NEW_OFFICES else "so_tnmt",
            "facility": facility.text("code"),
            "from_date": start.isoformat(),
            "to_date": (start + timedelta(days=rng.randrange(0, 4))).isoformat(),
            "conclusion_no": f"{rng.randrange(10, 400)}/KL-TTr",
            "conclusion_date": (start + timedelta(days=rng.randrange(8, 30))).isoformat(),
            "findings": "Xả nước thải vượt quy chuẩn dưới 2 lần" if breach else "Không phát hiện vi phạm",
            "penalty_no": f"{rng.randrange(10, 400)}/QĐ-XPHC" if breach else None,
            "penalty_vnd": rng.randrange(10, 250) * 1_000_000 if breach else None,
            "remedies": "Cải tạo hệ thống xử lý nước thải" if breach else None,
            "due_date": (start + timedelta(days=90)).isoformat() if breach else None,
            "done_on": min(TODAY, start + timedelta(days=rng.randrange(30, 90))).isoformat() if breach and kit.chance(0.6) else None,
        }
        rows.append(Row(values))
    return rows


def _code_issuer(symbol: str, day: date) -> str:
    if symbol.endswith("BTNMT"):
        return "btnmt"
    if symbol.endswith("BNNMT"):
        return "bnnmt"
    return "ubnd_province" if day >= _MERGER else "ubnd_province_former"


def _add_years(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))
