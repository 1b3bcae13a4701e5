# SPDX-License-Identifier: MIT
"""What the search box asks: words in, hits out."""

from __future__ import annotations

from typing import Any

from server.context import Context
from server.features.search import search
from server.query.features import SearchHit

_DEFAULT_HITS = 8


def answer_search(context: Context, words: str, language: str, limit: str) -> list[dict[str, Any]]:
    """Objects whose searchable fields hold `words`, best first; points are lon/lat, extents west south east north in degrees.

    Blank words find nothing; a limit that is no number counts as the default, one above limits.max_search_hits as that.
    Raises LimitExceeded, ServerFault.
    """
    count = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 6 else _DEFAULT_HITS
    return [_describe(hit) for hit in search(context, words, language, count)]


def _describe(hit: SearchHit) -> dict[str, Any]:
    return {
        "layer": hit.layer,
        "id": str(hit.id),
        "title": hit.title,
        "subtitle": hit.subtitle,
        "point": hit.point,
        "extent": hit.extent,
    }
