# SPDX-License-Identifier: MIT
"""Webhooks: addresses of other systems that are sent what was published."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Webhook:
    """One address. `layers` None: every public layer. What signs is worked out of `salt`. A paused one gets nothing until it is resumed."""

    id: str
    url: str
    layers: tuple[str, ...] | None
    note: str
    paused: bool
    created_at: datetime
    salt: str = field(repr=False, default="")


@dataclass(frozen=True)
class Delivery:
    """One attempt to send a message: `status` is that of the answer (None: there was none), `problem` why it counts as failed."""

    webhook: str
    message: str
    layer: str | None
    changes: int
    attempt: int
    status: int | None
    problem: str | None
    took_ms: int
    at: datetime | None = None


@dataclass(frozen=True)
class Position:
    """How far a webhook is with a layer: what comes after this revision and feature is to be sent; `failures` in a row so far."""

    revision: int
    feature: int
    failures: int
