# SPDX-License-Identifier: MIT
"""The addresses under /ogcapi and nothing else: each hands over to the module that knows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from server.context import Context
from server.encode.formats import BY_SHORT_NAME
from server.features.published_changes import require_record
from server.ogcapi.bodies import PATCH_TYPES
from server.ogcapi.documents import Documents
from server.ogcapi.editing import change_item, create_item, delete_item, list_methods
from server.ogcapi.items import answer_file, answer_gml, answer_item, answer_items, answer_not_modified, select_item
from server.ogcapi.negotiation import choose_format, choose_language, choose_page
from server.ogcapi.pages import answer_item_page, answer_items_page
from server.ogcapi.problems import answer_problem
from server.ogcapi.requests import ItemsRequest, read_choices, read_item_request, read_items_request, read_pairs
from server.ogcapi.service import Service, build_service, schema_address
from server.ogcapi.transactions import carry_out_transaction, list_transaction_methods
from server.ogcapi.versions import answer_as_of, answer_versions
from server.signin import current_identity

_METHODS = ("GET", "HEAD", "OPTIONS")
OTHER_METHODS = ("OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_LONGEST_ID = 20
_DOCUMENTS = {"conformance": "conformance", "openapi": "openapi", "api": "openapi", "collections": "collections"}


def blueprint(context: Context) -> Blueprint:
    """OGC API - Features at /ogcapi: landing page, conformance, OpenAPI, collections, items. Raises InvalidCrs for a wrong setting."""
    service = build_service(context)
    handlers = _Handlers(service, Documents())
    room = Blueprint("ogcapi", __name__, url_prefix="/ogcapi")
    room.register_error_handler(Exception, answer_problem)
    rules = (
        ("/collections/<layer_id>/items", "items", handlers.items),
        ("/collections/<layer_id>/items/<feature_id>", "item", handlers.item),
        ("/collections/<layer_id>/items/<feature_id>/versions", "versions", handlers.versions),
        ("/", "landing", handlers.landing),
        ("/<name>", "document", handlers.document),
        ("/collections/<layer_id>", "collection", handlers.collection),
        ('/collections/<layer_id>/<any(schema,queryables,sortables,"feature-schema"):part>', "part", handlers.collection),
        ("/<path:name>", "nothing", handlers.document),
    )
    for rule, endpoint, handler in rules:
        room.add_url_rule(rule, endpoint, handler, provide_automatic_options=False)
    for rule, endpoint, methods, edit in (
        ("/collections/<layer_id>/items", "edit_items", ["POST", "OPTIONS"], handlers.edit_items),
        ("/collections/<layer_id>/items/<feature_id>", "edit_item", ["PUT", "PATCH", "DELETE", "OPTIONS"], handlers.edit_item),
    ):
        room.add_url_rule(rule, endpoint, edit, methods=methods, provide_automatic_options=False)
    every = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    room.add_url_rule("/transactions", "transactions", handlers.transactions, methods=every, provide_automatic_options=False)
    for rule in ("/", "/<path:name>"):
        room.add_url_rule(rule, "methods", answer_methods, methods=OTHER_METHODS, provide_automatic_options=False)
    return room


def answer_methods(name: str = "") -> Response:  # noqa: ARG001 - every address takes the same methods
    """OPTIONS names the methods; those that change something are refused as problems."""
    if request.method != "OPTIONS":
        raise MethodNotAllowed(valid_methods=_METHODS)
    return _allow(_METHODS)


@dataclass(frozen=True)
class _Handlers:
    service: Service
    documents: Documents

    def items(self, layer_id: str) -> Response:
        service = self.service.seen_by(current_identity())
        layer = service.layer(layer_id)
        wanted = read_items_request(service, layer, _chosen(_pairs()))
        if wanted.query.moment is not None:
            require_record(service.context, layer_id, wanted.query.moment)
        page = choose_page(wanted.format, wanted.language)
        unchanged = self._unchanged(layer_id, page or _variant(wanted))
        if unchanged is not None:
            return unchanged
        if page:
            return answer_items_page(service, wanted, page)
        if wanted.format == "gml" or wanted.format in BY_SHORT_NAME:
            return self._take_home(service, wanted)
        return answer_items(service, service.base(), wanted)

    def _take_home(self, service: Service, wanted: ItemsRequest) -> Response:
        """Features in a format that is no page of the protocol."""
        if wanted.format == "gml":
            return answer_gml(service, wanted, schema_address(service.context.settings, wanted.query.layer))
        return answer_file(service, wanted, BY_SHORT_NAME[wanted.format or ""], wanted.language or choose_language())

    def item(self, layer_id: str, feature_id: str) -> Response:
        service = self.service.seen_by(current_identity())
        layer = service.layer(layer_id)
        given = _chosen(_pairs())
        if "asof" in given or "datetime" in given:
            return answer_as_of(service, layer_id, _number(feature_id), given)
        wanted = read_item_request(service, layer, given)
        number = _number(feature_id)
        page = choose_page(wanted.format, wanted.language)
        unchanged = self._unchanged(layer_id, page or _variant(wanted))
        if unchanged is not None:
            return unchanged
        if page:
            return answer_item_page(service, wanted, number, page)
        if wanted.format == "gml" or wanted.format in BY_SHORT_NAME:
            return self._take_home(service, select_item(service, wanted, number))
        return answer_item(service, service.base(), wanted, number)

    def versions(self, layer_id: str, feature_id: str) -> Response:
        return answer_versions(self.service.seen_by(current_identity()), layer_id, _number(feature_id), _pairs())

    def edit_items(self, layer_id: str) -> Response:
        if request.method == "OPTIONS":
            return _allow(list_methods(self.service, layer_id, of_item=False))
        read_choices(_pairs())
        return create_item(self.service, layer_id)

    def edit_item(self, layer_id: str, feature_id: str) -> Response:
        if request.method == "OPTIONS":
            return _allow(list_methods(self.service, layer_id, of_item=True))
        read_choices(_pairs())
        if request.method == "DELETE":
            return delete_item(self.service, layer_id, _number(feature_id))
        return change_item(self.service, layer_id, _number(feature_id), as_patch=request.method == "PATCH")

    def transactions(self) -> Response:
        if request.method == "OPTIONS":
            return _allow(list_transaction_methods(self.service))
        if request.method != "POST":
            raise MethodNotAllowed(valid_methods=("POST", "OPTIONS"))
        read_choices(_pairs())
        return carry_out_transaction(self.service)

    def landing(self) -> Response:
        return self._document("landing", None)

    def document(self, name: str) -> Response:
        if name not in _DOCUMENTS:
            raise NotFound
        return self._document(_DOCUMENTS[name], None)

    def collection(self, layer_id: str, part: str = "collection") -> Response:
        return self._document(part, self.service.seen_by(current_identity()).layer(layer_id).id)

    def _document(self, name: str, layer_id: str | None) -> Response:
        format_, language = read_choices(_pairs())
        page = choose_page(format_, language)
        return self.documents.answer(
            self.service.seen_by(current_identity()), (name, layer_id), page, language or page or choose_language()
        )

    def _unchanged(self, layer_id: str, variant: str | None) -> Response | None:
        asked = request.environ.get("HTTP_IF_NONE_MATCH")
        return answer_not_modified(self.service, layer_id, asked, variant or "json") if asked else None


def _allow(methods: tuple[str, ...]) -> Response:
    headers = {"Allow": ", ".join(methods)}
    if "PATCH" in methods:
        headers["Accept-Patch"] = PATCH_TYPES[0]
    return Response(status=200, headers=headers)


def _chosen(given: dict[str, str]) -> dict[str, str]:
    """The parameters, with the format that Accept prefers where they name none; pages are chosen by `choose_page`."""
    chosen = None if "f" in given else choose_format(request.environ.get("HTTP_ACCEPT"))
    return given if chosen in (None, "html") else {**given, "f": chosen}


def _variant(wanted: ItemsRequest) -> str:
    """What entity tags of the format end with."""
    return (wanted.format or "json") + ("" if wanted.bom else "-plain")


def _number(feature_id: str) -> int:
    """The id of an address; 0, which no feature has, for what is no number."""
    return int(feature_id) if feature_id.isascii() and feature_id.isdigit() and len(feature_id) < _LONGEST_ID else 0


def _pairs() -> dict[str, str]:
    return read_pairs(request.environ.get("QUERY_STRING", "").encode("latin-1"))
