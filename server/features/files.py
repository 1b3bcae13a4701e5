# SPDX-License-Identifier: MIT
"""Features written into a file: rows from the database, a batch at a time, through the writers of `server.encode.files`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from server.context import Context
from server.crs.definitions import find_crs
from server.db.records import flow_records
from server.encode.files.table import Batch, FileTable, Part, describe_table
from server.encode.files.write import write_file
from server.encode.formats import FileFormat
from server.features.count import count_features
from server.features.read import connect_for
from server.features.state import not_published
from server.query.features import FeatureQuery


def count_file_rows(context: Context, query: FeatureQuery) -> int:
    """How many rows the file of a question will hold. Raises like `count_features`."""
    ceiling = context.settings.limits.max_features
    limit = ceiling if query.limit is None else min(query.limit, ceiling)
    return max(0, min(limit, count_features(context, replace(query, limit=None)) - query.offset))


def share_rows(context: Context, queries: Sequence[FeatureQuery], start: int, limit: int) -> tuple[FeatureQuery, ...]:
    """Questions whose answers follow each other, asked so that `start` features are passed over and at most `limit` come.

    What is left without rows stays as an empty table. Raises like `count_features`.
    """
    if len(queries) == 1:
        return (replace(queries[0], offset=start, limit=limit),)
    shared = []
    for query in queries:
        count = count_features(context, query)
        passed = min(start, count)
        taken = min(limit, count - passed)
        shared.append(replace(query, offset=passed, limit=taken))
        start, limit = start - passed, limit - taken
    return tuple(shared)


def write_features(
    context: Context, queries: Sequence[FeatureQuery], file_format: FileFormat, target: Path, tell: Callable[[int], object] = lambda _: None
) -> int:
    """Write the features of questions (of each at most limits.max_features) to a new file, one table each; answers how many there are.

    `tell` is told after each batch how many rows are through. Raises InvalidParameter, InvalidCrs, LayerNotDefined, LimitExceeded.
    """
    ceiling = context.settings.limits.max_features
    passed: Counter[int] = Counter()
    broken: list[Exception] = []

    def rows_of(position: int, query: FeatureQuery) -> Iterator[Batch]:
        passed[position] = 0
        try:
            with connect_for(context, query) as connection:
                for batch in flow_records(connection, query):
                    passed[position] += len(batch[0])
                    yield batch
                    tell(passed.total())
        except Exception as error:
            broken.append(error)  # GDAL pulls the rows and would call any failure of theirs one of its stream
            raise

    parts = []
    for position, query in enumerate(queries):
        limit = ceiling if query.limit is None else min(query.limit, ceiling)
        parts.append(Part(_describe(query), partial(rows_of, position, replace(query, limit=limit, axis_order="xy"))))
    try:
        write_file(file_format, parts, target)
    except Exception:
        if broken:
            raise broken[0] from None
        raise
    return passed.total()


def _describe(query: FeatureQuery) -> FileTable:
    if not query.layer.has_table:
        raise not_published(query.layer.id)
    return describe_table(query.layer, query.fields, find_crs(query.crs), placed=query.with_geometry)
