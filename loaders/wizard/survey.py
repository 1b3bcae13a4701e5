# SPDX-License-Identifier: MIT
"""What the columns and shapes of a source are like, found in one pass; memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy
import pyarrow
import shapely

from loaders.batches import SourceBatch
from loaders.crsguess import sample_points, share_inside
from loaders.source import Source
from loaders.values import NumberRule, read_date, read_number
from loaders.wizard.names import fold_heading
from server.catalog.model import FieldType, GeometryType
from server.db.checks import MAINLAND_BOX
from server.errors import SourceRefused

_MOST_DISTINCT = 5000
_MOST_SHOWN = 12
_CODES = ("ma", "code", "sohieu")
_KINDS: tuple[tuple[frozenset[int], GeometryType], ...] = (
    (frozenset({0}), "point"),
    (frozenset({0, 4}), "multipoint"),
    (frozenset({1, 5}), "multiline"),
    (frozenset({3, 6}), "multipolygon"),
)


@dataclass
class ColumnFacts:
    """One column: how much of it is filled, whether values repeat, its values while they are few (else None), longest text, range."""

    heading: str
    filled: int = 0
    rows: int = 0
    longest: int = 0
    is_repeated: bool = False
    values: dict[Any, int] | None = field(default_factory=dict)
    least: float | None = None
    most: float | None = None
    _native: FieldType | None = None
    _may_be: set[FieldType] = field(default_factory=lambda: {"integer", "number", "date", "datetime"})

    @property
    def type(self) -> FieldType:
        """What fits every value; text where nothing else does, or where digits are a code (`00123`, a column `MA_XA`)."""
        ranked: tuple[FieldType, ...] = ("integer", "number", "date", "datetime")
        fitting = (kind for kind in ranked if self.filled and kind in self._may_be)
        found: FieldType = self._native if self._native else next(fitting, "text")
        is_code = found == "integer" and fold_heading(self.heading).startswith(_CODES)
        return "text" if is_code else found

    @property
    def is_key(self) -> bool:
        """Whether every row has a value of its own."""
        return 0 < self.filled == self.rows and not self.is_repeated

    @property
    def few(self) -> tuple[str, ...]:
        """The values, when they are few and come again and again."""
        if self.values is None or not 2 <= len(self.values) <= _MOST_SHOWN or self.filled < 5 * len(self.values):
            return ()
        return tuple(str(value) for value in self.values)

    def note(self, column: pyarrow.Array) -> None:
        """Look at a batch."""
        self.rows += len(column)
        self.filled += len(column) - column.null_count
        counted = column.value_counts()
        for entry in counted:
            value, often = entry["values"].as_py(), entry["counts"].as_py()
            if value is not None:
                self._note_value(value, often)

    def _note_value(self, value: Any, often: int) -> None:
        if self.values is not None:
            self.is_repeated |= often > 1 or value in self.values
            self.values[value] = self.values.get(value, 0) + often
            if len(self.values) > _MOST_DISTINCT:
                self.values = None
        else:
            self.is_repeated |= often > 1
        if isinstance(value, str):
            self.longest = max(self.longest, len(value))
            self._note_text(value)
            return
        self._native = (
            "boolean" if isinstance(value, bool) else "number" if isinstance(value, float) or self._native == "number" else "integer"
        )
        self._note_number(float(value))

    def _note_text(self, value: str) -> None:
        number = read_number(value, "plain") if self._may_be & {"integer", "number"} else None
        if number is None:
            number = self._read_grouped(value)
        if number is None:
            self._may_be -= {"integer", "number"}
        else:
            self._note_number(number)
            if number != int(number) or "." in value:
                self._may_be.discard("integer")
            if value.lstrip("+-").startswith("0") and value.isdigit() and len(value) > 1:
                self._may_be -= {"integer", "number"}
        if not self._may_be & {"date", "datetime"}:
            return
        found = read_date(value, "day first") or read_date(value, "month first")
        if found is None:
            self._may_be -= {"date", "datetime"}
        elif len(found) > len("2025-07-01"):
            self._may_be.discard("date")

    def _read_grouped(self, value: str) -> float | None:
        rules: tuple[NumberRule, ...] = ("vietnamese", "english")
        return next((number for rule in rules if (number := read_number(value, rule)) is not None), None)

    def _note_number(self, number: float) -> None:
        self.least = number if self.least is None else min(self.least, number)
        self.most = number if self.most is None else max(self.most, number)


@dataclass(frozen=True)
class Survey:
    """A source looked through: its columns, the geometry a layer of it has, whether most of it lies outside Vietnam."""

    columns: tuple[ColumnFacts, ...]
    geometry: GeometryType
    rows: int
    is_abroad: bool


def survey_source(source: Source) -> Survey:
    """Look through all rows. Raises SourceRefused when there are none or the file is damaged."""
    info = source.info
    columns = {name: ColumnFacts(name) for name in info.fields if name not in info.place_fields}
    kinds: set[int] = set()
    rows = 0
    for batch in source.batches():
        rows += len(batch.numbers)
        kinds.update(_kinds_of(batch))
        for name, facts in columns.items():
            facts.note(batch.columns[name])
    if not rows:
        raise SourceRefused(f"{info.name} has no rows to learn from.", locator=info.name, message_vi=f"{info.name} không có dòng nào.")
    geometry = _choose_geometry(kinds) if info.geometry is not None else "none"
    crs = info.crs
    is_abroad = crs is not None and geometry != "none" and share_inside(sample_points(source), crs, MAINLAND_BOX) < 1 / 2
    return Survey(tuple(columns.values()), geometry, rows, is_abroad)


def _kinds_of(batch: SourceBatch) -> Iterator[int]:
    shapes = shapely.from_wkb(numpy.array(list(batch.shapes or ()), dtype=object), on_invalid="ignore")
    filled = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    alone = shapely.get_num_geometries(filled) == 1
    # a multi shape of one part is as good as that part
    yield from numpy.unique(shapely.get_type_id(numpy.where(alone, shapely.get_geometry(filled, 0), filled))).tolist()


def _choose_geometry(kinds: set[int]) -> GeometryType:
    return next((geometry for fitting, geometry in _KINDS if kinds and kinds <= fitting), "any")
