# SPDX-License-Identifier: MIT
"""`/wmts` (WMTS 1.0.0: key-value parameters and REST addresses) and `/tiles` (XYZ, TileJSON, styles)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, request

from server.context import Context
from server.errors import InvalidParameter, OperationNotSupported, XanhError
from server.features.state import layer_states
from server.ows.address import service_address
from server.ows.kvp import require
from server.ows.negotiation import negotiate_version
from server.ows.post import read_incoming
from server.tiles.asked import GetTile, read_tile
from server.tiles.desk import TileDesk
from server.tiles.webstyles import WebLook, find_look, write_letters, write_sprite, write_style
from server.wmts.answers import answer_document, answer_limited, answer_picture, answer_vectors
from server.wmts.capabilities import VERSION, Offer, write_capabilities
from server.wmts.exceptions import answer_report
from server.wmts.refusals import refuse_tile
from server.wmts.requests import read_get_info, read_get_tile, read_last, read_number
from server.wmts.throughwms import INFO_FORMATS, GetInfo, MapDoor, answer_dimensions, answer_info
from server.wmts.tilejson import describe_pictures, describe_vectors

_XML = "application/xml; charset=utf-8"
_REMEMBERED = 20
# Dimensions and language: passed on to WMS as they are.
_DIMENSIONS = ("TIME", "ELEVATION")
_UNFILLED = "{Time}"
_EXTRA = (*_DIMENSIONS, "LANGUAGE")
_OPERATIONS = ("GetCapabilities", "GetTile", "GetFeatureInfo")


def blueprint(context: Context, desk: TileDesk, door: MapDoor) -> Blueprint:
    """The routes, for the composition root; `door` answers GetMap and GetFeatureInfo of WMS."""
    room = Blueprint("wmts", __name__)
    service = _Service(context, desk, door)
    _add_wmts(room, service)
    _add_tiles(room, service)
    _add_looks(room, service)
    return room


def _add_wmts(room: Blueprint, service: _Service) -> None:
    @room.route("/wmts", methods=["GET", "POST"])
    def wmts() -> Response:
        return service.guard(lambda: service.answer(_read_parameters(service.context)))

    @room.get(f"/wmts/{VERSION}/WMTSCapabilities.xml")
    def capabilities() -> Response:
        return service.guard(lambda: service.get_capabilities({}))

    @room.get(f"/wmts/{VERSION}/<layer>/<style>/<matrix_set>/<level>/<row>/<last>")
    @room.get(f"/wmts/{VERSION}/<layer>/<style>/<time>/<matrix_set>/<level>/<row>/<last>")
    def rest(last: str, **parts: str) -> Response:
        def read() -> Response:
            column, ending, ratio = read_last(last)
            tile = read_tile(parts["level"], column, parts["row"])
            asked = GetTile(parts["layer"], parts["style"], parts["matrix_set"], tile, ending, ratio)
            return service.get_tile(asked, _dimensions() | _read_time(parts))

        return service.guard(read)

    @room.get(f"/wmts/{VERSION}/<layer>/<style>/<matrix_set>/<level>/<row>/<column>/<j>/<i>.<ending>")
    @room.get(f"/wmts/{VERSION}/<layer>/<style>/<time>/<matrix_set>/<level>/<row>/<column>/<j>/<i>.<ending>")
    def info(ending: str, **parts: str) -> Response:
        def read() -> Response:
            tile = read_tile(parts["level"], parts["column"], parts["row"])
            asked = GetTile(parts["layer"], parts["style"], parts["matrix_set"], tile, "png")
            place = (read_number(parts["i"], "I"), read_number(parts["j"], "J"))
            named = _without_defaults(_dimensions() | _read_time(parts))
            return answer_info(GetInfo(asked, *place, INFO_FORMATS.get(ending, ending)), service.desk, service.door, named)

        return service.guard(read)


def _add_tiles(room: Blueprint, service: _Service) -> None:
    @room.get("/tiles/<layer>/<style>/<level>/<column>/<last>")
    def picture(layer: str, style: str, level: str, column: str, last: str) -> Response:
        row, ending, ratio = read_last(last)
        return answer_picture(service.desk, GetTile(layer, style, "WebMercatorQuad", read_tile(level, column, row), ending, ratio))

    @room.get("/tiles/<layer>/<level>/<column>/<row>.mvt")
    def vectors(layer: str, level: str, column: str, row: str) -> Response:
        return answer_vectors(service.desk, layer, read_tile(level, column, row))

    @room.get("/tiles/<layer>.json")
    def vector_description(layer: str) -> Response:
        found = service.context.catalog.layer(layer)
        root = service_address(service.context.settings, "")
        return answer_document(describe_vectors(service.desk, found, root, _language()), "application/json")

    @room.get("/tiles/<layer>/<style>.json")
    def picture_description(layer: str, style: str) -> Response:
        root = service_address(service.context.settings, "")
        return answer_document(describe_pictures(service.desk, layer, style, (root, _language())), "application/json")

    @room.errorhandler(XanhError)
    def refuse(error: XanhError) -> Response:
        """Plain text; mistakes of ours go to the last resort."""
        if not error.is_client_fault:
            raise error
        return refuse_tile(error)


def _add_looks(room: Blueprint, service: _Service) -> None:
    @room.get("/tiles/<layer>/styles/<style>.json")
    def web_style(layer: str, style: str) -> Response:
        return answer_document(write_style(service.desk, service.look(layer, style)), "application/json")

    @room.get("/tiles/<layer>/styles/<style>/sprite.<any(json, png):ending>", defaults={"ratio": 1})
    @room.get("/tiles/<layer>/styles/<style>/sprite@2x.<any(json, png):ending>", defaults={"ratio": 2})
    def sprite(layer: str, style: str, ending: str, ratio: int) -> Response:
        made = write_sprite(service.desk, service.look(layer, style), ratio)
        if ending == "png":
            return answer_document(made.picture, "image/png")
        return answer_document(json.dumps(made.index).encode(), "application/json")

    @room.get("/tiles/fonts/<stack>/<letters>.pbf")
    def glyphs(stack: str, letters: str) -> Response:
        return answer_document(write_letters(service.desk, stack, letters), "application/x-protobuf")


@dataclass(frozen=True)
class _Service:
    context: Context
    desk: TileDesk
    door: MapDoor
    _documents: dict[tuple[object, ...], bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, layer: str, style: str) -> WebLook:
        """A layer in one of its styles, for this client. Raises LayerNotDefined, StyleNotDefined, InvalidParameter."""
        return find_look(self.desk, layer, style, (service_address(self.context.settings, ""), _language()))

    def guard(self, work: Callable[[], Response]) -> Response:
        """The answer, or the error as an exception report."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - every error has a form in this protocol; our own are logged by it
            return answer_report(error)

    def answer(self, parameters: Mapping[str, str]) -> Response:
        """Dispatch on the operation. Raises what the operation raises."""
        if require(parameters, "SERVICE").upper() != "WMTS":
            raise InvalidParameter("SERVICE must be WMTS here.", locator="SERVICE")
        operation = require(parameters, "REQUEST")
        if operation.lower() == "getcapabilities":
            negotiate_version(parameters.get("ACCEPTVERSIONS", "").split(","), (VERSION,))
            return self.get_capabilities(parameters)
        if operation.lower() not in ("gettile", "getfeatureinfo"):
            raise InvalidParameter(f"Not offered. Offered: {', '.join(_OPERATIONS)}.", locator="REQUEST")
        if require(parameters, "VERSION") != VERSION:
            raise InvalidParameter(f"The version served is {VERSION}.", locator="VERSION")
        if operation.lower() == "getfeatureinfo":
            return answer_info(read_get_info(parameters), self.desk, self.door, _without_defaults(_choose(parameters)))
        return self.get_tile(read_get_tile(parameters), _choose(parameters))

    def get_tile(self, asked: GetTile, dimensions: Mapping[str, str]) -> Response:
        """A tile as it is by default, or of the time and height named. Raises what the operation raises."""
        named = {name: value for name, value in _without_defaults(dimensions).items() if name in _DIMENSIONS}
        return answer_dimensions(asked, self.desk, self.door, named) if named else answer_limited(self.desk, asked)

    def get_capabilities(self, parameters: Mapping[str, str]) -> Response:
        """The document, kept as long as no layer changes. Raises ServerFault, InvalidParameter for a Host that is none."""
        language = parameters.get("LANGUAGE", "").lower()[:2]
        languages = (language,) if language in ("vi", "en") else ("en", "vi")
        root = service_address(self.context.settings, "")
        states = layer_states(self.context)
        key = (languages, root, tuple((name, state.revision, state.published_at) for name, state in states.items()))
        document = self._documents.get(key)
        if document is None:
            document = write_capabilities(Offer(self.desk, states, self.desk.editions.source.styles, root, languages))
            with self._lock:
                # Strangers choose part of the key (the host they name), so only so many are kept.
                if len(self._documents) >= _REMEMBERED:
                    self._documents.clear()
                self._documents[key] = document
        return answer_document(document, _XML)


