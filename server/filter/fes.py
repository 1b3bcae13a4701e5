# SPDX-License-Identifier: MIT
"""Filter Encoding 1.0, 1.1 (04-095) and 2.0 (09-026r2) as the filter tree: comparison, logical, spatial and temporal operators, ids.

The versions share one reader: what they call differently (PropertyName and ValueReference, FeatureId and ResourceId) means the same.

Values stay text (the layer's field decides their type later), coordinates are turned to x before y by `server.crs.axis`.
Property names lose prefix and type name; whether the layer has them is for the reader of the tree to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from server.errors import InvalidParameter, LimitExceeded, OperationNotSupported
from server.filter.fes_time import TEMPORAL, read_temporal
from server.filter.fes_value import NAMES, FesReading, names_id, read_expression, read_property_name, shown
from server.filter.gmlshape import GmlReading, read_box, read_shape
from server.filter.tree import (
    And,
    Between,
    Calculation,
    Comparison,
    ComparisonOperator,
    Constant,
    Formula,
    Holds,
    Ids,
    IsNull,
    Like,
    Node,
    Not,
    Or,
    Property,
    Spatial,
    SpatialOperator,
    count_nodes,
)
from server.xmlio.namespaces import Namespace
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
# Lengths by the names filters call them.
METRES = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), 1.0),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), 1000.0),
    **dict.fromkeys(("ft", "foot", "feet", "[ft_i]"), 0.3048),
    **dict.fromkeys(("mi", "mile", "miles", "statute miles", "[mi_i]"), 1609.344),
    **dict.fromkeys(("nm", "nmi", "nautical miles", "[nmi_i]"), 1852.0),
}
_ID_ELEMENTS = ("FeatureId", "GmlObjectId", "ResourceId")
_ID = re.compile(r"\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"\+?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def read_fes(element: Element, reading: FesReading) -> Node:
    """The tree of an `ogc:Filter` or `fes:Filter`.

    Raises InvalidParameter for what the standard does not allow, OperationNotSupported for older versions of features, InvalidCrs,
    LimitExceeded for filters larger than the ceilings.
    """
    if local_name(element) != "Filter":
        raise InvalidParameter(f"A filter must be a Filter element, not {shown(local_name(element))}", locator=reading.locator)
    node = _Reader(reading).read_filter(element)
    if count_nodes(node) > reading.max_nodes:
        raise LimitExceeded(f"The filter has more than {reading.max_nodes} conditions", locator=reading.locator)
    return node


def read_place(element: Element, reading: FesReading) -> Node:
    """The tree of one spatial operator. Raises InvalidParameter, InvalidCrs."""
    return _Reader(reading).read_place(element)


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
            "PropertyIsNull": self._read_null,
            # what has no value is left out of answers, whatever the reason (09-026r2 7.7.3.7)
            "PropertyIsNil": self._read_null,
            "BBOX": self._read_bbox,
        }

    def read_filter(self, element: Element) -> Node:
        parts = children(element)
        ids = [part for part in parts if local_name(part) in _ID_ELEMENTS]
        if ids and len(ids) == len(parts):
            return self._read_feature_ids(ids)
        if len(parts) != 1:
            raise self._refuse("A filter holds one condition, or feature ids only")
        return self._read(parts[0])

    def read_place(self, element: Element) -> Node:
        name = local_name(element)
        return self._read_bbox(element) if name == "BBOX" else self._read_spatial(element, SPATIAL.get(name, "intersects"))

    def _read(self, element: Element) -> Node:
        name = local_name(element)
        if name in COMPARISONS:
            return self._read_comparison(element, COMPARISONS[name])
        if name in SPATIAL:
            return self._read_spatial(element, SPATIAL[name])
        if name == "Intersect":  # of Filter Encoding 1.0 (02-059 9)
            return self._read_spatial(element, "intersects")
        if name in TEMPORAL:
            return read_temporal(element, self._reading)
        if name in _ID_ELEMENTS:
            return self._read_feature_ids([element])
        reader = self._logical.get(name)
        if reader is None:
            raise self._refuse(f"The operator {shown(name)} is not known")
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
        parts = children(element)
        operands = [read_expression(child, self._reading) for child in parts]
        if len(operands) != 2:
            raise self._refuse(f"{local_name(element)} takes two operands")
        asked = [one.value for one in operands if isinstance(one, Constant)]
        if operator == "=" and asked and any(self._is_id(part) for part in parts) and _matches_case(element):
            return read_ids([str(asked[0])], self._reading)  # by the index
        return self._compare(operator, operands, _matches_case(element))

    def _compare(self, operator: ComparisonOperator, operands: list[Formula], match_case: bool) -> Node:
        left, right = operands
        if not isinstance(left, Calculation) and not isinstance(right, Calculation):
            return Comparison(operator, left, right, match_case)
        sides = (left, right) if match_case else (Calculation("lower", (left,)), Calculation("lower", (right,)))
        return Holds(Calculation(operator, sides))

    def _read_between(self, element: Element) -> Node:
        operands: list[Formula] = []
        for child in children(element):
            inner = children(child) if local_name(child) in ("LowerBoundary", "UpperBoundary") else [child]
            if len(inner) != 1:
                raise self._refuse(f"{local_name(child)} takes one value")
            operands.append(read_expression(inner[0], self._reading))
        if len(operands) != 3:
            raise self._refuse("PropertyIsBetween takes a property, a LowerBoundary and an UpperBoundary")
        value, low, high = operands
        if isinstance(value, Calculation) or isinstance(low, Calculation) or isinstance(high, Calculation):
            return And((self._compare(">=", [value, low], True), self._compare("<=", [value, high], True)))
        return Between(value, low, high)

    def _read_like(self, element: Element) -> Node:
        literal = first_child(element, "Literal")
        if literal is None:
            raise self._refuse("PropertyIsLike needs a Literal")
        escape = attribute(element, "escapeChar") or attribute(element, "escape") or "\\"
        marks = (attribute(element, "wildCard") or "*", attribute(element, "singleChar") or "?", escape)
        if any(len(mark) != 1 for mark in marks) or len(set(marks)) != 3:
            raise self._refuse("wildCard, singleChar and escapeChar must be three different characters")
        pattern = _translate_pattern(literal.text or "", marks)
        ids = [read_expression(child, self._reading) for child in children(element) if self._is_id(child)]
        if ids:
            return Holds(Calculation("like" if _matches_case(element) else "like_any_case", (ids[0], Constant(pattern))))
        return Like(self._find_property(element), pattern, _matches_case(element))

    def _read_null(self, element: Element) -> Node:
        if any(self._is_id(child) for child in children(element)):
            return IsNull(Property("id"))
        return IsNull(self._find_property(element))

    def _is_id(self, element: Element) -> bool:
        return local_name(element) in NAMES and names_id(text_of(element), self._reading)

    def _read_bbox(self, element: Element) -> Node:
        shape, name = self._split_geometry(element)
        return Spatial("intersects", read_box(shape, self._gml), shape=name)

    def _read_spatial(self, element: Element, operator: SpatialOperator) -> Node:
        shape, name = self._split_geometry(element)
        geometry = read_box(shape, self._gml) if local_name(shape) in ("Envelope", "Box") else read_shape(shape, self._gml)
        distance = self._read_distance(element) if operator in ("dwithin", "beyond") else None
        return Spatial(operator, geometry, distance, name)

    def _split_geometry(self, element: Element) -> tuple[Element, str | None]:
        """The geometry operand and, for layers with several, the name of the geometry it is compared with.

        A property must stand beside it, except in a BBOX (04-095 10.2).
        """
        shapes = [child for child in children(element) if local_name(child) not in (*NAMES, "Distance")]
        names = [read_property_name(text_of(child), self._reading) for child in children(element) if local_name(child) in NAMES]
        if len(shapes) != 1 or len(names) > 1:
            raise self._refuse(f"{local_name(element)} takes the layer's geometry and one geometry to compare with")
        if names and names[0] in self._reading.shapes:
            return shapes[0], names[0]
        if names and names[0] not in self._reading.geometry:
            raise InvalidParameter(f"{shown(names[0])} is not the geometry of {self._reading.type_name}", locator=names[0])
        return shapes[0], "geom" if names and self._reading.shapes else None

    def _read_distance(self, element: Element) -> float:
        found = first_child(element, "Distance")
        text = text_of(found) if found is not None else ""
        unit = (attribute(found, "uom") or attribute(found, "units") if found is not None else None) or "m"
        factor = METRES.get(unit.rpartition("#")[2].rpartition(":")[2].strip().lower())
        if factor is None or not _NUMBER.fullmatch(text):
            raise self._refuse("Distance must be a number of 0 or more, in m, km, ft, mi or NM")
        return float(text) * factor

    def _read_feature_ids(self, elements: list[Element]) -> Ids:
        for element in elements:
            if (attribute(element, "version") or "LATEST").upper() != "LATEST" or attribute(element, "startDate"):
                raise OperationNotSupported("Only the latest version of a feature is served", locator="version")
        return read_ids([_read_id(element) for element in elements], self._reading)

    def _find_property(self, element: Element) -> Property:
        found = [read_expression(child, self._reading) for child in children(element) if local_name(child) != "Literal"]
        if len(found) != 1 or not isinstance(found[0], Property):
            raise self._refuse(f"{local_name(element)} needs one property")
        return found[0]

    def _refuse(self, message: str) -> InvalidParameter:
        return InvalidParameter(message, locator=self._reading.locator)


def _read_id(element: Element) -> str:
    return attribute(element, "rid") or attribute(element, "fid") or attribute(element, "id", Namespace.GML) or ""


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
