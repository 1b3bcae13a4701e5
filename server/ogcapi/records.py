# SPDX-License-Identifier: MIT
"""OGC API - Records 1 (20-004r1): the catalogue of the published layers, a collection of records that are searched and harvested."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, Response

from server.context import Context
from server.crs.extent import parse_ogcapi_boxes
from server.errors import FeatureNotFound, InvalidParameter
from server.features.catalogue_search import search_records
from server.features.state import layer_states
from server.filter.kvp import read_datetime, read_words
from server.filter.tree import Or, Words
from server.ogcapi import dcat
from server.ogcapi.page_parts import picture_address
from server.ogcapi.pages import render_page
from server.ogcapi.plain import HTML, JSON, Document, Wish, read_wish, respond, write_json
from server.ogcapi.problems import answer_problem
from server.ogcapi.records_documents import (
    CATALOGUE,
    FORMATS,
    GEOJSON,
    JSONLD,
    KIND,
    SCHEMA,
    TITLE,
    XML,
    Entry,
    Place,
    describe_catalogue_collection,
    describe_record,
    list_entries,
    make_iso_record,
)
from server.ogcapi.records_search import FILTERING, SCALARS, describe_queryables, read_search
from server.ogcapi.service import Service, build_service
from server.ogcapi.tiles_links import link_to
from server.ows.address import service_address
from server.ows.iso19115 import write_iso19115
from server.ows.iso19139 import write_iso19139
from server.signin import current_identity

PARAMETERS = ("limit", "offset", "bbox", "datetime", "q", "type", "ids", "externalIds", *FILTERING, *SCALARS)
DEFAULT_LIMIT, MOST = 100, 1000
_LISTED = {"json": GEOJSON, "html": HTML, "dcat": JSONLD}
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
Check = Callable[[Entry], bool]


def blueprint(context: Context) -> Blueprint:
    """The routes, for the composition root. Raises InvalidCrs for a wrong setting."""
    room = Blueprint("ogcapi_records", __name__, url_prefix=f"/ogcapi/collections/{CATALOGUE}")
    room.register_error_handler(Exception, answer_problem)
    handlers = _Handlers(build_service(context))
    room.add_url_rule("", "catalogue", handlers.collection)
    room.add_url_rule("/<any(queryables,sortables):part>", "part", handlers.part)
    room.add_url_rule("/items", "records", handlers.records)
    room.add_url_rule("/items/<record>", "record", handlers.record)
    return room


@dataclass(frozen=True)
class _Handlers:
    service: Service

    def collection(self) -> Response:
        wish = read_wish({"json": JSON, "html": HTML})
        service, place = self._seen(), self._place(wish)
        entries = list_entries(service, layer_states(service.context))
        document = describe_catalogue_collection((list(one.state.extent) for one in entries if one.state.extent), place)
        if wish.format == "html":
            return respond(render_page("catalogue", place.base, wish.language, document=document), HTML, wish.language)
        return respond(write_json(document), JSON, wish.language)

    def part(self, part: str) -> Response:
        wish = read_wish({"json": SCHEMA, "html": HTML})
        place = self._place(wish)
        title = TITLE.text(wish.language)
        document = describe_queryables(f"{place.catalogue}/{part}", title, wish.language, sortable=part == "sortables")
        if wish.format == "html":
            return respond(render_page(part, place.base, wish.language, document=document), HTML, wish.language)
        return respond(write_json(document), SCHEMA, wish.language)

    def records(self) -> Response:
        wish = read_wish(_LISTED, *PARAMETERS)
        service, place = self._seen(), self._place(wish)
        page = _find(service, wish.given, place)
        if wish.format == "dcat":
            states = {one.layer.id: one.state for one in page.entries}
            base = f"{place.site}/api/v1"
            return respond(write_json(dcat.describe_catalogue(service, states, base)), JSONLD)
        records = [describe_record(service, one, place) for one in page.entries]
        links = _page_links(page, place, wish)
        if wish.format == "html":
            shown = {link["rel"]: link["href"] for link in links}
            text = render_page("records", place.base, wish.language, records=records, page=page, links=shown, given=wish.given, place=place)
            return respond(text, HTML, wish.language)
        document = {
            "type": "FeatureCollection",
            "timeStamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "numberMatched": page.matched,
            "numberReturned": len(records),
            "features": records,
            "links": links,
        }
        return respond(write_json(document), GEOJSON, wish.language)

    def record(self, record: str) -> Response:
        wish = read_wish(FORMATS)
        service, place = self._seen(), self._place(wish)
        entries = list_entries(service, layer_states(service.context))
        entry = next((one for one in entries if one.layer.id == record), None)
        if entry is None:
            raise FeatureNotFound("There is no such record.", message_vi="Không có bản ghi này.")
        if wish.format in ("iso19139", "iso19115-3"):
            write = write_iso19139 if wish.format == "iso19139" else write_iso19115
            return respond(write(make_iso_record(entry, place), service.context.settings), XML, wish.language)
        if wish.format == "dcat":
            return respond(write_json(dcat.describe_dataset(service, entry.layer, entry.state, f"{place.site}/api/v1")), JSONLD)
        document = describe_record(service, entry, place)
        if wish.format == "json":
            return respond(write_json(document), GEOJSON, wish.language)
        picture = picture_address(service.context.catalog, entry.layer, entry.state.extent, place.site)
        return respond(render_page("record", place.base, wish.language, record=document, picture=picture, place=place), HTML, wish.language)

    def _seen(self) -> Service:
        return self.service.seen_by(current_identity())

    def _place(self, wish: Wish) -> Place:
        return Place(service_address(self.service.context.settings, "/ogcapi"), wish.language)


@dataclass(frozen=True)
class _Page:
    entries: list[Entry]
    matched: int
    limit: int
    offset: int


def _find(service: Service, given: Mapping[str, str], place: Place) -> _Page:
    """The records a request asks for. Raises InvalidParameter."""
    limit = min(_read_whole(given.get("limit", str(DEFAULT_LIMIT)), "limit", 1), MOST)
    offset = _read_whole(given.get("offset", "0"), "offset", 0)
    checks: list[Check] = [reader(given[name]) for name, reader in _CHECKS.items() if name in given]
    found = [one for one in list_entries(service, layer_states(service.context)) if all(check(one) for check in checks)]
    search = read_search(given, service.crs, service.context.settings.limits)
    if not search.is_empty:
        known = {one.layer.id: one for one in found}
        asked = search.over(describe_record(service, one, place) for one in found)
        found = [known[name] for name in search_records(service.context, asked)]
    return _Page(found[offset : offset + limit], len(found), limit, offset)


def _read_whole(text: str, locator: str, smallest: int) -> int:
    if not _WHOLE.fullmatch(text) or int(text) < smallest:
        raise InvalidParameter(
            f"{locator} is a whole number, {smallest} or more.",
            locator=locator,
            message_vi=f"{locator} là số nguyên từ {smallest} trở lên.",
        )
    return int(text)


def _check_box(text: str) -> Check:
    """Records whose box meets this one; those without place are in none."""
    boxes = parse_ogcapi_boxes(text)

    def check(entry: Entry) -> bool:
        extent = entry.state.extent
        if extent is None:
            return False
        west, south, east, north = extent
        return any(box.minx <= east and box.maxx >= west and box.miny <= north and box.maxy >= south for box in boxes)

    return check


def _check_time(text: str) -> Check:
    """Records whose time meets the period; those without time are of all times (20-004r1 table 9)."""
    period = read_datetime(text)

    def check(entry: Entry) -> bool:
        begin, end = _moment(entry.state.time_begin), _moment(entry.state.time_end)
        late = period.end is not None and begin is not None and begin > period.end
        early = period.begin is not None and end is not None and end < period.begin
        return not late and not early

    return check


def _check_words(text: str) -> Check:
    """Records that hold every word in title, description, keywords or source, in either language, accents or not; commas separate
    alternatives."""
    node = read_words(text)
    alternatives = [one for one in node.parts if isinstance(one, Words)] if isinstance(node, Or) else [node]
    wanted = [[_fold(word) for word in one.words] for one in alternatives if isinstance(one, Words)]

    def check(entry: Entry) -> bool:
        layer = entry.layer
        texts = [layer.title, layer.abstract, *layer.keywords]
        plain = (layer.id, layer.source.vi, layer.source.en, layer.source.attribution or "")
        held = _fold(" ".join([*(each.vi for each in texts), *(each.en for each in texts), *plain]))
        return any(all(word in held for word in words) for words in wanted)

    return check


def _check_kind(text: str) -> Check:
    kinds = text.split(",")
    return lambda _: KIND in kinds


def _check_ids(text: str) -> Check:
    ids = frozenset(text.split(","))
    return lambda entry: entry.layer.id in ids


def _check_external_ids(text: str) -> Check:
    ids = frozenset(text.split(","))
    return lambda entry: f"urn:xanh:{entry.layer.id}" in ids


_CHECKS: dict[str, Callable[[str], Check]] = {
    "bbox": _check_box,
    "datetime": _check_time,
    "q": _check_words,
    "type": _check_kind,
    "ids": _check_ids,
    "externalIds": _check_external_ids,
}


def _fold(text: str) -> str:
    """Small letters without accents; `đ` is `d`."""
    spread = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


def _moment(text: str | None) -> datetime | None:
    """A moment of the catalogue (ISO 8601); without zone it is UTC."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page_links(page: _Page, place: Place, wish: Wish) -> list[Document]:
    kept = {name: text for name, text in wish.given.items() if name not in ("f", "offset")}
    media_type = _LISTED[wish.format]

    def link(rel: str, offset: int, format_: str = wish.format) -> Document:
        query = urlencode(kept | {"f": format_} | ({"offset": str(offset)} if offset else {}))
        return link_to(rel, f"{place.catalogue}/items?{query}", "", _LISTED[format_])

    links = [link("self", page.offset)]
    links += [link("alternate", page.offset, name) for name, other in _LISTED.items() if other != media_type]
    if page.offset + page.limit < page.matched:
        links.append(link("next", page.offset + page.limit))
    if page.offset:
        links.append(link("prev", max(0, page.offset - page.limit)))
    return [*links, link_to("collection", place.catalogue)]
