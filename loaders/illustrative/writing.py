# SPDX-License-Identifier: MIT
"""Rows to GeoJSON (with places) or CSV (without), the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import shapely

from loaders.illustrative.kit import Row, Value


def write_rows(folder: Path, layer: str, rows: Sequence[Row]) -> Path:
    """Write `<layer>.geojson` (WGS 84, lon/lat) or, where no row has a shape, `<layer>.csv` (UTF-8); returns the path. Raises OSError."""
    if any(row.shape is not None for row in rows):
        path = folder / f"{layer}.geojson"
        path.write_text(_format_geojson(layer, rows), encoding="utf-8")
        return path
    path = folder / f"{layer}.csv"
    path.write_text(_format_csv(rows), encoding="utf-8", newline="")
    return path


def _mark(row: Row) -> dict[str, Value]:
    return row.values | {"illustrative": True}


def _format_geojson(layer: str, rows: Sequence[Row]) -> str:
    features = []
    for row in rows:
        geometry = json.loads(shapely.to_geojson(row.shape)) if row.shape is not None else None
        features.append({"type": "Feature", "properties": _mark(row), "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "name": layer, "features": features}, ensure_ascii=False, indent=0)


def _format_csv(rows: Sequence[Row]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in _mark(row)))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _spell(value) for name, value in _mark(row).items()})
    return buffer.getvalue()


def _spell(value: Value) -> Value:
    return str(value).lower() if isinstance(value, bool) else value
