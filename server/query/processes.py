# SPDX-License-Identifier: MIT
"""Processes over published layers: what is to be worked out, and how far a job is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from server.query.features import FeatureQuery

JobState = Literal["accepted", "running", "successful", "failed", "dismissed"]


@dataclass(frozen=True)
class Buffer:
    """The ground so many metres around features; `dissolve`: all of it as one area."""

    query: FeatureQuery
    distance: float
    dissolve: bool


@dataclass(frozen=True)
class Clip:
    """What of features lies inside an area: a GeoJSON geometry (longitude first), or a feature of another layer by its id."""

    query: FeatureQuery
    geometry: dict[str, Any] | None = None
    zone: tuple[FeatureQuery, int] | None = None


@dataclass(frozen=True)
class ZoneFigures:
    """Features counted and summed up by the areas of another layer; `fields` are fields of numbers."""

    query: FeatureQuery
    zones: FeatureQuery
    fields: tuple[str, ...]


Task = Buffer | Clip | ZoneFigures


@dataclass(frozen=True)
class ProcessJob:
    """One job. `asker` is who asks (None: anybody), as `server.jobs.question` writes it; it is kept until `expires_at`."""

    id: str
    process: str
    client: str
    asker: list[Any] | None
    inputs: dict[str, Any]
    language: str
    state: JobState
    message: str | None
    message_vi: str | None
    features: int | None
    bytes: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime
