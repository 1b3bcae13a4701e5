# SPDX-License-Identifier: MIT
"""Shapes that are valid and yet worth a look: the same shape twice, slivers, rows without any. Reported, never changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy
import shapely

from loaders.batches import SourceBatch
from loaders.shapefit import ShapeFit
from server.features.shapes import Shapes, as_shapes

MOST_LISTED = 1000
# So many shapes are remembered to find doubles: memory does not grow with the file.
_MOST_REMEMBERED = 300_000
# Of a circle 1, of a square 0.8, of a strip 300 times as long as wide 0.01.
_THINNEST = 0.01


@dataclass(frozen=True)
class Doubt:
    """One row worth a look, and why in both languages."""

    number: int
    reason: str
    reason_vi: str

    def text(self) -> str:
        """One line for people."""
        return f"{self.reason} · {self.reason_vi}"


@dataclass
class ShapeLook:
    """Looks at batches as they pass. `found` lists the first 1000 doubts; the counts are of all. `fit` is who made the shapes fit."""

    fit: ShapeFit | None = None
    found: list[Doubt] = field(default_factory=list)
    doubles: int = 0
    slivers: int = 0
    missing: int = 0
    _seen: dict[int | None, int] = field(default_factory=dict)

    def note(self, batch: SourceBatch) -> None:
        """Look at the shapes of a batch."""
        if batch.shapes is None:
            return
        shapes = as_shapes(batch.shapes)
        keys = [hash(wkb) if wkb else None for wkb in shapes.wkb]
        self.missing += shapes.wkb.count(None)
        fresh = set(keys)
        if len(fresh) == len(keys) and None not in fresh and fresh.isdisjoint(self._seen):
            room = max(0, _MOST_REMEMBERED - len(self._seen))
            self._seen.update(islice(zip(keys, batch.numbers, strict=True), room))
        else:
            self._note_doubles(keys, batch.numbers)
        self._note_slivers(batch.numbers, shapes)

    def _note_doubles(self, keys: Sequence[int | None], numbers: Sequence[int]) -> None:
        for number, key in zip(numbers, keys, strict=True):
            if key is None:
                continue
            first = self._seen.get(key)
            if first is not None:
                self.doubles += 1
                self._add(Doubt(number, f"the same shape as row {first}", f"trùng hình học với dòng {first}"))
            elif len(self._seen) < _MOST_REMEMBERED:
                self._seen[key] = number

    def _note_slivers(self, numbers: Sequence[int], given: Shapes) -> None:
        if not any(wkb and wkb[1:5] not in _POINTS for wkb in given.wkb):
            return
        shapes = given.decoded
        areas, lengths = shapely.area(shapes), shapely.length(shapes)
        with numpy.errstate(invalid="ignore", divide="ignore"):
            roundness = 4 * math.pi * areas / lengths**2
        for index in numpy.flatnonzero((areas > 0) & (roundness < _THINNEST)).tolist():
            self.slivers += 1
            share = roundness[index]
            self._add(Doubt(numbers[index], f"a sliver (roundness {share:.2g})", f"mảnh hẹp (độ tròn {share:.2g})"))

    def _add(self, doubt: Doubt) -> None:
        if len(self.found) < MOST_LISTED:
            self.found.append(doubt)


# The type of WKB: a point, in both byte orders.
_POINTS = (b"\x01\x00\x00\x00", b"\x00\x00\x00\x01")
