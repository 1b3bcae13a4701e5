# SPDX-License-Identifier: MIT
"""The documents that describe the service - capabilities and schemas: written once per revision, version, language and kind of asker.

Each has a tag made of its content, so that clients may keep it and ask whether it still holds (304).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Response, request

from server.access import may_edit, may_publish_changes, store_of
from server.catalog.model import Layer
from server.context import Context
from server.errors import InvalidParameter
from server.features.state import layer_states
from server.ows.kvp import split_groups, split_list
from server.signin import current_identity
from server.wfs.capabilities import SECTIONS, CapabilitiesPlan, write_capabilities
from server.wfs.capabilities10 import write_capabilities10
from server.wfs.capabilities20 import write_capabilities20
from server.wfs.describefeaturetype import write_schema
from server.wfs.formats import GML_NAMES, check_describe_format
from server.wfs.plan import Planner
from server.wfs.requests import check_type_count
from server.wfs.schema import find_type, open_layers

_REMEMBERED = 100
_SCHEMA_TYPES = {"gml2": "text/xml", "gml31": GML_NAMES["1.1.0"], "gml32": GML_NAMES["2.0.0"]}


@dataclass(frozen=True)
class Documents:
    """Those of one application; shared by all threads."""

    context: Context
    planner: Planner
    _documents: dict[tuple[object, ...], tuple[bytes, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer_capabilities(self, parameters: Mapping[str, str], version: str, address: str) -> Response:
        """The capabilities in a version, as this asker sees the service. Raises InvalidParameter for sections nobody knows."""
        sections = _read_sections(parameters.get("SECTIONS") or "")
        language = choose_language(parameters)
        states = layer_states(self.context)
        revisions = tuple((name, state.revision) for name, state in states.items())
        layers = tuple(layer for layer in open_layers(self.context.catalog) if layer.id in states or store_of(layer) == "official")
        operations = _list_operations(layers)
        key = (version, address, language, sections, revisions, _views(layers), tuple(operations.items()))
        plan = CapabilitiesPlan(self.context.settings, layers, states, self.planner.crs, address, language, operations)
        response = self.answer(key, lambda: _write(plan, sections, version), "text/xml")
        response.vary.update(("Accept-Language", "Authorization"))
        return response

    def answer_schema(self, parameters: Mapping[str, str], version: str, address: str) -> Response:
        """The schema of feature types, of all of them when none is named. Raises InvalidParameter, InvalidFormat, LimitExceeded."""
        gml = check_describe_format(parameters.get("OUTPUTFORMAT") or None, version)
        text = parameters.get("TYPENAME") or parameters.get("TYPENAMES") or ""
        names = [name for group in split_groups(text) for name in split_list(group)]
        check_type_count(len(names))
        locator = "TYPENAMES" if version == "2.0.0" else "TYPENAME"
        chosen = {layer.id: layer for layer in (find_type(self.context.catalog, name, locator=locator) for name in names)}
        layers = tuple(chosen.values()) or open_layers(self.context.catalog)
        return self.answer(
            (gml, address, *_views(layers)), lambda: write_schema(self.context.catalog, layers, address, gml), _SCHEMA_TYPES[gml]
        )

    def answer(self, key: tuple[object, ...], write: Callable[[], bytes], media_type: str) -> Response:
        """The document of that key, written if it is not known yet; 304 for clients that have it."""
        document = self._documents.get(key)
        if document is None:
            document = self._remember(key, write())
        response = Response(document[0], content_type=f"{media_type}; charset=utf-8")
        response.set_etag(document[1])
        response.headers["Cache-Control"] = "no-cache" if current_identity() is None else "private, no-cache"
        response.make_conditional(request.environ)
        return response

    def _remember(self, key: tuple[object, ...], document: bytes) -> tuple[bytes, str]:
        """Keep a document; strangers choose the keys (the host they name, the types they list), so only so many are kept."""
        with self._lock:
            if len(self._documents) >= _REMEMBERED:
                self._documents.clear()
            self._documents[key] = (document, hashlib.sha256(document).hexdigest()[:32])
            return self._documents[key]


def choose_language(parameters: Mapping[str, str]) -> str:
    """`vi` or `en`: what LANGUAGE says, else what the browser prefers, else Vietnamese."""
    named = (parameters.get("LANGUAGE") or parameters.get("LANGUAGES") or "").lower()
    if named:
        return "en" if named.startswith("en") else "vi"
    return request.accept_languages.best_match(("vi", "en"), default="vi") or "vi"


def _write(plan: CapabilitiesPlan, sections: tuple[str, ...], version: str) -> bytes:
    if version == "1.0.0":
        return write_capabilities10(plan)
    return (write_capabilities20 if version == "2.0.0" else write_capabilities)(plan, sections)


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


def _read_sections(text: str) -> tuple[str, ...]:
    """The sections asked for in the order of the standard; all of them for none or `All` (05-008 7.3.3). Raises InvalidParameter."""
    asked = {part.lower() for part in split_list(text)}
    if not asked or "all" in asked:
        return SECTIONS
    found = tuple(section for section in SECTIONS if section.lower() in asked)
    if len(found) != len(asked):
        raise InvalidParameter(f"Sections are {', '.join(SECTIONS)} and All.", locator="SECTIONS")
    return found
