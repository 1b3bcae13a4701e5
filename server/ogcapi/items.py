# SPDX-License-Identifier: MIT
"""The hot path: `items` and `items/{id}` as GeoJSON, rows encoded by the database, everything that can wait written behind them."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote_plus, urlencode

import orjson
from flask import Response

from server.downloads.answer import Download, answer_download
from server.downloads.postpone import postpone_download
from server.encode import gml32, jsonfg
from server.encode.formats import Format
from server.encode.geojson import HEAD, MEDIA_TYPE, write_now, write_tail
from server.encode.stream import Framed
from server.errors import FeatureNotFound, XanhError
from server.features.count import count_features
from server.features.read import FeaturePage, find_previous_page, open_features, read_feature
from server.features.state import layer_revision
from server.filter.tree import Ids
from server.ogcapi.preconditions import write_version_tag
from server.ogcapi.requests import JSON_FG, ItemsRequest, write_cursor
from server.ogcapi.service import Service
from server.query.features import FeatureQuery, RowFormat

_LOG = logging.getLogger(__name__)
_ENCODING = "1"  # raise it when the same rows are written differently, so that no client keeps the old text

Link = dict[str, str]


@dataclass(frozen=True)
class Dialect:
    """A JSON of features: how its rows are written, what it is sent as, how its entity tags end, what stands before the first feature."""

    rows: RowFormat = "geojson"
    media_type: str = MEDIA_TYPE
    variant: str = "json"
    head: bytes = HEAD


_GEOJSON = Dialect()


def write_etag(label: str, variant: str) -> str:
    """The entity tag of a page: the layer's published state and the representation. Weak, because answers bear the time."""
    return f'W/"{label}.{_ENCODING}.{variant}"'


def answer_not_modified(service: Service, layer_id: str, asked: str, variant: str) -> Response | None:
    """304 when If-None-Match (`asked`) names the current state, else None. One indexed row is read. Raises LayerNotDefined."""
    etag = write_etag(layer_revision(service.context, layer_id).label, variant)
    tags = [tag.strip() for tag in asked.split(",")]
    if "*" not in tags and etag not in tags and etag[2:] not in tags:
        return None
    return Response(status=304, headers={"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept"})


def answer_items(service: Service, base: str, wanted: ItemsRequest) -> Response:
    """A page of a collection as GeoJSON or JSON-FG. Raises XanhError before anything is sent."""
    dialect = _GEOJSON
    if wanted.format == JSON_FG:
        dialect = Dialect("jsonfg", jsonfg.MEDIA_TYPE, JSON_FG, jsonfg.write_head(_describe_kind(base, wanted)))
    headers, body = make_items(service, base, wanted, dialect)
    return Response(body, headers=headers, direct_passthrough=isinstance(body, Framed))


def _describe_kind(base: str, wanted: ItemsRequest) -> dict[str, Any]:
    layer = wanted.query.layer
    return jsonfg.describe_features(layer, wanted.crs_uri, f"{base}/collections/{layer.id}/schema")


def make_items(service: Service, base: str, wanted: ItemsRequest, dialect: Dialect = _GEOJSON) -> tuple[dict[str, str], bytes | Framed]:
    """Headers and body (at once, or flowing) of a page as GeoJSON or its like. Raises XanhError before anything is sent."""
    wanted = locate_page(service, wanted)
    page = open_features(service.context, wanted.query, dialect.rows)
    address = f"{base}/collections/{wanted.query.layer.id}"
    headers = {
        "Content-Type": dialect.media_type,
        "ETag": write_etag(page.state.label, dialect.variant),
        "Cache-Control": "no-cache",
        "Vary": "Accept",
        "Content-Crs": f"<{wanted.crs_uri}>",
    }
    if page.body is None:
        if _is_whole(wanted.query):
            headers["OGC-NumberMatched"] = str(page.state.count)
        media_type = dialect.media_type
        framed = Framed(dialect.head, page.chunks(), lambda: write_tail(_describe(service, address, wanted, page, media_type)), _log_break)
        return headers, framed
    members = _describe(service, address, wanted, page, dialect.media_type)
    if members["numberMatched"] is not None:
        headers["OGC-NumberMatched"] = str(members["numberMatched"])
    if page.progress.more:
        headers["Link"] = f'<{members["links"][-1]["href"]}>; rel="next"; type="{dialect.media_type}"'
    return headers, b"".join((dialect.head, page.body, write_tail(members)))


