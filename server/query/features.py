# SPDX-License-Identifier: MIT
"""Neutral questions about features: what the protocol rooms ask and the database room answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from server.catalog.model import Layer
from server.filter.tree import Node

Store = Literal["published", "official", "former"]
RowFormat = Literal["geojson", "geojsonseq", "jsonfg", "gml31", "gml32", "gml2", "kml", "csv"]
AxisOrder = Literal["xy", "yx"]


@dataclass(frozen=True)
class SortKey:
    """A published field and its direction. The feature id always follows as the last key, so that the order is total."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class FeatureQuery:
    """Which features of one layer, how many, and how they shall look.

    `fields` None = all public fields. `crs` is the EPSG code of the answer's geometry, `axis_order` how its coordinates are written,
    `srs_name` the spelling written into GML. `after` is the id of the last feature of the page before (key paging; only with the default
    order); `offset` is for protocols that know nothing better. `limit` None = limits.max_features.
    The store `former` is what was published at `moment`.
    """

    layer: Layer
    fields: tuple[str, ...] | None = None
    where: Node | None = None
    sort: tuple[SortKey, ...] = ()
    limit: int | None = None
    offset: int = 0
    after: int | None = None
    crs: int = 4326
    axis_order: AxisOrder = "xy"
    srs_name: str = ""
    with_geometry: bool = True
    store: Store = "published"
    moment: datetime | None = None


@dataclass(frozen=True)
class LayerState:
    """The catalogue row of a published layer; extents are lon/lat (EPSG:4326), times ISO 8601 UTC. `moments`: those of rasters in time."""

    layer: str
    revision: int
    feature_count: int
    extent: tuple[float, float, float, float] | None
    time_begin: str | None
    time_end: str | None
    pyramid_bands: tuple[int, ...]
    published_at: str
    moments: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundRow:
    """What the database knows of a hit: `belongs` are the values of the layer's subtitle fields, `matched` the field that fits the words
    best and its value, `until` the last day of a feature that is no longer valid; the place is lon/lat."""

    layer: str
    id: int
    title: str
    belongs: tuple[str | None, ...]
    matched: tuple[str, str] | None
    until: date | None
    score: float
    point: tuple[float, float] | None
    extent: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Neighbour:
    """A feature near a place and its distance in metres."""

    row: FoundRow
    distance: float


@dataclass(frozen=True)
class SearchHit:
    """One hit of the search box: what to call it, what tells it from others of that name, and where it is (lon/lat)."""

    layer: str
    id: int
    title: str
    subtitle: str
    point: tuple[float, float] | None
    extent: tuple[float, float, float, float] | None
    score: float
