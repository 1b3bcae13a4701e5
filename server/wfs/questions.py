# SPDX-License-Identifier: MIT
"""GetFeature questions understood: what is left to do is to ask the database. Those of anonymous readers are remembered by query string."""

from __future__ import annotations

from dataclasses import dataclass

from server.filter.tree import Ids, Spatial
from server.query.features import FeatureQuery, RowFormat
from server.wfs.requests import GetFeature

# Questions are asked again and again, by every visitor of a map: so many of so many letters are kept.
_REMEMBERED, _LONGEST = 1000, 300


@dataclass(frozen=True)
class Question:
    """Features to answer with (never only their number): what was asked, the planned questions, the format of rows, how many at most."""

    asked: GetFeature
    queries: tuple[FeatureQuery, ...]
    row_format: RowFormat
    limit: int


class Questions:
    """Questions by the query string they came as. Only those whose meaning is the same every time.

    So of filters only ids and places are among them, because others may speak of today.
    """

    def __init__(self) -> None:
        self._known: dict[str, Question] = {}

    def find(self, text: str) -> Question | None:
        """The question these letters asked before."""
        return self._known.get(text)

    def remember(self, text: str, question: Question) -> None:
        """Keep a question of an anonymous reader, if it is of the kind that may be kept."""
        if len(text) > _LONGEST or question.asked.stored or len(question.queries) > 1:
            return
        (query,) = question.queries
        if query.store != "published" or not (query.where is None or isinstance(query.where, Spatial | Ids)):
            return
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[text] = question
