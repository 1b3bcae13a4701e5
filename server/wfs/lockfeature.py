# SPDX-License-Identifier: MIT
"""LockFeature (WFS 1.1.0, 04-094 11) and the locking half of GetFeatureWithLock (10): features held for somebody who will change them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from server.context import Context
from server.errors import InvalidParameter, MissingParameter
from server.features.locks import Locked, LockTerms, lock_features
from server.query.features import FeatureQuery
from server.signin import require_signed_in
from server.wfs.plan import Planner
from server.wfs.requests import TypeQuery, check_type_count
from server.wfs.xmlrequests import require_xml
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, children, first_child
from server.xmlio.write import Node, element, write_document

_SCHEMA = "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd"
_DEFAULT_MINUTES = 5


@dataclass(frozen=True)
class LockFeature:
    """One LockFeature request: what to lock, for how many minutes, all or none of it."""

    queries: tuple[TypeQuery, ...]
    minutes: int
    all_or_none: bool


def read_lock_request(root: Element, most_minutes: int) -> LockFeature:
    """A wfs:LockFeature document. Raises MissingParameter, InvalidParameter, LimitExceeded."""
    found = children(root, "Lock")
    if not found:
        raise MissingParameter("A LockFeature needs a wfs:Lock.", locator="Lock", message_vi="LockFeature phải có wfs:Lock.")
    check_type_count(len(found))
    action = (attribute(root, "lockAction") or "ALL").strip().upper()
    if action not in ("ALL", "SOME"):
        raise InvalidParameter("lockAction is ALL or SOME.", locator="lockAction")
    minutes = read_expiry(attribute(root, "expiry"), most_minutes)
    return LockFeature(tuple(_read_lock(element) for element in found), minutes, action == "ALL")


def read_expiry(text: str | None, most: int) -> int:
    """Minutes a lock shall hold, five when nothing is said. Raises InvalidParameter for less than one and more than `most`."""
    minutes = text.strip() if text else str(min(_DEFAULT_MINUTES, most))
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) < 9 and 1 <= int(minutes) <= most):
        raise InvalidParameter(f"expiry is a number of minutes from 1 to {most}.", locator="expiry")
    return int(minutes)


def answer_lock(context: Context, planner: Planner, body: Element | None) -> Response:
    """The response to a LockFeature. Raises NotAuthenticated, AccessDenied, FeatureLocked and what reading and planning raise."""
    require_signed_in()
    asked = read_lock_request(require_xml(body), planner.limits.max_lock_minutes)
    queries = [planner.plan(query, "gml31") for query in asked.queries]
    locked = hold(context, queries, minutes=asked.minutes, all_or_none=asked.all_or_none)
    response = Response(_write(queries, locked), content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def hold(context: Context, queries: list[FeatureQuery], *, minutes: int, all_or_none: bool) -> Locked:
    """Lock what the questions find, for whoever asks in this request. Raises NotAuthenticated and like `lock_features`."""
    terms = LockTerms(minutes, all_or_none, context.settings.limits.max_edits)
    return lock_features(context.database, require_signed_in(), queries, terms)


def _read_lock(element: Element) -> TypeQuery:
    name = attribute(element, "typeName")
    if not name:
        raise MissingParameter("A wfs:Lock needs a typeName.", locator="typeName")
    return TypeQuery(name, filter=first_child(element, "Filter"))


def _write(queries: list[FeatureQuery], locked: Locked) -> bytes:
    held = [f"{query.layer.id}.{one}" for query, ids in zip(queries, locked.held, strict=True) for one in ids]
    refused = [f"{query.layer.id}.{one}" for query, ids in zip(queries, locked.refused, strict=True) for one in ids]
    root = element(
        "wfs:LockFeatureResponse",
        element("wfs:LockId", locked.id),
        _write_ids("wfs:FeaturesLocked", held) if held else None,
        _write_ids("wfs:FeaturesNotLocked", refused) if refused else None,
    )
    return write_document(root, {"wfs": Namespace.WFS, "ogc": Namespace.OGC}, schema_locations={Namespace.WFS: _SCHEMA})


def _write_ids(name: str, ids: list[str]) -> Node:
    return element(name, *(element("ogc:FeatureId", attributes={"fid": one}) for one in ids))
