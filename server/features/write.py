# SPDX-License-Identifier: MIT
"""The write door: permission, validation, version check, history and publication of a few changes, in one database transaction.

Browser, WFS-T and OGC API Part 4 come through here; loaders with many rows take `server.features.bulk`, which shares every check.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from server.access import Identity, may_publish_changes, may_review, require_edit
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.crs.definitions import find_crs
from server.db.checks import check_required, check_stage, check_unique, match_keys, read_faults
from server.db.edit import Author, begin_change_set, delete_rows, explain_violations, insert_staged, lock_versions, update_staged
from server.db.ownlinks import resolve_own_links
from server.db.pool import Connection, Database
from server.db.rules import check_rules
from server.db.stage import Stage, fill_stage, open_stage
from server.errors import AccessDenied, EditRefused, FeatureNotFound, VersionConflict
from server.features.faults import Fault
from server.features.validate import RowValidator, check_validity
from server.publish.layer import publish_features
from server.query.edits import Edit, EditResult


@dataclass(frozen=True)
class _Door:
    """What every step of one request needs."""

    connection: Connection
    catalog: Catalog
    identity: Identity
    author: Author


@dataclass
class _Outcome:
    """What has been done so far."""

    inserted: list[int] = field(default_factory=list)
    updated: int = 0
    deleted: int = 0
    touched: dict[str, list[int]] = field(default_factory=dict)


def apply_edits(database: Database, catalog: Catalog, identity: Identity, edits: Sequence[Edit], protocol: str) -> EditResult:
    """Apply changes in order, all or nothing, and publish what may be published at once.

    An update brings the fields it changes; geometry None leaves the geometry. Raises AccessDenied, EditRefused (locator = field or
    'geometry'), VersionConflict, FeatureNotFound, InvalidCrs; nothing is changed then.
    """
    for edit in edits:
        require_edit(identity, edit.layer)
    with database.writer() as connection:
        author = Author(identity.account, protocol)
        change_set = begin_change_set(connection, author)
        door = _Door(connection, catalog, identity, author)
        outcome = _Outcome()
        for (action, layer_id, *_), batch in groupby(edits, key=_signature):
            apply = {"insert": _insert, "update": _update, "delete": _delete}[action]
            layer = catalog.layer(layer_id)
            with explain_violations(layer):
                touched = apply(door, layer, list(batch), outcome)
            outcome.touched.setdefault(layer_id, []).extend(touched)
        for layer_id in sorted(outcome.touched):  # one order for everybody: two requests never wait for each other
            publish_features(connection, catalog, catalog.layer(layer_id), sorted(set(outcome.touched[layer_id])))
        return EditResult(tuple(outcome.inserted), outcome.updated, outcome.deleted, change_set)


def _signature(edit: Edit) -> tuple[str, str, int, tuple[str, ...], bool]:
    """Neighbouring edits of the same shape are one set: checked and moved together."""
    if edit.action == "delete":
        return edit.action, edit.layer.id, 0, (), False
    return edit.action, edit.layer.id, edit.epsg, tuple(edit.values), edit.geometry is not None


def _insert(door: _Door, layer: Layer, edits: list[Edit], outcome: _Outcome) -> list[int]:
    stage = _stage(door, layer, edits)
    match_keys(door.connection, stage, refuse_existing=True)
    _check(door, stage)
    ids = insert_staged(door.connection, stage, _in_state(door, layer, edits[0]))
    outcome.inserted += ids
    return ids


def _update(door: _Door, layer: Layer, edits: list[Edit], outcome: _Outcome) -> list[int]:
    ids = _lock(door, layer, edits)
    if len(set(ids)) < len(ids):
        raise EditRefused("One feature is changed twice in the same way.", locator=layer.id)
    stage = _stage(door, layer, edits)
    _check(door, stage)
    update_staged(door.connection, stage, _in_state(door, layer, edits[0]))
    outcome.updated += len(ids)
    return ids


def _delete(door: _Door, layer: Layer, edits: list[Edit], outcome: _Outcome) -> list[int]:
    if not may_publish_changes(door.identity, layer, ["delete"]):
        raise AccessDenied(
            f"Deleting from layer {layer.id!r} needs a reviewer.",
            locator=layer.id,
            message_vi="Chỉ người duyệt được xóa đối tượng của lớp này.",
        )
    ids = _lock(door, layer, edits)
    outcome.deleted += delete_rows(door.connection, layer, ids)
    return ids


def _lock(door: _Door, layer: Layer, edits: Iterable[Edit]) -> list[int]:
    """The ids of the features meant, locked; each there and unchanged since it was read."""
    wanted = {edit.id: edit.version for edit in edits}
    ids = [edit_id for edit_id in wanted if edit_id is not None]
    found = lock_versions(door.connection, layer, ids)
    for edit_id, version in wanted.items():
        if edit_id is None or edit_id not in found:
            raise FeatureNotFound(
                f"There is no feature {edit_id} in {layer.id!r}.",
                locator=layer.id,
                message_vi=f"Không có đối tượng {edit_id} trong {layer.id!r}.",
            )
        if version is not None and version != found[edit_id]:
            raise VersionConflict(
                f"Feature {edit_id} was changed by somebody else: it is version {found[edit_id]}, not {version}.",
                locator=f"{layer.id}.{edit_id}",
                message_vi=f"Đối tượng {edit_id} đã được người khác sửa (phiên bản {found[edit_id]}, không phải {version}).",
            )
    return ids


def _stage(door: _Door, layer: Layer, edits: list[Edit]) -> Stage:
    """Check the values of edits of one shape and put them on the stage."""
    first = edits[0]
    has_geometry = first.geometry is not None
    if has_geometry and not layer.has_geometry:
        raise Fault("geometry_none", "geometry").error(layer)
    validator = RowValidator(door.catalog, layer, first.values, by_hand=True)
    rows = []
    for number, edit in enumerate(edits, start=1):
        outcome = validator.read_row(edit.values)
        if isinstance(outcome, Fault):
            raise outcome.error(layer)
        values, keys = outcome
        fault = check_validity(dict(zip(validator.fields, values, strict=True)))
        if fault:
            raise fault.error(layer)
        shape = json.dumps(edit.geometry) if edit.geometry is not None else None
        rows.append((number, edit.id if edit.action == "update" else None, None, shape, *values, *keys))
    stage = Stage(layer, validator.fields, has_geometry, find_crs(first.epsg).postgis_srid)
    open_stage(door.connection, stage)
    fill_stage(door.connection, stage, rows)
    check_stage(door.connection, door.catalog, stage)
    return stage


def _check(door: _Door, stage: Stage) -> None:
    """The checks that need the official rows; any fault refuses the whole request."""
    check_required(door.connection, stage)
    check_unique(door.connection, stage)
    check_rules(door.connection, stage)
    resolve_own_links(door.connection, stage)
    _, faults = read_faults(door.connection, 1)
    for _, code, name, detail in faults:
        raise Fault(code, name, detail).error(stage.layer)


def _in_state(door: _Door, layer: Layer, edit: Edit) -> Author:
    """A reviewer's changes are approved at once; those the layer file lets pass leave the state as it is; all others wait as pending."""
    if may_review(door.identity, layer):
        return door.author
    changes = [*edit.values, *(["geometry"] if edit.geometry is not None else [])]
    passes = may_publish_changes(door.identity, layer, changes)
    return replace(door.author, review_state=None if passes else "pending")
