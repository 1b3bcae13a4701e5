# SPDX-License-Identifier: MIT
"""GetFeature (WFS 2.0.0: 09-025r2 11; 1.1.0: 04-094 9; 1.0.0: 02-058 9): features of one or several types, or only their number.

Every question is planned, and every filter tried, before the first byte leaves: what is wrong is answered with an exception report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from flask import Response

from server.context import Context
from server.encode import geojson
from server.encode.stream import Framed
from server.errors import FeatureLocked, InvalidParameter
from server.faults import log_fault
from server.features.count import count_features
from server.features.read import FeaturePage, open_features
from server.filter.tree import Ids
from server.query.features import FeatureQuery, RowFormat
from server.signin import require_signed_in
from server.wfs.downloads import answer_as_download
from server.wfs.formats import GML, choose_download, choose_feature_format
from server.wfs.frames import CONTENT_TYPES, SEPARATORS, Facts, Numbers, write_head, write_tail
from server.wfs.lockfeature import Expand, answer_no_lock, hold, read_expiry, takes_some
from server.wfs.paging import page_links
from server.wfs.plan import Planner
from server.wfs.questions import Question
from server.wfs.requests import GetFeature
from server.wfs.transactionxml import version_of
from server.wfs.xmlrequests import from_xml, require_xml
from server.xmlio.parse import Element, attribute

# Bytes of rows from which on they are not copied once more to stand in one piece with their frame.
_LARGE = 1 << 16
Remember = Callable[[Question], None]


def answer_features_with_lock(context: Context, planner: Planner, body: Element | None, address: str, expand: Expand) -> Response:
    """The response to a GetFeatureWithLock (04-094 10, 09-025r2 13): GML of features that are locked for the asker.

    All or none; in 2.0.0 with lockAction SOME those that are free.

    Raises NotAuthenticated, AccessDenied, FeatureLocked and like `answer_features`.
    """
    require_signed_in()
    root = require_xml(body)
    version = version_of(root)
    asked = from_xml(root, version)
    asked = replace(asked, queries=(*asked.queries, *(expand(call, version) for call in asked.stored)))
    row_format = choose_feature_format(asked.output_format, version)
    if row_format not in GML or asked.result_type == "hits":
        raise InvalidParameter("Features to lock are asked for as GML.", locator="outputFormat")
    minutes = read_expiry(attribute(root, "expiry"), planner.limits.max_lock_minutes, in_seconds=version == "2.0.0")
    queries = [replace(planner.plan(query, row_format), limit=asked.max_features) for query in asked.queries]
    try:
        locked = hold(context, queries, minutes=minutes, all_or_none=not takes_some(root, version))
    except FeatureLocked as error:
        if version != "2.0.0":
            raise
        return answer_no_lock(error)
    queries = [replace(query, where=Ids(ids), limit=None) for query, ids in zip(queries, locked.held, strict=True)]
    answer = Answer(context, queries, row_format, context.settings.limits.max_features)
    count = sum(map(len, locked.held))
    head = write_head(row_format, queries, Numbers(count, count), Facts(address, lock_id=locked.id))
    end = write_tail(row_format, queries)
    return _respond(b"".join(Framed(head, answer.chunks(), lambda: end(None, count), log_fault)), row_format)


def answer_features(context: Context, planner: Planner, asked: GetFeature, address: str, remember: Remember | None = None) -> Response:
    """The response to a GetFeature; `address` is the public address of the service. `remember` is told the question once it was answered.

    Raises InvalidParameter, InvalidCrs, InvalidFormat, LimitExceeded, OperationNotSupported, ServerFault before anything was sent.
    """
    download = choose_download(asked.output_format)
    if download is not None and asked.result_type != "hits":
        return answer_as_download(context, planner, asked, download)
    if download is not None:
        asked = replace(asked, output_format=None)  # a number is told in GML
    question = _understand(planner, asked)
    if asked.result_type == "hits" or question.limit == 0:
        return _respond(_write_hits(context, asked, question.queries, address), question.row_format)
    body = write_features(context, question, address)
    if remember is not None:
        remember(question)
    return _respond(body, question.row_format)


def _understand(planner: Planner, asked: GetFeature) -> Question:
    row_format = choose_feature_format(asked.output_format, asked.version)
    queries = tuple(planner.plan(query, row_format) for query in asked.queries)
    ceiling = planner.limits.max_features
    return Question(asked, queries, row_format, ceiling if asked.max_features is None else min(asked.max_features, ceiling))


def write_features(context: Context, question: Question, address: str) -> list[bytes] | Framed:
    """The document that answers a question: its pieces where it is short, else begun and flowing. Raises like `answer_features`."""
    asked, queries, row_format, limit = question.asked, question.queries, question.row_format, question.limit
    answer = Answer(context, _skip(context, queries, asked.start_index), row_format, limit)
    numbers = answer.numbers(queries, asked.start_index)
    links = page_links(asked, address, numbers, limit, context.settings.limits) if row_format == "gml32" else ()
    head = write_head(row_format, queries, numbers, Facts(address, links))
    end = write_tail(row_format, queries)
    if answer.is_complete:
        body = answer.first.body or b""
        pieces = [head, body, end(answer.matched, answer.first.progress.count)]
        return pieces if len(body) > _LARGE else [b"".join(pieces)]
    rows = answer.nested_chunks() if asked.nests and row_format == "gml32" else answer.chunks()
    return Framed(head, rows, lambda: end(answer.matched, answer.returned), log_fault)


@dataclass
class Answer:
    """The rows of all types, one after the other; the first type is opened at once, the others when their turn comes."""

    context: Context
    queries: Sequence[FeatureQuery]
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
    def matched(self) -> int | None:
        """How many features there are in all; None when only a count could tell."""
        return self.first.state.count if len(self.queries) == 1 and self.queries[0].where is None else None

    def numbers(self, asked: Sequence[FeatureQuery], start_index: int) -> Numbers:
        """How many features match in all (all of `asked`), and how many the answer holds.

        Without counting where it can be known from the catalogue or because the rows are here; 2.0.0 wants both numbers in any case.
        """
        if self.row_format == "gml32":
            return self._count_all(asked, start_index)
        if self.is_complete:
            return Numbers(self.matched, self.first.progress.count)
        if any(query.where is not None for query in self.queries):
            return Numbers(None, None)
        totals = [self.first.state.count, *(count_features(self.context, query) for query in self.queries[1:])]
        returned = min(self.limit, sum(max(total - query.offset, 0) for total, query in zip(totals, self.queries, strict=True)))
        return Numbers(self.matched, returned)

    def _count_all(self, asked: Sequence[FeatureQuery], start_index: int) -> Numbers:
        if self.is_complete and len(asked) == 1:
            progress = self.first.progress
            if self.matched is not None:
                return Numbers(self.matched, progress.count)
            if not progress.more and (progress.count or not start_index):
                return Numbers(start_index + progress.count, progress.count)
            return Numbers(count_features(self.context, asked[0]), progress.count)
        matched = sum(count_features(self.context, query) for query in asked)
        return Numbers(matched, min(self.limit, max(matched - start_index, 0)))

    def chunks(self) -> Iterator[bytes]:
        """Glued rows of every type up to the limit."""
        before = b""
        for position in range(len(self.queries)):
            page = self._open(position)
            if page is None:
                return
            for chunk in page.chunks():
                yield before + chunk
                before = b""
            self.returned += page.progress.count
            before = SEPARATORS[self.row_format] if self.returned else b""

    def nested_chunks(self) -> Iterator[bytes]:
        """The same with each type in a collection of its own (09-025r2 11.3.3.4)."""
        for position, query in enumerate(self.queries):
            matched = count_features(self.context, query)
            returned = min(self.limit - self.returned, max(matched - query.offset, 0))
            numbers = f'timeStamp="{geojson.write_now()}" numberMatched="{matched}" numberReturned="{returned}"'
            yield f"<wfs:member><wfs:FeatureCollection {numbers}>\n".encode()
            page = self._open(position) if returned else None
            if page is not None:
                yield from page.chunks()
                self.returned += page.progress.count
            yield b"\n</wfs:FeatureCollection></wfs:member>\n"

    def _open(self, position: int) -> FeaturePage | None:
        if position == 0:
            return self.first
        if self.returned >= self.limit:
            return None
        return open_features(self.context, replace(self.queries[position], limit=self.limit - self.returned), self.row_format)


def _tighten(query: FeatureQuery, limit: int) -> int:
    """No more features come than ids were named; small answers are read at once."""
    return min(limit, max(len(query.where.ids), 1)) if isinstance(query.where, Ids) else limit


def _skip(context: Context, queries: Sequence[FeatureQuery], start_index: int) -> list[FeatureQuery]:
    """The questions that are left when the first `start_index` features are passed over; the last one always stays."""
    while start_index and len(queries) > 1:
        count = count_features(context, queries[0])
        if count > start_index:
            break
        start_index -= count
        queries = queries[1:]
    return [replace(queries[0], offset=start_index), *queries[1:]]


def _write_hits(context: Context, asked: GetFeature, queries: Sequence[FeatureQuery], address: str) -> bytes:
    """Numbers alone: how many match; in 1.1.0, which knows one number, how many would come."""
    row_format = choose_feature_format(asked.output_format, asked.version)
    matched = sum(count_features(context, query) for query in queries)
    coming = max(matched - asked.start_index, 0)
    coming = coming if asked.max_features is None else min(asked.max_features, coming)
    coming = min(coming, context.settings.limits.max_features)
    numbers = Numbers(matched, 0) if row_format == "gml32" else Numbers(coming, coming)
    told = matched if asked.version == "2.0.0" else coming
    links: tuple[tuple[str, str], ...] = ()
    if row_format == "gml32" and asked.result_type == "hits":
        links = page_links(asked, address, numbers, coming if asked.max_features is None else asked.max_features, context.settings.limits)
    head = write_head(row_format, queries, numbers, Facts(address, links))
    return head + write_tail(row_format, queries)(told, 0).lstrip()


def _respond(body: bytes | list[bytes] | Framed, row_format: RowFormat) -> Response:
    return Response(body, content_type=CONTENT_TYPES[row_format])
