# SPDX-License-Identifier: MIT
"""Writes `published.catalogue`: what is known of a published layer without reading it, and its revision."""

from __future__ import annotations

from collections.abc import Sequence

from server.catalog.model import Layer
from server.db.outline import Outline
from server.db.pool import Connection

CHANNEL = "xanh_published"


def write_catalogue_row(connection: Connection, layer: Layer, outline: Outline, bands: Sequence[int] = ()) -> None:
    """Note count, extent, time range and pyramid bands, raise the revision and tell listeners (`layer:revision`) at commit."""
    connection.execute(
        "INSERT INTO published.catalogue AS c"
        " (layer, feature_count, extent, time_begin, time_end, pyramid_bands, moments, revision, published_at)"
        " VALUES (%s, %s, %s::double precision[], %s, %s, %s::smallint[], %s::timestamptz[], 1, now())"
        " ON CONFLICT (layer) DO UPDATE SET feature_count = excluded.feature_count, extent = excluded.extent,"
        " time_begin = excluded.time_begin, time_end = excluded.time_end, pyramid_bands = excluded.pyramid_bands,"
        " moments = excluded.moments,"
        " revision = c.revision + 1, published_at = excluded.published_at",
        [layer.id, outline.count, outline.extent, outline.bounds[4], outline.bounds[5], list(bands), list(outline.moments)],
    )
    connection.execute("SELECT pg_notify(%s, layer || ':' || revision) FROM published.catalogue WHERE layer = %s", [CHANNEL, layer.id])
