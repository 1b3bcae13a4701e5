# SPDX-License-Identifier: MIT
"""The address of the WFS and the dispatch of its operations; every error becomes the exception report of the version asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, request

from server.context import Context
from server.errors import InvalidParameter, OperationNotSupported
from server.ows.address import service_address
from server.ows.exceptions import answer_report
from server.ows.kvp import require
from server.ows.post import Incoming, read_incoming
from server.ows.systems import offered_systems
from server.wfs.documents import Documents
from server.wfs.getfeature import answer_features, answer_features_with_lock
from server.wfs.lockfeature import answer_lock
from server.wfs.plan import Planner
from server.wfs.requests import GetFeature, from_parameters
from server.wfs.transaction import answer_transaction
from server.wfs.versions import guess_version, negotiate, remember_version, require_version, version_of_request
from server.wfs.xmlrequests import from_xml, header_of

Parameters = Mapping[str, str]


def blueprint(context: Context) -> Blueprint:
    """The routes of the service, for the composition root. Raises InvalidCrs for systems in config.yml that do not exist."""
    room = Blueprint("wfs", __name__)
    planner = Planner(context.catalog, context.settings.limits, offered_systems(context.settings))
    service = _Service(context, planner, Documents(context, planner))

    @room.route("/wfs", methods=["GET", "POST"])
    def wfs() -> Response:
        remember_version(guess_version({key.upper(): value for key, value in request.args.items()}))
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
    _operations: dict[str, Callable[[Incoming, Parameters], Response]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._operations.update(
            {
                "getcapabilities": self._get_capabilities,
                "describefeaturetype": lambda _, parameters: self.documents.answer_schema(
                    parameters, require_version(parameters), self._address()
                ),
                "getfeature": self._get_feature,
                "getfeaturewithlock": lambda incoming, parameters: answer_features_with_lock(
                    self.context, self.planner, incoming.body, self._address(), require_version(parameters)
                ),
                "lockfeature": lambda incoming, _: answer_lock(self.context, self.planner, incoming.body),
                "transaction": lambda incoming, _: answer_transaction(self.context, self.planner, incoming.body),
            }
        )

    def answer(self, incoming: Incoming) -> Response:
        """Dispatch on the operation. Raises what the operations raise."""
        parameters = incoming.parameters if incoming.body is None else {**incoming.parameters, **header_of(incoming.body)}
        remember_version(guess_version(parameters))
        operation = require(parameters, "REQUEST").lower()
        _check_service(parameters, operation)
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
        version = negotiate(parameters)
        remember_version(version)
        return self.documents.answer_capabilities(parameters, version, self._address())

    def _get_feature(self, incoming: Incoming, parameters: Parameters) -> Response:
        return answer_features(self.context, self.planner, self._read(incoming, parameters), self._address())

    def _read(self, incoming: Incoming, parameters: Parameters) -> GetFeature:
        version = require_version(parameters)
        if incoming.body is not None:
            return from_xml(incoming.body, version)
        return from_parameters(parameters, self.planner.limits, version)

    def _address(self) -> str:
        return service_address(self.context.settings, "/wfs")


def _check_service(parameters: Parameters, operation: str) -> None:
    """SERVICE must be WFS; GetCapabilities cannot do without it in a key-value request (05-008 7.2.1)."""
    given = parameters.get("SERVICE") or None
    if given is None and operation == "getcapabilities" and request.method == "GET":
        require(parameters, "SERVICE")
    if given is not None and given.upper() != "WFS":
        raise InvalidParameter("SERVICE must be WFS here.", locator="SERVICE")
