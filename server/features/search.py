# SPDX-License-Identifier: MIT
"""One search box over everything that can be searched and that everybody may read."""

from __future__ import annotations

from collections.abc import Sequence

from server.access import ANONYMOUS, may_read
from server.catalog.catalog import Catalog
from server.catalog.projection import published_fields, subtitle_fields
from server.context import Context
from server.db.catalogue import read_states
from server.db.search import Crowd, search_rows
from server.query.features import FoundRow, SearchHit

_MAX_TEXT = 200
# Separates the spellings in a list of other names, which nobody wants to read.
_LIST_SIGN = "|"


def search(context: Context, text: str, language: str = "vi", limit: int = 10, layers: Sequence[str] | None = None) -> list[SearchHit]:
    """Published features that hold every word of `text` in their searchable fields, accents or not, best first ("go cong": Gò Công).

    The subtitle is in words of `language`: "Xã · Huyện Gò Công Đông, Tỉnh Tiền Giang (đến 30/06/2025)". `layers` narrows to these layer
    ids; `limit` is cut to limits.max_search_hits. Points and extents are lon/lat (EPSG:4326).
    Raises LayerNotDefined for an unknown layer id, LimitExceeded, ServerFault.
    """
    words = " ".join(text.replace("\0", " ").encode("utf-8", "ignore").decode().split())[:_MAX_TEXT]
    count = max(0, min(limit, context.settings.limits.max_search_hits))
    chosen = context.catalog.layers.values() if layers is None else [context.catalog.layer(name) for name in layers]
    if not words or not count:
        return []
    with context.database.reader() as connection:
        published = read_states(connection)
        limits = context.settings.limits
        crowded = frozenset(name for name, state in published.items() if state.feature_count > limits.max_sorted_matches)
        found = [layer for layer in chosen if layer.id in published and may_read(ANONYMOUS, layer)]
        rows = search_rows(connection, found, words, count, Crowd(crowded, limits.search_ms))
    return [
        SearchHit(row.layer, row.id, row.title, describe_hit(context.catalog, row, language), row.point, row.extent, row.score)
        for row in rows
    ]


def describe_hit(catalog: Catalog, row: FoundRow, language: str) -> str:
    """What stands under the title of a hit: what it is, where it belongs, the code it was found by, its last day when it has passed."""
    layer = catalog.layers[row.layer]
    kind = layer.title.text(language)
    parts: list[str] = []
    for position, (field, value) in enumerate(zip(subtitle_fields(layer), row.belongs, strict=True)):
        if not value:
            continue
        codes = catalog.code_lists.get(field.codes) if field.codes else None
        shown = codes.title(value, language) if codes else value
        if codes and position == 0:
            kind = shown
        else:
            parts.append(shown)
    known = " · ".join(part for part in (kind, ", ".join(dict.fromkeys(parts)), _name_match(catalog, row, parts, language)) if part)
    if row.until is None:
        return known
    return f"{known} ({'until' if language == 'en' else 'đến'} {row.until:%d/%m/%Y})"


def _name_match(catalog: Catalog, row: FoundRow, shown: Sequence[str], language: str) -> str:
    """Label and value of the field the words were found in, unless the reader sees it already."""
    if row.matched is None:
        return ""
    name, value = row.matched
    seen = " ".join((row.title, *shown)).casefold()
    if _LIST_SIGN in value or value.casefold() in seen:
        return ""
    label = next(field.label for field in published_fields(catalog.layers[row.layer]) if field.name == name)
    return f"{label.text(language)}: {value}"
