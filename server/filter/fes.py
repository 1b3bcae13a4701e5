# SPDX-License-Identifier: MIT
"""Filter Encoding 1.1 (04-095) as the filter tree: comparison, logical and spatial operators, feature ids.

Values stay text (the layer's field decides their type later), coordinates are turned to x before y by `server.crs.axis`.
Property names lose prefix and type name; whether the layer has them is for the reader of the tree to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from server.crs.definitions import Crs
from server.crs.spelling import CrsReference
from server.errors import InvalidParameter, LimitExceeded, OperationNotSupported
from server.filter.gmlshape import GmlReading, read_box, read_shape
from server.filter.tree import (
    And,
    Between,
    Comparison,
    ComparisonOperator,
    Constant,
    Ids,
    IsNull,
    Like,
    Node,
    Not,
    Operand,
    Or,
    Property,
    Spatial,
    SpatialOperator,
    count_nodes,
)
from server.xmlio.parse import Element, attribute, children, first_child, local_name, text_of

COMPARISONS: dict[str, ComparisonOperator] = {
    "PropertyIsEqualTo": "=",
    "PropertyIsNotEqualTo": "<>",
    "PropertyIsLessThan": "<",
    "PropertyIsGreaterThan": ">",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThanOrEqualTo": ">=",
}
SPATIAL: dict[str, SpatialOperator] = {
    "Equals": "equals",
    "Disjoint": "disjoint",
    "Touches": "touches",
    "Within": "within",
    "Overlaps": "overlaps",
    "Crosses": "crosses",
    "Intersects": "intersects",
    "Contains": "contains",
    "DWithin": "dwithin",
    "Beyond": "beyond",
}
_METRES = {"m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "km": 1000.0, "kilometre": 1000.0, "kilometers": 1000.0}
_ID = re.compile(r"\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MAX_NAME = 200


@dataclass(frozen=True)
class FesReading:
    """What a reader needs to know besides the XML.

    `type_name` is the layer's id, `geometry` the names its geometry may go by; `default_crs` is for geometries without srsName,
    `offered` the systems the service takes, `version` the WFS version (it decides axis order). Ceilings: `max_nodes`, `max_ids`.
    """

    type_name: str
    default_crs: CrsReference
    version: str = "1.1.0"
    geometry: Collection[str] = ("geom",)
    offered: Collection[Crs] | None = None
    max_nodes: int = 500
    max_ids: int = 2000
    locator: str = "FILTER"


def read_fes(element: Element, reading: FesReading) -> Node:
    """The tree of an `ogc:Filter`.

    Raises InvalidParameter for what the standard does not allow, OperationNotSupported for functions and arithmetic, InvalidCrs,
    LimitExceeded for filters larger than the ceilings.
    """
    if local_name(element) != "Filter":
        raise InvalidParameter(f"A filter must be an ogc:Filter element, not {_shown(local_name(element))}", locator=reading.locator)
    node = _Reader(reading).read_filter(element)
    if count_nodes(node) > reading.max_nodes:
        raise LimitExceeded(f"The filter has more than {reading.max_nodes} conditions", locator=reading.locator)
    return node


def read_ids(texts: Collection[str], reading: FesReading) -> Ids:
    """Feature ids (`stations.12`) as a node; ids of other types or shapes name no feature of this one and match nothing.

    Raises LimitExceeded for more than `max_ids`.
    """
    if len(texts) > reading.max_ids:
        raise LimitExceeded(f"More than {reading.max_ids} feature ids in one request", locator=reading.locator)
    numbers = []
    for text in texts:
        type_name, _, number = text.strip().rpartition(".")
        if type_name.rpartition(":")[2] == reading.type_name and _ID.fullmatch(number):
            numbers.append(int(number))
    return Ids(tuple(numbers))


def read_property_name(text: str, reading: FesReading) -> str:
    """The field a property name means: `xanh:name`, `stations/name`, `/xanh:stations/xanh:name` are all `name`.

    Raises InvalidParameter for paths deeper than that.
    """
    steps = [step.strip().rpartition(":")[2] for step in text.strip().strip("/").split("/")]
    if len(steps) == 2 and steps[0] == reading.type_name:
        steps = steps[1:]
    if len(text) > _MAX_NAME or "@" in text or len(steps) != 1 or not re.fullmatch(r"\w+", steps[0]):
        raise InvalidParameter(f"The property name {_shown(text)} does not name one field", locator=reading.locator)
    return steps[0]


class _Reader:
    """Walks one filter."""

    def __init__(self, reading: FesReading) -> None:
        self._reading = reading
        self._gml = GmlReading(reading.default_crs, reading.version, reading.offered, reading.locator)
        self._logical: dict[str, Callable[[Element], Node]] = {
            "And": lambda element: And(self._read_parts(element)),
            "Or": lambda element: Or(self._read_parts(element)),
            "Not": self._read_not,
            "PropertyIsBetween": self._read_between,
            "PropertyIsLike": self._read_like,
            "PropertyIsNull": lambda element: IsNull(self._find_property(element)),
            "BBOX": self._read_bbox,
        }

    def read_filter(self, element: Element) -> Node:
        parts = children(element)
        ids = [part for part in parts if local_name(part) in ("FeatureId", "GmlObjectId")]
        if ids and len(ids) == len(parts):
            return self._read_feature_ids(ids)
        if len(parts) != 1:
            raise self._refuse("A filter holds one condition, or feature ids only")
        return self._read(parts[0])

    def _read(self, element: Element) -> Node:
        name = local_name(element)
        if name in COMPARISONS:
            return self._read_comparison(element, COMPARISONS[name])
        if name in SPATIAL:
            return self._read_spatial(element, SPATIAL[name])
        if name in ("FeatureId", "GmlObjectId"):
            return self._read_feature_ids([element])
        reader = self._logical.get(name)
        if reader is None:
            raise self._refuse(f"The operator {_shown(name)} is not known")
        return reader(element)

    def _read_parts(self, element: Element) -> tuple[Node, ...]:
        parts = tuple(self._read(child) for child in children(element))
        if not parts:
            raise self._refuse(f"{local_name(element)} needs conditions")
        return parts

    def _read_not(self, element: Element) -> Node:
        parts = self._read_parts(element)
        if len(parts) != 1:
            raise self._refuse("Not takes one condition")
        return Not(parts[0])

    def _read_comparison(self, element: Element, operator: ComparisonOperator) -> Node:
        operands = [self._read_operand(child) for child in children(element)]
        if len(operands) != 2:
            raise self._refuse(f"{local_name(element)} takes two operands")
        return Comparison(operator, operands[0], operands[1], _matches_case(element))

    def _read_between(self, element: Element) -> Node:
        operands: list[Operand] = []
        for child in children(element):
            inner = children(child) if local_name(child) in ("LowerBoundary", "UpperBoundary") else [child]
            if len(inner) != 1:
                raise self._refuse(f"{local_name(child)} takes one value")
            operands.append(self._read_operand(inner[0]))
        if len(operands) != 3:
            raise self._refuse("PropertyIsBetween takes a property, a LowerBoundary and an UpperBoundary")
        return Between(operands[0], operands[1], operands[2])

    def _read_like(self, element: Element) -> Node:
        literal = first_child(element, "Literal")
        if literal is None:
            raise self._refuse("PropertyIsLike needs a Literal")
        escape = attribute(element, "escapeChar") or attribute(element, "escape") or "\\"
        marks = (attribute(element, "wildCard") or "*", attribute(element, "singleChar") or "?", escape)
        if any(len(mark) != 1 for mark in marks) or len(set(marks)) != 3:
            raise self._refuse("wildCard, singleChar and escapeChar must be three different characters")
        return Like(self._find_property(element), _translate_pattern(literal.text or "", marks), _matches_case(element))

    def _read_bbox(self, element: Element) -> Node:
        shape = self._split_geometry(element)
        return Spatial("intersects", read_box(shape, self._gml))

    def _read_spatial(self, element: Element, operator: SpatialOperator) -> Node:
        shape = self._split_geometry(element)
        geometry = read_box(shape, self._gml) if local_name(shape) in ("Envelope", "Box") else read_shape(shape, self._gml)
        distance = self._read_distance(element) if operator in ("dwithin", "beyond") else None
        return Spatial(operator, geometry, distance)

    def _split_geometry(self, element: Element) -> Element:
        """The geometry operand; the property beside it must be the layer's geometry (BBOX may leave it out, 04-095 10.2)."""
        shapes = [child for child in children(element) if local_name(child) not in ("PropertyName", "Distance")]
        names = [read_property_name(text_of(child), self._reading) for child in children(element, "PropertyName")]
        if len(shapes) != 1 or len(names) > 1:
            raise self._refuse(f"{local_name(element)} takes the layer's geometry and one geometry to compare with")
        if names and names[0] not in self._reading.geometry:
            raise InvalidParameter(f"{_shown(names[0])} is not the geometry of {self._reading.type_name}", locator=names[0])
        return shapes[0]

    def _read_distance(self, element: Element) -> float:
        found = first_child(element, "Distance")
        text = text_of(found) if found is not None else ""
        unit = (attribute(found, "units") if found is not None else None) or "m"
        factor = _METRES.get(unit.rpartition("#")[2].rpartition(":")[2].lower())
        if factor is None or not _NUMBER.fullmatch(text):
            raise self._refuse("Distance must be a number in m or km")
        return float(text) * factor

    def _read_feature_ids(self, elements: list[Element]) -> Ids:
        texts = [attribute(element, "fid") or attribute(element, "id", _GML) or "" for element in elements]
        return read_ids(texts, self._reading)

    def _find_property(self, element: Element) -> Property:
        found = first_child(element, "PropertyName")
        if found is None:
            raise self._refuse(f"{local_name(element)} needs a PropertyName")
        return Property(read_property_name(text_of(found), self._reading))

    def _read_operand(self, element: Element) -> Operand:
        name = local_name(element)
        if name == "PropertyName":
            return Property(read_property_name(text_of(element), self._reading))
        if name == "Literal":
            if children(element):
                raise self._refuse("A Literal in a comparison holds text")
            return Constant(element.text or "")
        if name in ("Function", "Add", "Sub", "Mul", "Div"):
            raise OperationNotSupported("Functions and arithmetic are not supported in filters", locator=self._reading.locator)
        raise self._refuse(f"{_shown(name)} is not a property or a value")

    def _refuse(self, message: str) -> InvalidParameter:
        return InvalidParameter(message, locator=self._reading.locator)


_GML = "http://www.opengis.net/gml"


def _matches_case(element: Element) -> bool:
    return (attribute(element, "matchCase") or "true").strip().lower() not in ("false", "0")


def _translate_pattern(text: str, marks: tuple[str, str, str]) -> str:
    """The client's wildcards as `%` and `_`, everything that only looks like one escaped."""
    many, single, escape = marks
    out: list[str] = []
    quoted = False
    for character in text:
        if not quoted and character == escape:
            quoted = True
            continue
        if not quoted and character in (many, single):
            out.append("%" if character == many else "_")
        else:
            out.append(f"\\{character}" if character in "%_\\" else character)
        quoted = False
    if quoted:
        out.append(f"\\{escape}" if escape in "%_\\" else escape)
    return "".join(out)


def _shown(text: str) -> str:
    """A stranger's text, short and printable."""
    return "'" + "".join(character if character.isprintable() else "?" for character in text[:60]) + "'"
