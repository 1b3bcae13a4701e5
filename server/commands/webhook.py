# SPDX-License-Identifier: MIT
"""`xanh webhook add | list | test | log | resume | remove`: other systems that are sent what is published."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.table import Table

from server.catalog.read import read_catalog
from server.commands.screen import ERRORS, SCREEN, say
from server.config import load_settings
from server.context import Context
from server.db.store import open_store
from server.jobs.webhook_register import add_webhook, list_deliveries, list_webhooks, remove_webhook, resume_webhook, try_webhook


@contextmanager
def _open() -> Iterator[Context]:
    settings = load_settings()
    with open_store(settings, lambda message: ERRORS.print(f"  · {message}", markup=False)) as store:
        yield Context(settings, read_catalog(settings), store.database)


def make_webhook(url: str, layers: tuple[str, ...] | None, note: str) -> int:
    """Register an address; its secret alone goes to standard output. Returns the exit status.

    Raises AccountRefused, LayerNotDefined, ServerFault.
    """
    with _open() as context:
        made, secret = add_webhook(context, url, layers, note)
    sys.stdout.write(f"{secret}\n")
    ERRORS.print(f"  · {made.id}: khóa ký chỉ hiện một lần này · the signing secret is shown this once", markup=False)
    return 0


def show_webhooks() -> int:
    """Show the webhooks as a table. Returns the exit status."""
    with _open() as context:
        hooks = list_webhooks(context)
    table = Table("webhook", "address", "layers", "state", "note")
    for hook in hooks:
        layers = "*" if hook.layers is None else ", ".join(hook.layers)
        table.add_row(hook.id, hook.url, layers, "dừng · paused" if hook.paused else "", hook.note)
    SCREEN.print(table if hooks else "  · chưa có webhook · there is no webhook")
    return 0


def ping_webhook(name: str) -> int:
    """Send a message without changes. Returns 0 when it was taken, 1 otherwise. Raises AccountRefused, ServerFault."""
    with _open() as context:
        outcome = try_webhook(context, name)
    say(f"{outcome.status or '-'} · {outcome.took_ms} ms · {outcome.problem or 'đã nhận · taken'}")
    return 0 if outcome.problem is None else 1


def show_deliveries(name: str, limit: int) -> int:
    """Show the latest deliveries of a webhook. Returns the exit status. Raises AccountRefused, ServerFault."""
    with _open() as context:
        deliveries = list_deliveries(context, name, limit)
    table = Table("at", "layer", "changes", "attempt", "status", "ms", "problem")
    for one in deliveries:
        at = f"{one.at:%Y-%m-%d %H:%M:%S}" if one.at else ""
        table.add_row(at, one.layer or "", str(one.changes), str(one.attempt), str(one.status or "-"), str(one.took_ms), one.problem or "")
    SCREEN.print(table if deliveries else "  · chưa gửi gì · nothing was sent")
    return 0


def continue_webhook(name: str) -> int:
    """Resume a webhook. Returns the exit status. Raises AccountRefused, ServerFault."""
    with _open() as context:
        resume_webhook(context, name)
    say(f"tiếp tục gửi · resumed {name}")
    return 0


def drop_webhook(name: str) -> int:
    """Remove a webhook. Returns the exit status. Raises AccountRefused, ServerFault."""
    with _open() as context:
        remove_webhook(context, name)
    say(f"đã xoá · removed {name}")
    return 0
