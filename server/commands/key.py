# SPDX-License-Identifier: MIT
"""`xanh key add | list | revoke`: keys of accounts, for desktop programs and scripts."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from rich.table import Table

from server.access import StaffRole
from server.accounts.keys import NewKey, add_key, end_key, list_keys, list_use
from server.accounts.manage import ROLES
from server.catalog.read import read_catalog
from server.commands.screen import ERRORS, SCREEN, say
from server.config import load_settings
from server.db.store import open_store
from server.errors import AccountRefused


def read_role(text: str | None) -> StaffRole | None:
    """A word of the command line as a role. Raises AccountRefused."""
    found = next((role for role in ROLES if role == text), None)
    if text is not None and found is None:
        raise AccountRefused(f"Roles are {', '.join(ROLES)}.", locator="--role")
    return found


def make_key(wanted: NewKey) -> int:
    """Make a key and print it alone on standard output. Returns the exit status. Raises AccountRefused, LayerNotDefined, ServerFault."""
    settings = load_settings()
    catalog = read_catalog(settings)
    with open_store(settings, lambda message: ERRORS.print(f"  · {message}", markup=False)) as store:
        text = add_key(store.database, catalog, wanted)
    sys.stdout.write(f"{text}\n")
    ERRORS.print("  · khóa chỉ hiện một lần này · the key is shown this once", markup=False)
    return 0


def show_keys() -> int:
    """Show the keys as a table. Returns the exit status."""
    with open_store(load_settings(), say) as store:
        keys = list_keys(store.database)
    now = datetime.now(UTC)
    table = Table("key", "account", "role", "layers", "until", "last used", "note")
    for key in keys:
        until = "" if key.expires_at is None else f"{key.expires_at:%Y-%m-%d}{' (hết hạn · expired)' if key.expires_at <= now else ''}"
        table.add_row(
            f"xanh_{key.id}",
            key.account,
            key.role or "*",
            ", ".join(key.layers) if key.layers is not None else "*",
            until,
            f"{key.last_used_at:%Y-%m-%d}" if key.last_used_at else "",
            key.note,
        )
    SCREEN.print(table if keys else "  · chưa có khóa · there is no key")
    return 0


def drop_key(name: str) -> int:
    """End a key. Returns the exit status. Raises AccountRefused, ServerFault."""
    with open_store(load_settings(), say) as store:
        end_key(store.database, name)
    say(f"đã thu hồi khóa · revoked the key {name}")
    return 0


def show_use(days: int) -> int:
    """Show what keys asked for, by day and layer. Returns the exit status."""
    with open_store(load_settings(), say) as store:
        rows = list_use(store.database, days)
    table = Table("day", "key", "layer", "requests")
    for row in rows:
        table.add_row(f"{row.day:%Y-%m-%d}", f"xanh_{row.key}", row.layer or "*", str(row.requests))
    SCREEN.print(table if rows else "  · chưa có lượt dùng · no key was used")
    return 0
