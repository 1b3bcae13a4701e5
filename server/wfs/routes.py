# SPDX-License-Identifier: MIT
"""`/wfs`: WFS 1.1.0. Key-value requests and XML meet here; every error leaves as an exception report."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, request

from server.access import may_edit, may_publish_changes, store_of
from server.catalog.model import Layer
from server.context import Context
from server.errors import InvalidParameter, OperationNotSupported
from server.features.state import layer_states
from server.ows.address import service_address
from server.ows.exceptions import answer_report
from server.ows.kvp import require, split_groups, split_list
from server.ows.negotiation import negotiate_version
from server.ows.post import Incoming, read_incoming
from server.ows.systems import offered_systems
from server.signin import current_identity
from server.wfs.capabilities import SECTIONS, CapabilitiesPlan, write_capabilities
from server.wfs.describefeaturetype import write_schema
from server.wfs.formats import GML31, check_describe_format
from server.wfs.getfeature import answer_features, answer_features_with_lock
from server.wfs.lockfeature import answer_lock
from server.wfs.plan import VERSION, Planner
from server.wfs.requests import check_type_count, from_parameters
from server.wfs.schema import find_type, open_layers
from server.wfs.transaction import answer_transaction
from server.wfs.xmlrequests import from_xml, header_of

_REMEMBERED = 50


def blueprint(context: Context) -> Blueprint:
    """The routes of the service, for the composition root. Raises InvalidCrs for systems in config.yml that do not exist."""
    room = Blueprint("wfs", __name__)
    service = _Service(context, Planner(context.catalog, context.settings.limits, offered_systems(context.settings)))

    @room.route("/wfs", methods=["GET", "POST"])
    def wfs() -> Response:
        return service.answer(read_incoming(context.settings.limits))

    @room.errorhandler(Exception)
    def refuse(error: Exception) -> Response:
        return answer_report(error, VERSION)

    return room


@dataclass(frozen=True)
class _Service:
    context: Context
    planner: Planner
    _documents: dict[tuple[object, ...], tuple[bytes, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, incoming: Incoming) -> Response:
        """Dispatch on the operation. Raises what the operations raise."""
        parameters = incoming.parameters if incoming.body is None else {**incoming.parameters, **header_of(incoming.body)}
        operation = require(parameters, "REQUEST").lower()
        _check_service(parameters, operation)
        if operation == "getcapabilities":
            return self._get_capabilities(parameters)
        if operation == "transaction":
            return answer_transaction(self.context, self.planner, incoming.body)
        if operation == "lockfeature":
            return answer_lock(self.context, self.planner, incoming.body)
        if parameters.get("VERSION") not in (None, "", VERSION):
            raise InvalidParameter(
                f"This service speaks version {VERSION} only.", locator="VERSION", message_vi=f"Dịch vụ chỉ hỗ trợ phiên bản {VERSION}."
            )
        if operation == "getfeature":
            asked = from_parameters(parameters, self.planner.limits) if incoming.body is None else from_xml(incoming.body)
            return answer_features(self.context, self.planner, asked, self._address())
        if operation == "getfeaturewithlock":
            return answer_features_with_lock(self.context, self.planner, incoming.body, self._address())
        if operation == "describefeaturetype":
            return self._describe(parameters)
        shown = operation if operation.isalnum() and operation.isascii() and len(operation) < 40 else "REQUEST"
        raise OperationNotSupported(
            "Not offered. Offered: GetCapabilities, DescribeFeatureType, GetFeature, GetFeatureWithLock, LockFeature, Transaction.",
            locator=shown,
        )

    def _get_capabilities(self, parameters: Mapping[str, str]) -> Response:
        negotiate_version(split_list(parameters.get("ACCEPTVERSIONS") or ""), (VERSION,))
        sections = _read_sections(parameters.get("SECTIONS") or "")
        language = "en" if (parameters.get("LANGUAGE") or "").lower().startswith("en") else "vi"
        states = layer_states(self.context)
        revisions = tuple((name, state.revision) for name, state in states.items())
        layers = tuple(layer for layer in open_layers(self.context.catalog) if layer.id in states or store_of(layer) == "official")
        operations = _list_operations(layers)
        key = (self._address(), language, sections, revisions, _views(layers), tuple(operations.items()))
        document = self._documents.get(key)
        if document is None:
            plan = CapabilitiesPlan(self.context.settings, layers, states, self.planner.crs, self._address(), language, operations)
            document = self._remember(key, write_capabilities(plan, sections))
        return _label(Response(document[0], content_type="text/xml; charset=utf-8"), document[1])

    def _describe(self, parameters: Mapping[str, str]) -> Response:
        check_describe_format(parameters.get("OUTPUTFORMAT") or None)
        names = [name for group in split_groups(parameters.get("TYPENAME") or "") for name in split_list(group)]
        check_type_count(len(names))
        chosen = {layer.id: layer for layer in (find_type(self.context.catalog, name) for name in names)}
        layers = tuple(chosen.values()) or open_layers(self.context.catalog)
        document = self._documents.get(_views(layers))
        if document is None:
            document = self._remember(_views(layers), write_schema(self.context.catalog, layers, self._address()))
        return _label(Response(document[0], content_type=f"{GML31}; charset=utf-8"), document[1])

    def _remember(self, key: tuple[object, ...], document: bytes) -> tuple[bytes, str]:
        """Keep a document; strangers choose the keys (the host they name, the types they list), so only so many are kept."""
        with self._lock:
            if len(self._documents) >= _REMEMBERED:
                self._documents.clear()
            self._documents[key] = (document, hashlib.sha256(document).hexdigest()[:32])
            return self._documents[key]

    def _address(self) -> str:
        return service_address(self.context.settings, "/wfs")


def _views(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """What tells documents about the same layers apart when different people see them."""
    return tuple(f"{store_of(layer)}.{layer.id}" for layer in layers)


def _list_operations(layers: tuple[Layer, ...]) -> dict[str, tuple[str, ...]]:
    """What the asker may do besides asking, by layer: clients such as QGIS offer exactly these tools."""
    identity = current_identity()
    found: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        if may_edit(identity, layer):
            found[layer.id] = (
                ("Insert", "Update", "Delete", "Lock") if may_publish_changes(identity, layer, ["delete"]) else ("Insert", "Update", "Lock")
            )
    return found


def _check_service(parameters: Mapping[str, str], operation: str) -> None:
    """SERVICE must be WFS; GetCapabilities cannot do without it in a key-value request (05-008 7.2.1)."""
    given = parameters.get("SERVICE") or None
    if given is None and operation == "getcapabilities" and request.method == "GET":
        require(parameters, "SERVICE")
    if given is not None and given.upper() != "WFS":
        raise InvalidParameter("SERVICE must be WFS here.", locator="SERVICE")


def _read_sections(text: str) -> tuple[str, ...]:
    """The sections asked for in the order of the standard; all of them for none or `All` (05-008 7.3.3). Raises InvalidParameter."""
    asked = {part.lower() for part in split_list(text)}
    if not asked or "all" in asked:
        return SECTIONS
    found = tuple(section for section in SECTIONS if section.lower() in asked)
    if len(found) != len(asked):
        raise InvalidParameter(f"Sections are {', '.join(SECTIONS)} and All.", locator="SECTIONS")
    return found


def _label(response: Response, tag: str) -> Response:
    """Exact tag and revalidation: clients may keep the document and ask whether it still holds."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request.environ)
    return response