def answer_gml(service: Service, wanted: ItemsRequest, schema_url: str) -> Response:
    """A page of a collection as GML 3.2 (an sf:FeatureCollection), streamed. Raises XanhError before anything is sent."""
    wanted = locate_page(service, wanted)
    query = replace(wanted.query, srs_name=wanted.crs_uri)
    page = open_features(service.context, query, "gml32")
    framed = Framed(gml32.write_simple_head(query.layer, schema_url), _as_simple(page), lambda: gml32.SIMPLE_TAIL, _log_break)
    headers = {"Content-Type": gml32.MEDIA_TYPE, **_page_headers(service, wanted, page, "gml")}
    return Response(framed, headers=headers, direct_passthrough=True)


def answer_file(service: Service, wanted: ItemsRequest, download_format: Format, language: str) -> Response:
    """A page of a collection (without `limit` the whole of it) in a format people take home. Raises XanhError before anything is sent."""
    wanted = locate_page(service, wanted)
    state = layer_revision(service.context, wanted.query.layer.id)
    headers = {
        "ETag": write_etag(state.label, f"{download_format.short}{'' if wanted.bom else '-plain'}"),
        "Cache-Control": "no-cache",
        "Vary": "Accept",
        "Content-Crs": f"<{wanted.crs_uri}>",
    }
    download = Download((wanted.query,), download_format, service.reader, language, wanted.bom, headers)
    return answer_download(service.context, download, partial(postpone_download, service.context))


def _as_simple(page: FeaturePage) -> Iterator[bytes]:
    chunks = page.chunks()
    try:
        yield from map(gml32.to_simple, chunks)
    finally:
        if isinstance(chunks, Generator):
            chunks.close()


def _page_headers(service: Service, wanted: ItemsRequest, page: FeaturePage, variant: str) -> dict[str, str]:
    headers = {
        "ETag": write_etag(page.state.label, variant),
        "Cache-Control": "no-cache",
        "Vary": "Accept",
        "Content-Crs": f"<{wanted.crs_uri}>",
    }
    matched = count_matches(service, wanted.query, page) if page.body is not None or _is_whole(wanted.query) else None
    if matched is not None:
        headers["OGC-NumberMatched"] = str(matched)
    if page.body is not None and page.progress.more:
        address = f"{service.base()}/collections/{wanted.query.layer.id}"
        following = build_links(address, wanted, page)[-1]["href"]
        headers["Link"] = f'<{following}>; rel="next"; type="{gml32.MEDIA_TYPE}"'
    return headers


def answer_item(service: Service, base: str, wanted: ItemsRequest, feature_id: int) -> Response:
    """One feature as GeoJSON or JSON-FG with its links; for its editors labelled with its version. Raises FeatureNotFound."""
    headers, body = make_item(service, base, wanted, feature_id)
    return Response(body, headers=headers)


def make_item(service: Service, base: str, wanted: ItemsRequest, feature_id: int) -> tuple[dict[str, str], bytes]:
    """Headers and body of one feature as GeoJSON or JSON-FG. Raises FeatureNotFound."""
    dialect, members = _GEOJSON, {}
    if wanted.format == JSON_FG:
        dialect, members = Dialect("jsonfg", jsonfg.MEDIA_TYPE, JSON_FG), _describe_kind(base, wanted)
    text, label = read_item(service, wanted.query, feature_id, dialect.rows)
    address = f"{base}/collections/{wanted.query.layer.id}"
    kept = f"?{urlencode(wanted.kept)}" if wanted.kept else ""
    links: list[Link] = [
        {"rel": "self", "type": dialect.media_type, "href": f"{address}/items/{feature_id}{kept}"},
        {"rel": "alternate", "type": "text/html", "href": f"{address}/items/{feature_id}?f=html"},
        {"rel": "collection", "type": "application/json", "href": address},
    ]
    headers = {
        "Content-Type": dialect.media_type,
        "ETag": write_etag(label, dialect.variant) if label else write_version_tag(json.loads(text)["properties"]["version"]),
        "Cache-Control": "no-cache",
        "Vary": "Accept",
        "Content-Crs": f"<{wanted.crs_uri}>",
    }
    return headers, b"".join((text[:-1], b",", orjson.dumps({**members, "links": links})[1:]))


def select_item(service: Service, wanted: ItemsRequest, feature_id: int) -> ItemsRequest:
    """The question for a page that holds nothing but this feature, for formats that know only pages. Raises FeatureNotFound."""
    read_item(service, wanted.query, feature_id)
    return replace(wanted, query=replace(wanted.query, where=Ids((feature_id,)), limit=1))


