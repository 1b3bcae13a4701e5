# SPDX-License-Identifier: MIT
"""The filter tree: what FES, CQL2, KVP BBOX and datetime become. Dumb data; compilers (server/db/where.py) give it meaning.

Geometries are WKT/WKB-free here: a geometry literal is an `Extent`-like box or GeoJSON-shaped coordinates with their CRS code, x before y.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

Value = str | int | float | bool | date | datetime | None
ComparisonOperator = Literal["=", "<>", "<", "<=", ">", ">="]
COMPARISON_OPERATORS: Final[tuple[ComparisonOperator, ...]] = ("=", "<>", "<", "<=", ">", ">=")
SpatialOperator = Literal["intersects", "disjoint", "contains", "within", "touches", "crosses", "overlaps", "equals", "dwithin", "beyond"]


@dataclass(frozen=True)
class Property:
    """A field of the layer, by name. The compiler looks it up in the layer; unknown names are refused there."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A constant; always bound, never written into SQL."""

    value: Value


@dataclass(frozen=True)
class GeometryLiteral:
    """A GeoJSON geometry object (x before y) in the CRS of `epsg`."""

    geojson: dict[str, Any] = field(hash=False)
    epsg: int


@dataclass(frozen=True)
class Box:
    """An axis-parallel box, x = east or longitude, in the CRS of `epsg`."""

    minx: float
    miny: float
    maxx: float
    maxy: float
    epsg: int


Operand = Property | Constant


@dataclass(frozen=True)
class Calculation:
    """What is worked out from fields: a name of `server/filter/calculations.py` and what it works on."""

    name: str
    arguments: tuple[Formula, ...]


Formula = Property | Constant | Calculation


@dataclass(frozen=True)
class Comparison:
    """left operator right; texts without regard to case or accents where the reader says so."""

    operator: ComparisonOperator
    left: Operand
    right: Operand
    match_case: bool = True
    match_accents: bool = True


@dataclass(frozen=True)
class Between:
    """low <= operand <= high."""

    operand: Operand
    low: Operand
    high: Operand


@dataclass(frozen=True)
class Like:
    """Pattern match; `%` any run, `_` one character, `\\` escapes (readers translate their own wildcards into these)."""

    operand: Property
    pattern: str
    match_case: bool = True
    match_accents: bool = True


@dataclass(frozen=True)
class In:
    """The operand is one of the values."""

    operand: Property
    values: tuple[Value, ...]


@dataclass(frozen=True)
class IsNull:
    """The operand has no value."""

    operand: Property


@dataclass(frozen=True)
class Ids:
    """The feature id is one of these."""

    ids: tuple[int, ...]


@dataclass(frozen=True)
class Spatial:
    """A geometry of the feature stands in a relation to a literal; `distance` in metres for dwithin and beyond.

    `shape` is the name of a further geometry of the layer, or `geom` for its own; None is the layer's own, or, for a box, any of them.
    """

    operator: SpatialOperator
    geometry: GeometryLiteral | Box
    distance: float | None = None
    shape: str | None = None


Place = Property | GeometryLiteral | Box


@dataclass(frozen=True)
class SpatialPair:
    """Two places that are both the feature's (geometries of it, by column) or both literals stand in a relation; `distance` in metres."""

    operator: SpatialOperator
    left: Place
    right: Place
    distance: float | None = None


@dataclass(frozen=True)
class Period:
    """The layer's time meets the period; None = open. Bounds are inclusive and timezone-aware."""

    begin: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class Holds:
    """A calculation answers true."""

    calculation: Calculation


@dataclass(frozen=True)
class Words:
    """The texts people search by hold each of the words somewhere, without regard to case and accents."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class And:
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Node


Node = Comparison | Between | Like | In | IsNull | Ids | Spatial | SpatialPair | Period | Holds | Words | And | Or | Not


def compares_moments(node: Node) -> bool:
    """Whether this is a comparison with a moment or a day, which only the database can make: elsewhere fields of times are text."""
    return isinstance(node, Comparison) and any(
        isinstance(side, Constant) and isinstance(side.value, date) for side in (node.left, node.right)
    )


def both(left: Node | None, right: Node | None) -> Node | None:
    """The conjunction of two optional filters."""
    if left is None or right is None:
        return left or right
    return And((left, right))


def count_nodes(node: Node) -> int:
    """How many nodes the tree has, calculations included (compared with limits.max_filter_nodes)."""
    if isinstance(node, And | Or):
        return 1 + sum(count_nodes(part) for part in node.parts)
    if isinstance(node, Not):
        return 1 + count_nodes(node.part)
    if isinstance(node, In):
        return len(node.values)
    if isinstance(node, Holds):
        return _count_calculations(node.calculation)
    return 1


def _count_calculations(formula: Formula) -> int:
    return 1 + sum(_count_calculations(part) for part in formula.arguments) if isinstance(formula, Calculation) else 0
