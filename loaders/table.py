# SPDX-License-Identifier: MIT
"""Plain tables: CSV and the sheets of workbooks, in UTF-8, UTF-16 or a legacy encoding, with places in their columns or without.

The table is read twice and never held: once to know its encoding, its number of rows and that each has the columns of the head, then for
the rows. A large one in which nothing is unusual is read by Arrow in the reading process, all others line by line.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import pyarrow
import pyarrow.compute

from loaders.batches import SourceBatch, SourceRow, read_texts
from loaders.childread import Reading
from loaders.dataset import Dataset
from loaders.encoding import canonical, decode, detect
from loaders.places import Places, find_places
from loaders.source import SourceInfo, SourceOptions
from loaders.unpack import Workspace
from server.crs.definitions import Crs, find_crs
from server.errors import SourceRefused

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_TELLING = 2000
_SAMPLE = 200
_SHOWN = 10
_GATHERED = 5000
_LARGE, _BLOCK = 2_000_000, 2_000_000


class TableSource:
    """A table. Raises SourceRefused when it is not text, its rows do not fit its head, or a value is longer than allowed."""

    def __init__(self, workspace: Workspace, dataset: Dataset, options: SourceOptions) -> None:
        self._workspace = workspace  # keeps the folder alive
        self._name = dataset.name
        self._options = options
        self._limits = options.limits
        self._notes: tuple[str, ...] = ()
        self._format = "CSV"
        self._path = dataset.file
        self._reading = Reading(dataset.file, dataset.name, dataset.layer, self._limits)
        if dataset.file.suffix.lower() in (".xlsx", ".xlsm"):
            self._path = self._read_workbook(dataset)
        csv.field_size_limit(self._limits.max_cell_characters)
        self._encoding, self._certainty = self._find_encoding()
        self._head, self._delimiter = self._read_head()
        counted = self._count_quickly()
        self._is_quick = counted is not None
        self._count = self._count_rows() if counted is None else counted

    def _read_workbook(self, dataset: Dataset) -> Path:
        """The sheet as CSV, written by the reading process."""
        target = self._workspace.folder / ".sheet.csv"
        told = self._reading.ask("workbook", target=str(target), max_columns=self._limits.max_columns)
        self._notes, self._format = tuple(told["notes"]), "XLSX"
        self._reading = Reading(target, dataset.name, None, self._limits)
        return target

    def _find_encoding(self) -> tuple[str, float]:
        if self._options.encoding:
            return canonical(self._options.encoding), 1.0
        with self._path.open("rb") as file:
            start = file.read(4)
            mark = next((name for sign, name in _MARKS if start.startswith(sign)), None)
            if mark or self._format == "XLSX":
                return mark or "utf-8", 1.0
            file.seek(0)
            telling = list(islice((line for line in self._blocks(file.readline) if not line.isascii()), _TELLING))
        guess = detect(telling)
        return guess.encoding, guess.score

    def _blocks(self, readline: object) -> Iterator[bytes]:
        most = self._limits.max_cell_characters
        while line := readline(most):  # type: ignore[operator]
            yield line

    def _lines(self) -> Iterator[str]:
        """The lines as text. Raises SourceRefused for one that is too long or holds what no text holds."""
        most = self._limits.max_cell_characters
        codec = self._encoding if self._encoding in ("utf-8-sig", "utf-16") else "utf-8" if self._encoding == "utf-8" else "latin-1"
        is_legacy = codec == "latin-1"
        try:
            with self._path.open(encoding=codec, errors="strict" if codec == "utf-16" else "replace", newline="") as file:
                while line := file.readline(most):
                    if "\x00" in line:
                        raise self._refuse("is not a text table", "không phải bảng văn bản")
                    if len(line) == most:
                        raise self._refuse(f"has a line of more than {most} characters", f"có dòng dài quá {most} ký tự")
                    yield decode(line.encode("latin-1"), self._encoding) if is_legacy and not line.isascii() else line
        except UnicodeError as error:
            raise self._refuse("is not a text table", "không phải bảng văn bản") from error

    def _refuse(self, why: str, why_vi: str, line: int | None = None) -> SourceRefused:
        locator = self._name if line is None else f"{self._name}:{line}"
        return SourceRefused(f"{self._name} {why}.", locator=locator, message_vi=f"{self._name} {why_vi}.")

    def _read_head(self) -> tuple[list[str], str]:
        first = next(self._lines(), "")
        delimiter = max(",;\t|", key=first.count)
        head = [unicodedata.normalize("NFC", name.strip()) for name in next(self._parse(delimiter), [])]
        if not head or len(head) > self._limits.max_columns:
            raise self._refuse("has no readable head line", "không có dòng tiêu đề đọc được")
        if len(set(head)) != len(head) or not all(head):
            raise self._refuse("needs a name of its own for every column", "cần mỗi cột một tên riêng")
        return head, delimiter

    def _parse(self, delimiter: str) -> Iterator[list[str]]:
        reader = csv.reader(self._lines(), delimiter=delimiter)
        try:
            yield from reader
        except csv.Error as error:
            raise self._refuse(f"cannot be read from line {reader.line_num} on", f"không đọc được từ dòng {reader.line_num}") from error

    def _body(self) -> Iterator[list[str]]:
        return (row for row in islice(self._parse(self._delimiter), 1, None) if any(row))

    def _count_quickly(self) -> int | None:
        """The number of rows of a large table without anything unusual; None for others, which are read with care."""
        if self._path.stat().st_size < _LARGE or self._encoding.startswith("utf-16"):
            return None
        with self._path.open("rb") as file:
            head = file.readline(self._limits.max_cell_characters)
            if b'"' in head or head.count(self._delimiter.encode()) + 1 != len(self._head):
                return None
            while block := file.read(1 << 20):
                if b"\x00" in block:
                    return None
        found: int | None = self._reading.ask("count", **self._layout())["rows"]
        return found

    def _layout(self) -> dict[str, object]:
        return {"delimiter": self._delimiter, "width": len(self._head), "block": min(_BLOCK, self._limits.max_cell_characters)}

    def _count_rows(self) -> int:
        wanted, count = len(self._head), 0
        for count, row in enumerate(self._body(), 1):
            if len(row) != wanted:
                raise self._refuse(f"has {len(row)} columns instead of {wanted} in row {count}", f"có dòng {count} không đủ cột", count + 1)
        return count

    @cached_property
    def _places(self) -> Places | None:
        return find_places(self._head, list(islice(self._body(), _SAMPLE)), self._options.xy, self._name)

    def _crs(self) -> Crs | None:
        """What the user said; degrees are WGS 84 unless somebody says otherwise; metres tell nothing."""
        if self._places is None:
            return None
        if self._options.crs:
            return find_crs(self._options.crs)
        return None if self._places.kind == "metres" else find_crs(4326)

    @cached_property
    def info(self) -> SourceInfo:
        """What the table says of itself."""
        samples = list(islice(self._body(), _SHOWN))
        places = self._places
        return SourceInfo(
            name=self._name,
            format=self._format,
            fields=tuple(self._head),
            geometry=places.geometry if places else None,
            crs=self._crs(),
            row_count=self._count,
            encodings={name: (self._encoding.removesuffix("-sig"), self._certainty) for name in self._head},
            samples={name: tuple(row[i] for row in samples if row[i]) for i, name in enumerate(self._head)},
            notes=(*self._notes, *(places.notes if places else ())),
            may_lack_geometry=True,
            place_fields=tuple(dict.fromkeys((self._head[places.x], self._head[places.y]))) if places else (),
        )

    def batches(self, fields: Sequence[str] | None = None, *, shapes: bool = True, most: int | None = None) -> Iterator[SourceBatch]:
        """Every row; empty cells are null; a row without coordinates has no shape."""
        places = self._places if shapes else None
        wanted = {index for index, name in enumerate(self._head) if fields is None or name in fields}
        needed = sorted(wanted | ({places.x, places.y} if places else set()))
        number = 0
        for columns in self._columns_quickly(needed, most) if self._is_quick else self._columns(needed, most):
            count = len(columns[0]) if columns else 0
            by_place = dict(zip(needed, columns, strict=True))
            spread = [by_place.get(index, columns[0]) for index in range(len(self._head))]
            numbers = range(number + 1, number + 1 + count)
            number += count
            yield SourceBatch(numbers, {self._head[i]: by_place[i] for i in sorted(wanted)}, places.read(spread) if places else None)

    def rows(self) -> Iterator[SourceRow]:
        """The same row by row."""
        for batch in self.batches():
            yield from batch.rows()

    def _columns(self, needed: list[int], most: int | None) -> Iterator[list[pyarrow.Array]]:
        body = islice(self._body(), most)
        while part := list(islice(body, _GATHERED)):
            yield [pyarrow.array([_tidy(row[index]) for row in part], pyarrow.string()) for index in needed]

    def _columns_quickly(self, needed: list[int], most: int | None) -> Iterator[list[pyarrow.Array]]:
        for batch, _ in self._reading.batches(list(needed), what="table", most=most, **self._layout()):
            yield [_blank_to_null(read_texts(column, self._read_cell)) for column in batch.columns]

    def _read_cell(self, raw: bytes | None) -> str | None:
        """The text of a cell in the table's encoding."""
        if raw is None:
            return None
        is_utf8 = self._encoding in ("utf-8", "utf-8-sig")
        return _tidy(raw.decode("utf-8", "replace") if is_utf8 else decode(raw, self._encoding))


def _tidy(cell: str) -> str | None:
    return cell.strip() or None if cell.isascii() else unicodedata.normalize("NFC", cell.strip()) or None


def _blank_to_null(texts: pyarrow.Array) -> pyarrow.Array:
    trimmed = pyarrow.compute.ascii_trim_whitespace(texts)
    is_blank = pyarrow.compute.equal(trimmed, "")
    return pyarrow.compute.if_else(is_blank, None, trimmed) if pyarrow.compute.any(is_blank).as_py() else trimmed
