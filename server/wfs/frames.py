# SPDX-License-Identifier: MIT
"""What stands around the rows of an answer: head and tail of the collection, by format and version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from server.crs.definitions import WGS84, find_crs
from server.crs.spelling import Spelling, write_crs
from server.encode import geojson, gml2, gml31, gml32
from server.query.features import FeatureQuery, RowFormat
from server.wfs.schema import schema_places
from server.xmlio.namespaces import Namespace

CONTENT_TYPES: dict[RowFormat, str] = {
    "geojson": "application/json",
    "gml2": "text/xml; subtype=gml/2.1.2; charset=utf-8",
    "gml31": "text/xml; subtype=gml/3.1.1; charset=utf-8",
    "gml32": "application/gml+xml; version=3.2; charset=utf-8",
}
SEPARATORS: dict[RowFormat, bytes] = {"geojson": b",\n", "gml2": b"\n", "gml31": b"\n", "gml32": b"\n"}
_GML_VERSIONS: dict[RowFormat, str] = {"gml2": "1.0.0", "gml31": "1.1.0", "gml32": "2.0.0"}


@dataclass(frozen=True)
class Numbers:
    """What is known before the rows are: how many match in all, how many follow (None: unknown), whatever the paging."""

    matched: int | None
    returned: int | None


@dataclass(frozen=True)
class Facts:
    """What a head says beside its numbers. `address` is that of the service, `links` attributes such as next, `lock_id` a lock."""

    address: str
    links: tuple[tuple[str, str], ...] = ()
    lock_id: str | None = None


def write_head(row_format: RowFormat, queries: Sequence[FeatureQuery], numbers: Numbers, facts: Facts) -> bytes:
    """The start of the collection."""
    if row_format == "geojson":
        return geojson.HEAD
    schema = schema_places([query.layer for query in queries], facts.address, _GML_VERSIONS[row_format])
    if row_format == "gml2":
        return gml2.write_head(schema, facts.lock_id)
    if row_format == "gml31":
        return gml31.write_head(Namespace.XANH, schema, number=numbers.returned, time_stamp=geojson.write_now(), lock_id=facts.lock_id)
    links = (*facts.links, *((("lockId", facts.lock_id),) if facts.lock_id else ()))
    return gml32.write_head(gml32.Collection(schema, geojson.write_now(), numbers.matched, numbers.returned or 0, links))


def write_tail(row_format: RowFormat, queries: Sequence[FeatureQuery]) -> Callable[[int | None, int], bytes]:
    """What writes the end of the collection, told how many features match (None: unknown) and how many stand before it."""
    if row_format == "geojson":
        members = _json_members(queries)
        return lambda matched, returned: geojson.write_tail({"numberMatched": matched, "numberReturned": returned, **members})
    tail = {"gml2": gml2.TAIL, "gml31": gml31.TAIL, "gml32": gml32.TAIL}[row_format]
    return lambda _, __: tail


def _json_members(queries: Sequence[FeatureQuery]) -> dict[str, Any]:
    """The time, and the system of the coordinates where it is not WGS 84 (the member `crs` of GeoJSON 2008, which clients still read)."""
    crs = find_crs(queries[0].crs)
    named = {"type": "name", "properties": {"name": write_crs(crs, Spelling.URN)}}
    return {"timeStamp": geojson.write_now(), "crs": None if crs.postgis_srid == WGS84.code else named}
