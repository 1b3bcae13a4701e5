# SPDX-License-Identifier: MIT
"""The filter tree as SQL: names looked up in the layer's published fields, values bound, constants (never columns) transformed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_fields, published_shapes, time_fields
from server.db.calculations import as_boolean, compile_formula
from server.db.condition import FALSE, Condition
from server.db.fieldvalues import BIGINT_MAX, Kind, kind_of, read_value
from server.db.where_search import hold_words, narrow_by_search, narrow_like_by_search
from server.db.where_space import compile_pair, compile_spatial
from server.errors import InvalidParameter
from server.filter import tree

# How two texts are made alike, by (case matters, accents matter).
_FOLDS = {
    (True, True): sql.SQL("{}"),
    (False, True): sql.SQL("lower({})"),
    (False, False): sql.SQL("xanh.fold({})"),
    (True, False): sql.SQL("public.unaccent(translate(regexp_replace(normalize({}, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dD'))"),
}


@dataclass(frozen=True)
class _Scope:
    layer: Layer
    kinds: dict[str, Kind]
    is_published: bool = False

    def kind(self, name: str) -> Kind:
        found = self.kinds.get(name)
        if found is None:
            shown = name if len(name) <= 60 and name.isprintable() else "…"
            raise InvalidParameter(f"The layer {self.layer.id!r} has no field {shown!r}.", locator=name if shown == name else None)
        return found


def compile_where(layer: Layer, node: tree.Node, *, is_published: bool = False, kinds: Mapping[str, Kind] | None = None) -> Condition:
    """A filter as a condition on `published.<layer>`, or rows of its shape; `is_published` when it is that very table.

    `kinds` are those of columns that hold something else than their fields say.
    Raises InvalidParameter for a field the public does not see, a constant of the wrong type, or an operator that does not fit.
    """
    return _compile(node, _Scope(layer, field_kinds(layer) | dict(kinds or {}), is_published))


def field_kinds(layer: Layer) -> dict[str, Kind]:
    """What the layer's published fields compare as, by name, with `id` and the geometry."""
    geometry: dict[str, Kind] = {"geom": "geometry"} if layer.has_geometry else {}
    geometry |= {shape.name: "geometry" for shape in published_shapes(layer)}
    return {"id": "integer", **geometry, **{field.name: kind_of(field.type) for field in published_fields(layer)}}


def compile_rule(layer: Layer, node: tree.Node) -> Condition:
    """A rule of the layer file as a condition on the layer's own columns, private ones included. Raises InvalidParameter."""
    kinds: dict[str, Kind] = {name: "integer" if field.link else kind_of(field.type) for name, field in layer.fields.items()}
    dates: dict[str, Kind] = {"valid_from": "date", "valid_to": "date"} if layer.validity else {}
    return _compile(node, _Scope(layer, {**kinds, **dates}))


def require_field(layer: Layer, name: str) -> str:
    """The name itself when the layer publishes a field of that name (or it is `id`). Raises InvalidParameter."""
    if name != "id" and all(field.name != name for field in published_fields(layer)):
        raise InvalidParameter(f"The layer {layer.id!r} has no such field.", locator=name[:60])
    return name


def _compile(node: tree.Node, scope: _Scope) -> Condition:
    return _COMPILERS[type(node)](node, scope)


def _operand(operand: tree.Operand, kind: Kind, name: str) -> Condition:
    if isinstance(operand, tree.Property):
        return Condition(sql.Identifier(operand.name))
    return Condition(sql.SQL("%s"), (read_value(operand.value, kind, name),))


def _common_kind(operands: tuple[tree.Operand, ...], scope: _Scope) -> tuple[Kind, str]:
    """The kind all operands are compared as: that of the fields among them, which must agree (integers and numbers do)."""
    named = [(scope.kind(part.name), part.name) for part in operands if isinstance(part, tree.Property)]
    if not named:
        return "text", "constant"
    kinds = {"number" if kind == "integer" else kind for kind, _ in named}
    if len(kinds) > 1:
        raise InvalidParameter(f"The fields {named[0][1]!r} and {named[1][1]!r} cannot be compared.", locator=named[0][1])
    return named[0]


def _comparison(node: tree.Comparison, scope: _Scope) -> Condition:
    kind, name = _common_kind((node.left, node.right), scope)
    left, right = _operand(node.left, kind, name), _operand(node.right, kind, name)
    fold = _FOLDS[node.match_case or kind != "text", node.match_accents or kind != "text"]
    sides = (fold.format(left.sql), sql.SQL(node.operator), fold.format(right.sql))
    condition = Condition(sql.SQL("{} {} {}").format(*sides), left.params + right.params)
    if kind != "text" or node.operator != "=" or (node.match_case and node.match_accents):
        return condition
    return _narrow(condition, node, scope)


def _narrow(condition: Condition, node: tree.Comparison, scope: _Scope) -> Condition:
    """What the index of the search text knows about a field that is a value apart from case or accents."""
    sides = (node.left, node.right) if isinstance(node.left, tree.Property) else (node.right, node.left)
    if not isinstance(sides[0], tree.Property) or not isinstance(sides[1], tree.Constant) or not scope.is_published:
        return condition
    return narrow_by_search(condition, sides[0].name, str(sides[1].value), scope.layer)


