# SPDX-License-Identifier: MIT
"""The write door for many rows at once: loaders hand in rows of one layer, checks run set by set in the database.

Bad rows are left out and reported with row number, field and reason; good rows enter the official store in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Literal

from server.access import Identity, may_publish_changes, may_review, require_edit
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.crs.definitions import find_crs
from server.db.checks import check_required, check_stage, check_unique, match_keys, read_faults
from server.db.columns import key_field
from server.db.edit import Author, begin_change_set, count_matched, delete_absent, explain_violations, insert_all_staged, update_staged
from server.db.firstfill import indexes_set_aside
from server.db.matching import keep_known, match_field, match_same
from server.db.ownlinks import resolve_own_links
from server.db.pool import Connection
from server.db.rules import check_rules
from server.db.stage import Stage, fill_stage_text, open_stage
from server.errors import AccessDenied
from server.features.batches import BatchReader, StagedBatch
from server.features.faults import Fault
from server.features.readyshapes import ShapeReader
from server.features.validate import RowValidator

MOST_REASONS = 1000
_GATHERED = 5000


@dataclass(frozen=True)
class StagedRow:
    """One row of a source: its number there, values by layer field, geometry as WKB (x = east) in the CRS of the plan."""

    number: int
    values: Mapping[str, Any]
    wkb: bytes | None = None


@dataclass(frozen=True)
class LoadPlan:
    """How rows enter a layer.

    `fields` are those the source gives (others: default in new rows, untouched in old ones). `epsg` is the CRS of every geometry.
    Modes: insert (an existing key rejects the row), upsert (an existing key updates), replace (upsert, then rows not in the source go).
    `key`: the field by which rows are known, instead of the layer's key; without any, a row that is there already stays as it is (not in
    mode insert). `most_reasons`: so many rejections are told one by one. `kept`: fields of which an empty value says nothing; the old one
    stays.
    """

    layer: Layer
    fields: tuple[str, ...]
    epsg: int = 4326
    mode: Literal["insert", "upsert", "replace"] = "upsert"
    protocol: str = "load"
    load_id: int | None = None
    note: str | None = None
    key: str | None = None
    most_reasons: int = MOST_REASONS
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rejected:
    """A row that stayed out: its number in the source, the field (or 'geometry'), why."""

    number: int
    field: str | None
    reason: str
    reason_vi: str


@dataclass(frozen=True)
class BulkResult:
    """What became of the rows; `reasons` holds the first rejections by row number, `snapped` counts shapes put on the grid of the layer,
    `filled` by link the rows that got it by their place."""

    read: int
    inserted: int
    updated: int
    unchanged: int
    deleted: int
    rejected: int
    reasons: tuple[Rejected, ...]
    change_set: int
    snapped: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)


@dataclass
class _Sorter:
    """Lets good rows through to the stage and keeps the faults of bad ones."""

    reader: BatchReader
    most: int
    read: int = 0
    faulty: int = 0
    faults: list[tuple[int, Fault]] = field(default_factory=list)

    def staged(self, batches: Iterable[StagedBatch]) -> Iterator[bytes]:
        """Rows as the stage takes them."""
        for batch in batches:
            good, faults = self.reader.read(batch)
            self.read += len(batch.numbers)
            self.faulty += len(faults)
            self.faults += faults[: self.most - len(self.faults)]
            yield good


def load_rows(connection: Connection, catalog: Catalog, identity: Identity, plan: LoadPlan, rows: Iterable[StagedRow]) -> BulkResult:
    """The same as `load_batches` for rows one by one."""
    return load_batches(connection, catalog, identity, plan, _gather(rows, plan))


def _gather(rows: Iterable[StagedRow], plan: LoadPlan) -> Iterator[StagedBatch]:
    left = iter(rows)
    while part := list(islice(left, _GATHERED)):
        columns = {name: [row.values.get(name) for row in part] for name in plan.fields}
        yield StagedBatch([row.number for row in part], columns, [row.wkb for row in part])


def load_batches(
    connection: Connection, catalog: Catalog, identity: Identity, plan: LoadPlan, batches: Iterable[StagedBatch]
) -> BulkResult:
    """Check rows and move the good ones into the official store, in the caller's transaction, as one change set.

    What an editor may not publish waits for review, as through every other door. Nothing is published; call `publish_layer` afterwards.
    Raises AccessDenied (also for a replacement by somebody who may not delete), EditRefused (a field the layer does not have, a rule
    only the database saw) and InvalidCrs.
    """
    layer = plan.layer
    require_edit(identity, layer)
    if plan.mode == "replace":
        _require_delete(identity, layer)
    validator = RowValidator(catalog, layer, _writable(plan), by_hand=False)
    shapes = ShapeReader(layer, plan.epsg) if layer.has_geometry else None
    reader = BatchReader(validator, layer, shapes)
    sorter = _Sorter(reader, plan.most_reasons)
    stage = Stage(layer, validator.fields, layer.has_geometry, find_crs(plan.epsg).postgis_srid)
    open_stage(connection, stage)
    fill_stage_text(connection, stage, sorter.staged(batches))
    filled = check_stage(connection, catalog, stage)
    _match(connection, stage, plan)
    check_required(connection, stage)
    check_unique(connection, stage)
    check_rules(connection, stage)
    resolve_own_links(connection, stage)
    author = Author(identity.account, plan.protocol, load_id=plan.load_id)
    change_set = begin_change_set(connection, author, plan.note)
    with explain_violations(layer):
        deleted = delete_absent(connection, layer) if plan.mode == "replace" else 0
        updated = len(update_staged(connection, stage, _in_state(identity, author, stage, "update")))
        unchanged = count_matched(connection) - updated
        with indexes_set_aside(connection, layer, sorter.read):
            inserted = insert_all_staged(connection, stage, _in_state(identity, author, stage, "insert"))
    late, found = read_faults(connection, plan.most_reasons)
    reasons = [*sorter.faults, *((number, Fault(code, name, detail)) for number, code, name, detail in found)]
    return BulkResult(
        read=sorter.read,
        inserted=inserted,
        updated=updated,
        unchanged=unchanged,
        deleted=deleted,
        rejected=sorter.faulty + late,
        reasons=tuple(_explain(layer, number, fault) for number, fault in sorted(reasons, key=lambda pair: pair[0])[: plan.most_reasons]),
        change_set=change_set,
        filled=filled,
        snapped=shapes.snapped if shapes else 0,
    )


def _require_delete(identity: Identity, layer: Layer) -> None:
    if not may_publish_changes(identity, layer, ["delete"]):
        raise AccessDenied(
            f"Deleting from layer {layer.id!r} needs a reviewer; choose append or upsert.",
            locator=layer.id,
            message_vi="Chỉ người duyệt được xóa đối tượng của lớp này; hãy chọn chế độ không xóa.",
        )


def _in_state(identity: Identity, author: Author, stage: Stage, action: Literal["insert", "update"]) -> Author:
    """A reviewer's rows are approved at once; those the layer file lets pass leave the state as it is; all others wait as pending."""
    if may_review(identity, stage.layer):
        return author
    changes = [*stage.given, *(["geometry"] if stage.has_geometry else []), *(["insert"] if action == "insert" else [])]
    return replace(author, review_state=None if may_publish_changes(identity, stage.layer, changes) else "pending")


def _match(connection: Connection, stage: Stage, plan: LoadPlan) -> None:
    key, is_insert = plan.key or key_field(plan.layer), plan.mode == "insert"
    if plan.key and plan.key != key_field(plan.layer):
        match_field(connection, stage, plan.key, refuse_existing=is_insert)
    elif key is not None and key in stage.given:
        match_keys(connection, stage, refuse_existing=is_insert)
    elif not is_insert:
        match_same(connection, stage)
    keep_known(connection, stage, plan.kept)


def _writable(plan: LoadPlan) -> list[str]:
    """The fields of the plan without computed ones: a source may carry an area, ours is measured."""
    return [name for name in plan.fields if name not in plan.layer.fields or not plan.layer.fields[name].computed]


def _explain(layer: Layer, number: int, fault: Fault) -> Rejected:
    return Rejected(number, fault.field, fault.text(layer, "en"), fault.text(layer, "vi"))
