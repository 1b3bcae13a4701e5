# SPDX-License-Identifier: MIT
"""Shapes of a batch as they came (WKB, x = east), decoded at most once however many look at them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, overload

import numpy
import shapely

# Bytes of the WKB of a point of two coordinates; no other shape is as long.
_FLAT_POINT = 21
ShapeArray = numpy.ndarray[tuple[int], numpy.dtype[Any]]


class Shapes(Sequence[bytes | None]):
    """WKB by row: None where a row has no shape, empty bytes where there is one that cannot be read.

    `is_own`: a library of ours wrote the WKB, it did not come as it stands in a file; so nothing foreign is hidden in it.
    `straightened`: so many of them were curves.
    """

    def __init__(self, wkb: Sequence[bytes | None], *, is_own: bool = False, straightened: int = 0) -> None:
        self.wkb = wkb if isinstance(wkb, list) else list(wkb)
        self.is_own = is_own
        self.straightened = straightened

    @cached_property
    def are_flat_points(self) -> bool:
        """Whether all that are there are points of two coordinates: told by their length, nothing is decoded."""
        return all(wkb is None or len(wkb) == _FLAT_POINT for wkb in self.wkb)

    @cached_property
    def decoded(self) -> ShapeArray:
        """The shapes; None where there is none or it cannot be read."""
        given: ShapeArray = numpy.array(self.wkb, dtype=object)
        try:
            array: ShapeArray = _decode(given)
        except NotImplementedError:  # curves and solids; PostGIS knows them, and says that they are of the wrong type
            array = numpy.array([_decode_one(wkb) for wkb in self.wkb], dtype=object)
        return array

    @cached_property
    def valid(self) -> numpy.ndarray[tuple[int], numpy.dtype[numpy.bool_]]:
        """Which of them GEOS finds valid; False where there is none."""
        flags: numpy.ndarray[tuple[int], numpy.dtype[numpy.bool_]] = shapely.is_valid(self.decoded)
        return flags

    def __len__(self) -> int:
        return len(self.wkb)

    @overload
    def __getitem__(self, index: int) -> bytes | None: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes | None]: ...

    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes | None] | None:
        return self.wkb[index]


def _decode(wkb: Any) -> Any:
    return shapely.from_wkb(wkb, on_invalid="ignore")


def _decode_one(wkb: bytes | None) -> Any:
    try:
        return _decode(wkb)
    except NotImplementedError:
        return None


def as_shapes(given: Sequence[bytes | None]) -> Shapes:
    """The same, ready to be decoded."""
    return given if isinstance(given, Shapes) else Shapes(given)
