# SPDX-License-Identifier: MIT
"""Records of the catalogue found by a filter, as features are."""

from __future__ import annotations

from server.context import Context
from server.db.catalogue_search import find_records
from server.query.records import RecordQuestion


def search_records(context: Context, asked: RecordQuestion) -> list[str]:
    """The ids of the records that meet the condition, in order. Raises InvalidParameter, InvalidCrs, LimitExceeded, ServerFault."""
    with context.database.reader() as connection:
        return find_records(connection, asked)
