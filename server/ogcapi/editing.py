# SPDX-License-Identifier: MIT
"""Create, replace, update and delete (OGC API - Features part 4, 20-002) through the write door, one feature per request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from flask import Response

from server.access import Identity, may_edit, may_publish_changes, require_edit
from server.catalog.model import Layer
from server.encode.geojson import MEDIA_TYPE
from server.errors import EditRefused
from server.features.read import read_feature
from server.features.whole import whole_values
from server.features.write import open_door
from server.ogcapi.bodies import read_body
from server.ogcapi.items import feature_not_found
from server.ogcapi.preconditions import check_if_match, conflict, write_version_tag
from server.ogcapi.service import CRS84_REFERENCE, Service
from server.query.edits import Edit
from server.query.features import FeatureQuery
from server.signin import current_identity, require_signed_in

PROTOCOL = "ogcapi"
# QGIS sends one save as a request per feature, one after the other.
ONE_SAVE_S = 10.0
_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class _Asked:
    """A change asked for: by whom, of which layer - as its editor sees it, and as the layer file has it."""

    service: Service
    identity: Identity
    seen: Layer
    layer: Layer


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
    body = read_body(asked.service, asked.seen, None)
    created = _apply(asked, Edit("insert", asked.layer, values=body.values, geometry=body.geometry, epsg=body.epsg))
    response = _answer_feature(asked, created, 201)
    response.headers["Location"] = f"{asked.service.base()}/collections/{layer_id}/items/{created}"
    return response


def change_item(service: Service, layer_id: str, feature_id: int, *, as_patch: bool) -> Response:
    """PUT (the whole feature; fields left out are emptied) or PATCH (merge patch). 200, or 202 when the change waits for review.

    Raises like `create_item`, and FeatureNotFound, VersionConflict, VersionRequired.
    """
    asked = _ask(service, layer_id)
    current = _read_current(asked, feature_id)
    body = read_body(asked.service, asked.seen, feature_id, as_patch=as_patch)
    version = check_if_match(current.name, current.version)
    if not as_patch and body.version not in (None, current.version):
        raise conflict(current.name, current.version, str(body.version))
    if body.geometry is None and current.has_geometry and (body.names_geometry or not as_patch):
        raise EditRefused(
            "A geometry can be changed, not taken away.", locator="geometry", message_vi="Có thể sửa hình học, không thể xóa hình học."
        )
    values = body.values if as_patch else whole_values(asked.layer, body.values, has_geometry=body.geometry is not None)
    if values or body.geometry is not None:
        edit = Edit("update", asked.layer, feature_id, values, body.geometry, body.epsg, version)
        _apply(asked, edit)
    return _answer_feature(asked, feature_id, 200)


def delete_item(service: Service, layer_id: str, feature_id: int) -> Response:
    """DELETE: 204. Raises like `change_item`."""
    asked = _ask(service, layer_id)
    current = _read_current(asked, feature_id)
    _apply(asked, Edit("delete", asked.layer, feature_id, version=check_if_match(current.name, current.version)))
    return Response(status=204)


def _ask(service: Service, layer_id: str) -> _Asked:
    """Who asks, when it may. A layer that is hidden from the asker does not exist, whatever the method."""
    seen = service.seen_by(current_identity()).layer(layer_id)
    identity = require_signed_in()
    layer = service.context.catalog.layer(layer_id)
    require_edit(identity, layer)
    return _Asked(service.seen_by(identity), identity, seen, layer)


def _apply(asked: _Asked, edit: Edit) -> int:
    """The feature's id, once the change is stored and, if it may be, published."""
    context = asked.service.context
    with open_door(context.database, context.catalog, asked.identity, PROTOCOL, join_s=ONE_SAVE_S) as (door, _):
        door.apply([edit])
    return door.inserted[0] if edit.id is None else edit.id


def _read(asked: _Asked, feature_id: int) -> tuple[bytes, dict[str, Any]]:
    text = read_feature(asked.service.context, FeatureQuery(asked.seen, store="official"), feature_id)
    if text is None:
        raise feature_not_found()
    return text, json.loads(text)


def _read_current(asked: _Asked, feature_id: int) -> _Current:
    _, feature = _read(asked, feature_id)
    name = f"{asked.layer.id}.{feature_id}"
    return _Current(feature_id, name, feature["properties"]["version"], feature["geometry"] is not None)


def _answer_feature(asked: _Asked, feature_id: int, status: Literal[200, 201]) -> Response:
    """The feature as it is now. What is not approved waits for review: 202."""
    text, feature = _read(asked, feature_id)
    properties = feature["properties"]
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Crs": f"<{CRS84_REFERENCE.text}>",
        "ETag": write_version_tag(properties["version"]),
    }
    return Response(text, status=status if properties["review_state"] == "approved" else 202, headers=headers)
