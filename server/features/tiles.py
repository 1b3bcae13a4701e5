# SPDX-License-Identifier: MIT
"""Tiles as a use-case: what they depend on, read afresh each time, and vector tiles of what is published."""

from __future__ import annotations

from collections.abc import Iterable

from server.catalog.display import popup_fields
from server.catalog.model import Layer
from server.catalog.projection import published_field_names
from server.context import Context
from server.db.tiles import make_tile_and_state, make_vector_tile, read_tile_states
from server.query.tiles import TileState, VectorTileQuery


def tile_states(context: Context, layer_ids: Iterable[str]) -> dict[str, TileState]:
    """The states of those layers of the catalogue that are published. Raises ServerFault."""
    with context.database.reader() as connection:
        return read_tile_states(connection, layer_ids)


def vector_tile(context: Context, query: VectorTileQuery) -> bytes:
    """A vector tile (MVT); b"" when nothing lies in it. Raises InvalidParameter, LimitExceeded, ServerFault."""
    with context.database.reader() as connection:
        return make_vector_tile(connection, query)


def vector_tile_now(context: Context, query: VectorTileQuery) -> tuple[TileState | None, bytes]:
    """A vector tile without a condition and the state of the layer it shows, of one moment; no state = the layer is not published.

    Raises InvalidParameter, LimitExceeded, ServerFault.
    """
    with context.database.reader() as connection:
        return make_tile_and_state(connection, query)


def vector_fields(layer: Layer, styled: Iterable[str]) -> tuple[str, ...]:
    """The published fields a vector tile carries, in the order of the layer file: those of the card, the title and those styles look at."""
    wanted = {*popup_fields(layer), *styled, layer.title_field}
    wanted |= {f"{name}_title" for name in wanted}
    return tuple(name for name in published_field_names(layer) if name in wanted)
