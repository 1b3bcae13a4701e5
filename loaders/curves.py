# SPDX-License-Identifier: MIT
"""Curves on their way out of the reading process: arcs become chords of one degree, so they leave the arc by 0.004 % of its radius at most.

What no library here can straighten (a curve in a mixed collection, solids) goes as a shape that cannot be read, and its row is rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy

# Degrees of an arc from one vertex to the next.
STEP = 1
# The column that tells which rows were straightened; no field of a file has such a name, because ours hold no colon.
FLAGS = "straightened:"
_COLLECTION, _FIRST_CURVE, _LAST_CURVE = 7, 8, 12
# Of WKB: byte order and type.
_HEAD = 5


def straighten(file: tuple[str, str | None, dict[str, str]], batches: Any, shape: str) -> Iterator[Any]:
    """Batches of a file (path, layer, options to open it) without curves, each with a column more: which rows had one."""
    import pyarrow

    path, layer, options = file
    offset = 0
    for batch in batches:
        kinds = _list_kinds(batch.column(shape))
        curved = (kinds >= _FIRST_CURVE) & (kinds <= _LAST_CURVE)
        plain = None
        if curved.any():
            import pyogrio

            plain = pyogrio.raw.read(path, layer=layer, columns=[], skip_features=offset, max_features=len(batch), **options)[2]
        offset += len(batch)
        columns = list(batch.columns)
        if (kinds >= _COLLECTION).any():
            given = batch.column(shape).to_pylist()
            if plain is not None:
                given = [bytes(line) if is_curved else wkb for line, wkb, is_curved in zip(plain, given, curved.tolist(), strict=True)]
            columns[batch.schema.get_field_index(shape)] = pyarrow.array(_keep_readable(given), batch.column(shape).type)
        yield pyarrow.RecordBatch.from_arrays([*columns, pyarrow.array(curved)], schema=with_flags(batch.schema))


def without_curves(batches: Iterable[Any], shape: str) -> Iterator[Any]:
    """Batches whose curves became shapes that cannot be read: for formats that do not know curves."""
    import pyarrow

    for batch in batches:
        place = batch.schema.get_field_index(shape)
        given = batch.column(place)
        if (_list_kinds(given) >= _COLLECTION).any():
            mended = pyarrow.array(_keep_readable(given.to_pylist()), given.type)
            columns = [mended if index == place else column for index, column in enumerate(batch.columns)]
            batch = pyarrow.RecordBatch.from_arrays(columns, schema=batch.schema)
        yield batch


def with_flags(schema: Any) -> Any:
    """The schema of such batches."""
    import pyarrow

    return schema.append(pyarrow.field(FLAGS, pyarrow.bool_()))


def _list_kinds(column: Any) -> Any:
    """The type in the WKB of each row without its dimensions; 0 for none."""
    import pyarrow

    is_large = pyarrow.types.is_large_binary(column.type)
    width = numpy.dtype("<i8" if is_large else "<i4")
    _, places, data = column.buffers()
    kinds = numpy.zeros(len(column), dtype=numpy.int64)
    if data is None or not len(column):
        return kinds
    offsets = numpy.frombuffer(places, width)[column.offset : column.offset + len(column) + 1].astype(numpy.int64)
    octets = numpy.frombuffer(data, numpy.uint8)
    told = numpy.flatnonzero(numpy.diff(offsets) >= _HEAD)
    starts = offsets[told]
    is_little = octets[starts] == 1
    low = numpy.where(is_little, octets[starts + 1], octets[starts + 4]).astype(numpy.int64)
    high = numpy.where(is_little, octets[starts + 2], octets[starts + 3]).astype(numpy.int64)
    kinds[told] = (low + 256 * high) % 1000
    return kinds


def _keep_readable(given: list[bytes | None]) -> list[bytes | None]:
    """Shapes with empty bytes for those of kinds the checks do not know."""
    return [wkb if not wkb or len(wkb) < _HEAD or _is_readable(wkb) else b"" for wkb in given]


def _is_readable(wkb: bytes) -> bool:
    import shapely

    try:
        shape = shapely.from_wkb(wkb, on_invalid="ignore")
        return shape is None or _is_plain(shape)
    except NotImplementedError:
        return False


def _is_plain(shape: Any) -> bool:
    import shapely

    kind = int(shapely.get_type_id(shape))
    return kind < _COLLECTION or (kind == _COLLECTION and all(_is_plain(part) for part in shapely.get_parts(shape)))
