# SPDX-License-Identifier: MIT
"""The steps of an upload: plan, load, undo. Each writes down what became of it; whatever goes wrong is said in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from loaders.intake.described import describe_choices, describe_rehearsal, describe_source
from loaders.intake.preview import make_preview
from loaders.intake.rasters import load_upload, plan_upload
from loaders.intake.request import build_request, name_plan, tell
from loaders.load import Face, LoadStopped, run_load
from loaders.mapping import map_fields
from loaders.outcome.keep import Outcome, keep_outcome
from loaders.plan import LoadRequest, plan_load
from loaders.rehearse import rehearse
from loaders.source import Source, open_source
from loaders.undo import undo_load
from server.access import Identity
from server.accounts.sessions import identity_of
from server.context import Context
from server.db.loads import list_loads
from server.db.uploads import end_work, note_rows, read_upload
from server.errors import SourceRefused, XanhError
from server.faults import log_fault
from server.features.batches import StagedBatch
from server.features.undo import require_unchanged_since
from server.jobs.intake_folder import PLAN, PREVIEW, folder_of, outcome_of, write_document
from server.query.uploads import Upload, UploadState

_TELL_S = 0.5
_BACK: dict[UploadState, UploadState] = {"planning": "refused", "loading": "failed", "undoing": "done"}


class _CalledOff(SourceRefused):
    def __init__(self) -> None:
        super().__init__("Called off; nothing was changed.", message_vi="Đã dừng theo yêu cầu; chưa thay đổi gì.")


class _Watch:
    """Tells the database how far a step is, and stops it when its owner has called it off; a `loaders.load.Watch`."""

    def __init__(self, context: Context, upload: Upload) -> None:
        self._context, self._upload = context, upload

    def batches(self, batches: Iterator[StagedBatch], total: int) -> Iterator[StagedBatch]:
        """The rows, counted as they pass. Raises SourceRefused when it was called off."""
        done, last = 0, 0.0
        for batch in batches:
            if time.monotonic() - last > _TELL_S:
                self.note(done, total)
                last = time.monotonic()
            yield batch
            done += len(batch.numbers)
        self.note(done, total)

    def say(self, stage: str) -> None:
        """Nothing: the page says that the rows are read."""

    def note(self, done: int, total: int) -> None:
        """Say how far it is. Raises SourceRefused when it was called off."""
        with self._context.database.writer() as connection:
            wanted = note_rows(connection, self._upload.id, done, max(done, total))
        if not wanted:
            raise _CalledOff


def do_step(context: Context, step: str, upload_id: str) -> None:
    """Do one step of an upload that waits for it; one that does not is left alone."""
    with context.database.writer() as connection:
        upload = read_upload(connection, upload_id)
    state, act = STEPS[step]
    if upload is None or upload.state != state:
        return
    try:
        act(context, upload)
    except XanhError as error:
        if not error.is_client_fault:
            log_fault(error)
        _end(context, upload, _BACK[state], tell(error, upload))
    except Exception as error:  # noqa: BLE001 - it is logged, and the owner is told
        fault = log_fault(error)
        _end(context, upload, _BACK[state], (f"The server made a mistake; it is in the log as {fault}.", f"Máy chủ gặp lỗi, mã {fault}."))


def _plan(context: Context, upload: Upload) -> None:
    folder = folder_of(context.settings, upload.id)
    document: dict[str, Any] = {"source": None, "mapping": {}, "choices": [], "rehearsal": None}
    write_document(folder / PREVIEW, {"type": "FeatureCollection", "features": []})
    write_document(folder / PLAN, document)
    request, identity = build_request(context, upload)
    if request.layer.raster is not None:
        document["raster"], footprints = plan_upload(context, upload, request, _Watch(context, upload).note)
        write_document(folder / PREVIEW, footprints)
        write_document(folder / PLAN, document)
        _end(context, upload, "planned")
        return
    try:
        source = _look(context, request, document)
        plan = name_plan(plan_load(context.catalog, request, source), upload)
        done = rehearse(context.database, context.catalog, plan, Face(identity, _Watch(context, upload)))
        document["rehearsal"] = describe_rehearsal(plan, done)
        write_document(folder / PREVIEW, make_preview(plan, done, context.settings.uploads.preview_features))
    finally:
        write_document(folder / PLAN, document)
    _end(context, upload, "planned")


def _look(context: Context, request: LoadRequest, document: dict[str, Any]) -> Source:
    """What can be said of the file also when it cannot be planned."""
    source = open_source(request.path, request.options)
    document["source"] = describe_source(source)
    document["mapping"] = {
        name: column for name, column in map_fields(request.layer, source.info.fields, {}).items() if name not in request.left_out
    }
    document["choices"] = describe_choices(context, request, source)
    return source


def _load(context: Context, upload: Upload) -> None:
    request, identity = build_request(context, upload)
    if request.layer.raster is not None:
        done = load_upload(context, upload, request, _Watch(context, upload).note)
        _end(context, upload, "done", load_id=done.load_id)
        return
    plan = name_plan(plan_load(context.catalog, request), upload)
    folder, stop = outcome_of(context.settings, upload), upload.wishes.on_error == "stop"
    try:
        report = run_load(context.database, context.catalog, plan, stop_on_error=stop, face=Face(identity, _Watch(context, upload)))
    except LoadStopped as stopped:
        keep_outcome(folder, plan, Outcome(stopped.result))
        raise
    keep_outcome(folder, plan, Outcome(report.result, report.load_id, report.repairs, report.look))
    _end(context, upload, "done", load_id=report.load_id)


def _undo(context: Context, upload: Upload, *, force: bool = False) -> None:
    identity: Identity = identity_of(context, upload.account)
    if upload.load_id is None:
        raise SourceRefused("Nothing was loaded.", message_vi="Chưa nạp gì.")
    if not force:
        with context.database.writer() as connection:
            found = list_loads(connection, 1, upload.load_id)
            if found and found[0].change_set is not None:
                require_unchanged_since(connection, context.catalog, found[0].change_set)
    undo_load(context.database, context.catalog, upload.load_id, identity)
    _end(context, upload, "undone")


def _undo_anyway(context: Context, upload: Upload) -> None:
    _undo(context, upload, force=True)


def _end(
    context: Context, upload: Upload, state: UploadState, texts: tuple[str, str | None] | None = None, load_id: int | None = None
) -> None:
    with context.database.writer() as connection:
        end_work(connection, upload.id, state, texts, load_id)


STEPS: dict[str, tuple[UploadState, Callable[[Context, Upload], None]]] = {
    "plan": ("planning", _plan),
    "load": ("loading", _load),
    "undo": ("undoing", _undo),
    "undo anyway": ("undoing", _undo_anyway),
}
