# SPDX-License-Identifier: MIT
"""Excel workbooks, written row by row: texts stay texts (never formulas or links), dates are dates, a second sheet explains the columns.

The only importer of xlsxwriter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import shapely
import xlsxwriter

from server.encode.files.further import as_texts
from server.encode.files.table import Batch, FileTable, Part

MAX_ROWS, MAX_TEXT, MAX_SHEET_NAME = 1_048_576, 32_767, 31
_EXPLANATION = "Cột - Columns"
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FIRST_YEAR = 1900  # spreadsheets know no earlier day
_EXACT = 2**53  # and no larger whole number exactly


def write_xlsx(parts: Sequence[Part], target: Path) -> None:
    """A workbook: of each table as many sheets as the rows need, then one with the labels and units of the columns.

    Points stand as x and y in the system asked for, other places and further geometries as WKT where a cell can hold it. Moments are
    in UTC.
    """
    with xlsxwriter.Workbook(str(target), {**_OPTIONS, "tmpdir": str(target.parent)}) as book:
        day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        tables = [as_texts(part, MAX_TEXT) for part in parts]
        for part in tables:
            _write_table(book, part, [_writer_of(str(field.type), day, moment) for field in part.table.fields])
        _explain(book, [part.table for part in tables])


def _write_table(book: Any, part: Part, writers: list[Callable[[Any, int, int, Any], None]]) -> None:
    sheet, row = _begin(book, part.table), 1
    for batch in part.batches():
        for values in _rows(part.table, batch):
            if row == MAX_ROWS:
                sheet, row = _begin(book, part.table), 1
            _write_row(sheet, row, values, writers)
            row += 1


def _sheet_name(book: Any, name: str) -> str:
    """What a sheet is called: no two alike whatever the case of their letters, none longer than a spreadsheet takes."""
    taken = {sheet.get_name().lower() for sheet in book.worksheets()} | {_EXPLANATION.lower()}
    free, number = name[:MAX_SHEET_NAME], 1
    while free.lower() in taken:
        number += 1
        free = f"{name[: MAX_SHEET_NAME - 6]}_{number}"
    return free


def _begin(book: Any, table: FileTable) -> Any:
    sheet = book.add_worksheet(_sheet_name(book, table.name))
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(["id", *(field.name for field in table.fields), *_place_columns(table)]):
        sheet.write_string(0, column, name, bold)
    return sheet


def _place_columns(table: FileTable) -> tuple[str, ...]:
    if table.crs is None:
        return ()
    taken = {field.name.lower() for field in table.fields}
    return tuple(f"{name}_" if name in taken else name for name in (("x", "y") if table.kind == "point" else ("geometry",)))


def _rows(table: FileTable, batch: Batch) -> Iterator[tuple[Any, ...]]:
    if table.crs is None:
        return iter(zip(*batch, strict=True))
    places = shapely.from_wkb(list(batch[-1]))
    written: tuple[Any, ...]
    if table.kind == "point":
        written = (shapely.get_x(places).tolist(), shapely.get_y(places).tolist())
    else:
        written = (shapely.to_wkt(places, rounding_precision=table.digits).tolist(),)
    return iter(zip(*batch[:-1], *written, strict=True))


def _write_row(sheet: Any, row: int, values: tuple[Any, ...], writers: list[Callable[[Any, int, int, Any], None]]) -> None:
    sheet.write_number(row, 0, values[0])
    for column, (value, write) in enumerate(zip(values[1:], writers, strict=False), start=1):
        if value is not None:
            write(sheet, row, column, value)
    for column, value in enumerate(values[len(writers) + 1 :], start=len(writers) + 1):
        if isinstance(value, str) and len(value) <= MAX_TEXT:
            sheet.write_string(row, column, value)
        elif isinstance(value, float) and value == value:
            sheet.write_number(row, column, value)


def _writer_of(kind: str, day: Any, moment: Any) -> Callable[[Any, int, int, Any], None]:
    def write_number(sheet: Any, row: int, column: int, value: float) -> None:
        if abs(value) < _EXACT or (isinstance(value, float) and abs(value) < float("inf")):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, str(value))

    def write_day(sheet: Any, row: int, column: int, value: date) -> None:
        if value.year < _FIRST_YEAR:
            sheet.write_string(row, column, value.isoformat())
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), moment)
        else:
            sheet.write_datetime(row, column, value, day)

    def write_text(sheet: Any, row: int, column: int, value: object) -> None:
        sheet.write_string(row, column, str(value)[:MAX_TEXT])

    if kind in ("integer", "link", "number"):
        return write_number
    if kind == "boolean":
        return lambda sheet, row, column, value: sheet.write_boolean(row, column, value)
    return write_day if kind in ("date", "datetime") else write_text


def _explain(book: Any, tables: Sequence[FileTable]) -> None:
    sheet = book.add_worksheet(_EXPLANATION)
    bold = book.add_format({"bold": True})
    titles: tuple[str, ...] = ("Cột · Column", "Tiếng Việt", "English", "Đơn vị · Unit")
    lines = [line for table in tables for line in _lines(table)]
    if len(tables) > 1:
        titles = (*titles, "Bảng · Table")
        lines = [(*line, table.layer.title.vi) for table in tables for line in _lines(table)]
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text)


def _lines(table: FileTable) -> list[tuple[str, ...]]:
    """Name, labels and unit of each column."""
    lines: list[tuple[str, ...]] = [(field.name, field.label.vi, field.label.en, field.unit or "") for field in table.fields]
    system = f"{table.system.name} (EPSG:{table.system.code})"
    lines += [(name, f"Tọa độ, {system}", f"Coordinates, {system}", table.system.unit) for name in _place_columns(table)]
    return lines
