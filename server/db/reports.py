# SPDX-License-Identifier: MIT
"""`xanh.report` and `xanh.report_asker`: reports of the public, and which addresses sent one in the last day. For the writer role only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.db.pool import Connection
from server.query.reports import NearReport, NewReport, Report, ReportCeilings, ReportKind, ReportState

_LOCK = 7_824_063  # advisory lock: reports are counted one at a time
_COLUMNS = (
    "number, kind, state, text, ST_X(geom), ST_Y(geom), layer, feature_id, contact, photo IS NOT NULL, answer, same_as, supporters,"
    " created_at, updated_at"
)
_INSERT = (
    "INSERT INTO xanh.report (number, kind, text, geom, layer, feature_id, contact, photo) VALUES (%(number)s, %(kind)s, %(text)s,"
    " ST_SetSRID(ST_MakePoint(%(x)s::float8, %(y)s::float8), 4326), %(layer)s, %(feature)s, %(contact)s, %(photo)s)"
)
_NEAR = (
    f"SELECT {_COLUMNS}, ST_Distance(geom::geography, place) AS distance FROM xanh.report,"  # noqa: S608 - our own list of columns
    " (SELECT ST_SetSRID(ST_MakePoint(%(x)s::float8, %(y)s::float8), 4326)::geography AS place) asked"
    " WHERE kind = %(kind)s AND state IN ('received', 'working') AND created_at > now() - make_interval(days => %(days)s)"
    " AND ST_DWithin(geom::geography, place, %(metres)s) ORDER BY distance, id LIMIT 5"
)


def take_turn(connection: Connection, address: str, ceilings: ReportCeilings) -> bool:
    """Note that an address sends something; False (and nothing noted) when it or all together have sent as much as they may.

    Addresses are forgotten after a day.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    connection.execute("DELETE FROM xanh.report_asker WHERE at < now() - interval '1 day'")
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE address = %(address)s AND at > now() - interval '1 hour'),"
        " count(*) FILTER (WHERE address = %(address)s), count(*) FROM xanh.report_asker",
        {"address": address},
    ).fetchone()
    if row is None or row[0] >= ceilings.hour or row[1] >= ceilings.day or row[2] >= ceilings.all_day:
        return False
    connection.execute("INSERT INTO xanh.report_asker (address) VALUES (%s)", [address])
    return True


def insert_report(connection: Connection, new: NewReport) -> None:
    """Write a report down, as received."""
    x, y = new.point or (None, None)
    layer, feature_id = new.subject or (None, None)
    connection.execute(
        _INSERT,
        {
            "number": new.number,
            "kind": new.kind,
            "text": new.text,
            "x": x,
            "y": y,
            "layer": layer,
            "feature": feature_id,
            "contact": new.contact,
            "photo": new.photo,
        },
    )


def read_report(connection: Connection, number: str) -> Report | None:
    """The report with this number."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM xanh.report WHERE number = %s", [number]).fetchone()  # noqa: S608 - our own list
    return _build(row) if row else None


def read_photo(connection: Connection, number: str) -> bytes | None:
    """The picture of a report (JPEG)."""
    row = connection.execute("SELECT photo FROM xanh.report WHERE number = %s", [number]).fetchone()
    return bytes(row[0]) if row and row[0] is not None else None


def read_reports(connection: Connection, states: Sequence[ReportState], limit: int) -> list[Report]:
    """Reports in these states, the newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM xanh.report WHERE state = ANY(%s) ORDER BY created_at DESC, id DESC LIMIT %s",  # noqa: S608 - our own list
        [list(states), limit],
    ).fetchall()
    return [_build(row) for row in rows]


def find_near(connection: Connection, kind: ReportKind, point: tuple[float, float], metres: float, days: int) -> list[NearReport]:
    """Unfinished reports of a kind around `point` (lon/lat) of the last `days`, the nearest first, five at most."""
    asked = {"kind": kind, "x": point[0], "y": point[1], "metres": metres, "days": days}
    rows = connection.execute(_NEAR, asked).fetchall()
    return [NearReport(_build(row[:-1]), float(row[-1])) for row in rows]


def add_supporter(connection: Connection, number: str) -> bool:
    """Count one more person who reports the same; False when there is no such unfinished report."""
    done = connection.execute(
        "UPDATE xanh.report SET supporters = supporters + 1 WHERE number = %s AND state IN ('received', 'working')", [number]
    )
    return done.rowcount == 1


def update_report(connection: Connection, number: str, state: ReportState, answer: str, same_as: str | None) -> bool:
    """What staff decided; False when there is no such report."""
    done = connection.execute(
        "UPDATE xanh.report SET state = %s, answer = %s, same_as = %s, updated_at = now() WHERE number = %s",
        [state, answer, same_as, number],
    )
    return done.rowcount == 1


def _build(row: tuple[Any, ...]) -> Report:
    number, kind, state, text, x, y, layer, feature_id, contact, has_photo, answer, same_as, supporters, created, updated = row
    point = (x, y) if x is not None else None
    subject = (layer, feature_id) if layer is not None else None
    return Report(number, kind, state, text, point, subject, contact, has_photo, answer, same_as, supporters, created, updated)
