# SPDX-License-Identifier: MIT
"""What became of a harvest, and when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.catalog.harvests import Harvest

_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class HarvestState:
    """The last run of a harvest: times in UTC (`ended_at` None: it runs, or was killed), the last load it made, the last words in English
    and Vietnamese, and how many runs in a row failed (0: the last one loaded)."""

    name: str
    began_at: datetime
    ended_at: datetime | None
    succeeded_at: datetime | None
    load_id: int | None
    message: str
    message_vi: str
    failures: int


def is_due(harvest: Harvest, state: HarvestState | None, now: datetime) -> bool:
    """Whether a harvest is to be run: never yet, or its time is over; one that failed is tried again after an hour at the latest."""
    if harvest.span is None:
        return False
    if state is None:
        return True
    return now >= state.began_at + (min(harvest.span, _AGAIN) if state.failures else harvest.span)
