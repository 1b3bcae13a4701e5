# SPDX-License-Identifier: MIT
"""Files of features made in the background: how far one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ExportState = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True)
class Export:
    """One file. `format` is the short name of its format, `message` why there is none; it is kept until `expires_at`."""

    id: str
    layer: str
    format: str
    language: str
    state: ExportState
    rows_total: int
    rows_done: int
    bytes: int | None
    message: str | None
    created_at: datetime
    expires_at: datetime
