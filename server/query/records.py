# SPDX-License-Identifier: MIT
"""A question to records that are in no table: the layers of the catalogue, described anew for every reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.catalog.model import Layer
from server.filter.tree import Node
from server.query.features import SortKey


@dataclass(frozen=True)
class RecordQuestion:
    """Which of the `rows`, and in which order.

    A row has a value for each field of `layer` (texts, moments as ISO 8601; of those in `lists` several texts), an `id` and a `box`
    (west, south, east, north in EPSG:4326, or None).
    """

    layer: Layer
    lists: frozenset[str]
    rows: tuple[Mapping[str, Any], ...]
    where: Node | None = None
    sort: tuple[SortKey, ...] = ()