def _between(node: tree.Between, scope: _Scope) -> Condition:
    kind, name = _common_kind((node.operand, node.low, node.high), scope)
    parts = [_operand(part, kind, name) for part in (node.operand, node.low, node.high)]
    joined = sql.SQL("{} BETWEEN {} AND {}").format(*(part.sql for part in parts))
    return Condition(joined, sum((part.params for part in parts), ()))


def _like(node: tree.Like, scope: _Scope) -> Condition:
    kind = scope.kind(node.operand.name)
    if kind in ("geometry", "texts"):
        fitting = "a spatial operator" if kind == "geometry" else "A_CONTAINS and its like"
        raise InvalidParameter(f"The field {node.operand.name!r} is no text: use {fitting}.", locator=node.operand.name)
    pattern = str(read_value(node.pattern, "text", node.operand.name))
    if (len(pattern) - len(pattern.rstrip("\\"))) % 2:
        raise InvalidParameter("The pattern ends with an escape character that escapes nothing.", locator=node.operand.name)
    column = sql.Identifier(node.operand.name)
    text: sql.Composable = column if kind == "text" else sql.SQL("{}::text").format(column)
    if node.match_accents:
        condition = Condition(sql.SQL("{} {} %s").format(text, sql.SQL("LIKE" if node.match_case else "ILIKE")), (pattern,))
    else:
        fold = _FOLDS[node.match_case, False]
        condition = Condition(sql.SQL("{} LIKE {}").format(fold.format(text), fold.format(sql.SQL("%s"))), (pattern,))
    return narrow_like_by_search(condition, node.operand.name, pattern, scope.layer) if scope.is_published else condition


def _in(node: tree.In, scope: _Scope) -> Condition:
    name = node.operand.name
    kind = scope.kind(name)
    values = [read_value(value, kind, name) for value in node.values]
    if not values:
        return Condition(FALSE)
    marks = sql.SQL(", ").join([sql.SQL("%s")] * len(values))
    return Condition(sql.SQL("{} IN ({})").format(sql.Identifier(name), marks), tuple(values))


def _is_null(node: tree.IsNull, scope: _Scope) -> Condition:
    scope.kind(node.operand.name)
    return Condition(sql.SQL("{} IS NULL").format(sql.Identifier(node.operand.name)))


def _ids(node: tree.Ids, _: _Scope) -> Condition:
    possible = [number for number in node.ids if 0 <= number <= BIGINT_MAX]
    return Condition(sql.SQL("id = ANY(%s::bigint[])"), (possible,)) if possible else Condition(FALSE)


def _and(node: tree.And, scope: _Scope) -> Condition:
    return _join([_compile(part, scope) for part in node.parts], " AND ", "TRUE")


def _or(node: tree.Or, scope: _Scope) -> Condition:
    return _join([_compile(part, scope) for part in node.parts], " OR ", "FALSE")


def _join(parts: list[Condition], word: str, empty: str) -> Condition:
    if not parts:
        return Condition(sql.SQL(empty))
    joined = sql.SQL("({})").format(sql.SQL(word).join(part.sql for part in parts))
    return Condition(joined, sum((part.params for part in parts), ()))


def _not(node: tree.Not, scope: _Scope) -> Condition:
    # What is only narrowed is false where it would be unknown (the field is empty), and its opposite would be true.
    inner = _compile(node.part, replace(scope, is_published=False))
    return Condition(sql.SQL("NOT ({})").format(inner.sql), inner.params)


def _period(node: tree.Period, scope: _Scope) -> Condition:
    """The feature's time [begin, end] meets the period. A date is the whole day in UTC; an open begin or end of validity is unbounded.

    Layers without time have no features in any period (17-069r4 7.15.4: only features that have a temporal geometry).
    """
    fields = time_fields(scope.layer)
    if fields is None:
        return Condition(FALSE)
    begin, end = fields
    parts = []
    if node.end is not None:
        parts.append(_bound(begin, "<=", node.end.astimezone(UTC), scope, is_open=begin != end))
    if node.begin is not None:
        parts.append(_bound(end, ">=", node.begin.astimezone(UTC), scope, is_open=begin != end))
    if begin == end or not parts:
        parts.append(Condition(sql.SQL("{} IS NOT NULL").format(sql.Identifier(begin))))
    return _join(parts, " AND ", "TRUE")


def _bound(name: str, operator: str, moment: Any, scope: _Scope, *, is_open: bool) -> Condition:
    value = moment.date() if scope.kind(name) == "date" else moment
    pattern = "({0} IS NULL OR {0} {1} %s)" if is_open else "{0} {1} %s"
    return Condition(sql.SQL(pattern).format(sql.Identifier(name), sql.SQL(operator)), (value,))


_COMPILERS: dict[type, Callable[[Any, _Scope], Condition]] = {
    tree.Comparison: _comparison,
    tree.Between: _between,
    tree.Like: _like,
    tree.In: _in,
    tree.IsNull: _is_null,
    tree.Ids: _ids,
    tree.Holds: lambda node, scope: as_boolean(compile_formula(node.calculation, scope.kinds)).condition,
    tree.Words: lambda node, scope: hold_words(node, scope.layer, is_published=scope.is_published),
    tree.And: _and,
    tree.Or: _or,
    tree.Not: _not,
    tree.Period: _period,
    tree.Spatial: lambda node, scope: compile_spatial(scope.layer, node),
    tree.SpatialPair: lambda node, scope: compile_pair(scope.layer, node),
}
