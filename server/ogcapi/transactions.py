# SPDX-License-Identifier: MIT
"""`/transactions`: several changes of several collections, all or nothing, in one request and one change set."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from server.access import Identity, may_edit, require_edit
from server.crs.spelling import CrsReference
from server.errors import InvalidParameter, LimitExceeded, VersionRequired, blame
from server.features.replies import LOCATOR, Reply, carry_out, claim, keep, name_request
from server.features.whole import whole_values
from server.features.write import open_door
from server.ogcapi.bodies import FeatureBody, read_content_crs, read_feature_body, read_json
from server.ogcapi.preconditions import is_browser
from server.ogcapi.service import Service
from server.query.edits import Edit
from server.signin import current_identity, require_signed_in

_ACTIONS = ("insert", "replace", "update", "delete")
_MEMBERS = frozenset({"action", "collection", "id", "version", "feature"})
_TYPES = ("application/json", "application/vnd.xanh.transaction+json")


def list_transaction_methods(service: Service) -> tuple[str, ...]:
    """The methods whoever asks may use."""
    identity = current_identity()
    return ("OPTIONS", "POST") if any(may_edit(identity, layer) for layer in service.context.catalog.feature_layers()) else ("OPTIONS",)


def carry_out_transaction(service: Service) -> Response:
    """Do what the body asks: 200 with what was done. The change at fault is named (`changes[2]`), and then nothing is done.

    Raises NotAuthenticated, AccessDenied, InvalidParameter, InvalidCrs, LayerNotDefined, LimitExceeded, EditRefused, VersionConflict,
    VersionRequired, FeatureNotFound, UnsupportedMediaType.
    """
    identity = require_signed_in()
    if request.mimetype not in _TYPES:
        raise UnsupportedMediaType(f"Send {_TYPES[0]}.")
    data = request.get_data()
    seen = service.seen_by(identity)
    edits = _read_edits(seen, identity, read_json(data))
    named = name_request(request.headers.get(LOCATOR), (request.method.encode(), request.path.encode(), data))
    context, base = service.context, service.base()

    def act() -> Reply:
        with open_door(context.database, context.catalog, identity, "ogcapi") as (door, change_set):
            claim(door, named)
            door.apply(edits)
            new = [edit.layer.id for edit in edits if edit.action == "insert"]
            made = [
                {"collection": layer, "id": number, "href": f"{base}/collections/{layer}/items/{number}"}
                for layer, number in zip(new, door.inserted, strict=True)
            ]
            document = {"inserted": made, "updated": door.updated, "replaced": door.replaced, "deleted": door.deleted}
            text = json.dumps({**document, "changeSet": change_set if door.has_changed else None}).encode()
            reply = Reply(200, {"Content-Type": "application/json"}, text)
            return keep(door, named, reply, context.settings.limits.idempotency_hours)

    reply = carry_out(context.database, identity, named, act)
    return Response(reply.body, status=reply.status, headers=reply.headers)


def _read_edits(service: Service, identity: Identity, document: dict[str, Any]) -> list[Edit]:
    changes = document.get("changes")
    _require(isinstance(changes, list) and bool(changes) and len(document) == 1, "The body is an object with a list `changes`.", "changes")
    ceiling = service.context.settings.limits.max_actions
    if len(changes or ()) > ceiling:
        raise LimitExceeded(f"A transaction has at most {ceiling} changes.", locator="changes")
    reference = read_content_crs(service)
    edits = []
    for index, change in enumerate(changes or ()):
        with blame(f"changes[{index}]"):
            edits.append(_read_edit(service, identity, change, reference, f"changes[{index}]"))
    return edits


def _read_edit(service: Service, identity: Identity, change: object, reference: CrsReference, handle: str) -> Edit:
    if not isinstance(change, dict) or not set(change) <= _MEMBERS:
        raise InvalidParameter(f"A change is an object of {', '.join(sorted(_MEMBERS))}.", locator=handle)
    action, name = change.get("action"), change.get("collection")
    _require(action in _ACTIONS, f"action is one of {', '.join(_ACTIONS)}.", "action")
    _require(isinstance(name, str), "collection names a collection.", "collection")
    seen = service.layer(str(name))
    layer = service.context.catalog.layer(seen.id)
    require_edit(identity, layer)
    feature_id, version = _read_number(change, "id", needed=action != "insert"), _read_number(change, "version", needed=False)
    _require(action != "insert" or feature_id is None, "The server gives the id of a new feature.", "id")
    if action != "insert" and version is None and is_browser():
        raise VersionRequired("Say the version a change is made for.", locator="version", message_vi="Cần cho biết phiên bản được sửa.")
    if action == "delete":
        _require("feature" not in change, "A deletion brings no feature.", "feature")
        return Edit("delete", layer, feature_id, version=version, handle=handle)
    feature = change.get("feature")
    _require(isinstance(feature, dict), "feature is a GeoJSON Feature.", "feature")
    body = read_feature_body(dict(feature or {}), seen, feature_id, reference, as_patch=action == "update")
    return _write_edit(action, Edit("insert", layer, feature_id, version=version, handle=handle), body)


def _write_edit(action: Any, about: Edit, body: FeatureBody) -> Edit:
    values = body.values
    if action == "replace":
        values = whole_values(about.layer, values, has_geometry=body.geometry is not None)
    clears = body.geometry is None and about.layer.has_geometry and (action == "replace" or (action == "update" and body.names_geometry))
    _require(action != "update" or bool(values) or body.geometry is not None or clears, "An update changes something.", "feature")
    version = about.version or body.version
    return Edit(action, about.layer, about.id, values, body.geometry, body.epsg, version, about.handle, clears_geometry=clears)


def _read_number(change: dict[str, Any], name: str, *, needed: bool) -> int | None:
    value = change.get(name)
    if value is None and not needed:
        return None
    if type(value) is not int or not 0 < value < 2**31 * (2**32 if name == "id" else 1):
        raise InvalidParameter(f"{name} is a whole number above 0.", locator=name, message_vi=f"{name} là số nguyên dương.")
    return value


def _require(holds: bool, message: str, locator: str) -> None:
    if not holds:
        raise InvalidParameter(message, locator=locator)
