# SPDX-License-Identifier: MIT
"""Shapes that are not valid: where and why, and what a repair would change. Nothing is repaired that nobody asked for.

A repair keeps every vertex (GEOS MakeValid, linework), and of the outcome the parts of the kind the shape had; how much area or length
that changes is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy
import shapely

from loaders.batches import SourceBatch
from loaders.shapelook import ShapeLook
from server.features.faults import translate_validity
from server.features.shapes import as_shapes

Wish = Literal["no", "small", "all"]
# Up to this share of the area (or length) a repair is small: it moves nothing anybody would see.
SMALL = 0.001
_MOST_KEPT = 1000
_PLACE = re.compile(r"\[(\S+) (\S+)")


@dataclass(frozen=True)
class Repair:
    """One invalid shape: its row, why in both languages, where (source coordinates), the share of area or length its repair changes
    (None: it cannot be repaired), and whether it was repaired."""

    number: int
    reason: str
    reason_vi: str
    place: tuple[float, float] | None
    change: float | None
    done: bool

    def text(self) -> str:
        """One line for people, in both languages."""
        where = f" ({self.place[0]:.10g}, {self.place[1]:.10g})" if self.place else ""
        if self.change is None:
            return f"{self.reason}{where}: no repair · {self.reason_vi}: không sửa được"
        what = ("repaired", "đã sửa") if self.done else ("can be repaired", "sửa được")
        size = f"{self.change:.3%}"
        return f"{self.reason}{where}: {what[0]}, area changes by {size} · {self.reason_vi}: {what[1]}, diện tích thay đổi {size}"


@dataclass
class Repairer:
    """Repairs shapes as wished: none, those a repair changes by 0.1 % at most, or all. `found` lists the first 1000 invalid ones."""

    wish: Wish
    found: list[Repair] = field(default_factory=list)
    invalid: int = 0
    repaired: int = 0

    def mend(self, batch: SourceBatch) -> list[bytes | None]:
        """The shapes of a batch, each repaired when it is invalid and that was wished."""
        given = as_shapes(batch.shapes or ())
        shapes, out = given.decoded, list(given.wkb)
        for index in numpy.flatnonzero(~given.valid & ~shapely.is_missing(shapes)).tolist():
            out[index] = self._mend_one(batch.numbers[index], shapes[index]) or out[index]
        return out

    def _mend_one(self, number: int, shape: Any) -> bytes | None:
        """The repaired shape; None when it stays as it is."""
        better, change = _repair(shape)
        done = better is not None and (self.wish == "all" or (self.wish == "small" and change <= SMALL))
        self.invalid += 1
        self.repaired += done
        if len(self.found) < _MOST_KEPT:
            reason = str(shapely.is_valid_reason(shape))
            at = _PLACE.search(reason)
            place = (float(at[1]), float(at[2].rstrip("]"))) if at else None
            words = reason.split("[", 1)[0]
            told = None if better is None else change
            self.found.append(Repair(number, words, translate_validity(words), place, told, done))
        return bytes(shapely.to_wkb(better)) if done else None


def find_invalid(batches: Iterator[SourceBatch], look: ShapeLook | None = None) -> Repairer:
    """Look through rows for invalid shapes and what their repair would change; `look` sees them too."""
    looking = Repairer("no")
    for batch in batches:
        looking.mend(batch)
        if look is not None:
            look.note(batch)
            if look.fit is not None and batch.shapes is not None:
                look.fit.read_dimensions(as_shapes(batch.shapes))
                look.fit.fit(as_shapes(batch.shapes))
    return looking


def _repair(shape: Any) -> tuple[Any, float]:
    """The repaired shape of the same kind (None when nothing of that kind is left) and the share of area or length that changes."""
    size = {1: shapely.length, 2: shapely.area}.get(int(shapely.get_dimensions(shape)))
    if size is None:
        return None, 0.0
    made = shapely.make_valid(shape)
    kind = shapely.get_dimensions(shape)
    parts = [part for part in shapely.get_parts(shapely.get_parts(made)) if shapely.get_dimensions(part) == kind]
    if not parts:
        return None, 0.0
    better = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    before, after = float(size(shape)), float(size(better))
    return better, abs(after - before) / before if before else float("inf")
