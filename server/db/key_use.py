# SPDX-License-Identifier: MIT
"""How much a key asks: in this minute (`xanh.api_key`), and day by day and layer by layer (`xanh.key_use`). Days and minutes are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server.db.pool import Connection

_DAYS_KEPT = 400


@dataclass(frozen=True)
class KeyUse:
    """Requests of a key in this minute and on this day, the present one included, and how many seconds each of them still lasts."""

    minute: int
    day: int
    minute_left_s: int
    day_left_s: int


@dataclass(frozen=True)
class UseRow:
    """Requests of a key for a layer ("" where a request names none, or several) on a day."""

    key: str
    day: date
    layer: str
    requests: int


def count_use(connection: Connection, key_id: str, layer: str) -> KeyUse:
    """Count one request. Refused ones count as well, so that asking on and on does not help."""
    connection.execute("SET LOCAL synchronous_commit TO off")
    row = connection.execute(
        "WITH now_is AS (SELECT now() AT TIME ZONE 'UTC' AS t),"
        " used AS (INSERT INTO xanh.key_use AS u (key, day, layer, requests) SELECT %(key)s, t::date, %(layer)s, 1 FROM now_is"
        " ON CONFLICT (key, day, layer) DO UPDATE SET requests = u.requests + 1),"
        " met AS (UPDATE xanh.api_key SET last_used_at = now(), minute = date_trunc('minute', now()),"
        " minute_requests = CASE WHEN minute = date_trunc('minute', now()) THEN minute_requests + 1 ELSE 1 END"
        " WHERE id = %(key)s RETURNING minute_requests)"
        " SELECT (SELECT minute_requests FROM met),"
        " 1 + (SELECT coalesce(sum(requests), 0) FROM xanh.key_use, now_is WHERE key = %(key)s AND day = t::date),"
        " ceil(60 - extract(second FROM t)), ceil(extract(epoch FROM date_trunc('day', t) + interval '1 day' - t)) FROM now_is",
        {"key": key_id, "layer": layer},
        prepare=True,
    ).fetchone()
    minute, day, minute_left, day_left = row if row else (0, 0, 0, 0)
    return KeyUse(int(minute or 0), int(day), int(minute_left), int(day_left))


def read_use(connection: Connection, days: int) -> list[UseRow]:
    """What every key asked for in the last so many days, newest first."""
    rows = connection.execute(
        "SELECT key, day, layer, requests FROM xanh.key_use WHERE day > (now() AT TIME ZONE 'UTC')::date - %s::int"
        " ORDER BY day DESC, key, layer",
        [min(days, _DAYS_KEPT)],
    ).fetchall()
    return [UseRow(*row) for row in rows]
