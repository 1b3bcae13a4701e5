# SPDX-License-Identifier: MIT
"""`xanh.webhook`, `webhook_position`, `webhook_delivery`: where changes are sent, how far each is, what became of it. Writer role only.

The column `secret` holds a salt: what signs is worked out of it with a key that is not in the database.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.db.pool import Connection
from server.query.webhooks import Delivery, Position, Webhook

_COLUMNS = "id, url, layers, note, paused, created_at"


def insert_webhook(connection: Connection, new: Webhook, layers: Sequence[str]) -> None:
    """Add a webhook that is sent what is published from now on in `layers` (those it means today). `created_at` is the database's."""
    connection.execute(
        "INSERT INTO xanh.webhook (id, url, secret, layers, note) VALUES (%s, %s, %s, %s, %s)",
        [new.id, new.url, new.salt, None if new.layers is None else list(new.layers), new.note],
    )
    _place(connection, layers, from_now=True)


def place_webhooks(connection: Connection, layers: Sequence[str]) -> None:
    """Webhooks begin with those of these layers they mean and that were first published since: before all that was published there."""
    _place(connection, layers, from_now=False)


def _place(connection: Connection, layers: Sequence[str], *, from_now: bool) -> None:
    connection.execute(
        "INSERT INTO xanh.webhook_position (webhook, layer, revision, feature)"
        " SELECT w.id, k.layer, CASE WHEN %s THEN k.revision ELSE 0 END, 9223372036854775807"
        " FROM xanh.webhook w CROSS JOIN published.catalogue k"
        " WHERE k.layer = ANY(%s) AND (w.layers IS NULL OR k.layer = ANY(w.layers)) ON CONFLICT DO NOTHING",
        [from_now, list(layers)],
    )


def read_webhooks(connection: Connection) -> list[Webhook]:
    """All of them, the oldest first, without their salts."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM xanh.webhook ORDER BY created_at, id").fetchall()  # noqa: S608 - our own list
    return [_webhook(row) for row in rows]


def read_webhook(connection: Connection, webhook: str) -> Webhook | None:
    """One of them with its salt."""
    row = connection.execute(f"SELECT {_COLUMNS}, secret FROM xanh.webhook WHERE id = %s", [webhook]).fetchone()  # noqa: S608 - ours
    return _webhook(row) if row else None


def delete_webhook(connection: Connection, webhook: str) -> bool:
    """Remove one with its log; False when there is none."""
    return connection.execute("DELETE FROM xanh.webhook WHERE id = %s", [webhook]).rowcount == 1


def pause_webhook(connection: Connection, webhook: str, *, paused: bool) -> bool:
    """Pause one, or let it go on where it stopped; False when there is none."""
    if not paused:
        connection.execute("UPDATE xanh.webhook_position SET failures = 0, next_at = now() WHERE webhook = %s", [webhook])
    return connection.execute("UPDATE xanh.webhook SET paused = %s WHERE id = %s", [paused, webhook]).rowcount == 1


def find_due(connection: Connection) -> list[tuple[str, str]]:
    """Webhooks and layers with something to send whose time has come."""
    rows = connection.execute(
        "SELECT p.webhook, p.layer FROM xanh.webhook_position p JOIN xanh.webhook w ON w.id = p.webhook"
        " JOIN published.catalogue k ON k.layer = p.layer"
        " WHERE NOT w.paused AND p.next_at <= clock_timestamp() AND (k.revision, 9223372036854775807) > (p.revision, p.feature)"
        " ORDER BY p.next_at"
    ).fetchall()
    return [(webhook, layer) for webhook, layer in rows]


def take_position(connection: Connection, webhook: str, layer: str) -> Position | None:
    """How far a webhook is, held until the transaction ends; None when somebody else holds it, or there is none."""
    row = connection.execute(
        "SELECT revision, feature, failures FROM xanh.webhook_position WHERE webhook = %s AND layer = %s FOR UPDATE SKIP LOCKED",
        [webhook, layer],
    ).fetchone()
    return Position(*row) if row else None


def move_position(connection: Connection, webhook: str, layer: str, position: Position, wait_s: float) -> None:
    """Say how far a webhook is now, and in how many seconds it may be sent more."""
    connection.execute(
        "UPDATE xanh.webhook_position SET revision = %s, feature = %s, failures = %s,"
        " next_at = clock_timestamp() + make_interval(secs => %s) WHERE webhook = %s AND layer = %s",
        [position.revision, position.feature, position.failures, wait_s, webhook, layer],
    )


def note_delivery(connection: Connection, one: Delivery) -> None:
    """Write an attempt down."""
    connection.execute(
        "INSERT INTO xanh.webhook_delivery (webhook, message, layer, changes, attempt, status, problem, took_ms)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [one.webhook, one.message, one.layer, one.changes, one.attempt, one.status, one.problem, one.took_ms],
    )


def read_deliveries(connection: Connection, webhook: str, limit: int) -> list[Delivery]:
    """The latest attempts, the newest first."""
    rows = connection.execute(
        "SELECT webhook, message, layer, changes, attempt, status, problem, took_ms, at FROM xanh.webhook_delivery"
        " WHERE webhook = %s ORDER BY id DESC LIMIT %s",
        [webhook, limit],
    ).fetchall()
    return [Delivery(*row) for row in rows]


def forget_deliveries(connection: Connection, days: float) -> int:
    """Drop attempts older than so many days; answers how many."""
    return connection.execute(
        "DELETE FROM xanh.webhook_delivery WHERE at < clock_timestamp() - make_interval(secs => %s)", [days * 86_400]
    ).rowcount


def _webhook(row: Sequence[object]) -> Webhook:
    id_, url, layers, note, paused, created_at, *secret = row
    return Webhook(id_, url, None if layers is None else tuple(layers), note, paused, created_at, *secret)  # type: ignore[arg-type]
