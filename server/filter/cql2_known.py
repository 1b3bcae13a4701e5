# SPDX-License-Identifier: MIT
"""CQL2 texts that differ from one already read in their values alone: the tree is made of the one remembered, nothing is parsed again.

A text falls into its values (texts and numbers) and what stands between them, its shape. Whether a text is CQL2, and what it
means, is decided by its shape and by which kinds of values stand where: the grammar tells two values of a kind not apart. Only
trees of comparisons, BETWEEN, IN, LIKE and IS NULL between fields and such values are remembered; there every value stands in the tree
once, in the order of the text, as it was written. All else (dates, geometries, functions, calculations) is parsed each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from server.filter import tree

Build = Callable[[Iterator[Any]], Any]

# A quoted name could hold what looks like a value. A number that touches a letter, a foreign digit or a dot is left to the parser.
_FOREIGN = '"'
_VALUE = re.compile(r"('(?:[^']|'')*'|(?<![\w.:])[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.:]))")
_WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)
_MAX_KNOWN, _LONGEST, _LONGEST_NUMBER = 500, 1000, 30


@dataclass(frozen=True)
class Written:
    """A text as its shape and its values."""

    shape: tuple[str, ...]
    values: tuple[str | int | float, ...]


@dataclass(frozen=True)
class Known:
    """How the tree of a shape is made of values; how deep it may be at most, and how many conditions it has."""

    build: Build
    depth: int
    nodes: int


_known: dict[tuple[str, ...], Known] = {}


def take_apart(text: str) -> Written | None:
    """Shape and values of a text; None for one that is never remembered."""
    if len(text) > _LONGEST or _FOREIGN in text:
        return None
    parts = _VALUE.split(text)
    values: list[str | int | float] = []
    kinds = ""
    for literal in parts[1::2]:
        if literal[0] == "'":
            values.append(literal[1:-1].replace("''", "'"))
            kinds += "t"
        elif len(literal) > _LONGEST_NUMBER:
            return None
        elif _WHOLE.fullmatch(literal):
            values.append(int(literal))
            kinds += "i"
        else:
            values.append(float(literal))
            kinds += "f"
    return Written((*parts[::2], kinds), tuple(values))


def recall(written: Written, max_depth: int, max_nodes: int) -> tree.Node | None:
    """The tree of a text whose shape is known and keeps to the ceilings, else None."""
    known = _known.get(written.shape)
    if known is None or known.depth > max_depth or known.nodes > max_nodes:
        return None
    found: tree.Node = known.build(iter(written.values))
    return found


def remember(written: Written, node: tree.Node, depth: int) -> None:
    """Keep what a shape means, as parsed from a text of it; nothing is kept of trees that hold more than the values of the text."""
    built = _plan(node)
    if built is None:
        return
    build, values = built
    if list(map(repr, values)) != list(map(repr, written.values)):
        return
    if len(_known) >= _MAX_KNOWN:
        _known.clear()
    _known[written.shape] = Known(build, depth, tree.count_nodes(node))


def _plan(node: tree.Node) -> tuple[Build, list[Any]] | None:
    """How to make such a node of values, and the values it holds, in the order of the text; None for a node that is not remembered."""
    planner = _PLANNERS.get(type(node))
    return planner(node) if planner else None


def _plan_operand(operand: tree.Operand) -> tuple[Build, list[Any]]:
    if isinstance(operand, tree.Constant) and not isinstance(operand.value, bool):  # TRUE and FALSE belong to the shape
        return lambda values: tree.Constant(next(values)), [operand.value]
    return lambda _: operand, []


def _plan_comparison(node: tree.Comparison) -> tuple[Build, list[Any]]:
    (left, first), (right, second) = _plan_operand(node.left), _plan_operand(node.right)
    operator, case, accents = node.operator, node.match_case, node.match_accents
    return lambda values: tree.Comparison(operator, left(values), right(values), case, accents), first + second


def _plan_between(node: tree.Between) -> tuple[Build, list[Any]]:
    parts = [_plan_operand(part) for part in (node.operand, node.low, node.high)]
    builds = [build for build, _ in parts]
    return lambda values: tree.Between(*(build(values) for build in builds)), [value for _, held in parts for value in held]


def _plan_in(node: tree.In) -> tuple[Build, list[Any]]:
    operand, count = node.operand, len(node.values)
    return lambda values: tree.In(operand, tuple(next(values) for _ in range(count))), list(node.values)


def _plan_like(node: tree.Like) -> tuple[Build, list[Any]]:
    operand, case, accents = node.operand, node.match_case, node.match_accents
    return lambda values: tree.Like(operand, next(values), case, accents), [node.pattern]


def _plan_joined(node: tree.And | tree.Or) -> tuple[Build, list[Any]] | None:
    parts = [_plan(part) for part in node.parts]
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts):
        return None
    builds, kind = [build for build, _ in whole], type(node)
    return lambda values: kind(tuple([build(values) for build in builds])), [value for _, held in whole for value in held]


def _plan_not(node: tree.Not) -> tuple[Build, list[Any]] | None:
    inner = _plan(node.part)
    if inner is None:
        return None
    build, held = inner
    return lambda values: tree.Not(build(values)), held


_PLANNERS: dict[type, Callable[[Any], tuple[Build, list[Any]] | None]] = {
    tree.Comparison: _plan_comparison,
    tree.Between: _plan_between,
    tree.In: _plan_in,
    tree.Like: _plan_like,
    tree.IsNull: lambda node: (lambda _: node, []),
    tree.And: _plan_joined,
    tree.Or: _plan_joined,
    tree.Not: _plan_not,
}
