# SPDX-License-Identifier: MIT
"""Reports of the public ("phản ánh"): what one holds, the kinds there are and the states it passes through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

ReportKind = Literal["water", "air", "waste", "noise", "nature", "data", "other"]
ReportState = Literal["received", "working", "done", "refused", "duplicate"]
KINDS: tuple[ReportKind, ...] = get_args(ReportKind)
STATES: tuple[ReportState, ...] = get_args(ReportState)


@dataclass(frozen=True)
class NewReport:
    """A report as it comes in. `point` is lon/lat (EPSG:4326); `subject` a layer and the id of its object the report is about.

    `photo` is a JPEG without any metadata; `contact` is for staff alone.
    """

    number: str
    kind: ReportKind
    text: str
    point: tuple[float, float] | None
    subject: tuple[str, int] | None
    contact: str
    photo: bytes | None
    address: str


@dataclass(frozen=True)
class Report:
    """A report as it stands. `answer` is what staff say to everybody; `same_as` the number of the report it repeats; moments are UTC."""

    number: str
    kind: ReportKind
    state: ReportState
    text: str
    point: tuple[float, float] | None
    subject: tuple[str, int] | None
    contact: str
    has_photo: bool
    answer: str
    same_as: str | None
    supporters: int
    created_at: datetime
    updated_at: datetime

    @property
    def is_seen(self) -> bool:
        """Whether staff have looked at it: only then its words and picture are shown to anybody else."""
        return self.state in ("working", "done")


@dataclass(frozen=True)
class NearReport:
    """A report near a place, `distance` metres away."""

    report: Report
    distance: float


@dataclass(frozen=True)
class ReportCeilings:
    """How many reports one address may send in an hour and in a day, and all together in a day."""

    hour: int
    day: int
    all_day: int
