# SPDX-License-Identifier: MIT
"""The write door: permission, validation, version check, history and publication of a few changes, in one database transaction.

Browser, WFS-T and OGC API Part 4 come through here; loaders with many rows take `server.features.bulk`, which shares every check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from server.access import Identity, may_publish_changes, may_review, require_edit, see_layer, store_of
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.db.checks import check_required, check_stage, check_unique, match_keys, read_faults
from server.db.edit import (
    Author,
    close_change_set,
    delete_rows,
    explain_contention,
    explain_violations,
    insert_staged,
    lock_versions,
    open_change_set,
    update_staged,
)
from server.db.locks import find_locked, release_locks
from server.db.ownlinks import resolve_own_links
from server.db.pool import Connection, Database
from server.db.rules import check_rules
from server.db.select import Progress, find_ids, read_rows
from server.db.stage import Stage
from server.errors import AccessDenied, FeatureLocked, FeatureNotFound, VersionConflict, XanhError, blame
from server.features.faults import Fault
from server.features.locks import require_lock
from server.features.staging import stage_edits
from server.filter.tree import Ids, Node
from server.publish.layer import publish_features
from server.query.edits import Edit
from server.query.features import FeatureQuery


@dataclass
class WriteDoor:
    """The door held open for one database transaction; made by `open_door`. What was done so far stands in its counts.

    `inserted` are the ids of new features, `changed` the updates and replacements that met their feature, both in order;
    `rewritten` says how often one of these brought something new.
    """

    connection: Connection
    catalog: Catalog
    identity: Identity
    author: Author
    inserted: list[int] = field(default_factory=list)
    updated: int = 0
    replaced: int = 0
    rewritten: int = 0
    deleted: int = 0
    changed: list[Edit] = field(default_factory=list)
    touched: dict[str, list[int]] = field(default_factory=dict)
    lock_id: str | None = None

    def apply(self, edits: Sequence[Edit]) -> None:
        """Apply changes in order. An update brings the fields it changes; geometry None leaves the geometry.

        Raises AccessDenied, EditRefused (locator = field or 'geometry'), VersionConflict, FeatureLocked, FeatureNotFound, InvalidCrs; then
        nothing of this transaction may be kept. The error's `handle` is that of the change at fault.
        """
        allowed: set[str] = set()
        for edit in edits:
            if edit.layer.id not in allowed:
                with blame(edit.handle):
                    require_edit(self.identity, edit.layer)
                allowed.add(edit.layer.id)
        for batch in _group(self.identity, edits):
            layer = self.catalog.layer(batch[0].layer.id)
            with blame(batch[0].handle if len({edit.handle for edit in batch}) == 1 else None), explain_violations(layer):
                touched = _ACTIONS[batch[0].action](self, layer, batch)
            self.touched.setdefault(layer.id, []).extend(touched)

    @property
    def has_changed(self) -> bool:
        """Whether anything differs from what was there before."""
        return bool(self.inserted or self.rewritten or self.deleted)

    def use_lock(self, lock_id: str) -> None:
        """Change what this lock holds as well. Raises LockUnknown, LockExpired when the identity does not hold it (any more)."""
        require_lock(self.connection, self.identity, lock_id)
        self.lock_id = lock_id

    def release_lock(self, *, everything: bool) -> None:
        """Give back the features of the lock in use, or only those that were changed."""
        if self.lock_id is None:
            return
        if everything:
            release_locks(self.connection, self.lock_id)
        for layer_id, ids in self.touched.items():
            release_locks(self.connection, self.lock_id, layer_id, ids)

    def find(self, layer: Layer, where: Node | None, limit: int) -> list[int]:
        """The ids of the layer's features a filter matches as they are now, earlier changes of this transaction included; `limit` at most.

        Raises AccessDenied, InvalidParameter.
        """
        require_edit(self.identity, layer)
        seen = see_layer(self.identity, self.catalog, self.catalog.layer(layer.id))
        return find_ids(self.connection, FeatureQuery(seen, where=where, limit=limit, store=store_of(seen)))

    def read(self, query: FeatureQuery, feature_id: int) -> bytes | None:
        """A feature as it is now, changes of this transaction included, as GeoJSON text; None when there is none of that id."""
        progress = Progress()
        text = read_rows(self.connection, replace(query, where=Ids((feature_id,)), limit=1), "geojson", progress)
        return text if progress.count else None


@contextmanager
def open_door(
    database: Database, catalog: Catalog, identity: Identity, protocol: str, *, join_s: float = 0
) -> Iterator[tuple[WriteDoor, int]]:
    """The door and the id of its change set, in one transaction: at the end what may be published is, an error undoes everything.

    Where nothing has changed there is no change set.

    `join_s`: requests of an account that follow one another within so many seconds are one change set, because a client sends what its
    user saved at once in several requests. Raises ServerFault.
    """
    with database.writer() as connection:
        author = Author(identity.account, protocol)
        change_set = open_change_set(connection, author, join_s=join_s)
        door = WriteDoor(connection, catalog, identity, author)
        yield door, change_set.id
        for layer_id in sorted(door.touched):  # one order for everybody: two requests never wait for each other
            layer = catalog.layer(layer_id)
            with explain_contention(layer):
                publish_features(connection, catalog, layer, sorted(set(door.touched[layer_id])))
        if door.has_changed:
            close_change_set(connection, author, change_set)


def _group(identity: Identity, edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """Neighbouring edits that can be checked and moved together as one set; a feature is in a set once."""
    batch: list[Edit] = []
    kind: tuple[Any, ...] = ()
    ids: set[int | None] = set()
    known: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for edit in edits:
        # what an edit is of follows from this; thousands of a kind ask the rights once
        brings = edit.action, edit.layer.id, edit.epsg, edit.many is None, edit.has_geometry, edit.clears_geometry, *edit.fields
        own = known.get(brings) or known.setdefault(brings, _kind(identity, edit))
        if batch and (own != kind or edit.many is not None or (edit.id is not None and edit.id in ids)):
            yield batch
            batch, ids = [], set()
        batch.append(edit)
        ids.add(edit.id)
        kind = own
    if batch:
        yield batch


def _kind(identity: Identity, edit: Edit) -> tuple[Any, ...]:
    """New features may bring different fields, for what one leaves out is empty; changes of old ones must bring the same."""
    if edit.action == "delete":
        return edit.action, edit.layer.id
    if edit.action == "insert":
        return edit.action, edit.layer.id, edit.epsg, _passes(identity, edit), edit.many is None
    return edit.action, edit.layer.id, edit.epsg, frozenset(edit.values), edit.geometry is not None, edit.clears_geometry


def _insert(door: WriteDoor, layer: Layer, edits: list[Edit]) -> list[int]:
    stage = _stage(door, layer, edits)
    match_keys(door.connection, stage, refuse_existing=True)
    _check(door, stage, edits)
    ids = insert_staged(door.connection, stage, _in_state(door, layer, edits[0]))
    door.inserted += ids
    return ids


def _update(door: WriteDoor, layer: Layer, edits: list[Edit]) -> list[int]:
    edits = _lock(door, layer, edits)
    if not edits:
        return []
    stage = _stage(door, layer, edits)
    _check(door, stage, edits)
    door.rewritten += len(update_staged(door.connection, stage, _in_state(door, layer, edits[0])))
    if edits[0].action == "replace":
        door.replaced += len(edits)
    else:
        door.updated += len(edits)
    door.changed += edits
    return [edit.id for edit in edits if edit.id is not None]


def _delete(door: WriteDoor, layer: Layer, edits: list[Edit]) -> list[int]:
    if not may_publish_changes(door.identity, layer, ["delete"]):
        error = AccessDenied(
            f"Deleting from layer {layer.id!r} needs a reviewer.",
            locator=layer.id,
            message_vi="Chỉ người duyệt được xóa đối tượng của lớp này.",
        )
        raise _of(edits[0], error)
    ids = [edit.id for edit in _lock(door, layer, edits) if edit.id is not None]
    door.deleted += delete_rows(door.connection, layer, ids)
    return ids


_ACTIONS = {"insert": _insert, "update": _update, "replace": _update, "delete": _delete}


def _lock(door: WriteDoor, layer: Layer, edits: list[Edit]) -> list[Edit]:
    """The edits whose features are there: their rows held for us, no lock of a client on them, and unchanged since they were read."""
    found = lock_versions(door.connection, layer, [edit.id for edit in edits if edit.id is not None])
    locked = find_locked(door.connection, layer.id, list(found), door.lock_id)
    kept = []
    for edit in edits:
        if edit.id in locked:
            raise _of(edit, FeatureLocked.of(layer.id, edit.id or 0))
        if edit.id in found:
            _check_version(layer, edit, found[edit.id])
            kept.append(edit)
        elif not edit.if_present:
            error = FeatureNotFound(
                f"There is no feature {edit.id} in {layer.id!r}.",
                locator=layer.id,
                message_vi=f"Không có đối tượng {edit.id} trong {layer.id!r}.",
            )
            raise _of(edit, error)
    return kept


def _check_version(layer: Layer, edit: Edit, version: int) -> None:
    if edit.version is not None and edit.version != version:
        error = VersionConflict(
            f"Feature {edit.id} was changed by somebody else: it is version {version}, not {edit.version}.",
            locator=f"{layer.id}.{edit.id}",
            message_vi=f"Đối tượng {edit.id} đã được người khác sửa (phiên bản {version}, không phải {edit.version}).",
        )
        raise _of(edit, error.naming(version, str(edit.version)))


def _stage(door: WriteDoor, layer: Layer, edits: list[Edit]) -> Stage:
    """Put a set of edits on the stage and check what needs no official row of the layer."""
    stage = stage_edits(door.connection, door.catalog, layer, edits)
    check_stage(door.connection, door.catalog, stage)
    return stage


def _check(door: WriteDoor, stage: Stage, edits: list[Edit]) -> None:
    """The checks that need the official rows; any fault refuses the whole request."""
    check_required(door.connection, stage)
    check_unique(door.connection, stage)
    check_rules(door.connection, stage)
    resolve_own_links(door.connection, stage)
    _, faults = read_faults(door.connection, 1)
    for number, code, name, detail in faults:
        raise _of(edits[0 if edits[0].many else number - 1], Fault(code, name, detail).error(stage.layer))


def _of(edit: Edit, error: XanhError) -> XanhError:
    """The error of one edit, under the name the client gave it."""
    error.handle = edit.handle
    return error


def _in_state(door: WriteDoor, layer: Layer, edit: Edit) -> Author:
    """A reviewer's changes are approved at once; those the layer file lets pass leave the state as it is; all others wait as pending."""
    if may_review(door.identity, layer):
        return door.author
    return replace(door.author, review_state=None if _passes(door.identity, edit) else "pending")


def _passes(identity: Identity, edit: Edit) -> bool:
    changes = [
        *edit.fields,
        *(["geometry"] if edit.has_geometry or edit.clears_geometry else []),
        *(["insert"] if edit.action == "insert" else []),
    ]
    return may_publish_changes(identity, edit.layer, changes)
