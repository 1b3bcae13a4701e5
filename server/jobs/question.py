# SPDX-License-Identifier: MIT
"""Questions and who asks them, as JSON that waits in the database; read again, they are asked with the rights the asker has then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from server.access import ANONYMOUS, Identity, may_read, see_layer, store_of
from server.context import Context
from server.errors import LayerNotDefined
from server.filter import store
from server.query.features import FeatureQuery, SortKey


def write_questions(queries: Sequence[FeatureQuery], asker: Identity) -> dict[str, Any]:
    """The questions as JSON-shaped data: the first one, the others beside it."""
    first, *others = (write_question(query, asker) for query in queries)
    return {**first, "others": others} if others else first


def read_questions(context: Context, data: dict[str, Any]) -> tuple[FeatureQuery, ...]:
    """The questions as their asker may ask them now. Raises like `read_question`."""
    return tuple(read_question(context, each) for each in (data, *data.get("others", ())))


def write_question(query: FeatureQuery, asker: Identity) -> dict[str, Any]:
    """The question as JSON-shaped data."""
    return {
        "layer": query.layer.id,
        "fields": None if query.fields is None else list(query.fields),
        "where": store.to_json(query.where),
        "sort": [[key.field, key.descending] for key in query.sort],
        "limit": query.limit,
        "offset": query.offset,
        "after": query.after,
        "crs": query.crs,
        "with_geometry": query.with_geometry,
        "moment": query.moment.isoformat() if query.moment else None,
        "asker": write_asker(asker),
    }


def read_question(context: Context, data: dict[str, Any]) -> FeatureQuery:
    """The question as its asker may ask it now. Raises LayerNotDefined when the layer is gone or closed, InvalidParameter."""
    asker = read_asker(data["asker"])
    layer = context.catalog.layers.get(data["layer"])
    if layer is None or not may_read(asker, layer):
        raise LayerNotDefined(f"There is no layer {data['layer']!r} any more.", message_vi=f"Không còn lớp {data['layer']!r}.")
    moment = datetime.fromisoformat(data["moment"]) if data.get("moment") else None
    layer = layer if moment else see_layer(asker, context.catalog, layer)
    return FeatureQuery(
        layer,
        fields=None if data["fields"] is None else tuple(data["fields"]),
        where=store.from_json(data["where"]),
        sort=tuple(SortKey(field, descending) for field, descending in data["sort"]),
        limit=data["limit"],
        offset=data["offset"],
        after=data["after"],
        crs=data["crs"],
        with_geometry=data["with_geometry"],
        store="former" if moment else store_of(layer),
        moment=moment,
    )


def write_asker(asker: Identity) -> list[Any] | None:
    """Who asks as JSON-shaped data; None is anybody."""
    if asker is ANONYMOUS:
        return None
    return [asker.account, sorted(asker.roles), None if asker.layers is None else sorted(asker.layers)]


def read_asker(data: list[Any] | None) -> Identity:
    """Who asked."""
    if data is None:
        return ANONYMOUS
    account, roles, layers = data
    return Identity(account, frozenset(roles), None if layers is None else frozenset(layers))
