# SPDX-License-Identifier: MIT
"""`published.catalogue`: counts, extents, times and revisions, read afresh each time - one indexed row costs less than being wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import pq

from server.db.pool import Connection
from server.db.prepared import run_prepared
from server.query.features import LayerState

_ALL = (
    "SELECT layer, revision, feature_count, extent, time_begin, time_end, pyramid_bands, published_at, moments"
    " FROM published.catalogue WHERE layer = coalesce(%s, layer) ORDER BY layer"
)
# Revisions rise and moments pass: whatever was published or taken away changes one of the three.
_STAMP = (
    b"SELECT concat_ws(' ', count(*), sum(revision), (extract(epoch FROM max(published_at)) * 1000000)::bigint) FROM published.catalogue"
)
_REVISION = (
    "SELECT revision || ' ' || feature_count || ' ' || to_hex((extract(epoch FROM published_at) * 1000)::bigint)"
    " FROM published.catalogue WHERE layer = {}::text"
)
_REVISION_OF_FIRST = _REVISION.format("$1").encode()
# The same as a column of a statement that names the layer itself.
REVISION_OF = _REVISION
# The same as a column of another statement whose third parameter is the layer: one journey instead of two, and one snapshot.
REVISION_OF_THIRD = _REVISION.format("$3")


@dataclass(frozen=True)
class Revision:
    """The state of one layer in short. `label` differs between any two publications, also of databases made anew (for ETags)."""

    number: int
    count: int
    label: str


def read_state(connection: Connection, layer_id: str) -> LayerState | None:
    """The catalogue row of one layer; None when it was never published."""
    row = connection.execute(_ALL, (layer_id,), prepare=True).fetchone()
    return _build(row) if row else None


def read_revision(connection: Connection, layer_id: str) -> Revision | None:
    """Revision and feature count of one layer by the shortest way; None when it was never published."""
    return read_revision_column(run_prepared(connection, _REVISION_OF_FIRST, [layer_id.encode()]), 0)


def read_revision_column(result: pq.abc.PGresult, column: int) -> Revision | None:
    """The revision out of a column of a result's first row; None when there is no row or the layer was never published."""
    text = result.get_value(0, column) if result.ntuples else None
    if text is None:
        return None
    number, count, moment = text.decode().split(" ")
    return Revision(int(number), int(count), f"{number}-{moment}")


def read_states(connection: Connection) -> dict[str, LayerState]:
    """All catalogue rows by layer."""
    rows = connection.execute(_ALL, (None,), prepare=True).fetchall()
    return {row[0]: _build(row) for row in rows}


def read_stamp(connection: Connection) -> bytes:
    """A text that changes whenever any row does, by the shortest way."""
    return run_prepared(connection, _STAMP, []).get_value(0, 0) or b""


def _build(row: tuple[Any, ...]) -> LayerState:
    layer, revision, count, extent, begin, end, bands, published_at, moments = row
    return LayerState(
        layer=layer,
        revision=revision,
        feature_count=count,
        extent=(extent[0], extent[1], extent[2], extent[3]) if extent else None,
        time_begin=_iso(begin),
        time_end=_iso(end),
        pyramid_bands=tuple(bands or ()),
        published_at=_iso(published_at) or "",
        moments=tuple(_iso(moment) or "" for moment in moments),
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
