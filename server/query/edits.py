# SPDX-License-Identifier: MIT
"""Neutral changes: what the write door takes and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from server.catalog.model import Layer


@dataclass(frozen=True)
class NewFeatures:
    """So many new features of one form, column by column: every one has a value for each field, and a point where there are points.

    Points are x before y, finite, in the CRS of their edit.
    """

    count: int
    values: Mapping[str, Sequence[Any]]
    points: Sequence[Sequence[float]] | None = None


@dataclass(frozen=True)
class Edit:
    """One change of one feature. A replacement brings every value people fill (`features.whole`), an update those it changes.

    `geometry` is GeoJSON-shaped (x before y) in the CRS of `epsg`; `version` guards against lost updates.
    `if_present`: a feature that is not there is passed over instead of refused. `handle` is the client's name for this change.
    `clears_geometry`: an update or replacement takes the layer's geometry away.
    `many`: an insert of all these features; its own values and geometry are nobody's then.
    """

    action: Literal["insert", "update", "replace", "delete"]
    layer: Layer
    id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    geometry: dict[str, Any] | None = None
    epsg: int = 4326
    version: int | None = None
    handle: str | None = None
    if_present: bool = False
    clears_geometry: bool = False
    many: NewFeatures | None = None

    @property
    def count(self) -> int:
        """How many features it changes."""
        return 1 if self.many is None else self.many.count

    @property
    def fields(self) -> Iterable[str]:
        """The fields it brings values for."""
        return self.values if self.many is None else self.many.values

    @property
    def has_geometry(self) -> bool:
        """Whether it brings the layer's geometry."""
        return self.geometry is not None if self.many is None else self.many.points is not None


@dataclass(frozen=True)
class EditResult:
    """What happened: the ids of inserted features in order, and true counts."""

    inserted: tuple[int, ...] = ()
    updated: int = 0
    deleted: int = 0
    change_set: int | None = None
