# SPDX-License-Identifier: MIT
"""What the published catalogue says, now: what is remembered is compared with it each time, so no key or label made of it is stale."""

from __future__ import annotations

from server.context import Context
from server.db.catalogue import Revision, read_revision, read_stamp, read_states
from server.errors import LayerNotDefined
from server.query.features import LayerState


def layer_revision(context: Context, layer_id: str) -> Revision:
    """Revision, count and label of one layer by the shortest way (for cache keys and ETags).

    Raises LayerNotDefined when it is not in the catalogue or was never published, ServerFault.
    """
    context.catalog.layer(layer_id)
    with context.database.reader() as connection:
        found = read_revision(connection, layer_id)
    if found is None:
        raise not_published(layer_id)
    return found


def layer_states(context: Context) -> dict[str, LayerState]:
    """The catalogue rows of all published layers by id, in one question. Raises ServerFault."""
    with context.database.reader() as connection:
        return read_states(connection)


def layer_states_since(context: Context, stamp: bytes) -> tuple[bytes, dict[str, LayerState] | None]:
    """The same as long as something was published since an answer of this function with `stamp` (b"" = never asked); else None.

    Answers the new stamp too, read before the rows: no row is older than it. One short question when nothing changed.
    Raises ServerFault.
    """
    with context.database.reader() as connection:
        now = read_stamp(connection)
        return now, None if now == stamp else read_states(connection)


def not_published(layer_id: str) -> LayerNotDefined:
    """The error for a layer that has no published table or was never published."""
    return LayerNotDefined(f"The layer {layer_id!r} is not published.", message_vi=f"Lớp {layer_id!r} chưa được công bố.")
