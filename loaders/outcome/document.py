# SPDX-License-Identifier: MIT
"""The report of a load: `report.json` for programs, `report.html` for people (Vietnamese first, no script, nothing fetched)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment

from loaders.plan import Plan
from loaders.repair import Repair
from loaders.shapelook import ShapeLook
from server.features.bulk import BulkResult, Rejected

# So many rejections and repairs are listed; the reject file holds the rows.
MOST_LISTED = 1000
_COUNTS = (
    ("read", "Đọc", "read"),
    ("inserted", "Thêm mới", "new"),
    ("updated", "Thay đổi", "changed"),
    ("unchanged", "Giữ nguyên", "unchanged"),
    ("deleted", "Xóa", "deleted"),
    ("rejected", "Bị loại", "rejected"),
)
_PAGE = Path(__file__).parent / "assets" / "report.html"


def describe_outcome(plan: Plan, result: BulkResult, load_id: int | None, repairs: Sequence[Repair] = ()) -> dict[str, Any]:
    """The report as the object of `report.json`; `load_id` is None when nothing was loaded."""
    info = plan.info
    return {
        "layer": plan.request.layer.id,
        "load_id": load_id,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": info.name,
        "format": info.format,
        "crs": f"EPSG:{info.crs.code} {info.crs.name}" if info.crs else None,
        "mode": plan.request.mode,
        "counts": {key: getattr(result, key) for key, _, _ in _COUNTS},
        "grid": describe_grid(result),
        "repaired": sum(one.done for one in repairs),
        "fields": [
            {"field": name, "column": column, "encoding": info.encodings[column][0] if column in info.encodings else None}
            for name, column in plan.field_map.items()
        ],
        "not_loaded": list(plan.unused),
        "cleaned": plan.cleaner.tell(),
        "repairs": [{"row": one.number, "text": one.text(), "place": one.place, "done": one.done} for one in repairs[:MOST_LISTED]],
        "rejected": [_tell(item) for item in result.reasons[:MOST_LISTED]],
        "notes": [*plan.suspicions, *info.notes],
    }


def describe_grid(result: BulkResult) -> str | None:
    """How many shapes the grid of the layer moved, in both languages; None when it moved none."""
    return f"{result.snapped} put on the grid of the layer · {result.snapped} được đưa về lưới tọa độ của lớp" if result.snapped else None


def describe_look(look: ShapeLook) -> dict[str, Any]:
    """The part of it about valid shapes that are worth a look."""
    listed = [{"row": one.number, "text": one.text()} for one in look.found]
    made = [f"{english} · {vietnamese}" for english, vietnamese in (look.fit.texts() if look.fit else ())]
    counts = {"doubles": look.doubles, "slivers": look.slivers, "without_shape": look.missing}
    return {**counts, "doubts": listed, "shapes": made}


def write_documents(folder: Path, plan: Plan, told: dict[str, Any], files: Sequence[str]) -> tuple[Path, ...]:
    """Write both; `files` are names beside them that the page links to. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    page = Environment(autoescape=True).from_string(_PAGE.read_text(encoding="utf-8"))
    json_file, html_file = folder / "report.json", folder / "report.html"
    json_file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    html_file.write_text(page.render(told=told, layer=plan.request.layer.title, counts=_COUNTS, files=files), encoding="utf-8")
    return html_file, json_file


def _tell(item: Rejected) -> dict[str, Any]:
    return {"row": item.number, "field": item.field, "reason": item.reason, "reason_vi": item.reason_vi}
