# SPDX-License-Identifier: MIT
"""Questions that differ from one already asked in the values of their filter alone: the statement is kept, the values are read anew.

Only filters of comparisons, BETWEEN, IN and IS NULL between a field and values, joined by AND, OR and NOT: what SQL they become depends on
their shape alone. (Patterns and texts without case or accents are not among them: their values decide which index may help.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.catalog.model import Layer
from server.db.fieldvalues import BIGINT_MAX, Kind, read_value
from server.db.where import field_kinds
from server.filter import tree
from server.query.features import FeatureQuery, RowFormat

_MAX_KNOWN = 500
# How a value of a kind is declared: as the driver would from the value itself, except that it is the same for all values of the kind.
_CASTS: dict[Kind, bytes] = {
    "text": b"",
    "integer": b"::bigint",
    "number": b"::float8",
    "boolean": b"::boolean",
    "date": b"::date",
    "datetime": b"::timestamptz",
}


@dataclass
class Sketch:
    """A question without the values of its filter (`key`), and these values, each with the field it is compared with."""

    key: tuple[Any, ...]
    values: list[tuple[tree.Value, str]]


@dataclass(frozen=True)
class KnownStatement:
    """The statement of all questions of one sketch, with `$1` places, and what each value must be read as."""

    layer: Layer
    statement: bytes
    kinds: tuple[Kind, ...]


_seen: set[tuple[Any, ...]] = set()
_known: dict[tuple[Any, ...], KnownStatement] = {}


def sketch(query: FeatureQuery, row_format: RowFormat) -> Sketch | None:
    """The question without its values; None where the values may decide what is asked of the database."""
    if query.store != "published" or query.where is None:
        return None
    found = Sketch((), [])
    shape = _outline(query.where, found.values)
    if shape is None:
        return None
    looks = (query.fields, query.crs, query.axis_order, query.srs_name, query.with_geometry)
    found.key = (id(query.layer), row_format, shape, query.sort, query.limit, query.offset, query.after is not None, looks)
    return found


def recall(asked: Sketch, query: FeatureQuery) -> tuple[bytes, list[bytes]] | None:
    """The statement and its values as PostgreSQL writes them; None: not known yet. Raises InvalidParameter for values of wrong types."""
    known = _known.get(asked.key)
    if known is None or known.layer is not query.layer:
        return None
    written = [_write(read_value(value, kind, name), kind) for (value, name), kind in zip(asked.values, known.kinds, strict=True)]
    if query.after is not None:
        written.append(b"%d" % query.after)
    sound = [each for each in written if each is not None]
    return (known.statement, sound) if len(sound) == len(written) else None


def remember(asked: Sketch, query: FeatureQuery, statement: bytes, params: Sequence[Any]) -> None:
    """Keep the statement made for a question whose like was asked before: what is asked once only is not worth preparing."""
    if asked.key not in _seen:
        _forget_when_full(_seen)
        _seen.add(asked.key)
        return
    kinds_of = field_kinds(query.layer)
    kinds = tuple(kinds_of[name] for _, name in asked.values)
    read = [read_value(value, kind, name) for (value, name), kind in zip(asked.values, kinds, strict=True)]
    parts = statement.split(b"%s")
    bound = [*read, query.after] if query.after is not None else read
    if list(params) != bound or len(parts) != len(bound) + 1 or any(b"%" in part or b"$" in part for part in parts):
        return
    casts = [*(_CASTS[kind] for kind in kinds), b"::bigint"]
    pieces = [part + b"$%d" % number + cast for number, (part, cast) in enumerate(zip(parts[:-1], casts, strict=False), 1)]
    _forget_when_full(_known)
    _known[asked.key] = KnownStatement(query.layer, b"".join([*pieces, parts[-1]]), kinds)


def _forget_when_full(remembered: set[Any] | dict[Any, Any]) -> None:
    if len(remembered) >= _MAX_KNOWN:
        remembered.clear()


def _write(value: str | float | bool | date, kind: Kind) -> bytes | None:
    """The value as text of PostgreSQL; None for a number no integer can be, which is compared as the driver does."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, date):
        return (value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()).encode()
    if kind == "integer" and (not isinstance(value, int) or abs(value) > BIGINT_MAX):
        return None
    return repr(value).encode()


def _outline(node: tree.Node, values: list[tuple[tree.Value, str]]) -> tuple[Any, ...] | None:
    """What identifies the node but for its values, which are put down in order; None when it is none of those that are kept."""
    outliner = _OUTLINERS.get(type(node))
    return outliner(node, values) if outliner else None


def _outline_comparison(node: tree.Comparison, values: list[tuple[tree.Value, str]]) -> tuple[Any, ...] | None:
    if not (node.match_case and node.match_accents):
        return None
    if isinstance(node.left, tree.Property) and isinstance(node.right, tree.Constant):
        values.append((node.right.value, node.left.name))
        return (node.operator, node.left.name)
    return None


def _outline_between(node: tree.Between, values: list[tuple[tree.Value, str]]) -> tuple[Any, ...] | None:
    operand, low, high = node.operand, node.low, node.high
    if isinstance(operand, tree.Property) and isinstance(low, tree.Constant) and isinstance(high, tree.Constant):
        values += ((low.value, operand.name), (high.value, operand.name))
        return ("between", operand.name)
    return None


def _outline_in(node: tree.In, values: list[tuple[tree.Value, str]]) -> tuple[Any, ...]:
    values += ((value, node.operand.name) for value in node.values)
    return ("in", node.operand.name, len(node.values))


def _outline_joined(node: tree.And | tree.Or, values: list[tuple[tree.Value, str]]) -> tuple[Any, ...] | None:
    parts = [_outline(part, values) for part in node.parts]
    return None if None in parts else (type(node).__name__, *parts)


def _outline_not(node: tree.Not, values: list[tuple[tree.Value, str]]) -> tuple[Any, ...] | None:
    inner = _outline(node.part, values)
    return None if inner is None else ("not", inner)


_OUTLINERS: dict[type, Callable[[Any, list[tuple[tree.Value, str]]], tuple[Any, ...] | None]] = {
    tree.Comparison: _outline_comparison,
    tree.Between: _outline_between,
    tree.In: _outline_in,
    tree.IsNull: lambda node, _: ("null", node.operand.name),
    tree.And: _outline_joined,
    tree.Or: _outline_joined,
    tree.Not: _outline_not,
}
