# SPDX-License-Identifier: MIT
"""The change feed, brought to other systems: what was published is sent layer by layer, in order, again and again until it is taken."""

from __future__ import annotations

import hashlib
import json
import logging

import procrastinate

from server.access import ANONYMOUS, may_read
from server.context import Context
from server.db.pool import Connection
from server.db.webhooks import (
    find_due,
    forget_deliveries,
    move_position,
    note_delivery,
    pause_webhook,
    place_webhooks,
    read_webhook,
    take_position,
)
from server.errors import LayerNotDefined, RecordForgotten
from server.features.published_changes import ChangePage, list_changes, write_change
from server.features.state import layer_revision
from server.jobs.queue import OUTWARD, Turn, put_job
from server.jobs.webhook_door import Outcome, Target, send
from server.jobs.webhook_secret import work_out_secret
from server.query.webhooks import Delivery, Position, Webhook

KIND = "webhook"
_PAGES = 10  # of one job; more are sent by the next
_FIRST_WAIT_S, _GROWTH = 5.0, 5.0
_LAST_FEATURE = 2**63 - 1
_LOG = logging.getLogger(__name__)


def register(app: procrastinate.App, context: Context) -> None:
    """Name the tasks."""

    @app.task(name=KIND)
    def deliver(webhook: str, layer: str) -> None:
        deliver_changes(context, webhook, layer)

    @app.periodic(cron="* * * * * */10")
    @app.task(name="webhooks", queueing_lock="webhooks")
    def look(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        order_deliveries(context)

    @app.periodic(cron="17 * * * *")
    @app.task(name="webhook log", queueing_lock="webhook log")
    def forget(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        with context.database.writer() as connection:
            forget_deliveries(connection, context.settings.webhooks.keep_days)


def public_layers(context: Context) -> list[str]:
    """The layers anybody may read, which are all that is sent."""
    return [layer.id for layer in context.catalog.layers.values() if layer.has_table and may_read(ANONYMOUS, layer)]


def order_deliveries(context: Context) -> list[tuple[str, str]]:
    """Put a job into the queue for each webhook and layer with something to send; answers them. Raises ServerFault."""
    with context.database.writer() as connection:
        place_webhooks(connection, public_layers(context))
        due = find_due(connection)
    for webhook, layer in due:
        turn = Turn(once=f"{KIND} {webhook} {layer}", alone=f"{KIND} {webhook}", queue=OUTWARD)
        put_job(context, KIND, turn, webhook=webhook, layer=layer)
    return due


def deliver_changes(context: Context, webhook: str, layer: str) -> None:
    """Send what is new, a page at a time. A failure waits (5 s, 25 s, 2 min, 10 min, ...); after the last the webhook is paused."""
    with context.database.writer() as connection:
        hook, position = read_webhook(connection, webhook), take_position(connection, webhook, layer)
        if hook is None or position is None or hook.paused or layer not in public_layers(context):
            return
        for _ in range(_PAGES):
            following = _send_page(context, connection, (hook, layer), position)
            if following is None:
                return
            position = following


def _send_page(context: Context, connection: Connection, about: tuple[Webhook, str], position: Position) -> Position | None:
    """Send one page; answers where to go on, None when there is nothing more to do now."""
    hook, layer = about
    settings = context.settings.webhooks
    try:
        page = list_changes(context, layer, (position.revision, position.feature), settings.max_changes)
    except RecordForgotten:
        page = None
    except LayerNotDefined:
        return None
    newest = layer_revision(context, layer).number
    if page is not None and not page.changes:
        move_position(connection, hook.id, layer, Position(newest, _LAST_FEATURE, 0), 0)
        return None
    body = write_message(context, layer, page, newest)
    name = f"msg_{hashlib.sha256(hook.id.encode() + body).hexdigest()[:32]}"
    outcome = send(Target(hook.url, work_out_secret(context.settings, hook.id, hook.salt)), name, body, settings)
    count = 0 if page is None else len(page.changes)
    note_delivery(connection, _delivery(hook.id, (name, layer, count), position.failures + 1, outcome))
    if outcome.problem is not None:
        _hold_back(context, connection, about, position)
        _LOG.warning("webhook %s, layer %s: %s", hook.id, layer, outcome.problem)
        return None
    more = page is not None and page.more
    reached = page.position if page is not None and more else (newest if page is None else page.position[0], _LAST_FEATURE)
    move_position(connection, hook.id, layer, Position(*reached, 0), 0)
    return Position(*reached, 0) if more else None


def _hold_back(context: Context, connection: Connection, about: tuple[Webhook, str], position: Position) -> None:
    hook, layer = about
    failures = position.failures + 1
    wait = _FIRST_WAIT_S * _GROWTH ** (failures - 1)
    move_position(connection, hook.id, layer, Position(position.revision, position.feature, failures), wait)
    if failures >= context.settings.webhooks.max_attempts:
        pause_webhook(connection, hook.id, paused=True)
        _LOG.error("webhook %s is paused after %d failures", hook.id, failures)


def write_message(context: Context, layer: str, page: ChangePage | None, newest: int) -> bytes:
    """The body: a page of the change feed as /api/v1 gives it; without a page it says that the layer must be read anew."""
    root = (context.settings.server.public_url or "").rstrip("/")
    revision = newest if page is None else page.position[0]
    head = {
        "type": "layer.reset" if page is None else "layer.changes",
        "layer": layer,
        "revision": revision,
        "more": page is not None and page.more,
        "feed": f"{root}/api/v1/layers/{layer}/changes?since={revision}",
    }
    changes = ",\n".join(write_change(change) for change in page.changes) if page is not None else ""
    return f'{json.dumps(head)[:-1]},"changes":[{changes}]}}'.encode()


def _delivery(webhook: str, message: tuple[str, str | None, int], attempt: int, outcome: Outcome) -> Delivery:
    name, layer, count = message
    return Delivery(webhook, name, layer, count, attempt, outcome.status, outcome.problem, outcome.took_ms)
