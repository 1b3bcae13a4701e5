# SPDX-License-Identifier: MIT
"""How many features match: the catalogue knows without filter, the database counts with one; official features are always counted."""

from __future__ import annotations

import threading
from collections import OrderedDict
from hashlib import sha256

from server.context import Context
from server.db.catalogue import read_revision
from server.db.select import count_rows
from server.features.state import not_published
from server.query.features import FeatureQuery

_REMEMBERED = 5000
_Key = tuple[str, str, bytes]


class _Counts:
    """Counts already made, by (layer, revision, filter); the oldest go first."""

    def __init__(self) -> None:
        self._counts: OrderedDict[_Key, int] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: _Key) -> int | None:
        with self._lock:
            return self._counts.get(key)

    def put(self, key: _Key, count: int) -> None:
        with self._lock:
            self._counts[key] = count
            while len(self._counts) > _REMEMBERED:
                self._counts.popitem(last=False)


_counts = _Counts()


def count_features(context: Context, query: FeatureQuery) -> int:
    """How many features match `query.where` (paging is left aside), exactly.

    Raises LayerNotDefined, InvalidParameter, LimitExceeded (the count took too long) or ServerFault.
    """
    if query.store == "official":
        with context.database.staff() as connection:
            return count_rows(connection, query)
    with context.database.reader() as connection:
        state = read_revision(connection, query.layer.id) if query.layer.has_table else None
        if state is None:
            raise not_published(query.layer.id)
        if query.store == "former":
            return count_rows(connection, query)
        if query.where is None:
            return state.count
        key = (query.layer.id, state.label, sha256(repr(query.where).encode("utf-8", "replace")).digest())
        known = _counts.get(key)
        if known is None:
            # The revision was read first: should a publication fall in between, the newer count is kept under the older key only.
            known = count_rows(connection, query)
            _counts.put(key, known)
        return known
