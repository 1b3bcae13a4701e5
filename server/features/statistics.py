# SPDX-License-Identifier: MIT
"""Dashboards: what a question about a layer finds, in figures; the dimensions follow from the layer file."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import sha256

from server.access import ANONYMOUS, may_read
from server.catalog.catalog import Catalog
from server.catalog.display import popup_fields
from server.catalog.model import Layer
from server.catalog.projection import published_fields, time_fields
from server.context import Context
from server.db.catalogue import read_revision
from server.db.statistics import summarise
from server.errors import LimitExceeded
from server.features.state import not_published
from server.query.features import FeatureQuery
from server.query.statistics import Dimension, Summary

MOST_CODES, MOST_LINKS, MOST_NUMBERS = 5, 2, 3
_REMEMBERED = 500
_AREAS = ("polygon", "multipolygon")
_Key = tuple[str, str, bytes]


class _Summaries:
    """Summaries already made, by (layer, revision, filter); the oldest go first."""

    def __init__(self) -> None:
        self._made: OrderedDict[_Key, Summary] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: _Key) -> Summary | None:
        with self._lock:
            return self._made.get(key)

    def put(self, key: _Key, summary: Summary) -> None:
        with self._lock:
            self._made[key] = summary
            while len(self._made) > _REMEMBERED:
                self._made.popitem(last=False)


_summaries = _Summaries()


def summarise_features(context: Context, query: FeatureQuery) -> Summary:
    """What `query.where` finds in the published layer, in figures.

    Raises LayerNotDefined, InvalidParameter, ServerFault, and LimitExceeded for layers with more features than
    `limits.max_summed_features` and for sums that take too long.
    """
    layer, ceiling = query.layer, context.settings.limits.max_summed_features
    with context.database.reader() as connection:
        state = read_revision(connection, layer.id) if layer.has_table else None
        if state is None:
            raise not_published(layer.id)
        if state.count > ceiling:
            raise LimitExceeded(
                f"Figures are made of layers of up to {ceiling} features.",
                locator="layer",
                message_vi=f"Chỉ thống kê các lớp có tối đa {ceiling} đối tượng.",
            )
        key = (layer.id, state.label, sha256(repr(query.where).encode("utf-8", "replace")).digest())
        known = _summaries.get(key)
        if known is None:
            # As with counts: should a publication fall in between, the newer figures are kept under the older key only.
            known = summarise(connection, query, tuple(dimensions_of(context.catalog, layer)))
            _summaries.put(key, known)
        return known


def dimensions_of(catalog: Catalog, layer: Layer) -> Iterator[Dimension]:
    """What a layer's features are told apart by: its code lists and truths, the areas it links to, its years, its telling numbers.

    Fields of the card come first; there are ceilings on how many of a kind.
    """
    fields = {field.name: field for field in published_fields(layer)}
    telling = [name for name in popup_fields(layer) if name in fields]
    ordered = [*telling, *(name for name in fields if name not in telling)]
    coded = [name for name in ordered if fields[name].codes or fields[name].type == "boolean"][:MOST_CODES]
    for name in coded:
        yield Dimension(name, "codes" if fields[name].codes else "boolean")
    links = [name for name in ordered if _links_to_area(catalog, fields[name].link)]
    yield from (Dimension(name, "link") for name in links[:MOST_LINKS])
    times = time_fields(layer)
    if times is not None and not layer.validity:
        yield Dimension(times[0], "year")
    numbers = [name for name in ordered if fields[name].type in ("number", "integer") and not fields[name].codes]
    preferred = [name for name in telling if name in numbers] or numbers
    yield from (Dimension(name, "number") for name in preferred[:MOST_NUMBERS])


def _links_to_area(catalog: Catalog, target: str | None) -> bool:
    layer = catalog.layers.get(target) if target else None
    return layer is not None and layer.geometry in _AREAS and may_read(ANONYMOUS, layer)
