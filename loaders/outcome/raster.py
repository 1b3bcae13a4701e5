# SPDX-License-Identifier: MIT
"""Rasters told as data: the plan of a page, and the report of a load (`report.json`, and `report.html` for people)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment

from loaders.rasterload import DatedRaster, RasterReport
from server.catalog.model import Layer
from server.crs.definitions import Box, find_crs
from server.db.checks import PLAUSIBLE_BOX

_PAGE = Path(__file__).parent / "assets" / "raster.html"


def describe_rasters(layer: Layer, rasters: Sequence[DatedRaster], near: Box | None, known: Sequence[datetime] = ()) -> dict[str, Any]:
    """What rasters are, ready for JSON: sizes in pixels, `pixel` in units of their CRS, `extent` west, south, east, north in degrees.

    `near` is where they should lie (degrees), `known` are the moments the layer has already.
    """
    target = find_crs(layer.storage_crs)
    return {
        "layer": layer.id,
        "crs": {"code": target.code, "name": target.name},
        "rasters": [
            _describe(one, one.moment in known)
            | {"is_warped": one.plan.crs.code != target.code, "notes": [*one.plan.notes, *doubt_place(layer, one.plan.extent, near)]}
            for one in rasters
        ],
    }


def _describe(one: DatedRaster, is_known: bool) -> dict[str, Any]:
    plan = one.plan
    return {
        "name": plan.name,
        "day": f"{one.moment:%Y-%m-%d}" if one.moment else None,
        "is_known": is_known,
        "width": plan.width,
        "height": plan.height,
        "bands": plan.bands,
        "pixel": [abs(plan.place[0]), abs(plan.place[4])] if plan.place else None,
        "type": plan.dtype,
        "nodata": None if plan.nodata is None else f"{plan.nodata:g}",  # JSON knows no NaN
        "minimum": plan.minimum,
        "maximum": plan.maximum,
        "crs": {"code": plan.crs.code, "name": plan.crs.name},
        "extent": list(plan.extent),
    }


def doubt_place(layer: Layer, extent: Box, near: Box | None) -> tuple[str, ...]:
    """What is wrong with where a raster lies (both boxes in degrees; without `near` it should lie in Vietnam), in both languages."""
    should = near or (None if layer.anywhere else PLAUSIBLE_BOX)
    if should is None or (extent[0] <= should[2] and should[0] <= extent[2] and extent[1] <= should[3] and should[1] <= extent[3]):
        return ()
    place, place_vi = ("the province", "tỉnh") if near else ("Vietnam", "Việt Nam")
    return (f"It lies outside {place}; is the coordinate system right? · Ảnh nằm ngoài {place_vi}; hệ toạ độ có đúng không?",)


def keep_rasters(folder: Path, layer: Layer, source: str, report: RasterReport, near: Box | None) -> tuple[Path, ...]:
    """Write the report of a load of rasters. Raises OSError."""
    told = describe_rasters(layer, report.rasters, near) | {
        "load_id": report.load_id,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": source,
        "revision": report.state.revision,
    }
    folder.mkdir(parents=True, exist_ok=True)
    page = Environment(autoescape=True).from_string(_PAGE.read_text(encoding="utf-8"))
    html_file, json_file = folder / "report.html", folder / "report.json"
    json_file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    html_file.write_text(page.render(told=told, layer=layer.title), encoding="utf-8")
    return html_file, json_file
