# SPDX-License-Identifier: MIT
"""What was published when: changes of a layer in order, versions of a feature, a feature as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from server.context import Context
from server.db.published_changes import PublishedChange, read_changes, read_history, read_start
from server.errors import FeatureNotFound, RecordForgotten
from server.features.read import read_feature
from server.features.state import layer_revision, not_published
from server.query.features import FeatureQuery

__all__ = ["ChangePage", "PublishedChange", "Version", "find_version", "list_changes", "list_versions", "require_record", "write_change"]

_MOST_VERSIONS = 1000


@dataclass(frozen=True)
class ChangePage:
    """Changes in order; `more`: others follow. `position` (revision, id) is where the next page, or the next visit, goes on."""

    changes: tuple[PublishedChange, ...]
    position: tuple[int, int]
    more: bool


@dataclass(frozen=True)
class Version:
    """A feature as it was published from `begin` until `end` (None: it still is). `is_first`: it may be older than the record."""

    revision: int
    begin: datetime
    end: datetime | None
    geojson: str
    is_first: bool


def list_changes(context: Context, layer_id: str, after: tuple[int, int], limit: int) -> ChangePage:
    """The changes of a layer after a revision and id, `limit` at most.

    Raises LayerNotDefined when it was never published, RecordForgotten when the record does not reach back (or forward) so far.
    """
    with context.database.reader() as connection:
        start = read_start(connection, layer_id)
        if start is None:
            raise not_published(layer_id)
        found = read_changes(connection, layer_id, after, limit + 1)
    if after[0] < start.revision or (not found and after[0] > _newest(context, layer_id)):
        raise RecordForgotten(
            f"The changes are known from revision {start.revision} on; read the features anew and follow from the layer's revision.",
            locator="since",
            message_vi=f"Chỉ có thay đổi từ bản {start.revision} trở đi; hãy tải lại toàn bộ rồi theo dõi từ bản hiện tại.",
        )
    changes, more = tuple(found[:limit]), len(found) > limit
    if not changes:
        return ChangePage((), after, more=False)
    last = changes[-1]
    return ChangePage(changes, (last.revision, last.id), more)


def write_change(change: PublishedChange) -> str:
    """One change as JSON; its feature is the GeoJSON text as it was published."""
    moment = change.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    head = json.dumps({"revision": change.revision, "id": change.id, "action": change.action, "at": moment})
    return f'{head[:-1]},"feature":{change.geojson or "null"}}}'


def _newest(context: Context, layer_id: str) -> int:
    return layer_revision(context, layer_id).number


def list_versions(context: Context, query: FeatureQuery, feature_id: int) -> list[Version]:
    """The published versions of a feature, oldest first. `query` asks for the public layer. Raises FeatureNotFound, LayerNotDefined."""
    if not 0 < feature_id < 2**63:
        raise _not_found()
    with context.database.reader() as connection:
        start = read_start(connection, query.layer.id)
        rows = read_history(connection, query.layer.id, feature_id, _MOST_VERSIONS)
    if start is None:
        raise not_published(query.layer.id)
    if not rows:
        text = read_feature(context, query, feature_id)
        if text is None:
            raise _not_found()
        return [Version(start.revision, start.at, None, text.decode(), is_first=True)]
    ends = [row.at for row in rows[1:]] + [None]
    return [
        Version(row.revision, row.at, end, row.geojson, row.action == "base")
        for row, end in zip(rows, ends, strict=True)
        if row.geojson is not None
    ]


def _not_found() -> FeatureNotFound:
    return FeatureNotFound("There is no feature with this id.", message_vi="Không có đối tượng nào mang mã này.")


def require_record(context: Context, layer_id: str, moment: datetime) -> None:
    """That the record of a layer reaches back to a moment. Raises RecordForgotten, LayerNotDefined."""
    with context.database.reader() as connection:
        start = read_start(connection, layer_id)
    if start is None:
        raise not_published(layer_id)
    if moment < start.at:
        raise _forgotten(start.at)


def _forgotten(start: datetime) -> RecordForgotten:
    return RecordForgotten(
        f"What was published is known from {start:%Y-%m-%dT%H:%M:%SZ} on.",
        locator="asof",
        message_vi=f"Chỉ có dữ liệu đã công bố từ {start:%Y-%m-%dT%H:%M:%SZ} trở đi.",
    )


def find_version(context: Context, query: FeatureQuery, feature_id: int, moment: datetime) -> Version:
    """A feature as it was published at a moment.

    Raises FeatureNotFound when it was not, RecordForgotten for moments before the record begins, LayerNotDefined.
    """
    versions = list_versions(context, query, feature_id)
    found = next((one for one in versions if one.begin <= moment and (one.end is None or moment < one.end)), None)
    if found is not None:
        return found
    if versions and versions[0].is_first and moment < versions[0].begin:
        raise _forgotten(versions[0].begin)
    raise FeatureNotFound("The feature was not published at that moment.", message_vi="Khi đó đối tượng này không được công bố.")
