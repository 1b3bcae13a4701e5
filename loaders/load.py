# SPDX-License-Identifier: MIT
"""Carry out a plan: source -> cleaning -> write door -> publish -> report, one database transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from loaders.batches import SourceBatch
from loaders.plan import LoadRequest, Mode, Plan
from loaders.repair import Repair, Repairer
from loaders.shapefit import ShapeFit
from loaders.shapelook import ShapeLook
from server.access import SYSTEM, Identity
from server.catalog.catalog import Catalog
from server.db.loads import begin_load, finish_load
from server.db.pool import Connection, Database
from server.errors import SourceRefused
from server.features.batches import StagedBatch
from server.features.bulk import BulkResult, LoadPlan, Rejected, load_batches
from server.features.shapes import as_shapes
from server.publish.layer import publish_layer
from server.query.features import LayerState

# So many rejected rows are written to the reject file, and told in the record of the load.
MOST_REJECTS, MOST_TOLD = 100_000, 1000
FILLED = "filled by place"
_DOOR_MODES: dict[Mode, Literal["insert", "upsert", "replace"]] = {
    "append": "insert",
    "upsert": "upsert",
    "replace": "replace",
    "sync": "replace",
}


@dataclass(frozen=True)
class LoadReport:
    """What a load did: counts of rows, what was rejected and why, what cleaning changed (`Cleaner.tell`), the state of the layer
    after publishing, and the first 1000 invalid shapes with what became of them (where repairing was asked for)."""

    layer: str
    source: str
    load_id: int
    result: BulkResult
    cleaned: Sequence[Mapping[str, Any]]
    state: LayerState
    repairs: tuple[Repair, ...] = ()
    look: ShapeLook = field(default_factory=ShapeLook)


class LoadStopped(SourceRefused):
    """A row was rejected and nothing was loaded, as asked; `result` tells every rejection."""

    def __init__(self, result: BulkResult) -> None:
        first = result.reasons[0]
        super().__init__(
            f"Row {first.number}: {first.reason} ({result.rejected} rows rejected; nothing was loaded).",
            locator=str(first.number),
            message_vi=f"Dòng {first.number}: {first.reason_vi} ({result.rejected} dòng bị loại; chưa nạp gì).",
        )
        self.result = result


class Watch(Protocol):
    """Somebody who wants to see how far a load is."""

    def batches(self, batches: Iterator[StagedBatch], total: int) -> Iterator[StagedBatch]:
        """The rows, watched as they pass; `total` is how many there will be."""
        ...

    def say(self, stage: str) -> None:
        """What happens now that no rows pass."""
        ...


@dataclass(frozen=True)
class Face:
    """Through which face a load comes: whose rights hold, and who watches."""

    identity: Identity = SYSTEM
    watch: Watch | None = None


def run_load(database: Database, catalog: Catalog, plan: Plan, *, stop_on_error: bool = False, face: Face = Face()) -> LoadReport:
    """Load and publish in one transaction: whatever ends it on the way (an error, Ctrl-C, the loss of power) leaves everything as it was.

    Raises LoadStopped when `stop_on_error` and a row was rejected, and what the write door raises.
    """
    request, layer, watch = plan.request, plan.request.layer, face.watch
    with database.writer() as connection:
        load_id = begin_load(connection, layer.id, plan.info.name, checksum(request.path))
        result, repairer, look = enter_rows(connection, catalog, plan, face, load_id)
        if stop_on_error and result.rejected:
            raise LoadStopped(result)
        refuse_emptying(request, result)
        if watch:
            watch.say("đang xuất bản · publishing")
        state = publish_layer(connection, catalog, layer.id)
        cleaned = plan.cleaner.tell()
        finish_load(
            connection,
            load_id,
            _summary(result, cleaned) | {"repaired": repairer.repaired},
            (result.read, result.inserted + result.updated, result.rejected),
        )
    return LoadReport(layer.id, plan.info.name, load_id, result, cleaned, state, tuple(repairer.found), look)


def enter_rows(
    connection: Connection, catalog: Catalog, plan: Plan, face: Face, load_id: int | None = None
) -> tuple[BulkResult, Repairer, ShapeLook]:
    """Read, clean and check the rows and move the good ones into the official store, in the caller's transaction. Publishes nothing.

    Raises what the write door raises.
    """
    request, crs = plan.request, plan.info.crs
    door = LoadPlan(
        layer=request.layer,
        fields=plan.fields,
        epsg=crs.code if crs is not None and isinstance(crs.code, int) else 4326,
        mode=_DOOR_MODES[request.mode],
        load_id=load_id,
        note=plan.info.name,
        key=request.key,
        most_reasons=MOST_REJECTS,
        kept=plan.kept,
    )
    repairer, look = Repairer(request.repair), ShapeLook(fit=ShapeFit(request.layer))
    batches = read_batches(plan, repairer, look)
    watched = face.watch.batches(batches, plan.info.row_count) if face.watch else batches
    result = load_batches(connection, catalog, face.identity, door, watched)
    plan.cleaner.changes.update({(name, FILLED): count for name, count in result.filled.items() if count})
    return result, repairer, look


def refuse_emptying(request: LoadRequest, result: BulkResult) -> None:
    """Raises SourceRefused when more of the layer would go than `request.most_deleted` allows."""
    known = result.deleted + result.updated + result.unchanged
    if result.deleted > request.most_deleted * known:
        share, most = result.deleted / known, request.most_deleted
        raise SourceRefused(
            f"{result.deleted} of {known} objects of layer {request.layer.id} would be deleted ({share:.0%}; at most {most:.0%} may);"
            " nothing was loaded.",
            locator=request.layer.id,
            message_vi=f"Lớp {request.layer.id} sẽ mất {result.deleted} trong {known} đối tượng ({share:.0%}; cho phép tối đa {most:.0%});"
            " chưa nạp gì.",
        )


def checksum(path: Path) -> str:
    """SHA-256 of a file, or of the names and contents of a folder's files; of the name alone where there is no such file (a table)."""
    digest = hashlib.sha256() if path.exists() else hashlib.sha256(path.name.encode())
    files = [path] if path.is_file() else sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else []
    for file in files:
        digest.update(file.name.encode())
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def read_batches(plan: Plan, repairer: Repairer, look: ShapeLook) -> Iterator[StagedBatch]:
    """The rows of a plan as the write door takes them: chosen, cleaned, repaired as far as was asked; `look` looks at their shapes.

    Raises SourceRefused.
    """
    request = plan.request
    carries_geometry = request.layer.has_geometry
    mends = carries_geometry and request.repair != "no"
    for whole in plan.source.batches([*plan.field_map.values(), *request.where], shapes=carries_geometry):
        batch = _choose(whole, request.where)
        if batch.shapes is not None:
            batch = replace(batch, shapes=as_shapes(batch.shapes))  # decoded once for all who look
        look.note(batch)
        values, shapes = plan.cleaner.clean(batch), batch.shapes
        if shapes is not None and look.fit is not None:
            dimensions = look.fit.read_dimensions(as_shapes(shapes))
            values |= {name: column for name, column in dimensions.items() if name in plan.fields and name not in plan.field_map}
            shapes = look.fit.fit(as_shapes(repairer.mend(batch) if mends else shapes))
        yield StagedBatch(batch.numbers, values, shapes)


def _choose(batch: SourceBatch, where: Mapping[str, str]) -> SourceBatch:
    for name, wanted in where.items():
        batch = batch.pick([index for index, value in enumerate(batch.columns[name].to_pylist()) if str(value) == wanted])
    return batch


def _summary(result: BulkResult, cleaned: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    def reason(item: Rejected) -> dict[str, object]:
        return {"row": item.number, "field": item.field, "reason": item.reason, "reason_vi": item.reason_vi}

    return {
        "inserted": result.inserted,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "deleted": result.deleted,
        "change_set": result.change_set,
        "rejected": [reason(item) for item in result.reasons[:MOST_TOLD]],
        "cleaned": cleaned,
    }
