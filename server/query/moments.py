# SPDX-License-Identifier: MIT
"""Which moments a condition on time leaves."""

from __future__ import annotations

from datetime import datetime

from server.filter.tree import Node, Or, Period


def is_within(moment: datetime, where: Node) -> bool:
    """Whether a moment lies in a period, or in one of several; conditions on anything else leave none."""
    if isinstance(where, Or):
        return any(is_within(moment, part) for part in where.parts)
    if not isinstance(where, Period):
        return False
    return (where.begin is None or where.begin <= moment) and (where.end is None or moment <= where.end)


def nearest_moment(moments: tuple[datetime, ...], wanted: datetime) -> datetime:
    """The moment closest to the wanted one, the earlier of two; `moments` are not empty."""
    return min(moments, key=lambda one: abs(one - wanted))
