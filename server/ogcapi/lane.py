# SPDX-License-Identifier: MIT
"""The fast lane: anonymous pages of `items`, and single features, as GeoJSON are answered before the web framework sees them.

Flask's routing, contexts and response objects cost nearly as much as such a page. Everything that is not plain -
other formats, conditional requests, credentials, any mistake - takes the ordinary way, which also words every refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from server.access import ANONYMOUS
from server.encode.stream import Framed
from server.ogcapi.items import make_item, make_items
from server.ogcapi.negotiation import choose_format
from server.ogcapi.requests import ItemsRequest, read_item_request, read_items_request, read_pairs
from server.ogcapi.service import Service
from server.ows.address import address_in

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_START, _ITEMS = "/ogcapi/collections/", "/items"
_ID = re.compile(r"/\d{1,18}", re.ASCII)
_ORDINARY = ("HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH")
# Questions are asked again and again, by every visitor of a map: what a query string means is remembered, for so many of so many letters.
_REMEMBERED, _LONGEST = 1000, 200


class ItemsLane:
    """WSGI around the application; `service` as anonymous readers see it."""

    def __init__(self, inner: WSGIApplication, service: Service) -> None:
        self._inner = inner
        self._service = service.seen_by(ANONYMOUS)
        self._read_again = lru_cache(_REMEMBERED)(self._read)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer here or hand on."""
        answer = self._answer(environ) if _is_plain(environ) else None
        if answer is None:
            return self._inner(environ, start_response)
        headers, body = answer
        if isinstance(body, Framed):
            start_response("200 OK", list(headers.items()))
            return body
        start_response("200 OK", [*headers.items(), ("Content-Length", str(len(body)))])
        return (body,)

    def _answer(self, environ: WSGIEnvironment) -> tuple[dict[str, str], bytes | Framed] | None:
        try:
            layer_id, _, feature_id = environ["PATH_INFO"][len(_START) :].partition(_ITEMS)
            question = environ.get("QUERY_STRING", "")
            read = self._read_again if len(question) <= _LONGEST else self._read
            wanted = read(layer_id, question, bool(feature_id))
            if wanted.format != "json" and (wanted.format or choose_format(environ.get("HTTP_ACCEPT"))):
                return None
            if wanted.query.store != "published":
                return None
            base = address_in(environ, self._service.context.settings, "/ogcapi")
            if feature_id:
                return make_item(self._service, base, wanted, _read_id(feature_id))
            return make_items(self._service, base, wanted)
        except Exception:  # noqa: BLE001 - nothing was sent yet: the ordinary way meets the same mistake, words it and logs it
            return None

    def _read(self, layer_id: str, question: str, is_item: bool) -> ItemsRequest:
        read = read_item_request if is_item else read_items_request
        return read(self._service, self._service.layer(layer_id), read_pairs(question.encode("latin-1")))


def _read_id(text: str) -> int:
    """The id in `/17`. Raises ValueError for what is not written as one."""
    if not _ID.fullmatch(text):
        raise ValueError(text)
    return int(text[1:])


def _is_plain(environ: WSGIEnvironment) -> bool:
    path = environ.get("PATH_INFO", "")
    return (
        path.startswith(_START) and _ITEMS in path and environ["REQUEST_METHOD"] == "GET" and not any(name in environ for name in _ORDINARY)
    )
