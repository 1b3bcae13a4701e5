# SPDX-License-Identifier: MIT
"""One sheet of an XLSX workbook as CSV; runs in the reading process.

Formulas are never worked out: the value the workbook holds is taken, and a formula without one leaves the cell empty. Titles above the
table are passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl

from loaders.child import RefusedError

_LOOK = 30


def write_csv(path: Path, target: Path, sheet: str | None, max_columns: int) -> dict[str, Any]:
    """Write a sheet (by name; the only one with content when not told) as CSV with a head line. Answers notes for the plan.

    Raises RefusedError: no such sheet, several with content, no head line.
    """
    stored = openpyxl.load_workbook(path, read_only=True, data_only=True)
    written = openpyxl.load_workbook(path, read_only=True, data_only=False)
    name = sheet or _choose(stored)
    if name not in stored.sheetnames:
        raise RefusedError(f"there is no sheet {name!r}; it has {', '.join(stored.sheetnames[:10])}")
    start, width, above = _find_head(stored[name], max_columns)
    formulas = lost = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        pairs = zip(stored[name].iter_rows(max_col=width), written[name].iter_rows(max_col=width), strict=False)
        for number, (values, sources) in enumerate(pairs, 1):
            if number < start:
                continue
            for value, source in zip(values, sources, strict=False):
                if source.data_type == "f":
                    formulas += 1
                    lost += value.value is None
            cells = [_text(cell.value) for cell in values]
            writer.writerow(cells + [""] * (width - len(cells)))
    notes = []
    if above:
        notes.append(f"{above} rows above the table were passed over. · Bỏ qua {above} dòng phía trên bảng.")
    if formulas:
        notes.append(f"{formulas} formulas: the stored values were taken. · {formulas} công thức: lấy giá trị đã lưu.")
    if lost:
        notes.append(f"{lost} formulas hold no value; these cells are empty. · {lost} công thức không có giá trị; ô để trống.")
    return {"notes": notes, "sheet": name}


def _choose(book: Any) -> str:
    full = [sheet.title for sheet in book.worksheets if any(any(c is not None for c in row) for row in _first_rows(sheet))]
    if len(full) != 1:
        raise RefusedError(f"{len(full)} sheets hold something; say which with --inner-layer: {', '.join(full[:10])}")
    return str(full[0])


def _first_rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    yield from sheet.iter_rows(max_row=_LOOK, values_only=True)


def _find_head(sheet: Any, max_columns: int) -> tuple[int, int, int]:
    """The row of the head (from 1), how many columns it has, and how many filled rows stand above it."""
    rows = [list(row) for row in _first_rows(sheet)]
    filled = [sum(cell not in (None, "") for cell in row) for row in rows]
    most = max(filled, default=0)
    start = next((i for i, count in enumerate(filled) if count and 2 * count > most), None)
    if start is None:
        raise RefusedError("the sheet has no head line")
    width = max(i for i, cell in enumerate(rows[start], 1) if cell not in (None, ""))
    if width > max_columns:
        raise RefusedError(f"the sheet has more than {max_columns} columns")
    return start + 1, width, sum(count > 0 for count in filled[:start])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)
