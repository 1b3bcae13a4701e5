# SPDX-License-Identifier: MIT
"""What every room with routes is given when the application is put together."""

from __future__ import annotations

from dataclasses import dataclass

from server.catalog.catalog import Catalog
from server.config import Settings
from server.db.pool import Database


@dataclass(frozen=True)
class Context:
    """Settings, the catalogue of layers and the door to the database; shared by all threads, never changed."""

    settings: Settings
    catalog: Catalog
    database: Database
