# SPDX-License-Identifier: MIT
"""What a map shows of objects that come and go when nobody names a time."""

from __future__ import annotations

from datetime import UTC, datetime, time

from server.catalog.display import VIETNAM_TIME
from server.catalog.model import Layer
from server.filter.tree import And, In, Node, Period, Property


def valid_today(layer: Layer) -> Period | None:
    """Layers of objects with validity show those valid today, all others everything.

    It is midnight of the Vietnamese day, so that the question (and whatever was prepared or kept for it) stays the same all day.
    """
    if not (layer.has_table and layer.validity):
        return None
    midnight = datetime.combine(datetime.now(VIETNAM_TIME).date(), time(), tzinfo=UTC)
    return Period(midnight, midnight)


def shown_by_default(layer: Layer) -> Node | None:
    """What a map shows of a layer when nobody names a time or a height: what is valid today, at the layer's default elevation."""
    parts: list[Node] = []
    valid = valid_today(layer)
    if valid is not None:
        parts.append(valid)
    if layer.elevation is not None:
        parts.append(In(Property(layer.elevation.field), (layer.elevation.default,)))
    return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else None
