# SPDX-License-Identifier: MIT
"""LockFeature (WFS 2.0.0: 09-025r2 12; 1.1.0: 04-094 11) and the locking half of GetFeatureWithLock (13, 10).

Features are held for somebody who will change them. 1.1.0 counts the expiry in minutes, 2.0.0 in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, request

from server.config import Limits
from server.context import Context
from server.errors import AccessDenied, FeatureLocked, InvalidParameter, MissingParameter, UnreadableRequest, XanhError
from server.features.locks import Locked, LockTerms, hold_anew, lock_features
from server.ows.exceptions import PARSING_FAILED, write_report
from server.query.features import FeatureQuery
from server.signin import require_signed_in
from server.wfs.plan import Planner
from server.wfs.requests import StoredQueryCall, TypeQuery, check_type_count, from_parameters
from server.wfs.transactionresponse import answer_document, new_code_of
from server.wfs.transactionxml import version_of
from server.wfs.versions import require_version
from server.wfs.xmlrequests import read_call, require_xml
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, children, first_child, local_name, namespace
from server.xmlio.write import Node, element, write_document

_SCHEMAS = {"1.1.0": "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd", "2.0.0": "http://schemas.opengis.net/wfs/2.0/wfs.xsd"}
_DEFAULT_MINUTES = 5
Expand = Callable[[StoredQueryCall, str], TypeQuery]
"""What turns a stored query into a question of a version of WFS."""


@dataclass(frozen=True)
class LockFeature:
    """One LockFeature request: what to lock, for how many minutes, all or none of it; or which lock to hold anew (`lock_id`).

    `stored` are stored queries that say what to lock as well.
    """

    version: str
    queries: tuple[TypeQuery, ...]
    minutes: float
    all_or_none: bool
    lock_id: str | None = None
    stored: tuple[StoredQueryCall, ...] = ()


def read_lock_request(root: Element, most_minutes: int) -> LockFeature:
    """A wfs:LockFeature document. Raises MissingParameter, InvalidParameter, UnreadableRequest (09-025r2 12.2.4.2), LimitExceeded."""
    version = version_of(root)
    is_new = version == "2.0.0"
    tag = "Query" if is_new else "Lock"
    found, stored = children(root, tag), children(root, "StoredQuery") if is_new else []
    lock_id = ((attribute(root, "lockId") or "").strip() or None) if is_new else None
    if not found and not stored and lock_id is None:
        raise MissingParameter(f"A LockFeature needs a wfs:{tag}.", locator=tag, message_vi=f"LockFeature phải có wfs:{tag}.")
    if lock_id is not None and (found or stored):
        raise UnreadableRequest(
            "A LockFeature names a lock to hold anew, or what to lock, not both.",
            locator="lockId",
            message_vi="LockFeature chỉ nêu khóa cần gia hạn hoặc đối tượng cần khóa, không cả hai.",
        )
    check_type_count(len(found) + len(stored))
    takes_all = not takes_some(root, version)
    minutes = read_expiry(attribute(root, "expiry"), most_minutes, in_seconds=is_new)
    queries = tuple(_read_lock(element, tag) for element in found)
    return LockFeature(version, queries, minutes, takes_all, lock_id, tuple(map(read_call, stored)))


def read_lock_parameters(parameters: Mapping[str, str], limits: Limits) -> LockFeature:
    """A LockFeature of key-value parameters (09-025r2 12.2.2, 04-094 14.7.7). Raises MissingParameter, InvalidParameter, LimitExceeded."""
    version = require_version(parameters)
    is_new = version == "2.0.0"
    lock_id = (parameters.get("LOCKID") or None) if is_new else None
    asked = from_parameters(parameters, limits, version) if lock_id is None else None
    some = _read_action(parameters.get("LOCKACTION"))
    minutes = read_expiry(parameters.get("EXPIRY"), limits.max_lock_minutes, in_seconds=is_new)
    return LockFeature(version, asked.queries if asked else (), minutes, not some, lock_id, asked.stored if asked else ())


def takes_some(root: Element, version: str) -> bool:
    """Whether what is free may be locked where not all is. GetFeatureWithLock could not say so before 2.0.0. Raises InvalidParameter."""
    if version != "2.0.0" and local_name(root) == "GetFeatureWithLock":
        return False
    return _read_action(attribute(root, "lockAction"))


def _read_action(text: str | None) -> bool:
    action = (text or "ALL").strip().upper()
    if action not in ("ALL", "SOME"):
        raise InvalidParameter("lockAction is ALL or SOME.", locator="lockAction")
    return action == "SOME"


def read_expiry(text: str | None, most: int, *, in_seconds: bool = False) -> float:
    """Minutes a lock shall hold, five when nothing is said; `in_seconds`: the text counts those.

    Raises InvalidParameter for less than one and more than `most` minutes.
    """
    unit, factor = ("seconds", 60) if in_seconds else ("minutes", 1)
    written = text.strip() if text else str(min(_DEFAULT_MINUTES, most) * factor)
    if not (written.isascii() and written.isdigit() and len(written) < 9 and 1 <= int(written) <= most * factor):
        raise InvalidParameter(f"expiry is a number of {unit} from 1 to {most * factor}.", locator="expiry")
    return int(written) / factor


def answer_lock(context: Context, planner: Planner, body: Element | None, parameters: Mapping[str, str], expand: Expand) -> Response:
    """The response to a LockFeature; one that cannot be met is answered with an exception report in 2.0.0.

    `parameters` are those of a request without XML. Raises NotAuthenticated, AccessDenied, and in 1.1.0 FeatureLocked and what reading
    and planning raise.
    """
    identity = require_signed_in()
    if body is None:
        _refuse_from_elsewhere()
    else:
        require_xml(body)
    try:
        asked = (
            read_lock_parameters(parameters, planner.limits) if body is None else read_lock_request(body, planner.limits.max_lock_minutes)
        )
        if asked.lock_id is not None:
            queries, locked = [], hold_anew(context.database, identity, asked.lock_id, asked.minutes)
        else:
            questions = (*asked.queries, *(expand(call, asked.version) for call in asked.stored))
            queries = [planner.plan(query, "gml31") for query in questions]
            locked = hold(context, queries, minutes=asked.minutes, all_or_none=asked.all_or_none)
    except XanhError as error:
        is_new = require_version(parameters) == "2.0.0" if body is None else namespace(body) == Namespace.WFS20
        if isinstance(error, AccessDenied) or not error.is_client_fault or not is_new:
            raise
        return answer_no_lock(error)
    write = _write_new if asked.version == "2.0.0" else _write
    return answer_document(write(queries, locked))


def _refuse_from_elsewhere() -> None:
    """A page of a stranger can make a browser send an address with the password it keeps; browsers say so. Raises InvalidParameter."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") or request.method != "GET":
        raise InvalidParameter(
            "Pages of other sites lock nothing here; send LockFeature by POST as XML.",
            locator="request",
            message_vi="Trang của nơi khác không được khóa đối tượng ở đây; hãy gửi LockFeature bằng POST dạng XML.",
        )


