# SPDX-License-Identifier: MIT
"""/api/v1: plain JSON for the systems of other agencies - layers, code lists, and what changed since they last asked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from server.access import may_read
from server.catalog.model import Layer
from server.context import Context
from server.errors import InvalidParameter
from server.features.published_changes import list_changes, write_change
from server.features.state import layer_states, not_published
from server.filter.kvp import read_moment
from server.ogcapi import dcat
from server.ogcapi.agency_documents import describe_code_list, describe_layer, list_code_lists, list_layers, write_index
from server.ogcapi.agency_rows import PAGING, RowsAsked, row_parameters, write_rows
from server.ogcapi.items import answer_not_modified, write_etag
from server.ogcapi.openapi_agency import describe_agency_api
from server.ogcapi.problems import answer_problem
from server.ogcapi.requests import read_pairs
from server.ogcapi.routes import OTHER_METHODS, answer_methods
from server.ogcapi.service import Service, build_service
from server.ows.address import service_address
from server.query.features import LayerState
from server.signin import current_identity

_START = "/api/v1"
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_CURSOR = re.compile(r"(\d{1,18})\.(\d{1,18})", re.ASCII)
_DEFAULT_CHANGES, _DEFAULT_ROWS = 100, 1000
_ROWS = "rows"
Document = dict[str, Any]


def blueprint(context: Context) -> Blueprint:
    """The routes, for the composition root. Raises InvalidCrs for a wrong setting."""
    handlers = _Handlers(build_service(context))
    room = Blueprint("agency", __name__, url_prefix=_START)
    room.register_error_handler(Exception, answer_problem)
    for rule, name, handler in (
        ("/", "index", handlers.index),
        ("/layers", "layers", handlers.layers),
        ("/layers/<layer_id>", "layer", handlers.layer),
        ("/layers/<layer_id>/rows", "rows", handlers.rows),
        ("/layers/<layer_id>/changes", "changes", handlers.changes),
        ("/layers/<layer_id>/dcat", "dataset", handlers.dataset),
        ("/dcat", "catalogue", handlers.catalogue),
        ("/openapi", "openapi", handlers.openapi),
        ("/codes", "codes", handlers.code_lists),
        ("/codes/<name>", "code_list", handlers.code_list),
        ("/<path:name>", "nothing", handlers.nothing),
    ):
        room.add_url_rule(rule, name, handler, provide_automatic_options=False)
    for rule in ("/", "/<path:name>"):
        room.add_url_rule(rule, "methods", answer_methods, methods=OTHER_METHODS, provide_automatic_options=False)
    return room


@dataclass(frozen=True)
class _Handlers:
    service: Service

    def index(self) -> Response:
        _read(())
        return _answer(write_index(self._base()))

    def layers(self) -> Response:
        _read(())
        service = self._seen()
        return _answer(list_layers(service, layer_states(service.context), self._base()))

    def layer(self, layer_id: str) -> Response:
        _read(())
        service, layer, state = self._find(layer_id)
        return _answer(describe_layer(service, layer, state, self._base()))

    def rows(self, layer_id: str) -> Response:
        service = self._seen()
        layer = service.context.catalog.layer(service.layer(layer_id).id)
        given = _read(row_parameters(layer))
        ceiling = service.context.settings.limits.max_items
        limit = min(_read_number(given.get("limit", str(_DEFAULT_ROWS)), "limit", 1), ceiling)
        after = _read_number(given["after"], "after", 0) if "after" in given else None
        known = request.headers.get("If-None-Match")
        unchanged = answer_not_modified(service, layer_id, known, _ROWS) if known else None
        if unchanged is not None:
            return unchanged
        wanted = {name: text for name, text in given.items() if name not in PAGING}
        text, label = write_rows(service.context, RowsAsked(layer, after, limit, wanted), f"{self._base()}/layers/{layer_id}/rows")
        headers = {"ETag": write_etag(label, _ROWS), "Cache-Control": "no-cache"}
        return Response(text, headers=headers, content_type="application/json")

    def changes(self, layer_id: str) -> Response:
        given = _read(("since", "cursor", "limit"))
        service = self._seen()
        service.layer(layer_id)
        after = _read_position(given)
        ceiling = service.context.settings.limits.max_changes
        limit = min(_read_number(given.get("limit", str(_DEFAULT_CHANGES)), "limit", 1), ceiling)
        page = list_changes(service.context, layer_id, after, limit)
        last = f"cursor={page.position[0]}.{page.position[1]}" if page.more else f"since={page.position[0]}"
        address = f"{self._base()}/layers/{layer_id}/changes"
        head = {"layer": layer_id, "revision": page.position[0], "more": page.more, "next": f"{address}?{last}&limit={limit}"}
        changes = ",\n".join(write_change(change) for change in page.changes)
        return _respond(f'{json.dumps(head)[:-1]},"changes":[{changes}]}}'.encode())

    def catalogue(self) -> Response:
        _read(())
        service = self._seen()
        return _answer(dcat.describe_catalogue(service, layer_states(service.context), self._base()), dcat.MEDIA_TYPE)

    def dataset(self, layer_id: str) -> Response:
        _read(())
        service = self._seen()
        layer = service.context.catalog.layers.get(layer_id)  # a raster too
        state = layer_states(service.context).get(layer_id)
        if layer is None or state is None or not may_read(service.reader, layer):
            raise not_published(layer_id[:100])
        return _answer(dcat.describe_dataset(service, layer, state, self._base()), dcat.MEDIA_TYPE)

    def openapi(self) -> Response:
        _read(())
        service = self._seen()
        known = layer_states(service.context)
        layers = [layer.id for layer in service.layers() if layer.id in known]
        return _answer(describe_agency_api(service.context.catalog, self._base(), layers))

    def code_lists(self) -> Response:
        _read(())
        return _answer(list_code_lists(self.service, self._base()))

    def code_list(self, name: str) -> Response:
        given = _read(("on",))
        found = self.service.context.catalog.code_lists.get(name)
        if found is None:
            raise NotFound
        day = read_moment(given["on"], "on")[0].date().isoformat() if "on" in given else None
        return _answer(describe_code_list(found, self._base(), day))

    def nothing(self, name: str) -> Response:
        raise NotFound(f"There is no {name[:60]!r} here.")

    def _find(self, layer_id: str) -> tuple[Service, Layer, LayerState]:
        service = self._seen()
        layer = service.context.catalog.layer(service.layer(layer_id).id)
        state = layer_states(service.context).get(layer_id)
        if state is None:
            raise not_published(layer_id)
        return service, layer, state

    def _seen(self) -> Service:
        return self.service.seen_by(current_identity())

    def _base(self) -> str:
        return service_address(self.service.context.settings, _START)


def _read(known: tuple[str, ...]) -> dict[str, str]:
    given = read_pairs(request.environ.get("QUERY_STRING", "").encode("latin-1"))
    wrong = next((name for name in given if name not in known), None)
    if wrong is not None:
        shown = wrong if len(wrong) <= 60 and wrong.isprintable() else "…"
        raise InvalidParameter(f"There is no parameter {shown!r} here.", locator=shown, message_vi=f"Không có tham số {shown!r} ở đây.")
    return given


def _read_number(text: str, locator: str, smallest: int) -> int:
    if not _NUMBER.fullmatch(text) or int(text) < smallest:
        raise InvalidParameter(
            f"{locator} is a whole number, {smallest} or more.",
            locator=locator,
            message_vi=f"{locator} là số nguyên từ {smallest} trở lên.",
        )
    return int(text)


def _read_position(given: Mapping[str, str]) -> tuple[int, int]:
    """Where to go on: after the whole of a revision (`since`), or in the midst of one (`cursor`, out of `next`)."""
    if ("since" in given) == ("cursor" in given):
        raise InvalidParameter(
            "Say with since after which revision (or take cursor from next).", locator="since", message_vi="Cần since hoặc cursor."
        )
    if "since" in given:
        return _read_number(given["since"], "since", 0), 2**63 - 1
    match = _CURSOR.fullmatch(given["cursor"])
    if match is None:
        raise InvalidParameter("cursor is taken from next.", locator="cursor", message_vi="cursor lấy từ next.")
    return int(match[1]), int(match[2])


def _answer(document: Document, media_type: str = "application/json") -> Response:
    return _respond(json.dumps(document, ensure_ascii=False).encode(), media_type)


def _respond(text: bytes, media_type: str = "application/json") -> Response:
    tag = hashlib.sha256(text).hexdigest()[:20]
    response = Response(text, headers={"Cache-Control": "no-cache"}, content_type=media_type)
    response.set_etag(tag)
    response.make_conditional(request.environ)
    return response
