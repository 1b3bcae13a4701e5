# SPDX-License-Identifier: MIT
"""GetFeature (WFS 1.1.0, 04-094 9): features of one or several types as GML 3.1.1 or GeoJSON, or only their number.

Every question is planned, and every filter tried, before the first byte leaves: what is wrong is answered with an exception report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response

from server.context import Context
from server.crs.definitions import WGS84, find_crs
from server.crs.spelling import Spelling, write_crs
from server.encode import geojson, gml31
from server.encode.stream import Framed
from server.errors import InvalidParameter
from server.faults import log_fault
from server.features.count import count_features
from server.features.read import FeaturePage, open_features
from server.filter.tree import Ids
from server.query.features import FeatureQuery, RowFormat
from server.signin import require_signed_in
from server.wfs.formats import choose_feature_format
from server.wfs.lockfeature import hold, read_expiry
from server.wfs.plan import Planner
from server.wfs.requests import GetFeature
from server.wfs.schema import schema_places
from server.wfs.xmlrequests import from_xml, require_xml
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute

_SEPARATORS: dict[RowFormat, bytes] = {"geojson": b",\n", "gml31": b"\n"}
_CONTENT_TYPES: dict[RowFormat, str] = {"geojson": "application/json", "gml31": "text/xml; subtype=gml/3.1.1; charset=utf-8"}


def answer_features_with_lock(context: Context, planner: Planner, body: Element | None, address: str) -> Response:
    """The response to a GetFeatureWithLock (04-094 10): GML of features that are locked for the asker for `expiry` minutes, all or none.

    Raises NotAuthenticated, AccessDenied, FeatureLocked and like `answer_features`.
    """
    require_signed_in()
    root = require_xml(body)
    asked = from_xml(root)
    if choose_feature_format(asked.output_format) != "gml31" or asked.result_type == "hits":
        raise InvalidParameter("Features to lock are asked for as GML.", locator="outputFormat")
    minutes = read_expiry(attribute(root, "expiry"), planner.limits.max_lock_minutes)
    queries = [replace(planner.plan(query, "gml31"), limit=asked.max_features) for query in asked.queries]
    locked = hold(context, queries, minutes=minutes, all_or_none=True)
    queries = [replace(query, where=Ids(ids), limit=None) for query, ids in zip(queries, locked.held, strict=True)]
    answer = _Answer(context, queries, "gml31", context.settings.limits.max_features)
    head = _gml_head(queries, sum(map(len, locked.held)), address, locked.id)
    return _respond(b"".join(Framed(head, answer.chunks(), lambda: gml31.TAIL, log_fault)), "gml31")


def answer_features(context: Context, planner: Planner, asked: GetFeature, address: str) -> Response:
    """The response to a GetFeature; `address` is the public address of the service.

    Raises InvalidParameter, InvalidCrs, InvalidFormat, LimitExceeded, OperationNotSupported, ServerFault before anything was sent.
    """
    row_format = choose_feature_format(asked.output_format)
    queries = [planner.plan(query, row_format) for query in asked.queries]
    ceiling = context.settings.limits.max_features
    limit = ceiling if asked.max_features is None else min(asked.max_features, ceiling)
    if asked.result_type == "hits":
        matched = sum(count_features(context, query) for query in queries)
        number = min(limit, max(matched - asked.start_index, 0))
        return _respond(_frame_hits(row_format, queries, number, address), row_format)
    queries = _skip(context, queries, asked.start_index)
    answer = _Answer(context, queries, row_format, limit)
    frame = _frame_json(answer) if row_format == "geojson" else _frame_gml(answer, address)
    if answer.is_complete:
        return _respond(b"".join(frame), row_format)
    return _respond(frame, row_format)


@dataclass
class _Answer:
    """The rows of all types, one after the other; the first type is opened at once, the others when their turn comes."""

    context: Context
    queries: list[FeatureQuery]
    row_format: RowFormat
    limit: int
    returned: int = 0
    first: FeaturePage = field(init=False)

    def __post_init__(self) -> None:
        for query in self.queries[1:]:
            if query.where is not None:
                # a filter that does not fit the second type must fail now, not in the middle of the answer
                open_features(self.context, replace(query, limit=1, offset=0), self.row_format)
        self.first = open_features(self.context, replace(self.queries[0], limit=_tighten(self.queries[0], self.limit)), self.row_format)

    @property
    def is_complete(self) -> bool:
        """Whether all rows are in memory."""
        return self.first.body is not None and len(self.queries) == 1

    @property
    def number(self) -> int | None:
        """How many features the answer holds, when that is known without counting: from the catalogue, or because they are here."""
        if self.is_complete:
            return self.first.progress.count
        if any(query.where is not None for query in self.queries):
            return None
        totals = [self.first.state.count, *(count_features(self.context, query) for query in self.queries[1:])]
        return min(self.limit, sum(max(total - query.offset, 0) for total, query in zip(totals, self.queries, strict=True)))

    @property
    def matched(self) -> int | None:
        """How many features there are in all; None when only a count could tell."""
        return self.first.state.count if len(self.queries) == 1 and self.queries[0].where is None else None

    def chunks(self) -> Iterator[bytes]:
        """Glued rows of every type up to the limit."""
        before = b""
        page = self.first
        for position, query in enumerate(self.queries):
            if position:
                if self.returned >= self.limit:
                    return
                page = open_features(self.context, replace(query, limit=self.limit - self.returned), self.row_format)
            for chunk in page.chunks():
                yield before + chunk
                before = b""
            self.returned += page.progress.count
            before = _SEPARATORS[self.row_format] if self.returned else b""


def _tighten(query: FeatureQuery, limit: int) -> int:
    """No more features come than ids were named; small answers are read at once."""
    return min(limit, max(len(query.where.ids), 1)) if isinstance(query.where, Ids) else limit


def _skip(context: Context, queries: list[FeatureQuery], start_index: int) -> list[FeatureQuery]:
    """The questions that are left when the first `start_index` features are passed over; the last one always stays."""
    while start_index and len(queries) > 1:
        count = count_features(context, queries[0])
        if count > start_index:
            break
        start_index -= count
        queries = queries[1:]
    return [replace(queries[0], offset=start_index), *queries[1:]]


def _frame_gml(answer: _Answer, address: str) -> Framed:
    head = _gml_head(answer.queries, answer.number, address)
    return Framed(head, answer.chunks(), lambda: gml31.TAIL, log_fault)


def _gml_head(queries: list[FeatureQuery], number: int | None, address: str, lock_id: str | None = None) -> bytes:
    schema = schema_places((query.layer for query in queries), address, "1.1.0")
    return gml31.write_head(Namespace.XANH, schema, number=number, time_stamp=geojson.write_now(), lock_id=lock_id)


def _frame_json(answer: _Answer) -> Framed:
    members = _json_members(answer.queries)
    return Framed(
        geojson.HEAD,
        answer.chunks(),
        lambda: geojson.write_tail({"numberMatched": answer.matched, "numberReturned": answer.returned, **members}),
        log_fault,
    )


def _json_members(queries: list[FeatureQuery]) -> dict[str, Any]:
    """The time, and the system of the coordinates where it is not WGS 84 (the member `crs` of GeoJSON 2008, which clients still read)."""
    crs = find_crs(queries[0].crs)
    named = {"type": "name", "properties": {"name": write_crs(crs, Spelling.URN)}}
    return {"timeStamp": geojson.write_now(), "crs": None if crs.postgis_srid == WGS84.code else named}


def _frame_hits(row_format: RowFormat, queries: list[FeatureQuery], number: int, address: str) -> bytes:
    if row_format == "gml31":
        return _gml_head(queries, number, address) + gml31.TAIL.lstrip()
    return geojson.HEAD + geojson.write_tail({"numberMatched": number, "numberReturned": 0, **_json_members(queries)}).lstrip()


def _respond(body: bytes | Framed, row_format: RowFormat) -> Response:
    return Response(body, content_type=_CONTENT_TYPES[row_format])