def answer_no_lock(error: XanhError) -> Response:
    """Why features were not locked, in the words of 2.0.0."""
    code, status = ("CannotLockAllFeatures", 400) if isinstance(error, FeatureLocked) else new_code_of(error)
    if isinstance(error, InvalidParameter):
        code = PARSING_FAILED if isinstance(error, UnreadableRequest) else "InvalidParameterValue"
    return write_report(status, code, error.locator, (error.message, error.message_vi), "2.0.0")


def hold(context: Context, queries: list[FeatureQuery], *, minutes: float, all_or_none: bool) -> Locked:
    """Lock what the questions find, for whoever asks in this request. Raises NotAuthenticated and like `lock_features`."""
    terms = LockTerms(minutes, all_or_none, context.settings.limits.max_edits)
    return lock_features(context.database, require_signed_in(), queries, terms)


def _read_lock(element: Element, tag: str) -> TypeQuery:
    key = "typeNames" if tag == "Query" else "typeName"
    name = attribute(element, key)
    if not name:
        raise MissingParameter(f"A wfs:{tag} needs {key}.", locator=key)
    return TypeQuery(name, srs_name=attribute(element, "srsName"), filter=first_child(element, "Filter"))


def _write(queries: list[FeatureQuery], locked: Locked) -> bytes:
    held, refused = _name(queries, locked.held), _name(queries, locked.refused)
    root = element(
        "wfs:LockFeatureResponse",
        element("wfs:LockId", locked.id),
        _write_ids("wfs:FeaturesLocked", held) if held else None,
        _write_ids("wfs:FeaturesNotLocked", refused) if refused else None,
    )
    return write_document(root, {"wfs": Namespace.WFS, "ogc": Namespace.OGC}, schema_locations={Namespace.WFS: _SCHEMAS["1.1.0"]})


def _write_new(queries: list[FeatureQuery], locked: Locked) -> bytes:
    """wfs:LockFeatureResponse of 2.0.0 (09-025r2 12.3): the lock is an attribute, features go by fes:ResourceId."""
    parts = {"FeaturesLocked": _name(queries, locked.held), "FeaturesNotLocked": _name(queries, locked.refused)}
    found = (
        element(f"wfs:{name}", *(element("fes:ResourceId", attributes={"rid": one}) for one in ids)) for name, ids in parts.items() if ids
    )
    root = element("wfs:LockFeatureResponse", *found, attributes={"lockId": locked.id})
    names = {"wfs": Namespace.WFS20, "fes": Namespace.FES}
    return write_document(root, names, schema_locations={Namespace.WFS20: _SCHEMAS["2.0.0"]})


def _name(queries: list[FeatureQuery], ids: tuple[tuple[int, ...], ...]) -> list[str]:
    return [f"{query.layer.id}.{one}" for query, part in zip(queries, ids, strict=True) for one in part]


def _write_ids(name: str, ids: list[str]) -> Node:
    return element(name, *(element("ogc:FeatureId", attributes={"fid": one}) for one in ids))