def _read_parameters(context: Context) -> dict[str, str]:
    incoming = read_incoming(context.settings.limits)
    if incoming.body is not None:
        raise OperationNotSupported("Send WMTS requests as key-value parameters.", locator="REQUEST")
    return incoming.parameters


def _dimensions() -> dict[str, str]:
    """What may follow a REST address."""
    return _choose({name.upper(): value for name, value in request.args.items()})


def _read_time(parts: Mapping[str, str]) -> dict[str, str]:
    """The time a REST address names. Clients that know no dimensions (QGIS, unless asked) leave the name in the template as it stands."""
    time = parts.get("time", _UNFILLED)
    return {} if time == _UNFILLED else _choose({"TIME": time})


def _without_defaults(dimensions: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in dimensions.items() if name not in _DIMENSIONS or value.lower() != "default"}


def _choose(parameters: Mapping[str, str]) -> dict[str, str]:
    """A period may have two hyphens between its ends (ISO 8601-1 5.5.2.2): in REST addresses a slash ends a part."""
    given = {name: parameters[name] for name in _EXTRA if parameters.get(name)}
    return {name: value.replace("--", "/") if name == "TIME" else value for name, value in given.items()}


def _language() -> str:
    return "en" if request.args.get("lang", "").startswith("en") else "vi"
