# SPDX-License-Identifier: MIT
"""The documents that change only when something is published: made by pygeoapi's API object, put right by `adapt`, remembered."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from flask import Response, request
from pygeoapi.api import API, APIRequest, describe_collections, get_collection_schema, landing_page
from pygeoapi.api.itemtypes import get_collection_queryables
from pygeoapi.openapi import get_oas

from server.access import store_of
from server.errors import LayerNotDefined, ServerFault
from server.features.state import layer_states
from server.ogcapi.adapt import (
    adapt_collection,
    adapt_collections,
    adapt_landing,
    adapt_queryables,
    adapt_schema,
    adapt_sortables,
    list_conformance,
    nest_schema,
)
from server.ogcapi.configuration import build_configuration
from server.ogcapi.openapi import adapt_openapi
from server.ogcapi.pages import render_document
from server.ogcapi.service import Service
from server.query.features import LayerState

_EDITIONS = 12  # addresses x languages remembered; each is some hundred kilobytes
_MEDIA_TYPES = {
    "openapi": "application/vnd.oai.openapi+json;version=3.0",
    "schema": "application/schema+json",
    "queryables": "application/schema+json",
    "sortables": "application/schema+json",
    "feature-schema": "application/schema+json",
}
Which = tuple[str, str | None]


class Documents:
    """All documents but features. Every answer first reads the catalogue rows, so none is older than the last publication."""

    def __init__(self) -> None:
        self._editions: OrderedDict[tuple[str, str, frozenset[str]], _Edition] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, service: Service, which: Which, page: str | None, language: str) -> Response:
        """One document (`which` = name and collection id or None) as JSON, or as HTML where `page` is set.

        Raises LayerNotDefined for a collection never published, ServerFault.
        """
        if page is not None and which[0] == "feature-schema":
            which = ("schema", which[1])  # people read the same fields there
        edition = self._edition(service, service.base(), language)
        text = edition.text(which, as_page=page is not None)
        tag = f'W/"{sha256(text).hexdigest()[:20]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language", "Content-Language": language}
        if request.environ.get("HTTP_IF_NONE_MATCH") == tag:
            return Response(status=304, headers=headers)
        media_type = "text/html; charset=utf-8" if page is not None else _MEDIA_TYPES.get(which[0], "application/json")
        return Response(text, headers=headers, content_type=media_type)

    def _edition(self, service: Service, base: str, language: str) -> _Edition:
        states = layer_states(service.context)
        key = (base, language, service.views())
        with self._lock:
            found = self._editions.get(key)
            if found is None or found.states != states:
                found = self._editions[key] = _Edition(service, base, language, states)
            self._editions.move_to_end(key)
            while len(self._editions) > _EDITIONS:
                self._editions.popitem(last=False)
        return found


class _Edition:
    """The documents for one address, one language, one view and one state of the catalogue; each is written when first asked for."""

    def __init__(self, service: Service, base: str, language: str, states: dict[str, LayerState]) -> None:
        self.states = states
        self._service, self._base, self._language = service, base, language
        self._texts: dict[tuple[Which, bool], bytes] = {}
        self._lock = threading.RLock()  # pygeoapi changes its own configuration while answering

    def text(self, which: Which, *, as_page: bool) -> bytes:
        key = (which, as_page)
        with self._lock:
            found = self._texts.get(key)
            if found is None:
                document = self._build(which)
                written = render_document(self._service, which[0], document, self._base, self._language) if as_page else _dump(document)
                found = self._texts[key] = written
        return found

    @cached_property
    def _api(self) -> Any:
        configuration = build_configuration(self._service, self._base, self._language, self.states)
        return API(configuration, get_oas(configuration, fail_on_invalid_collection=True))

    def _build(self, which: Which) -> dict[str, Any]:
        name, layer_id = which
        if layer_id is None:
            return self._build_plain(name)
        layer = self._service.layer(layer_id)
        if layer_id not in self.states and store_of(layer) == "published":
            raise LayerNotDefined("This collection is not published yet.", message_vi="Bộ dữ liệu này chưa được công bố.")
        if name == "collection":
            return adapt_collection(self._ask(describe_collections, layer_id), layer, self._base, self._language)
        asked = self._ask(get_collection_queryables if name == "queryables" else get_collection_schema, layer_id)
        address = f"{self._base}/collections/{layer_id}/{name}"
        flat = adapt_schema(asked, layer, address, self._language)
        if name in ("queryables", "sortables"):
            return adapt_queryables(flat, layer) if name == "queryables" else adapt_sortables(flat, layer)
        return nest_schema(flat, layer, address) if name == "feature-schema" else flat

    def _build_plain(self, name: str) -> dict[str, Any]:
        if name == "landing":
            return adapt_landing(self._ask(landing_page), self._base, self._language)
        if name == "collections":
            return adapt_collections(self._ask(describe_collections), self._service, self._base, self._language)
        if name == "conformance":
            return {"conformsTo": list_conformance()}
        return adapt_openapi(self._api.openapi, self._service, self._language)

    def _ask(self, question: Callable[..., tuple[Any, int, str]], *about: str) -> dict[str, Any]:
        """What pygeoapi answers as JSON. Raises ServerFault when it does not answer well."""
        asked = SimpleNamespace(args={"f": "json"}, headers={}, data=b"", path_info="")
        _, status, text = question(self._api, APIRequest.from_flask(asked, self._api.locales), *about)
        if status != 200:
            raise ServerFault(f"pygeoapi answered {status}")
        answer: dict[str, Any] = json.loads(text)
        return answer


def _dump(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
