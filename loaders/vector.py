# SPDX-License-Identifier: MIT
"""Files of features that GDAL or Arrow read: shapefile, GeoPackage, GeoJSON, FlatGeobuf, KML, GML, MapInfo, DXF, GPX, GeoParquet.

The file is opened in a process of its own (`loaders.childread`); rows come in batches, so that memory does not grow with the file. Texts
come as bytes and are decoded here, because GDAL drops the last letter of values and names under a `.cpg` of 1258 and knows neither TCVN3
nor VNI.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pyarrow
import pyarrow.compute

from loaders.batches import SourceBatch, SourceRow, read_texts
from loaders.childread import Reading
from loaders.columntext import ColumnTexts
from loaders.curves import FLAGS
from loaders.dataset import Dataset
from loaders.source import SourceInfo, SourceOptions
from loaders.unpack import Workspace
from server.crs.definitions import Crs, find_crs
from server.crs.identify import explain_wkt, identify_wkt
from server.errors import SourceRefused
from server.features.shapes import Shapes

_BYTE_FORMATS = ("ESRI Shapefile",)
# Formats whose texts are often legacy; the rest is UTF-8 by definition and only the first batches are looked at.
_LEGACY_FORMATS = ("ESRI Shapefile", "MapInfo File", "DXF")
_LOOK = 10_000
_CAPITALS = "TCVN3 cannot write toned capitals; capitals were restored by rule. · TCVN3 không có chữ hoa mang dấu; đã khôi phục."


class VectorSource:
    """A layer of a file. Raises SourceRefused when it cannot be opened, its format is not allowed, or it holds several layers."""

    def __init__(self, workspace: Workspace, dataset: Dataset, options: SourceOptions, beside: Reading | None = None) -> None:
        self._workspace = workspace  # keeps the folder alive
        self._dataset = dataset
        self._options = options
        reading = Reading(dataset.file, dataset.name, dataset.layer, options.limits)
        self._reading = reading if beside is None else beside.about(dataset.file)
        self._raw_info = self._reading.ask("info")
        self._reading.layer = self._choose_layer(self._raw_info["layers"])
        if "format" not in self._raw_info:
            raise SourceRefused(f"{dataset.name} holds no layer.", locator=dataset.name, message_vi=f"{dataset.name} không có lớp nào.")

    def forget_texts(self) -> None:
        """Let go of the texts that were decoded."""
        self._texts.forget()

    def _choose_layer(self, layers: list[list[str | None]]) -> str | None:
        """The layer inside, by name; the only one with geometry when none was asked for."""
        names = [name for name, _ in layers if name]
        if self._dataset.layer is not None:
            return self._dataset.layer
        spatial = [name for name, kind in layers if kind is not None and name]
        choices = spatial or names
        if len(choices) > 1:
            listed = ", ".join(choices[:10]) + (" …" if len(choices) > 10 else "")
            name = self._dataset.name
            raise SourceRefused(
                f"{name} holds {len(choices)} layers; say which with --inner-layer: {listed}.",
                locator=name,
                message_vi=f"{name} chứa {len(choices)} lớp; hãy chọn bằng --inner-layer: {listed}.",
            )
        return choices[0] if choices else None

    @cached_property
    def _texts(self) -> ColumnTexts:
        kind = self._raw_info["format"]
        texts = ColumnTexts(is_unicode=kind not in _BYTE_FORMATS, asked=self._options.encoding, declared=self._dataset.declared)
        columns = self._raw_info["texts"]
        if columns:
            most = None if kind in _LEGACY_FORMATS else _LOOK
            for batch, _ in self._reading.batches(columns, geometry=False, most=most):
                texts.note({name: map(self._bytes, batch.column(name).to_pylist()) for name in batch.schema.names})
        texts.decide()
        return texts

    def _bytes(self, value: Any) -> Any:
        """A text of a table read byte by byte comes as UTF-8 of Latin-1; the bytes of the file again."""
        if isinstance(value, bytes) and not value.isascii() and self._raw_info["format"] in _BYTE_FORMATS:
            return value.decode("utf-8", "replace").encode("latin-1", "replace")
        return value

    @cached_property
    def _names(self) -> dict[str, str]:
        """Names of fields in the file -> as meant; those that would clash stay as they are."""
        raw = self._raw_info["fields"]
        meant = [self._texts.name(name) for name in raw]
        return dict(zip(raw, meant if len(set(meant)) == len(meant) else raw, strict=True))

    @cached_property
    def info(self) -> SourceInfo:
        """What the file says of itself, with the encoding found for each text column."""
        told = self._raw_info
        crs, notes = find_source_crs(told["crs"], self._options) if told["geometry"] else (None, ())
        guesses = {self._names[name]: guess for name, guess in self._texts.guesses.items()}
        if "tcvn3" in {guess.encoding for guess in guesses.values()}:
            notes += (_CAPITALS,)
        return SourceInfo(
            name=self._dataset.name,
            format=told["format"],
            fields=tuple(self._names.values()),
            geometry=told["geometry"],
            crs=crs,
            row_count=told["count"],
            encodings={name: (guess.encoding, guess.score) for name, guess in guesses.items()},
            samples={name: guess.samples for name, guess in guesses.items()},
            notes=(*self._dataset.notes, *notes),
        )

    def batches(self, fields: Sequence[str] | None = None, *, shapes: bool = True, most: int | None = None) -> Iterator[SourceBatch]:
        """Every row in file order, text decoded and in NFC."""
        wanted = None if fields is None else [raw for raw, name in self._names.items() if name in fields]
        number, texts = 0, self._texts
        is_own = self._raw_info["format"] != "GeoParquet"  # its WKB is the file's own; any other is written by GDAL
        for batch, shape in self._reading.batches(wanted, geometry=shapes, most=most):
            numbers = range(number + 1, number + 1 + len(batch))
            number += len(batch)
            columns = {
                self._names.get(name, name): self._read(texts, name, column)
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
                if name not in (shape, FLAGS)
            }
            flags = batch.column(FLAGS).true_count if FLAGS in batch.schema.names else 0
            found = Shapes(batch.column(shape).to_pylist(), is_own=is_own, straightened=flags) if shape else None
            yield SourceBatch(numbers, columns, found)

    def rows(self) -> Iterator[SourceRow]:
        """The same row by row."""
        for batch in self.batches():
            yield from batch.rows()

    def _read(self, texts: ColumnTexts, name: str, column: pyarrow.Array) -> pyarrow.Array:
        kind = column.type
        if pyarrow.types.is_floating(kind):
            return pyarrow.compute.if_else(pyarrow.compute.is_nan(column), None, column)
        if pyarrow.types.is_integer(kind) or pyarrow.types.is_boolean(kind):
            return column
        if pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind):
            return read_texts(column, lambda value: None if value is None else texts.read(name, self._bytes(value)))
        return pyarrow.array([self._value(texts, name, value) for value in column.to_pylist()], pyarrow.string())

    def _value(self, texts: ColumnTexts, name: str, value: Any) -> str | None:
        """Dates, lists and whatever else there is, as text."""
        if value is None:
            return None
        if isinstance(value, list):
            return ", ".join(texts.read(name, self._bytes(v)) if isinstance(v, bytes) else str(v) for v in value)
        return value.isoformat() if hasattr(value, "isoformat") else str(value)


def find_source_crs(told: str | None, options: SourceOptions) -> tuple[Crs | None, tuple[str, ...]]:
    """The CRS to load with and sentences for the plan: what the user says wins over what the file says; an unknown CRS is None."""
    declared = identify_wkt(told) if told else None
    if options.crs is not None:
        chosen = find_crs(options.crs)
        if declared is not None and declared.code != chosen.code:
            return chosen, (f"The file says EPSG:{declared.code}; EPSG:{chosen.code} is used as asked.",)
        return chosen, ()
    if declared is None and told:
        trap = explain_wkt(told)
        if trap:
            return None, (f"{trap[0]}. · {trap[1]}.",)
        return None, ("The file names a coordinate system that is not known here; say it with --crs.",)
    return declared, ()
