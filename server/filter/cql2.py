# SPDX-License-Identifier: MIT
"""What CQL2 text and CQL2 JSON share (OGC 21-065r2): the ceilings of a reading, the kinds of operands, and what an operator makes of them.

Operators are called as CQL2 JSON calls them, in small letters. Property names are not looked up here; the compiler refuses unknown ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.crs.axis import Service, axis_order
from server.crs.definitions import CRS84, find_crs
from server.crs.extent import parse_ogcapi_bbox, parse_wfs_bbox
from server.crs.spelling import CrsReference, Spelling
from server.errors import InvalidParameter, LimitExceeded, OperationNotSupported
from server.filter import cql2_functions as functions
from server.filter import tree
from server.filter.cql2_time import TEMPORAL, Span, build_temporal
from server.filter.geojson import read_geojson

_CRS84 = CrsReference(CRS84, Spelling.URL)
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
SPATIAL: dict[str, tree.SpatialOperator] = {
    "s_intersects": "intersects",
    "s_disjoint": "disjoint",
    "s_contains": "contains",
    "s_within": "within",
    "s_touches": "touches",
    "s_crosses": "crosses",
    "s_overlaps": "overlaps",
    "s_equals": "equals",
    "s_dwithin": "dwithin",
    "s_beyond": "beyond",
}
ARRAYS = ("a_equals", "a_contains", "a_containedby", "a_overlaps")
# Not of CQL2: a third operand says how many metres.
_DISTANCE = ("s_dwithin", "s_beyond")
_TURNED: dict[str, tree.SpatialOperator] = {"contains": "within", "within": "contains"}
_FOLDS = ("casei", "accenti")


@dataclass(frozen=True)
class Cql2Reading:
    """What a reader needs to know besides the text.

    `geometry` are the names the layer's geometry goes by (none: spatial operators are refused), `shapes` its further geometries, `crs` the
    system of geometries and boxes (it decides their axis order). Ceilings: characters, levels of nesting, conditions.
    """

    geometry: tuple[str, ...] = ()
    crs: CrsReference = _CRS84
    max_length: int = 4000
    max_depth: int = 50
    max_nodes: int = 500
    locator: str = "filter"
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Folded:
    """An operand compared without regard to case (CASEI), accents (ACCENTI) or both."""

    operand: tree.Formula
    case: bool = False
    accents: bool = False


Term = tree.Property | tree.Constant | tree.Calculation | Folded | Span | tree.GeometryLiteral | tree.Box


def build_condition(operator: str, terms: Sequence[Term], reading: Cql2Reading) -> tree.Node:
    """The node of an operator other than and, or, not.

    Raises InvalidParameter for operands it does not take, OperationNotSupported for functions that are not offered.
    """
    if operator in COMPARISONS:
        return _build_comparison(operator, terms, reading)
    if operator in SPATIAL:
        distance, shapes = _split_distance(operator, terms, reading)
        return replace(_build_spatial(SPATIAL[operator], shapes, reading), distance=distance)
    if operator in TEMPORAL:
        return build_temporal(operator, terms, reading.locator)
    if operator in ARRAYS:
        return functions.relate_arrays(operator, [_require_scalar(term, reading) for term in terms], reading.locator)
    builder = _BUILDERS.get(operator)
    if builder is None:
        return functions.holds(build_calculated(operator, terms, reading), reading.locator)
    return builder(terms, reading)


def build_calculated(name: str, terms: Sequence[Term], reading: Cql2Reading) -> tree.Calculation:
    """Arithmetic or a function (any case). Raises OperationNotSupported for unknown ones, InvalidParameter for wrong operands."""
    formulas = [_fold(term, reading) if isinstance(term, Folded) else _require_scalar(term, reading) for term in terms]
    return functions.build_calculation(name.lower(), formulas, reading.geometry, reading.locator)


def _fold(term: Folded, reading: Cql2Reading) -> tree.Formula:
    return functions.fold_calculation(term.operand, case=term.case, accents=term.accents, locator=reading.locator)


def build_array(terms: Sequence[Term], reading: Cql2Reading) -> tree.Calculation:
    """A list of values, fields and calculations, for the operators of arrays alone. Raises InvalidParameter."""
    return tree.Calculation("array", tuple(_require_scalar(term, reading) for term in terms))


def build_folded(name: str, term: Term, reading: Cql2Reading) -> Folded:
    """CASEI or ACCENTI (any case) around a property, a text or the other of them. Raises InvalidParameter."""
    inner = term if isinstance(term, Folded) else Folded(_require_scalar(term, reading))
    if isinstance(inner.operand, tree.Constant) and not isinstance(inner.operand.value, str):
        raise InvalidParameter(f"{name.upper()} takes a text.", locator=reading.locator)
    return Folded(inner.operand, inner.case or name.lower() == "casei", inner.accents or name.lower() == "accenti")


def build_box(numbers: Sequence[float], reading: Cql2Reading, crs: str | None = None) -> tree.Box:
    """BBOX of four or six numbers in the filter's CRS and its axis order, or in a CRS it names itself (short names: x before y).

    Raises InvalidParameter, InvalidCrs.
    """
    written = ",".join(repr(number) for number in numbers)
    if crs is None:
        extent = parse_ogcapi_bbox(written, reading.crs, locator=reading.locator)
    else:
        extent = parse_wfs_bbox(f"{written},{crs}", reading.crs, "1.1.0", locator=reading.locator)
    return tree.Box(extent.minx, extent.miny, extent.maxx, extent.maxy, extent.crs.code)


def build_geometry(geojson: object, reading: Cql2Reading, srid: int | None = None) -> tree.GeometryLiteral:
    """A GeoJSON-shaped geometry in the filter's CRS and its axis order, or in that of `srid`, x before y.

    Raises InvalidParameter, InvalidCrs.
    """
    if srid is not None:
        crs = find_crs(srid, locator=reading.locator)
        return tree.GeometryLiteral(read_geojson(geojson, "xy", locator=reading.locator), crs.code)
    order = axis_order(reading.crs.crs, Service.OGC_API, "1.0", reading.crs.spelling)
    return tree.GeometryLiteral(read_geojson(geojson, order, locator=reading.locator), reading.crs.crs.code)


def require_small(node: tree.Node, reading: Cql2Reading) -> tree.Node:
    """The node itself. Raises LimitExceeded when it has more conditions than the ceiling."""
    if tree.count_nodes(node) > reading.max_nodes:
        raise LimitExceeded(f"The filter has more than {reading.max_nodes} conditions.", locator=reading.locator)
    return node


def _require_scalar(term: Term, reading: Cql2Reading) -> tree.Formula:
    if isinstance(term, tree.Property | tree.Constant | tree.Calculation):
        return term
    raise InvalidParameter("The filter compares something that has no order: a geometry or an interval.", locator=reading.locator)


def _require_count(terms: Sequence[Term], count: int, reading: Cql2Reading) -> None:
    if len(terms) != count:
        raise InvalidParameter(f"An operator of the filter takes {count} operands, not {len(terms)}.", locator=reading.locator)


def _unfold(terms: Sequence[Term], reading: Cql2Reading) -> tuple[list[tree.Formula], bool, bool]:
    """The operands inside CASEI and ACCENTI, and which of the two stand around all of them; where they differ, each is folded by itself."""
    folded = [term if isinstance(term, Folded) else Folded(_require_scalar(term, reading)) for term in terms]
    if len({(term.case, term.accents) for term in folded}) != 1:
        return [_fold(term, reading) for term in folded], False, False
    return [term.operand for term in folded], folded[0].case, folded[0].accents


def _compare(operator: str, left: tree.Formula, right: tree.Formula, folding: tuple[bool, bool], reading: Cql2Reading) -> tree.Node:
    known = next(each for each in tree.COMPARISON_OPERATORS if each == operator)
    case, accents = folding
    if isinstance(left, tree.Operand) and isinstance(right, tree.Operand):
        return tree.Comparison(known, left, right, not case, not accents)
    sides = [functions.fold_calculation(side, case=case, accents=accents, locator=reading.locator) for side in (left, right)]
    return functions.compare(known, sides[0], sides[1])


def _build_comparison(operator: str, terms: Sequence[Term], reading: Cql2Reading) -> tree.Node:
    _require_count(terms, 2, reading)
    (left, right), case, accents = _unfold(terms, reading)
    return _compare(operator, left, right, (case, accents), reading)


def _build_between(terms: Sequence[Term], reading: Cql2Reading) -> tree.Node:
    _require_count(terms, 3, reading)
    operand, low, high = (_require_scalar(term, reading) for term in terms)
    if isinstance(operand, tree.Operand) and isinstance(low, tree.Operand) and isinstance(high, tree.Operand):
        return tree.Between(operand, low, high)
    return functions.between(operand, low, high)


def _build_like(terms: Sequence[Term], reading: Cql2Reading) -> tree.Node:
    _require_count(terms, 2, reading)
    (operand, pattern), case, accents = _unfold([terms[0], _fold_alone(terms[0], terms[1])], reading)
    if isinstance(operand, tree.Constant) or not isinstance(pattern, tree.Constant) or not isinstance(pattern.value, str):
        raise InvalidParameter("LIKE compares a property with a text.", locator=reading.locator)
    if isinstance(operand, tree.Property):
        return tree.Like(operand, pattern.value, not case, not accents)
    if (len(pattern.value) - len(pattern.value.rstrip("\\"))) % 2:
        raise InvalidParameter("The pattern ends with an escape character that escapes nothing.", locator=reading.locator)
    if case or accents:
        raise OperationNotSupported("LIKE compares a function without CASEI and ACCENTI; use upper or lower.", locator=reading.locator)
    return functions.like(operand, pattern.value)


def _fold_alone(operand: Term, pattern: Term) -> Term:
    """A pattern that is folded and what it is compared with is not becomes what it folds to."""
    if not isinstance(pattern, Folded) or isinstance(operand, Folded) or not isinstance(pattern.operand, tree.Constant):
        return pattern
    text = str(pattern.operand.value)
    text = text.lower() if pattern.case else text
    return tree.Constant(functions.drop_accents(text) if pattern.accents else text)


def _build_in(terms: Sequence[Term], reading: Cql2Reading) -> tree.Node:
    if len(terms) < 2:
        raise InvalidParameter("IN needs values.", locator=reading.locator)
    operands, case, accents = _unfold(terms, reading)
    first, *others = operands
    values = tuple(each.value for each in others if isinstance(each, tree.Constant))
    if isinstance(first, tree.Property) and len(values) == len(others) and not case and not accents:
        return tree.In(first, values)
    return tree.Or(tuple(_compare("=", first, each, (case, accents), reading) for each in others))


def _build_is_null(terms: Sequence[Term], reading: Cql2Reading) -> tree.Node:
    _require_count(terms, 1, reading)
    if isinstance(terms[0], tree.Calculation):
        return tree.Holds(tree.Calculation("is_null", (terms[0],)))
    if not isinstance(terms[0], tree.Property):
        raise InvalidParameter("IS NULL takes a property.", locator=reading.locator)
    return tree.IsNull(tree.Property("geom") if terms[0].name in reading.geometry else terms[0])


def _split_distance(operator: str, terms: Sequence[Term], reading: Cql2Reading) -> tuple[float | None, Sequence[Term]]:
    """The metres of an operator that takes some, and its other operands."""
    if operator not in _DISTANCE:
        return None, terms
    _require_count(terms, 3, reading)
    metres = terms[2].value if isinstance(terms[2], tree.Constant) else None
    if isinstance(metres, bool) or not isinstance(metres, int | float):
        raise InvalidParameter(f"{operator.upper()} takes a geometry, a geometry and a distance in metres.", locator=reading.locator)
    return float(metres), terms[:2]


def _build_spatial(operator: tree.SpatialOperator, terms: Sequence[Term], reading: Cql2Reading) -> tree.Spatial | tree.SpatialPair:
    _require_count(terms, 2, reading)
    places = [term for term in terms if isinstance(term, tree.Place)]
    if len(places) != 2:
        raise InvalidParameter("A spatial operator takes geometries of the collection, geometries or BBOXes.", locator=reading.locator)
    named = [place for place in places if isinstance(place, tree.Property)]
    for name in (place.name for place in named):
        if name not in reading.geometry and name not in reading.shapes:
            shown = name if len(name) <= 60 and name.isprintable() else "…"
            raise InvalidParameter(f"{shown!r} is not the geometry of this collection.", locator=shown)
    shapes = [place for place in places if not isinstance(place, tree.Property)]
    if len(named) != 1:
        left, right = (_name_column(place, reading) for place in places)
        return tree.SpatialPair(operator, left, right)
    name = named[0].name
    turned = operator if isinstance(terms[0], tree.Property) else _TURNED.get(operator, operator)
    own = "geom" if reading.shapes else None  # a box that names the own geometry does not mean the others
    return tree.Spatial(turned, shapes[0], shape=name if name in reading.shapes else own)


def _name_column(place: tree.Place, reading: Cql2Reading) -> tree.Place:
    return tree.Property("geom") if isinstance(place, tree.Property) and place.name not in reading.shapes else place


_BUILDERS = {"between": _build_between, "like": _build_like, "in": _build_in, "isnull": _build_is_null}
