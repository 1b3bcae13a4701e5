# SPDX-License-Identifier: MIT
"""Reading features: one question, encoded rows back, on one connection from the first row to the last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace

from server.catalog.model import Layer
from server.context import Context
from server.db.catalogue import Revision, read_revision
from server.db.flow import flow_rows
from server.db.pool import Connection
from server.db.select import Progress, count_rows, find_page_start, is_small, read_rows
from server.db.select_official import read_former
from server.features.state import not_published
from server.filter.tree import Ids
from server.query.features import FeatureQuery, RowFormat


@dataclass(frozen=True)
class FeaturePage:
    """An answer that has begun. Exactly one of `body` (all rows, glued) and `flow` (chunks still to come, the first already made) is set.

    `state` (revision and count of the whole layer) was read with or before the rows, so that a label made of it is never newer
    than the rows. `progress` is complete when the rows are: at once for `body`, at the end for `flow`.
    """

    state: Revision
    progress: Progress
    body: bytes | None = None
    flow: Iterator[bytes] | None = None

    def chunks(self) -> Iterator[bytes]:
        """The rows, glued, without frame. Close it (or use it up) to give the connection back."""
        if self.flow is not None:
            return self.flow
        return iter((self.body,) if self.body else ())


def open_features(context: Context, query: FeatureQuery, row_format: RowFormat) -> FeaturePage:
    """Begin an answer: small ones are read whole, large ones up to their first chunk, so that mistakes surface before any header leaves.

    Raises LayerNotDefined for a layer without published table, InvalidParameter and InvalidCrs for what does not fit the layer,
    LimitExceeded when it takes too long, ServerFault when the database is away.
    """
    ceiling = context.settings.limits.max_features
    if query.limit is None or query.limit > ceiling:
        query = replace(query, limit=ceiling)
    if not query.layer.has_table:
        raise not_published(query.layer.id)
    if is_small(query.layer, query.limit or 0):
        with connect_for(context, query) as connection:
            return _read_small(connection, query, row_format)
    with ExitStack() as stack:
        connection = stack.enter_context(connect_for(context, query))
        state = _require_state(connection, query)
        progress = Progress()
        flow = flow_rows(connection, query, row_format, progress)
        first = next(flow, b"")
        return FeaturePage(state, progress, flow=_continue(first, flow, stack.pop_all()))


def _read_small(connection: Connection, query: FeatureQuery, row_format: RowFormat) -> FeaturePage:
    """All rows at once. The catalogue row of published features comes along with them in one journey."""
    if query.store == "published":
        progress = Progress()
        rows = read_rows(connection, query, row_format, progress)
        if progress.state is not None:
            return FeaturePage(progress.state, progress, body=rows)
    state = _require_state(connection, query)
    progress = Progress()
    rows = read_rows(connection, query, row_format, progress)
    return FeaturePage(state, progress, body=rows)


def connect_for(context: Context, query: FeatureQuery) -> AbstractContextManager[Connection]:
    """A connection that may read the store asked, and no more. Raises ServerFault."""
    return context.database.staff() if query.store == "official" else context.database.reader()


def _require_state(connection: Connection, query: FeatureQuery) -> Revision:
    """The catalogue row; official rows have none: they are counted, and without a label nothing made of them is kept."""
    if query.store == "official":
        return Revision(0, count_rows(connection, replace(query, where=None)), "")
    state = read_revision(connection, query.layer.id)
    if state is None:
        raise not_published(query.layer.id)
    return state


def read_feature(context: Context, query: FeatureQuery, feature_id: int, row_format: RowFormat = "geojson") -> bytes | None:
    """One feature as text, or None when there is none of that id; `query` says how it shall look. Raises like `open_features`."""
    progress = Progress()
    with connect_for(context, query) as connection:
        text = read_rows(connection, replace(query, where=Ids((feature_id,)), limit=1), row_format, progress)
    return text if progress.count else None


def read_former_feature(context: Context, layer: Layer, feature_id: int, version: int) -> bytes | None:
    """A feature as it was in a version, as GeoJSON text for its editors (`layer` is their view); None when it never had that version."""
    with context.database.writer() as connection:
        return read_former(connection, layer, feature_id, version)


def find_previous_page(context: Context, query: FeatureQuery, before: int) -> int | None:
    """`after` of the page of `query.limit` features that ends with id `before` or the last one below; None = the first page."""
    with connect_for(context, query) as connection:
        return find_page_start(connection, query, before)


def _continue(first: bytes, rest: Iterator[bytes], stack: ExitStack) -> Iterator[bytes]:
    """The peeked chunk, then the others; the connection goes back to the pool at the end, also when nobody reads to the end."""
    flow = _pass_on(first, rest, stack)
    next(flow)  # runs up to the empty mark below, so that closing an unread flow still reaches its `with`
    return flow


def _pass_on(first: bytes, rest: Iterator[bytes], stack: ExitStack) -> Iterator[bytes]:
    with stack:
        try:
            yield b""
            if first:
                yield first
            yield from rest
        finally:
            close = getattr(rest, "close", None)
            if close is not None:
                close()
