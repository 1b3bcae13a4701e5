# SPDX-License-Identifier: MIT
"""Layers with several geometries in formats whose rows hold one: the further ones as tables of their own, or as texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from server.catalog.projection import PublishedField
from server.encode.files.table import Batch, Batches, FileTable, Part


def apart(parts: Iterable[Part]) -> list[Part]:
    """Each table with its own geometry alone, then one of ids and places for each further geometry: `<table>_<geometry>`.

    No two are called alike, whatever the case of their letters.
    """
    taken: set[str] = set()
    out = []
    for part in (each for one in parts for each in _apart(one)):
        name, number = part.table.name, 1
        while name.lower() in taken:
            number += 1
            name = f"{part.table.name}_{number}"
        taken.add(name.lower())
        out.append(replace(part, table=replace(part.table, name=name)))
    return out


def _apart(part: Part) -> list[Part]:
    table = part.table
    first = 1 + len(table.fields) + table.placed
    own = Part(replace(table, further=()), lambda: (batch[:first] for batch in part.batches()))
    parts = [own] if table.further else [part]
    for position, shape in enumerate(table.further, start=first):
        name = f"{table.name}_{shape.name}"
        other = FileTable(table.layer, name, (), table.system, placed=True, kind=shape.geometry)
        parts.append(Part(other, _pairs(part.batches, position)))
    return parts


def as_texts(part: Part, longest: int | None = None) -> Part:
    """The same table with its further geometries as fields of WKT; what is longer than `longest` characters is left out."""
    table = part.table
    if not table.further:
        return part
    texts = tuple(PublishedField(shape.name, "text", shape.label) for shape in table.further)
    ends = 1 + len(table.fields)
    first = ends + table.placed

    def batches() -> Iterator[Batch]:
        for batch in part.batches():
            written = [_wkt(column, table.digits, longest) for column in batch[first:]]
            yield (*batch[:ends], *written, *batch[ends:first])

    return Part(replace(table, fields=(*table.fields, *texts), further=()), batches)


def _pairs(batches: Batches, position: int) -> Batches:
    """Ids and one geometry of each row that has it."""

    def rows() -> Iterator[Batch]:
        for batch in batches():
            kept = [row for row, place in enumerate(batch[position]) if place is not None]
            if kept:
                yield tuple(batch[0][row] for row in kept), tuple(batch[position][row] for row in kept)

    return rows


def _wkt(places: tuple[Any, ...], digits: int, longest: int | None) -> tuple[str | None, ...]:
    written = shapely.to_wkt(shapely.from_wkb(np.array(places, dtype=object)), rounding_precision=digits)
    return tuple(text if text is not None and (longest is None or len(text) <= longest) else None for text in written.tolist())
