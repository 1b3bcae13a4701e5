# SPDX-License-Identifier: MIT
"""Features written into a file: rows from the database, a batch at a time, through the writers of `server.encode.files`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from server.context import Context
from server.crs.definitions import find_crs
from server.db.records import flow_records
from server.encode.files.table import Batch, describe_table
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


def write_features(
    context: Context, query: FeatureQuery, file_format: FileFormat, target: Path, tell: Callable[[int], object] = lambda _: None
) -> int:
    """Write the features of a question (at most limits.max_features) to a new file; answers how many there are.

    `tell` is told after each batch how many rows are through. Raises InvalidParameter, InvalidCrs, LayerNotDefined, LimitExceeded.
    """
    if not query.layer.has_table:
        raise not_published(query.layer.id)
    ceiling = context.settings.limits.max_features
    query = replace(query, limit=ceiling if query.limit is None else min(query.limit, ceiling), axis_order="xy")
    table = describe_table(query.layer, query.fields, find_crs(query.crs) if query.with_geometry else None)
    passed = 0
    broken: list[Exception] = []

    def batches() -> Iterator[Batch]:
        nonlocal passed
        passed = 0
        try:
            with connect_for(context, query) as connection:
                for batch in flow_records(connection, query):
                    passed += len(batch[0])
                    yield batch
                    tell(passed)
        except Exception as error:
            broken.append(error)  # GDAL pulls the rows and would call any failure of theirs one of its stream
            raise

    try:
        write_file(file_format, table, batches, target)
    except Exception:
        if broken:
            raise broken[0] from None
        raise
    return passed
