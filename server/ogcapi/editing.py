# SPDX-License-Identifier: MIT
"""Create, replace, update and delete (OGC API - Features part 4, 20-002) through the write door, one feature per request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from flask import Response, request

from server.access import Identity, may_edit, may_publish_changes, require_edit
from server.catalog.model import Layer
from server.encode.geojson import MEDIA_TYPE
from server.errors import VersionConflict
from server.features.read import read_feature, read_former_feature
from server.features.replies import LOCATOR, NamedRequest, Reply, carry_out, claim, keep, name_request
from server.features.whole import whole_values
from server.features.write import open_door
from server.ogcapi.bodies import read_body
from server.ogcapi.items import feature_not_found
from server.ogcapi.preconditions import check_if_match, conflict, write_version_tag
from server.ogcapi.service import CRS84_REFERENCE, Service
from server.query.edits import Edit
from server.query.features import FeatureQuery
from server.signin import current_identity, keep_version_tag, require_signed_in

PROTOCOL = "ogcapi"
# QGIS sends one save as a request per feature, one after the other.
ONE_SAVE_S = 10.0
_VERSION = re.compile(r"v?(\d{1,9})", re.ASCII)
_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class _Asked:
    """A change asked for: by whom, of which layer - as its editor sees it, and as the layer file has it."""

    service: Service
    identity: Identity
    seen: Layer
    layer: Layer
    named: NamedRequest | None


@dataclass(frozen=True)
class _Kept:
    """A feature after the change: its id and its GeoJSON text, empty when it is gone."""

    number: int
    text: bytes


@dataclass(frozen=True)
class _Current:
    """A feature before the change."""

    id: int
    name: str
    version: int
    has_geometry: bool


def list_methods(service: Service, layer_id: str, *, of_item: bool) -> tuple[str, ...]:
    """The methods whoever asks may use on `items`, or on one feature. Raises LayerNotDefined.

    QGIS offers editing only where POST is among those of `items`, and asks for those of a feature that need not exist.
    """
    identity = current_identity()
    service.seen_by(identity).layer(layer_id)
    layer = service.context.catalog.layer(layer_id)
    if not may_edit(identity, layer):
        return _READING
    if not of_item:
        return (*_READING, "POST")
    return (*_READING, "PUT", "PATCH", *(("DELETE",) if may_publish_changes(identity, layer, ["delete"]) else ()))


def create_item(service: Service, layer_id: str) -> Response:
    """POST: a new feature; the server gives the id. 201, or 202 when it waits for review; both with Location and the feature.

    Raises NotAuthenticated, AccessDenied, LayerNotDefined, EditRefused, InvalidParameter, InvalidCrs.
    """
    asked = _ask(service, layer_id)
    start = f"{asked.service.base()}/collections/{layer_id}/items/"

    def create() -> Reply:
        body = read_body(asked.service, asked.seen, None)
        edit = Edit("insert", asked.layer, values=body.values, geometry=body.geometry, epsg=body.epsg)
        return _apply(asked, edit, lambda created: _show_feature(created, 201, {"Location": f"{start}{created.number}"}))

    return _answer_once(asked, create)


def change_item(service: Service, layer_id: str, feature_id: int, *, as_patch: bool) -> Response:
    """PUT (the whole feature; fields left out are emptied) or PATCH (merge patch). 200, or 202 when the change waits for review.

    Raises like `create_item`, and FeatureNotFound, VersionConflict, VersionRequired.
    """
    asked = _ask(service, layer_id)
    return _answer_once(asked, lambda: _telling(asked, feature_id, lambda: _change(asked, feature_id, as_patch=as_patch)))


def _change(asked: _Asked, feature_id: int, *, as_patch: bool) -> Reply:
    current = _read_current(asked, feature_id)
    body = read_body(asked.service, asked.seen, feature_id, as_patch=as_patch)
    version = check_if_match(current.name, current.version)
    if not as_patch and body.version not in (None, current.version):
        raise conflict(current.name, current.version, str(body.version))
    clears = current.has_geometry and body.geometry is None and (body.names_geometry or not as_patch)
    values = body.values if as_patch else whole_values(asked.layer, body.values, has_geometry=body.geometry is not None)
    if not values and body.geometry is None and not clears:
        return _show_feature(_Kept(feature_id, _read(asked, feature_id)[0]), 200, {})
    edit = Edit("update", asked.layer, feature_id, values, body.geometry, body.epsg, version, clears_geometry=clears)
    return _apply(asked, edit, lambda changed: _show_feature(changed, 200, {}))


def delete_item(service: Service, layer_id: str, feature_id: int) -> Response:
    """DELETE: 204. Raises like `change_item`."""
    asked = _ask(service, layer_id)

    def delete() -> Reply:
        current = _read_current(asked, feature_id)
        edit = Edit("delete", asked.layer, feature_id, version=check_if_match(current.name, current.version))
        return _apply(asked, edit, lambda _: Reply(204, {}, b""))

    return _answer_once(asked, lambda: _telling(asked, feature_id, delete))


def _telling(asked: _Asked, feature_id: int, act: Callable[[], Reply]) -> Reply:
    """Do it; a conflict tells the feature as it was, as the client wants it and as it is now, so that people can choose field by field."""
    try:
        return act()
    except VersionConflict as error:
        named = _VERSION.fullmatch(error.yours or "")
        if named is not None:
            context = asked.service.context
            base = read_former_feature(context, asked.seen, feature_id, int(named[1]))
            theirs = read_feature(context, FeatureQuery(asked.seen, store="official"), feature_id)
            sent = request.get_data()
            error.states = {
                name: json.loads(text) if text else None for name, text in (("base", base), ("yours", sent), ("theirs", theirs))
            }
        raise


def _ask(service: Service, layer_id: str) -> _Asked:
    """Who asks, when it may. A layer that is hidden from the asker does not exist, whatever the method."""
    seen = service.seen_by(current_identity()).layer(layer_id)
    identity = require_signed_in()
    layer = service.context.catalog.layer(layer_id)
    require_edit(identity, layer)
    named = name_request(request.headers.get(LOCATOR), (request.method.encode(), request.path.encode(), request.get_data()))
    return _Asked(service.seen_by(identity), identity, seen, layer, named)


def _answer_once(asked: _Asked, act: Callable[[], Reply]) -> Response:
    """The response to a change, which is carried out once if it bears a name."""
    reply = carry_out(asked.service.context.database, asked.identity, asked.named, act)
    if "ETag" in reply.headers:
        keep_version_tag()
    return Response(reply.body, status=reply.status, headers=reply.headers)


def _apply(asked: _Asked, edit: Edit, write: Callable[[_Kept], Reply]) -> Reply:
    """Store the change and, if it may be, publish it; `write` answers it from the feature as it is then."""
    context = asked.service.context
    with open_door(context.database, context.catalog, asked.identity, PROTOCOL, join_s=ONE_SAVE_S) as (door, _):
        claim(door, asked.named)
        door.apply([edit])
        number = door.inserted[0] if edit.id is None else edit.id
        text = None if edit.action == "delete" else door.read(FeatureQuery(asked.seen, store="official"), number)
        return keep(door, asked.named, write(_Kept(number, text or b"")), context.settings.limits.idempotency_hours)


def _read(asked: _Asked, feature_id: int) -> tuple[bytes, dict[str, Any]]:
    text = read_feature(asked.service.context, FeatureQuery(asked.seen, store="official"), feature_id)
    if text is None:
        raise feature_not_found()
    return text, json.loads(text)


def _read_current(asked: _Asked, feature_id: int) -> _Current:
    _, feature = _read(asked, feature_id)
    name = f"{asked.layer.id}.{feature_id}"
    return _Current(feature_id, name, feature["properties"]["version"], feature["geometry"] is not None)


def _show_feature(kept: _Kept, status: Literal[200, 201], more: dict[str, str]) -> Reply:
    """The feature as it is now. What is not approved waits for review: 202."""
    properties = json.loads(kept.text)["properties"]
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Crs": f"<{CRS84_REFERENCE.text}>",
        "ETag": write_version_tag(properties["version"]),
        **more,
    }
    return Reply(status if properties["review_state"] == "approved" else 202, headers, kept.text)
