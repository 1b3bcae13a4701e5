# SPDX-License-Identifier: MIT
"""`/wms`: WMS 1.3.0 and 1.1.1. Every error leaves as the exception document of its version, or as a picture where the client wants that."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flask import Blueprint, Response, request

from server.context import Context
from server.crs.definitions import Crs
from server.errors import InvalidParameter, InvalidUpdateSequence, OperationNotSupported
from server.ows.address import service_address
from server.ows.kvp import require
from server.ows.post import Incoming, read_incoming
from server.ows.systems import offered_systems
from server.render.map import MapRenderer
from server.tiles.desk import TileDesk
from server.wms.capabilities import MEDIA_TYPES, update_sequence, write_capabilities
from server.wms.describelayer import answer_description
from server.wms.exceptions import CurrentUpdateSequence, answer_exception
from server.wms.frame import read_language
from server.wms.getfeatureinfo import answer_info
from server.wms.getlegendgraphic import answer_legend
from server.wms.getmap import answer_map, answer_notice
from server.wms.getmetadata import answer_metadata
from server.wms.getstyles import answer_styles
from server.wms.layers import LayerBook, Shelves
from server.wms.offer import Offer
from server.wms.requests import (
    VERSIONS,
    read_exception_form,
    read_get_feature_info,
    read_get_legend_graphic,
    read_get_map,
)
from server.wms.sld import read_sld
from server.wms.xmlmap import read_xml_map
from server.xmlio.parse import Element

_REMEMBERED = 40
_LANGUAGES = ("vi", "en")
_OPERATIONS = ("GetCapabilities", "GetMap", "GetFeatureInfo", "GetLegendGraphic", "DescribeLayer", "GetStyles", "GetMetadata")


def blueprint(context: Context, desk: TileDesk) -> Blueprint:
    """The routes of the service, for the composition root. Raises InvalidCrs for systems in config.yml that do not exist."""
    room = Blueprint("wms", __name__)
    service = _Service(context, offered_systems(context.settings), desk)

    @room.route("/wms", methods=["GET", "POST"])
    def wms() -> Response:
        incoming = read_incoming(context.settings.limits)
        return service.answer(incoming)

    @room.errorhandler(Exception)
    def refuse(error: Exception) -> Response:
        return answer_exception(error, _version_of(request.args.get("version") or request.args.get("VERSION") or ""))

    return room


def map_door(context: Context, desk: TileDesk) -> Callable[[dict[str, str]], Response]:
    """GetMap and GetFeatureInfo in key-values of WMS 1.1.1, for rooms where the same is asked in other words.

    What it answers with raises what the operations raise. Raises InvalidCrs for systems in config.yml that do not exist.
    """
    service = _Service(context, offered_systems(context.settings), desk)
    return service.ask


@dataclass(frozen=True)
class _Asked:
    """A request: its parameters, the version that answers, and the style document of an XML GetMap."""

    parameters: dict[str, str]
    version: str
    sld: Element | None = None


@dataclass(frozen=True)
class _Service:
    context: Context
    systems: tuple[Crs, ...]
    desk: TileDesk
    _shelves: Shelves = field(default_factory=Shelves)
    _documents: dict[tuple[object, ...], tuple[bytes, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def renderer(self) -> MapRenderer:
        """What draws."""
        return self.desk.pictures.renderer

    def open_book(self) -> LayerBook:
        """The layers as they are now, for one request."""
        return LayerBook(self.context, self.systems, self._shelves)

    def ask(self, parameters: dict[str, str]) -> Response:
        """The answer to key-values of WMS 1.1.1. Raises what the operation raises."""
        return self._dispatch(parameters["REQUEST"].lower(), _Asked(parameters, "1.1.1"))

    def answer(self, incoming: Incoming) -> Response:
        """Dispatch on the operation; errors become documents here, where the parameters are known."""
        sld: Element | None = None
        parameters = incoming.parameters
        if incoming.body is not None:
            parameters, sld = read_xml_map(incoming.body, parameters)
        version = _version_of(parameters.get("VERSION") or parameters.get("WMTVER") or "")
        operation = (parameters.get("REQUEST") or "").lower()
        try:
            return self._dispatch(operation, _Asked(parameters, version, sld))
        except Exception as error:  # noqa: BLE001 - every error has a form in this protocol; our own are logged by it
            form = read_exception_form(parameters)
            if operation in ("getmap", "map") and form != "XML":
                picture = answer_notice(error, form, parameters)
                if picture is not None:
                    return picture
            return answer_exception(error, version)

    def _dispatch(self, operation: str, asked: _Asked) -> Response:
        require(asked.parameters, "REQUEST")
        service = asked.parameters.get("SERVICE")
        if service and service.upper() != "WMS":
            raise InvalidParameter("SERVICE must be WMS here.", locator="SERVICE")
        if operation in ("getmap", "map"):
            return self._get_map(asked)
        answers: dict[str, Callable[[_Asked], Response]] = {
            "getcapabilities": self._get_capabilities,
            "capabilities": self._get_capabilities,
            "getfeatureinfo": self._get_feature_info,
            "feature_info": self._get_feature_info,
            "getlegendgraphic": self._get_legend_graphic,
            "getmetadata": self._get_metadata,
            "describelayer": self._describe_layer,
            "getstyles": self._get_styles,
        }
        answer = answers.get(operation)
        if answer is None:
            shown = operation if operation.isalnum() and operation.isascii() and len(operation) < 40 else "REQUEST"
            raise OperationNotSupported(f"Not offered. Offered: {', '.join(_OPERATIONS)}.", locator=shown)
        return _in_language(asked, answer)

    def _get_map(self, asked: _Asked) -> Response:
        _check_version(asked.parameters)
        limits = self.context.settings.limits
        styles = None if asked.sld is None else read_sld(asked.sld, limits)
        return answer_map(read_get_map(asked.parameters, asked.version, limits, styles), self.open_book(), self.desk)

    def _get_feature_info(self, asked: _Asked) -> Response:
        _check_version(asked.parameters)
        question = read_get_feature_info(asked.parameters, asked.version, self.context.settings.limits)
        return answer_info(question, self.context, self.open_book(), self.renderer)

    def _get_legend_graphic(self, asked: _Asked) -> Response:
        question = read_get_legend_graphic(asked.parameters, asked.version, self.context.settings.limits)
        return answer_legend(question, self.context, self.open_book(), self.renderer)

    def _get_metadata(self, asked: _Asked) -> Response:
        name, language = require(asked.parameters, "LAYER"), read_language(asked.parameters)
        address = service_address(self.context.settings, "/wms")
        return answer_metadata(name, self.context, self.open_book(), language=language, address=address)

    def _describe_layer(self, asked: _Asked) -> Response:
        return answer_description(asked.parameters, asked.version, self.open_book(), service_address(self.context.settings, "/wfs"))

    def _get_styles(self, asked: _Asked) -> Response:
        response = answer_styles(asked.parameters, self.open_book(), self.context.settings.styles_dir)
        response.make_conditional(request.environ)
        return response

    def _get_capabilities(self, asked: _Asked) -> Response:
        parameters, version = asked.parameters, asked.version
        require(parameters, "SERVICE")
        book = self.open_book()
        states = book.states()
        self._check_sequence(parameters.get("UPDATESEQUENCE") or "", update_sequence(states))
        language = read_language(parameters)
        address, root = (service_address(self.context.settings, path) for path in ("/wms", ""))
        key = (version, language, address, tuple((name, state.revision, state.published_at) for name, state in states.items()))
        document = self._documents.get(key)
        if document is None:
            layers, styles = book.offered(), self.renderer.source.styles
            offer = Offer(self.context, list(layers), states, styles, self.systems, address, root, version, language)
            document = self._remember(key, write_capabilities(offer))
        response = Response(document[0], content_type=MEDIA_TYPES[version])
        response.set_etag(document[1])
        response.headers["Cache-Control"] = "no-cache"
        response.make_conditional(request.environ)
        return response

    def _check_sequence(self, given: str, current: str) -> None:
        """06-042 7.2.3.5: equal = nothing new, greater = the client errs."""
        if given and given == current:
            raise CurrentUpdateSequence("The document you have is the newest.", locator="UPDATESEQUENCE")
        if given > current:
            raise InvalidUpdateSequence("There is no such update sequence yet.", locator="UPDATESEQUENCE")

    def _remember(self, key: tuple[object, ...], document: bytes) -> tuple[bytes, str]:
        """Keep a document; strangers choose part of the key (the host they name), so only so many are kept."""
        with self._lock:
            if len(self._documents) >= _REMEMBERED:
                self._documents.clear()
            self._documents[key] = (document, hashlib.sha256(document).hexdigest()[:32])
            return self._documents[key]


def _in_language(asked: _Asked, answer: Callable[[_Asked], Response]) -> Response:
    """The answer in the language of LANGUAGE, or without it in that of the header Accept-Language; maps have none and pass by here."""
    if asked.parameters.get("LANGUAGE"):
        return answer(asked)
    preferred = request.accept_languages.best_match(_LANGUAGES, default=_LANGUAGES[0])
    response = answer(replace(asked, parameters={**asked.parameters, "LANGUAGE": preferred or _LANGUAGES[0]}))
    response.vary.add("Accept-Language")
    return response


def _version_of(text: str) -> str:
    """The version that answers (06-042 6.2.4): below 1.3.0 the older one, otherwise, and when none is named, the newest."""
    parts = text.split(".")
    if not text or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        return VERSIONS[0]
    return VERSIONS[1] if [int(part) for part in parts] < [1, 3] else VERSIONS[0]


def _check_version(parameters: Mapping[str, str]) -> None:
    """Only GetCapabilities negotiates: a map needs a version that is served, because it decides the axis order."""
    given = parameters.get("VERSION") or parameters.get("WMTVER") or require(parameters, "VERSION")
    if given not in VERSIONS:
        raise InvalidParameter(f"Versions served: {', '.join(VERSIONS)}.", locator="VERSION")
