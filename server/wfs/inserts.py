# SPDX-License-Identifier: MIT
"""Inserts by the thousand: features of one type that bring the same properties are read by a plan made once.

Whatever is not plain - another kind of geometry, elements inside a value, any mistake - is left to `EditPlanner.plan`, which words it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from server.catalog.model import Layer
from server.errors import XanhError
from server.filter.gmlpoint import PointReader
from server.filter.gmlshape import GmlReading
from server.query.edits import Edit, NewFeatures
from server.wfs.edits import VALIDITY, EditPlanner, read_text, read_words
from server.wfs.schema import GEOMETRY, shape_names
from server.wfs.transactionactions import Insert, property_name
from server.xmlio.alike import Alike
from server.xmlio.parse import Element, local_name

_Kind = Literal["passed over", "text", "other", "geometry"]
_Shape = tuple[str, ...]


@dataclass(frozen=True)
class _Plan:
    """What the elements of a feature mean, in their order."""

    layer: Layer
    target: Layer
    columns: tuple[tuple[str, _Kind], ...]


class InsertReader:
    """Reads the new features of one transaction; `plan` is the way for those that are not plain."""

    def __init__(self, planner: EditPlanner) -> None:
        self._planner = planner
        self._plans: dict[_Shape, _Plan | None] = {}
        self._points: dict[str | None, PointReader] = {}

    def read(self, action: Insert) -> Edit | None:
        """The feature as a change, None when it is not plain."""
        feature, handle = action.feature, action.handle
        elements = list(feature)
        shape = _shape_of(feature)
        try:
            plan = self._plans[shape]
        except KeyError:
            plan = self._plans[shape] = self._make_plan(feature)
        points = self._points.get(action.srs_name) or self._open_points(action.srs_name)
        if plan is None or points is None:
            return None
        values: dict[str, Any] = {}
        place: tuple[float, float, int] | None = None
        for (name, kind), element in zip(plan.columns, elements, strict=True):
            if kind == "passed over":
                continue
            if kind == "geometry":
                place = _read_point(element, points)
                if place is None:
                    return None
                continue
            if len(element):
                return None
            value: Any = (element.text or "").strip() if kind == "text" else read_text(plan.layer, name, element)
            if value is not None and value != "":
                values[name] = value
        if place is None:
            return Edit("insert", plan.target, values=values, handle=handle)
        x, y, epsg = place
        return Edit("insert", plan.target, values=values, geometry={"type": "Point", "coordinates": [x, y]}, epsg=epsg, handle=handle)

    def read_alike(self, action: Insert, alike: Alike) -> Edit | None:
        """All the new features of a transaction whose first is `action`, the others being written alike.

        None when one is not plain, or lacks what others have.
        """
        first = self.read(action)
        plan = self._plans[_shape_of(action.feature)]
        if first is None or plan is None:
            return None
        columns: dict[str, list[Any]] = {}
        points: Sequence[Sequence[float]] | None = None
        for (name, kind), element in zip(plan.columns, action.feature, strict=True):
            if kind == "geometry":
                # a point of another form than the first's cannot be among them, but one that cannot be read can
                read = self._points[action.srs_name].read_alike(element[0], alike.texts[element[0][0]])
                if read is None:
                    return None
                points = read
            elif kind != "passed over" and element in alike.texts:
                columns[name] = _read_texts(plan.layer, name, kind, alike.texts[element])
        columns = {name: column for name, column in columns.items() if any(column)}
        if all(map(all, columns.values())):
            return replace(first, many=NewFeatures(alike.count, columns, points))
        return None

    def _make_plan(self, feature: Element) -> _Plan | None:
        try:
            layer = self._planner.find_layer(local_name(feature))
            names = [property_name(element) for element in feature]
            columns = [(f"gml {place}", "passed over") if name is None else self._classify(layer, name) for place, name in enumerate(names)]
        except XanhError:
            return None
        plain = [(name, kind) for name, kind in columns if kind is not None]
        named = [name for name, _ in plain]
        if len(plain) < len(columns) or len(set(named)) < len(named):
            return None
        return _Plan(layer, self._planner.planner.catalog.layer(layer.id), tuple(plain))

    def _classify(self, layer: Layer, written: str) -> tuple[str, _Kind | None]:
        """The property of that name and how it is read; no kind for one that is not plain."""
        name = self._planner.find_property(layer, written)
        if name == GEOMETRY or name in shape_names(layer):
            return name, "geometry" if name == GEOMETRY else None
        known = layer.fields.get(name)
        if name in VALIDITY:
            return name, "text"
        if known is None or known.computed is not None or known.read_only:
            return name, "passed over"
        return name, "other" if known.link or known.type in ("date", "datetime") else "text"

    def _open_points(self, srs_name: str | None) -> PointReader | None:
        try:
            reference = self._planner.read_crs(srs_name)
        except XanhError:
            return None
        reading = GmlReading(reference, self._planner.version, self._planner.planner.crs, GEOMETRY)
        return self._points.setdefault(srs_name, PointReader(reading))


def _shape_of(feature: Element) -> _Shape:
    return (feature.tag, *[element.tag for element in feature])


def _read_texts(layer: Layer, name: str, kind: _Kind, texts: Sequence[str]) -> list[Any]:
    stripped = list(map(str.strip, texts))
    if kind == "text":
        return stripped
    known = {text: read_words(layer, name, text or None) for text in set(stripped)}
    return [known[text] for text in stripped]


def _read_point(element: Element, points: PointReader) -> tuple[float, float, int] | None:
    if len(element) != 1:
        return None
    try:
        return points.read(element[0])
    except XanhError:
        return None
