# SPDX-License-Identifier: MIT
"""The address of the WFS and the dispatch of its operations; every error becomes the exception report of the version asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flask import Blueprint, Response, request

from server.access import ANONYMOUS
from server.catalog.queries import read_stored_queries
from server.context import Context
from server.errors import InvalidParameter, OperationNotSupported
from server.ows.address import service_address
from server.ows.exceptions import answer_report
from server.ows.kvp import require, split_list
from server.ows.post import Incoming, read_incoming
from server.ows.systems import offered_systems
from server.signin import current_identity
from server.wfs.documents import Documents, choose_language
from server.wfs.formats import choose_download, choose_feature_format
from server.wfs.getfeature import Remember, answer_features, answer_features_with_lock
from server.wfs.lockfeature import answer_lock
from server.wfs.plan import Planner
from server.wfs.propertyvalue import answer_values
from server.wfs.questions import Questions
from server.wfs.requests import GetFeature, StoredQueryCall, TypeQuery, from_parameters
from server.wfs.single import answer_gml_object, answer_one, not_found
from server.wfs.storedqueries import Prepared, expand, is_by_id, prepare_queries, read_id, write_descriptions, write_list
from server.wfs.transaction import answer_transaction
from server.wfs.versions import guess_version, negotiate, remember_version, require_version, version_of_request
from server.wfs.xmlrequests import from_xml, header_of
from server.xmlio.parse import attribute

Parameters = Mapping[str, str]


def blueprint(context: Context, questions: Questions | None = None) -> Blueprint:
    """The routes of the service, for the composition root; `questions` are shared with the fast lane.

    Raises InvalidCrs and ConfigError for mistakes in files.
    """
    room = Blueprint("wfs", __name__)
    planner = Planner(context.catalog, context.settings.limits, offered_systems(context.settings))
    queries = prepare_queries(read_stored_queries(context.settings.layers_dir), context.catalog)
    service = _Service(context, planner, Documents(context, planner), queries, questions or Questions())

    @room.route("/wfs", methods=["GET", "POST"])
    def wfs() -> Response:
        return service.answer(read_incoming(context.settings.limits))

    @room.errorhandler(Exception)
    def refuse(error: Exception) -> Response:
        return answer_report(error, version_of_request())

    return room


@dataclass(frozen=True)
class _Service:
    context: Context
    planner: Planner
    documents: Documents
    queries: Mapping[str, Prepared]
    questions: Questions
    _operations: dict[str, Callable[[Incoming, Parameters], Response]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._operations.update(
            {
                "getcapabilities": self._get_capabilities,
                "describefeaturetype": lambda _, parameters: self.documents.answer_schema(
                    parameters, require_version(parameters), self._address()
                ),
                "getfeature": self._get_feature,
                "getfeaturewithlock": lambda incoming, _: answer_features_with_lock(
                    self.context, self.planner, incoming.body, self._address(), self._expand
                ),
                "lockfeature": lambda incoming, parameters: answer_lock(
                    self.context, self.planner, incoming.body, parameters, self._expand
                ),
                "getgmlobject": lambda _, parameters: answer_gml_object(self.context, self.planner, parameters),
                "getpropertyvalue": self._get_property_value,
                "liststoredqueries": self._list_queries,
                "describestoredqueries": self._describe_queries,
                "transaction": lambda incoming, _: answer_transaction(self.context, self.planner, incoming.body),
            }
        )

    def answer(self, incoming: Incoming) -> Response:
        """Dispatch on the operation. Raises what the operations raise."""
        parameters = incoming.parameters if incoming.body is None else {**incoming.parameters, **header_of(incoming.body)}
        remember_version(guess_version(parameters, newest=self.context.settings.services.strict_wfs))
        operation = require(parameters, "REQUEST").lower()
        _check_service(parameters, operation)
        if self.context.settings.services.strict_wfs and incoming.body is None and operation != "getcapabilities":
            for name in ("SERVICE", "VERSION"):
                require(parameters, name)
        answer = self._operations.get(operation)
        if answer is None:
            shown = operation if operation.isalnum() and operation.isascii() and len(operation) < 40 else "REQUEST"
            raise OperationNotSupported(
                "Not offered. Offered: GetCapabilities, DescribeFeatureType, GetFeature, GetPropertyValue, GetGmlObject, "
                "ListStoredQueries, DescribeStoredQueries, GetFeatureWithLock, LockFeature, Transaction.",
                locator=shown,
            )
        return answer(incoming, parameters)

    def _get_capabilities(self, _: Incoming, parameters: Parameters) -> Response:
        version = negotiate(parameters, newest=self.context.settings.services.strict_wfs)
        remember_version(version)
        return self.documents.answer_capabilities(parameters, version, self._address())

    def _get_feature(self, incoming: Incoming, parameters: Parameters) -> Response:
        asked = self._read(incoming, parameters)
        only = asked.stored[0] if len(asked.stored) == len(asked.queries) == 1 else None
        row_format = None if choose_download(asked.output_format) else choose_feature_format(asked.output_format, asked.version)
        if only is not None and is_by_id(only) and row_format == "gml32" and asked.result_type == "results":
            try:
                return answer_one(self.context, self.planner.plan(asked.queries[0], row_format), row_format, read_id(only))
            except InvalidParameter as error:
                # an id of no feature type is an id of no feature
                raise not_found(read_id(only)) if error.locator == "RESOURCEID" else error from None
        return answer_features(self.context, self.planner, asked, self._address(), _remember_for(self.questions, incoming))

    def _get_property_value(self, incoming: Incoming, parameters: Parameters) -> Response:
        asked = self._read(incoming, {**parameters, "VERSION": "2.0.0"})
        body = incoming.body
        reference = parameters.get("VALUEREFERENCE") if body is None else attribute(body, "valueReference")
        return answer_values(self.context, self.planner, asked, reference, self._address())

    def _list_queries(self, _: Incoming, parameters: Parameters) -> Response:
        language = choose_language(parameters)
        return _answer_xml(write_list(self.context.catalog, self.queries, language))

    def _describe_queries(self, _: Incoming, parameters: Parameters) -> Response:
        names = split_list(parameters.get("STOREDQUERY_ID") or "")
        return _answer_xml(write_descriptions(self.context.catalog, self.queries, names, choose_language(parameters)))

    def _read(self, incoming: Incoming, parameters: Parameters) -> GetFeature:
        """The request, with the questions of its stored queries behind its own."""
        version = require_version(parameters)
        body = incoming.body
        asked = from_parameters(parameters, self.planner.limits, version) if body is None else from_xml(body, version)
        srs_name = parameters.get("SRSNAME") or None
        questions = tuple(expand(call, self.queries, srs_name, version, self.planner.crs) for call in asked.stored)
        return replace(asked, queries=(*asked.queries, *questions))

    def _expand(self, call: StoredQueryCall, version: str) -> TypeQuery:
        return expand(call, self.queries, None, version, self.planner.crs)

    def _address(self) -> str:
        return service_address(self.context.settings, "/wfs")


def _remember_for(questions: Questions, incoming: Incoming) -> Remember | None:
    """What keeps the question of this request for the fast lane; None where only this asker, or this way of asking, gets this answer."""
    if incoming.body is not None or request.method != "GET" or current_identity() is not ANONYMOUS:
        return None
    text = request.environ.get("QUERY_STRING", "")
    return lambda question: questions.remember(text, question)


def _check_service(parameters: Parameters, operation: str) -> None:
    """SERVICE must be WFS; GetCapabilities cannot do without it in a key-value request (05-008 7.2.1)."""
    given = parameters.get("SERVICE") or None
    if given is None and operation == "getcapabilities" and request.method == "GET":
        require(parameters, "SERVICE")
    if given is not None and given.upper() != "WFS":
        raise InvalidParameter("SERVICE must be WFS here.", locator="SERVICE")


def _answer_xml(document: bytes) -> Response:
    return Response(document, content_type="text/xml; charset=utf-8")