def read_item(service: Service, query: FeatureQuery, feature_id: int, rows: RowFormat = "geojson") -> tuple[bytes, str]:
    """The text of one feature and the label of the layer's state ("" in the official store). Raises FeatureNotFound."""
    if not 0 < feature_id < 2**63:
        raise feature_not_found()
    if query.store == "official":
        text = read_feature(service.context, query, feature_id, rows)
        if text is None:
            raise feature_not_found()
        return text, ""
    page = open_features(service.context, replace(query, after=feature_id - 1, limit=1), rows)
    if page.body is None or page.progress.last_id != feature_id:
        raise feature_not_found()
    return page.body, page.state.label


def locate_page(service: Service, wanted: ItemsRequest) -> ItemsRequest:
    """The request with its starting point known: pages asked for backwards are looked up first."""
    if wanted.before is None:
        return wanted
    after = find_previous_page(service.context, wanted.query, wanted.before)
    return replace(wanted, query=replace(wanted.query, after=after), before=None)


def _is_whole(query: FeatureQuery) -> bool:
    """Whether the state of the layer says how many features match."""
    return query.where is None and query.store != "former"


def count_matches(service: Service, query: FeatureQuery, page: FeaturePage) -> int | None:
    """How many features match in all pages, exactly; None when counting them takes too long. Costs nothing without filter."""
    if _is_whole(query):
        return page.state.count
    if query.after is None and not query.offset and not page.progress.more:
        return page.progress.count
    try:
        return count_features(service.context, query)
    except XanhError as error:
        _LOG.warning("features of %s were not counted: %s", query.layer.id, error.message)
        return None


def _describe(service: Service, address: str, wanted: ItemsRequest, page: FeaturePage, media_type: str) -> dict[str, Any]:
    """What stands behind the features. The `next` link, if there is one, is the last."""
    return {
        "numberReturned": page.progress.count,
        "numberMatched": count_matches(service, wanted.query, page),
        "timeStamp": write_now(),
        "links": build_links(address, wanted, page, media_type),
    }


def build_links(address: str, wanted: ItemsRequest, page: FeaturePage, media_type: str = MEDIA_TYPE) -> list[Link]:
    """Links of a page: self, alternate, collection, and where there are such pages prev and (last) next."""
    query, kept, kept_as_page = wanted.query, *_write_kept(wanted.kept)
    items = f"{address}/items?"
    joined = f"{items}{kept}&" if kept else items
    position = ""
    if query.after is not None:
        position = f"cursor={write_cursor('n', query.after)}"
    elif query.offset:
        position = f"offset={query.offset}"
    other = f"{kept_as_page}&{position}" if position else kept_as_page
    links = [
        {"rel": "self", "type": media_type, "href": (joined + position).rstrip("?&")},
        {"rel": "alternate", "type": "text/html", "href": items + other},
        {"rel": "collection", "type": "application/json", "href": address},
    ]
    if query.after is not None:
        links.append({"rel": "prev", "type": media_type, "href": f"{joined}cursor={write_cursor('p', query.after)}"})
    elif query.offset:
        links.append({"rel": "prev", "type": media_type, "href": f"{joined}offset={max(0, query.offset - (query.limit or 0))}"})
    if page.progress.more and page.progress.last_id is not None:
        by_offset = f"offset={query.offset + page.progress.count}"
        following = by_offset if query.sort else f"cursor={write_cursor('n', page.progress.last_id)}"
        links.append({"rel": "next", "type": media_type, "href": joined + following})
    return links


@lru_cache(maxsize=1000)
def _write_kept(kept: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """The parameters to repeat, as they are and with the format turned to HTML."""
    written = [(name, _write_pair(name, value)) for name, value in kept]
    return "&".join([text for _, text in written]), "&".join([*(text for name, text in written if name != "f"), "f=html"])


@lru_cache(maxsize=1000)
def _write_pair(name: str, value: str) -> str:
    return f"{quote_plus(name)}={quote_plus(value)}"


def feature_not_found() -> XanhError:
    """The error for an id no feature has."""
    return FeatureNotFound("There is no feature with this id.", message_vi="Không có đối tượng nào mang mã này.")


def _log_break(error: BaseException) -> None:
    _LOG.error("a page of features broke off: %s", error.__class__.__name__)
