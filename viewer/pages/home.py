# SPDX-License-Identifier: MIT
"""What the landing page shows: the groups with their counts, the newest measurements, a few words to try."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.access import ANONYMOUS, may_read
from server.catalog.display import popup_fields, show_number
from server.catalog.model import Layer
from server.catalog.projection import time_fields
from server.context import Context
from server.features.read import open_features
from server.query.features import FeatureQuery, SortKey
from server.query.validity import valid_today
from viewer.describe import Published
from viewer.pages.objects import ObjectPage, describe_object, title_of

NEWEST = 3


@dataclass(frozen=True)
class GroupCard:
    """A group of layers and what it holds, in words."""

    id: str
    title: str
    colour: str
    counts: tuple[str, ...]
    layers: str


def describe_groups(context: Context, published: Published, language: str) -> list[GroupCard]:
    """The groups that hold something for everybody, with the two largest themes in words: "1.270 điểm cấp nước"."""
    cards = []
    for group in context.catalog.groups:
        layers = [layer for layer in context.catalog.layers_of(group.id) if _is_shown(layer, published)]
        if layers:
            counts = tuple(
                f"{show_number(_count(layer, published), language)} {_lower(layer.title.text(language))}" for layer in layers[:2]
            )
            cards.append(
                GroupCard(
                    group.id, group.title.text(language), group.colour, counts, ",".join(layer.id for layer in layers if layer.is_mapped)
                )
            )
    return cards


def find_newest(context: Context, published: Published, language: str) -> list[ObjectPage]:
    """The objects measured last, of the layers that have an index and the day it was taken."""
    for layer in context.catalog.feature_layers():
        times = time_fields(layer)
        if times and _is_shown(layer, published) and any(f"{name}_class" in layer.fields for name in popup_fields(layer)):
            query = FeatureQuery(
                layer, where=valid_today(layer), limit=NEWEST, with_geometry=False, sort=(SortKey(times[1], descending=True),)
            )
            return [describe_object(context, layer, feature["id"], language) for feature in _read(context, query)]
    return []


def find_examples(context: Context, published: Published) -> list[str]:
    """Things one may look up, taken from the data: objects of the kinds that weigh most in searches, the middle of the province."""
    searched = [
        layer for layer in context.catalog.feature_layers() if _is_shown(layer, published) and layer.title_field and not layer.illustrative
    ]
    heaviest = sorted(searched, key=lambda layer: -layer.search_weight)[:3]
    words = [
        title_of(layer, feature) for layer in heaviest for feature in _read(context, FeatureQuery(layer, where=valid_today(layer), limit=1))
    ]
    if published.home:
        west, south, east, north = published.home
        words.append(f"{(south + north) / 2:.2f}, {(west + east) / 2:.2f}")
    return words


def _read(context: Context, query: FeatureQuery) -> list[Mapping[str, Any]]:
    page = open_features(context, query, "geojson")
    features: list[Mapping[str, Any]] = json.loads(b"[" + b"".join(page.chunks()) + b"]")
    return features


def _is_shown(layer: Layer, published: Published) -> bool:
    return (
        layer.id in published.states
        and layer.has_table
        and not layer.base_map
        and may_read(ANONYMOUS, layer)
        and _count(layer, published) > 0
    )


def _count(layer: Layer, published: Published) -> int:
    return published.current.get(layer.id, published.states[layer.id].feature_count)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title
