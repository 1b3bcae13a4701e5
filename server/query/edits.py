# SPDX-License-Identifier: MIT
"""Neutral changes: what the write door takes and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from server.catalog.model import Layer


@dataclass(frozen=True)
class Edit:
    """One change of one feature. A replacement brings every value people fill (`features.whole`), an update those it changes.

    `geometry` is GeoJSON-shaped (x before y) in the CRS of `epsg`; `version` guards against lost updates.
    `if_present`: a feature that is not there is passed over instead of refused. `handle` is the client's name for this change.
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


@dataclass(frozen=True)
class EditResult:
    """What happened: the ids of inserted features in order, and true counts."""

    inserted: tuple[int, ...] = ()
    updated: int = 0
    deleted: int = 0
    change_set: int | None = None
