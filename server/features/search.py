# SPDX-License-Identifier: MIT
"""One search box over everything that can be searched and that everybody may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.access import ANONYMOUS, may_read
from server.context import Context
from server.db.catalogue import read_states
from server.db.search import search_rows
from server.query.features import SearchHit

_MAX_TEXT = 200


def search(context: Context, text: str, language: str = "vi", limit: int = 10, layers: Sequence[str] | None = None) -> list[SearchHit]:
    """Published features that hold every word of `text` in their searchable fields, accents or not, best first ("go cong": Gò Công).

    The subtitle says where it belongs, else the layer's title in `language`. `layers` narrows to these layer ids; `limit` is cut to
    limits.max_search_hits. Points and extents are lon/lat (EPSG:4326).
    Raises LayerNotDefined for an unknown layer id, LimitExceeded, ServerFault.
    """
    words = " ".join(text.replace("\0", " ").encode("utf-8", "ignore").decode().split())[:_MAX_TEXT]
    count = max(0, min(limit, context.settings.limits.max_search_hits))
    chosen = context.catalog.layers.values() if layers is None else [context.catalog.layer(name) for name in layers]
    if not words or not count:
        return []
    with context.database.reader() as connection:
        published = read_states(connection)
        open_layers = [layer for layer in chosen if layer.id in published and may_read(ANONYMOUS, layer)]
        hits = search_rows(connection, open_layers, words, count)
    titles = {layer.id: layer.title.text(language) for layer in open_layers}
    return [hit if hit.subtitle else replace(hit, subtitle=titles[hit.layer]) for hit in hits]
