# SPDX-License-Identifier: MIT
"""Figures about many features at once: how many there are of each kind, how large they are together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DimensionKind = Literal["codes", "boolean", "link", "year", "number"]


@dataclass(frozen=True)
class Dimension:
    """A published field features are told apart by: each code, true or false, each object linked to, each year, ten steps of a number."""

    field: str
    kind: DimensionKind


@dataclass(frozen=True)
class Share:
    """One bar: the value (code, id, year; None where it is not known), the title of what is linked to, and how many features have it.

    `low` and `high` are the ends of a step of a number.
    """

    value: str | None
    count: int
    title: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class NumberSummary:
    """A number field in short; `count` features have a value. Units are the field's."""

    field: str
    count: int
    least: float | None
    most: float | None
    mean: float | None
    total: float | None


@dataclass(frozen=True)
class Summary:
    """What a question finds, in figures: `area` in square metres (areas), `length` in metres (lines), on the ellipsoid.

    `shares` by field, numbers in order, everything else with the most frequent first; `numbers` in the order asked.
    """

    count: int
    area: float | None
    length: float | None
    shares: dict[str, tuple[Share, ...]]
    numbers: tuple[NumberSummary, ...]
