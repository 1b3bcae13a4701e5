# SPDX-License-Identifier: MIT
"""What a map shows of objects that come and go when nobody names a time."""

from __future__ import annotations

from datetime import UTC, datetime, time

from server.catalog.display import VIETNAM_TIME
from server.catalog.model import Layer
from server.filter.tree import Period


def valid_today(layer: Layer) -> Period | None:
    """Layers of objects with validity show those valid today, all others everything.

    It is midnight of the Vietnamese day, so that the question (and whatever was prepared or kept for it) stays the same all day.
    """
    if not (layer.has_table and layer.validity):
        return None
    midnight = datetime.combine(datetime.now(VIETNAM_TIME).date(), time(), tzinfo=UTC)
    return Period(midnight, midnight)
