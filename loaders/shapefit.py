# SPDX-License-Identifier: MIT
"""Shapes made to fit the layer before the write door looks at them, every change counted: heights and measures become fields or go,
collections of one kind become shapes of several parts, empty parts go. Curves were straightened when the file was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
import pyarrow
import shapely

from loaders.curves import STEP
from server.catalog.model import Layer
from server.features.shapes import Shapes

# What may happen to a shape, in both languages; {n} is the number of rows.
_WORDS = {
    "curves": (
        f"{{n}} with curves: straightened, a vertex for every degree of an arc ({STEP}°)",
        "{n} có đường cong: đã chuyển thành đoạn thẳng",
    ),
    "heights_kept": ("{n} with heights: kept in the field {field}", "{n} có độ cao: giữ trong trường {field}"),
    "heights_vary": (
        "{n} whose heights differ from vertex to vertex: the lowest is kept",
        "{n} có độ cao thay đổi theo đỉnh: giữ giá trị thấp nhất",
    ),
    "heights_dropped": ("{n} with heights: dropped", "{n} có độ cao: bị bỏ"),
    "measures_kept": (
        "{n} with measures: the first is kept in the field {field}",
        "{n} có giá trị M: giữ giá trị đầu trong trường {field}",
    ),
    "measures_dropped": ("{n} with measures: dropped", "{n} có giá trị M: bị bỏ"),
    "collections": ("{n} collections of one kind: now shapes of several parts", "{n} tập hợp cùng loại: chuyển thành hình nhiều phần"),
    "empty_parts": ("{n} with empty parts: the parts were left out", "{n} có phần rỗng: đã bỏ phần rỗng"),
}
_COLLECTION = 7
_MAKERS = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)


@dataclass
class ShapeFit:
    """Makes the shapes of batches fit one layer. `changes` counts rows by what happened."""

    layer: Layer
    changes: Counter[str] = field(default_factory=Counter)

    def fit(self, given: Shapes) -> Shapes:
        """The shapes with what the layer can hold; the same object where nothing is to be done."""
        self.changes["curves"] += given.straightened
        if given.are_flat_points:
            return given
        shapes = given.decoded
        several = (shapely.get_type_id(shapes) >= 4) & ~shapely.is_empty(shapes)
        if not several.any():
            return given
        changed = {index: made for index in numpy.flatnonzero(several).tolist() if (made := self._fit_one(shapes[index])) is not None}
        if not changed:
            return given
        wkb = list(given.wkb)
        for index, made in changed.items():
            wkb[index] = bytes(shapely.to_wkb(made))
        return Shapes(wkb, is_own=given.is_own)

    def read_dimensions(self, given: Shapes) -> dict[str, pyarrow.Array]:
        """The fields that keep heights and measures, by layer field; counts what is kept and what is dropped."""
        out: dict[str, pyarrow.Array] = {}
        for name, target, has in (
            ("heights", self.layer.load.heights, shapely.has_z),
            ("measures", self.layer.load.measures, shapely.has_m),
        ):
            flags = numpy.zeros(len(given), dtype=bool) if given.are_flat_points else has(given.decoded)
            if target is not None:
                out[target] = self._read_values(given, flags, name)
            elif flags.any():
                self.changes[f"{name}_dropped"] += int(flags.sum())
        return out

    def texts(self) -> list[tuple[str, str]]:
        """What happened, in English and Vietnamese."""
        told = {"heights_kept": self.layer.load.heights, "measures_kept": self.layer.load.measures}
        return [
            (english.format(n=self.changes[key], field=told.get(key)), vietnamese.format(n=self.changes[key], field=told.get(key)))
            for key, (english, vietnamese) in _WORDS.items()
            if self.changes[key]
        ]

    def _read_values(self, given: Shapes, flags: Any, name: str) -> pyarrow.Array:
        """Per shape its lowest height or its first measure; null where it has none."""
        if not flags.any():
            return pyarrow.nulls(len(given), pyarrow.float64())
        is_height, shapes = name == "heights", given.decoded
        values = numpy.full(len(shapes), numpy.nan)
        places, owners = shapely.get_coordinates(shapes[flags], include_z=is_height, include_m=not is_height, return_index=True)
        if len(places):
            starts = numpy.flatnonzero(numpy.diff(owners, prepend=-1))
            column = places[:, 2]
            found = numpy.minimum.reduceat(column, starts) if is_height else column[starts]
            values[numpy.flatnonzero(flags)[owners[starts]]] = found
            if is_height:
                self.changes["heights_vary"] += int((numpy.maximum.reduceat(column, starts) > found).sum())
        kept = numpy.isfinite(values)
        self.changes[f"{name}_kept"] += int(kept.sum())
        return pyarrow.array(values, pyarrow.float64(), mask=~kept)

    def _fit_one(self, shape: Any) -> Any:
        """The shape without empty parts, of one kind where all its parts are; None when it stays as it is."""
        parts = _list_parts(shape)
        whole = [part for part in parts if not part.is_empty]
        kinds = {int(shapely.get_dimensions(part)) for part in whole}
        is_mixed = shapely.get_type_id(shape) == _COLLECTION
        if is_mixed and self.layer.geometry == "any":
            return None
        if is_mixed and len(kinds) == 1:
            self.changes["collections"] += 1
        elif is_mixed or len(whole) == len(parts):
            return None
        else:
            self.changes["empty_parts"] += 1
        return _MAKERS[kinds.pop()](whole)


def _list_parts(shape: Any) -> Sequence[Any]:
    """The parts of a shape, those of collections in it too."""
    if shapely.get_type_id(shape) < 4:
        return [shape]
    return [part for inner in shapely.get_parts(shape) for part in _list_parts(inner)]


def fits_dimensions(layer: Layer, kind: str | None) -> Mapping[str, str]:
    """Which of the layer's fields for heights and measures a source of this type of geometry (as GDAL names it) may fill."""
    words = (kind or "").replace("2.5D", "Z").replace("3D", "Z").replace("Measured", "M").split()
    is_open = kind in ("Unknown", "Geometry", "GeometryCollection")
    asked = (("heights", layer.load.heights, "Z"), ("measures", layer.load.measures, "M"))
    return {
        name: target for name, target, letter in asked if target and (is_open or any(letter in word for word in words if word.isupper()))
    }
