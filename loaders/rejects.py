# SPDX-License-Identifier: MIT
"""Rows that stayed out, as files to mend and load again.

A GeoPackage and a workbook with row number, field and reason in both languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import shapely
import xlsxwriter

from loaders.batches import SourceRow
from loaders.plan import Plan
from server.crs.engines import geopackage_definition
from server.features.bulk import Rejected

_HEAD = ("row", "field", "reason", "ly_do")
_LONGEST_CELL = 32_000


def write_rejects(folder: Path, plan: Plan, reasons: Sequence[Rejected]) -> tuple[Path, ...]:
    """Write `rejected.xlsx` and, where there are geometries, `rejected.gpkg`: rows as the source has them. Answers the files."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(_find(plan, reasons))
    names = plan.info.fields
    files = [folder / "rejected.xlsx"]
    _write_sheet(files[0], names, rows)
    if plan.info.geometry is not None:
        files.append(folder / "rejected.gpkg")
        _write_features(files[1], plan, rows)
    return tuple(files)


def _find(plan: Plan, reasons: Sequence[Rejected]) -> Iterator[tuple[Rejected, SourceRow]]:
    wanted = {item.number: item for item in reasons}
    for batch in plan.source.batches():
        for index, number in enumerate(batch.numbers):
            if number in wanted:
                yield wanted.pop(number), batch.row(index)


def _write_sheet(path: Path, names: Sequence[str], rows: Sequence[tuple[Rejected, SourceRow]]) -> None:
    # texts stay texts: nothing of a foreign file becomes a formula or a link
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    try:
        sheet = book.add_worksheet("rejected")
        sheet.write_row(0, 0, [*_HEAD, *names])
        for at, (item, row) in enumerate(rows, 1):
            told: list[Any] = [item.number, item.field, item.reason, item.reason_vi]
            for column, value in enumerate([*told, *(row.values.get(name) for name in names)]):
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    sheet.write_number(at, column, value)
                elif value is not None:
                    sheet.write_string(at, column, str(value)[:_LONGEST_CELL])
    finally:
        book.close()


def _write_features(path: Path, plan: Plan, rows: Sequence[tuple[Rejected, SourceRow]]) -> None:
    shapes = [shapely.from_wkb(row.wkb, on_invalid="ignore") if row.wkb else None for _, row in rows]
    told = [numpy.array([item.number for item, _ in rows], dtype="int64")]
    texts = [[item.field for item, _ in rows], [item.reason for item, _ in rows], [item.reason_vi for item, _ in rows]]
    names = [name for name in plan.info.fields if name.lower() not in (*_HEAD, "fid", "geom")]
    texts += [[None if row.values.get(name) is None else str(row.values[name]) for _, row in rows] for name in names]
    columns = [*told, *(numpy.array(column, dtype=object) for column in texts)]
    crs = geopackage_definition(plan.info.crs) if plan.info.crs else "EPSG:4326"
    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        path, numpy.array(shapely.to_wkb(shapes), dtype=object), columns, [*_HEAD, *names], crs=crs, geometry_type="Unknown", driver="GPKG"
    )
