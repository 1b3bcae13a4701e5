# SPDX-License-Identifier: MIT
"""Features that came in several files of one kind, page after page, as one source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pyarrow

from loaders.batches import SourceBatch, SourceRow
from loaders.childread import Reading
from loaders.dataset import Dataset
from loaders.source import SourceInfo, SourceOptions
from loaders.unpack import Workspace
from loaders.vector import VectorSource
from server.errors import SourceRefused

_ANY = "Unknown"


class PagedSource:
    """Pages as one source; one reading process (given with the options) looks at all of them. `features`: how many they hold together.

    Raises SourceRefused when a page cannot be read, or is in another coordinate system than the first.
    """

    def __init__(self, files: Sequence[Path], name: str, how: tuple[SourceOptions, Reading], features: int) -> None:
        options, self._reading = how  # the process goes with it
        self._name = name
        self._pages = tuple(VectorSource(Workspace(file, options.limits), Dataset(file, name), options, self._reading) for file in files)
        if self.info.row_count != features:
            raise SourceRefused(
                f"{name}: of {features} features only {self.info.row_count} can be read.",
                locator=name,
                message_vi=f"{name}: chỉ đọc được {self.info.row_count} trong {features} đối tượng.",
            )

    @cached_property
    def info(self) -> SourceInfo:
        """What the pages say together: fields of all, the kind of geometry they share."""
        told = [page.info for page in self._pages]
        crs = {info.crs.code if info.crs else None for info in told}
        if len(crs) > 1:
            raise SourceRefused(
                f"{self._name}: pages are in different coordinate systems ({', '.join(map(str, crs))}).",
                locator=self._name,
                message_vi=f"{self._name}: các trang có hệ toạ độ khác nhau.",
            )
        kinds = {info.geometry for info in told}
        return replace(
            told[0],
            fields=tuple(dict.fromkeys(name for info in told for name in info.fields)),
            geometry=kinds.pop() if len(kinds) == 1 else _ANY,
            row_count=sum(info.row_count for info in told),
            notes=tuple(dict.fromkeys(note for info in told for note in info.notes)),
        )

    def batches(self, fields: Sequence[str] | None = None, *, shapes: bool = True, most: int | None = None) -> Iterator[SourceBatch]:
        """Every row, numbered through all pages; a field a page lacks is empty there."""
        wanted = self.info.fields if fields is None else tuple(fields)
        before = 0
        for page in self._pages:
            if most is not None and before >= most:
                return
            for batch in page.batches([name for name in wanted if name in page.info.fields], shapes=shapes, most=most):
                empty = pyarrow.nulls(len(batch.numbers), pyarrow.string())
                columns = {name: batch.columns.get(name, empty) for name in wanted}
                kept = [None] * len(batch.numbers) if shapes and batch.shapes is None else batch.shapes
                yield SourceBatch([before + number for number in batch.numbers], columns, kept)
            page.forget_texts()
            before += page.info.row_count

    def rows(self) -> Iterator[SourceRow]:
        """The same row by row."""
        for batch in self.batches():
            yield from batch.rows()
