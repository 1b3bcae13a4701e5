# SPDX-License-Identifier: MIT
"""`xanh changes list | undo`: what was saved, and taking one save back."""

from __future__ import annotations

from rich.table import Table

from server.access import SYSTEM
from server.catalog.read import read_catalog
from server.commands.screen import SCREEN, say
from server.config import load_settings
from server.db.changes import has_change_set, read_change_sets
from server.db.store import open_store
from server.errors import EditRefused
from server.features.undo import require_unchanged_since, undo_change_set

_SIGNS = {"insert": "+", "update": "~", "delete": "-"}


def list_changes(account: str | None, limit: int) -> int:
    """Show the newest change sets as a table. Returns the exit status. Raises ServerFault."""
    settings = load_settings()
    catalog = read_catalog(settings)
    with open_store(settings, say) as store, store.database.writer() as connection:
        sets = read_change_sets(connection, catalog.feature_layers(), account, limit)
    table = Table("id", "at (UTC)", "by", "through", "what", "note")
    for one in sets:
        what = ", ".join(
            f"{layer} {' '.join(f'{_SIGNS[action]}{count}' for action, count in sorted(counts.items()))}"
            for layer, counts in one.counts.items()
        )
        table.add_row(str(one.id), f"{one.at:%Y-%m-%d %H:%M:%S}", one.account, one.protocol, what, one.note or "")
    SCREEN.print(table if sets else "  · chưa có thay đổi · nothing was changed yet")
    return 0


def undo_changes(change_set: int, *, force: bool = False) -> int:
    """Put every feature of a change set back as it was before, as a change of its own. Returns the exit status.

    Raises EditRefused when there is none of that id, other features refer to one that would go, or (without `force`) one was changed again
    since; ServerFault.
    """
    settings = load_settings()
    catalog = read_catalog(settings)
    with open_store(settings, say) as store, store.database.writer() as connection:
        if not has_change_set(connection, change_set):
            raise EditRefused(f"There is no change set {change_set}.", message_vi=f"Không có lần lưu {change_set}.")
        if not force:
            require_unchanged_since(connection, catalog, change_set)
        done = undo_change_set(connection, catalog, SYSTEM, change_set)
    say(
        f"đã hoàn tác · undone: {len(done.inserted)} khôi phục · back, {done.updated} như cũ · as before, {done.deleted} xóa · gone"
        f" (lần lưu · change set {done.change_set})"
    )
    return 0
