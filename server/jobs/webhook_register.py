# SPDX-License-Identifier: MIT
"""Who is sent what: webhooks are added, listed, tried and removed by an administrator at the command line, by nobody else."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime

from server.context import Context
from server.db.webhooks import (
    delete_webhook,
    insert_webhook,
    note_delivery,
    pause_webhook,
    read_deliveries,
    read_webhook,
    read_webhooks,
)
from server.errors import AccountRefused
from server.jobs.webhook import public_layers
from server.jobs.webhook_door import Outcome, Target, check_host, check_url, send
from server.jobs.webhook_secret import work_out_secret
from server.query.webhooks import Delivery, Webhook

_LONGEST_NOTE = 200


def add_webhook(context: Context, url: str, layers: tuple[str, ...] | None, note: str = "") -> tuple[Webhook, str]:
    """Register an address; answers the webhook and its secret, which is told this once.

    Raises AccountRefused for an address we do not send to and a layer that is not public, LayerNotDefined, ServerFault.
    """
    parts = check_url(url, context.settings.webhooks)
    check_host(parts, context.settings.webhooks)
    known = public_layers(context)
    for layer_id in layers or ():
        if context.catalog.layer(layer_id).id not in known:
            raise AccountRefused(f"The layer {layer_id!r} is not public; webhooks are sent what anybody may read.", locator="--layer")
    if len(note) > _LONGEST_NOTE or not note.isprintable():
        raise AccountRefused(f"A note has at most {_LONGEST_NOTE} characters on one line.", locator="--note")
    salt = secrets.token_hex(32)
    new = Webhook(f"hook_{secrets.token_hex(4)}", url, layers, note, paused=False, created_at=datetime.now(UTC), salt=salt)
    with context.database.writer() as connection:
        insert_webhook(connection, new, known)
    return new, work_out_secret(context.settings, new.id, salt)


def list_webhooks(context: Context) -> list[Webhook]:
    """All of them, the oldest first. Raises ServerFault."""
    with context.database.writer() as connection:
        return read_webhooks(connection)


def remove_webhook(context: Context, webhook: str) -> None:
    """Remove one with its log. Raises AccountRefused, ServerFault."""
    with context.database.writer() as connection:
        if not delete_webhook(connection, webhook):
            raise _unknown()


def resume_webhook(context: Context, webhook: str) -> None:
    """Let a paused one go on where it stopped. Raises AccountRefused, ServerFault."""
    with context.database.writer() as connection:
        if not pause_webhook(connection, webhook, paused=False):
            raise _unknown()


def try_webhook(context: Context, webhook: str) -> Outcome:
    """Send a message without changes (`ping`), now. Raises AccountRefused, ServerFault."""
    with context.database.writer() as connection:
        hook = read_webhook(connection, webhook)
    if hook is None:
        raise _unknown()
    name = f"msg_{secrets.token_hex(16)}"
    body = json.dumps({"type": "ping", "webhook": hook.id}).encode()
    outcome = send(Target(hook.url, work_out_secret(context.settings, hook.id, hook.salt)), name, body, context.settings.webhooks)
    with context.database.writer() as connection:
        note_delivery(connection, Delivery(hook.id, name, None, 0, 1, outcome.status, outcome.problem, outcome.took_ms))
    return outcome


def list_deliveries(context: Context, webhook: str, limit: int) -> list[Delivery]:
    """What became of the latest messages, the newest first. Raises AccountRefused, ServerFault."""
    with context.database.writer() as connection:
        if read_webhook(connection, webhook) is None:
            raise _unknown()
        return read_deliveries(connection, webhook, limit)


def _unknown() -> AccountRefused:
    return AccountRefused("There is no webhook of that name.", message_vi="Không có webhook mang tên này.")
