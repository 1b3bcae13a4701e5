# SPDX-License-Identifier: MIT
"""The rows of a layer as plain JSON: one object for each feature with its id and its public fields, page after page by id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson

from server.catalog.model import Layer
from server.catalog.projection import published_field_names
from server.context import Context
from server.features.read import open_features
from server.filter.kvp import read_equality
from server.filter.tree import Node, both
from server.query.features import FeatureQuery

PAGING = ("limit", "after")


@dataclass(frozen=True)
class RowsAsked:
    """A page of the rows of a layer, as the public sees it: those after an id, so many, those whose fields have the values `wanted`."""

    layer: Layer
    after: int | None
    limit: int
    wanted: Mapping[str, str]


def row_parameters(layer: Layer) -> tuple[str, ...]:
    """What a request may say: paging, and the value of any public field."""
    return (*PAGING, *published_field_names(layer))


def write_rows(context: Context, asked: RowsAsked, address: str) -> tuple[bytes, str]:
    """The document, and the label of the layer's state it shows.

    Raises InvalidParameter for a value that is none of its field, LayerNotDefined, ServerFault.
    """
    where: Node | None = None
    for name, text in asked.wanted.items():
        where = both(where, read_equality(name, text))
    query = FeatureQuery(asked.layer, where=where, limit=asked.limit, after=asked.after, with_geometry=False)
    page = open_features(context, query, "geojson")
    features = orjson.loads(b"".join((b"[", *page.chunks(), b"]")))
    following = None
    if page.progress.more:
        following = f"{address}?{urlencode({**asked.wanted, 'limit': asked.limit, 'after': page.progress.last_id})}"
    head = {"layer": asked.layer.id, "revision": page.state.number, "count": page.state.count, "next": following}
    rows = b",\n".join([orjson.dumps({"id": each["id"], **each["properties"]}) for each in features])
    return b"".join((json.dumps(head)[:-1].encode(), b',"rows":[', rows, b"]}")), page.state.label
