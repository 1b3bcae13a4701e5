# SPDX-License-Identifier: MIT
"""Batches of rows on their way to the stage, column by column: each distinct value is read once, plain texts are not touched at all."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow
import pyarrow.compute
import pyarrow.csv

from server.catalog.model import Layer, LayerField
from server.db.columns import longest_text
from server.features.faults import Fault
from server.features.readyshapes import ShapeReader
from server.features.validate import VALIDITY, RowValidator, check_validity

_TYPES = {
    "text": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "datetime": pyarrow.timestamp("us", tz="UTC"),
    "geometry": pyarrow.string(),
}
_CONTROLS = bytes(range(32)) + b"\x7f"


@dataclass(frozen=True)
class Coded:
    """A column by its distinct values: for each row the place of its value among them (null: none)."""

    values: Sequence[Any]
    places: pyarrow.Array

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int) -> Any:
        place = self.places[index].as_py()
        return None if place is None else self.values[place]


# What a batch gives for a field: an Arrow array, `Coded`, or a list of values as `convert` takes them.
Column = Any


@dataclass(frozen=True)
class StagedBatch:
    """Rows of a source column by column: their numbers there, values by layer field, geometry as WKB (x = east) in the CRS of the plan."""

    numbers: Sequence[int]
    columns: Mapping[str, Column]
    shapes: Sequence[bytes | None] | None = None

    def row(self, index: int) -> dict[str, Any]:
        """The values of one row, counted from 0."""
        return {name: _item(column, index) for name, column in self.columns.items()}


class BatchReader:
    """Reads batches as `RowValidator` reads rows. Built once per load; `shapes` is None for a layer without geometry."""

    def __init__(self, validator: RowValidator, layer: Layer, shapes: ShapeReader | None) -> None:
        self._validator = validator
        self._layer = layer
        self._shapes = shapes

    def read(self, batch: StagedBatch) -> tuple[bytes, list[tuple[int, Fault]]]:
        """The good rows as CSV for the stage (columns: `bulk_columns`), and the bad ones by their number with their first fault."""
        bad: set[int] = set()
        columns: dict[str, Any] = {"source_row": pyarrow.array(batch.numbers, pyarrow.int64())}
        if self._shapes is not None:
            shapes = batch.shapes if batch.shapes is not None else [None] * len(batch.numbers)
            columns["geom"], columns["wkb"] = self._shapes.read(shapes)
        elif batch.shapes is not None:
            bad.update(index for index, shape in enumerate(batch.shapes) if shape is not None)
        keys: dict[str, Any] = {}
        for name in self._validator.fields:
            values, texts, faulty = self._read_column(name, batch.columns.get(name), len(batch.numbers))
            columns[name] = values
            if texts is not None:
                keys[f"key:{name}"] = texts
            bad.update(faulty)
        if self._layer.validity and all(name in columns for name in VALIDITY):
            begin, end = (columns[name] for name in VALIDITY)
            bad.update(_places(pyarrow.compute.less(end, begin)))
        table = pyarrow.table({**columns, **keys})
        faults = [(int(batch.numbers[index]), self._explain(batch, index)) for index in sorted(bad)]
        if bad:
            table = table.take(pyarrow.array([index for index in range(len(table)) if index not in bad], pyarrow.int64()))
        out = io.BytesIO()
        pyarrow.csv.write_csv(table, out, pyarrow.csv.WriteOptions(include_header=False))
        return out.getvalue(), faults

    def _explain(self, batch: StagedBatch, index: int) -> Fault:
        outcome = self._validator.read_row(batch.row(index))
        if isinstance(outcome, Fault):
            return outcome
        if batch.shapes is not None and batch.shapes[index] is not None and not self._layer.has_geometry:
            return Fault("geometry_none", "geometry")
        return check_validity(dict(zip(self._validator.fields, outcome[0], strict=True))) or Fault("validity", "valid_to")

    def _read_column(self, name: str, given: Column, count: int) -> tuple[Any, Any, list[int]]:
        """The values, for links and further geometries the keys, and which rows are at fault."""
        field = self._layer.fields.get(name)
        kind = "date" if field is None else "integer" if field.link else field.type
        is_read_later = name in self._validator.links
        if given is None or len(given) == 0:
            empty = pyarrow.nulls(count, _TYPES[kind])
            return empty, pyarrow.nulls(count, pyarrow.string()) if is_read_later else None, []
        if field is not None and kind == "text" and not (field.codes or field.pattern) and is_plain_text(given, longest_text(field)):
            return given, None, []
        if field is not None and kind in ("integer", "number") and not is_read_later and _is_plain_number(given, field):
            return given.cast(_TYPES[kind]), None, []
        distinct, spread = _split(given)
        read = [self._validator.read_value(name, value) for value in distinct]
        wrong = [index for index, value in enumerate(read) if isinstance(value, Fault)]
        good = [None if isinstance(value, Fault) else value for value in read]
        texts = None
        if is_read_later:
            texts = spread(pyarrow.array([value if isinstance(value, str) else None for value in good], pyarrow.string()))
            good = [value if isinstance(value, int) else None for value in good]
        flags = [False] * len(good)
        for index in wrong:
            flags[index] = True
        faulty = _places(spread(pyarrow.array(flags, pyarrow.bool_()))) if wrong else []
        return spread(pyarrow.array(good, _TYPES[kind])), texts, faulty


def is_plain(column: Column) -> bool:
    """Whether a column is an Arrow array of bytes or texts, all of them ASCII without control characters."""
    if not isinstance(column, pyarrow.Array) or not (pyarrow.types.is_binary(column.type) or pyarrow.types.is_string(column.type)):
        return False
    offsets, data = memoryview(column.buffers()[1]).cast("i"), column.buffers()[2]
    # an array may be a part of a larger one: only its own bytes count
    text = bytes(memoryview(data)[offsets[column.offset] : offsets[column.offset + len(column)]]) if data is not None else b""
    return text.isascii() and len(text.translate(None, _CONTROLS)) == len(text)


def is_plain_text(column: Column, longest: int | None = None) -> bool:
    """Whether it is plain, and no text is empty, has blanks around it or is longer than allowed: nothing is left to be read."""
    if not is_plain(column) or not pyarrow.types.is_string(column.type):
        return False
    lengths = pyarrow.compute.min_max(pyarrow.compute.binary_length(column)).as_py()
    if lengths["min"] is None:
        return True
    fits = lengths["min"] > 0 and (longest is None or lengths["max"] <= longest)
    return bool(fits and pyarrow.compute.ascii_trim_whitespace(column).equals(column))


def _is_plain_number(column: Column, field: LayerField) -> bool:
    """Whether an Arrow array holds numbers of the field's type within its bounds, and nothing else."""
    if not isinstance(column, pyarrow.Array):
        return False
    is_whole = pyarrow.types.is_integer(column.type) and column.type != pyarrow.uint64()
    if not (is_whole or (field.type == "number" and pyarrow.types.is_floating(column.type))) or field.codes:
        return False
    span = pyarrow.compute.min_max(column).as_py()
    if span["min"] is None:
        return True
    finite = is_whole or bool(pyarrow.compute.all(pyarrow.compute.is_finite(column)).as_py())
    low, high = (bound if isinstance(bound, (int, float)) else None for bound in (field.min, field.max))
    return finite and (low is None or span["min"] >= low) and (high is None or span["max"] <= high)


def _split(given: Column) -> tuple[list[Any], Callable[[Any], Any]]:
    """The distinct values of a column, and how an array of as many is spread over its rows."""
    if isinstance(given, Coded):
        return list(given.values), lambda values: values.take(given.places)
    if not isinstance(given, pyarrow.Array):
        return list(given), lambda values: values
    coded = given.dictionary_encode()
    return coded.dictionary.to_pylist(), lambda values: values.take(coded.indices)


def _places(flags: Any) -> list[int]:
    found: list[int] = pyarrow.compute.indices_nonzero(pyarrow.compute.fill_null(flags, False)).to_pylist()
    return found


def _item(column: Column, index: int) -> Any:
    value = column[index]
    return value.as_py() if isinstance(value, pyarrow.Scalar) else value
