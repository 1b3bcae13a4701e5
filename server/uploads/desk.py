# SPDX-License-Identifier: MIT
"""Uploads of staff: taken in, planned, loaded, taken back, thrown away - each by its owner, each step in the background."""

from __future__ import annotations

from collections.abc import Sequence

from server.access import Identity, require_load
from server.catalog.model import Layer
from server.context import Context
from server.db import uploads as store
from server.db.pool import Connection
from server.errors import FeatureNotFound, InvalidParameter, LayerNotDefined, LimitExceeded, VersionConflict
from server.jobs.intake import KIND
from server.jobs.intake_folder import remove_folder
from server.jobs.queue import put_job
from server.query.uploads import STILL, NewUpload, Upload, UploadState, Wishes

_LISTED = 50
_LONGEST_ID = 64


def require_target(context: Context, identity: Identity, layer_id: str) -> Layer:
    """A layer the identity may load features or rasters into. Raises LayerNotDefined, AccessDenied."""
    layer = context.catalog.layers.get(layer_id)
    if layer is None or not (layer.has_table or layer.raster):
        raise LayerNotDefined("Choose a layer.", locator="layer", message_vi="Hãy chọn lớp dữ liệu.")
    require_load(identity, layer)
    return layer


def take_in(context: Context, new: NewUpload) -> str:
    """Write down a file that lies in its folder, and have it planned. Answers its id, or that of the same form sent before (then the new
    folder goes). Raises LimitExceeded, ServerFault."""
    most = context.settings.uploads.max_per_account
    with context.database.writer() as connection:
        found = store.add_upload(connection, new, most)
    if found != new.id:
        remove_folder(context.settings, new.id)
    if found is None:
        raise LimitExceeded(
            f"You have {most} files that are not loaded yet; load or discard one first.",
            message_vi=f"Bạn đang có {most} tệp chưa nạp; hãy nạp hoặc bỏ bớt một tệp trước.",
        )
    if found == new.id:
        put_job(context, KIND, upload=new.id, step="plan")
    return found


def find_upload(context: Context, identity: Identity, upload_id: str) -> Upload:
    """An upload of the identity's own. Raises FeatureNotFound, ServerFault."""
    found = None
    if upload_id.isascii() and 0 < len(upload_id) <= _LONGEST_ID:
        with context.database.writer() as connection:
            found = store.read_upload(connection, upload_id)
    if found is None or found.account != identity.account:
        raise FeatureNotFound("There is no such upload.", message_vi="Không có tệp này.")
    return found


def list_uploads(context: Context, identity: Identity) -> list[Upload]:
    """The identity's own uploads, the newest first. Raises ServerFault."""
    with context.database.writer() as connection:
        return store.read_uploads(connection, identity.account, _LISTED)


def plan_again(context: Context, upload: Upload, plan: int, wishes: Wishes) -> None:
    """Have another plan made. Raises VersionConflict when `plan`, which the person saw, is not the newest or something is being done."""
    with context.database.writer() as connection:
        _begin(connection, upload, "planning", (STILL, plan))
        store.change_wishes(connection, upload.id, wishes)
    put_job(context, KIND, upload=upload.id, step="plan")


def order_load(context: Context, identity: Identity, upload: Upload, plan: int) -> None:
    """Have a planned file loaded. Raises AccessDenied, LayerNotDefined, VersionConflict."""
    require_target(context, identity, upload.layer)
    with context.database.writer() as connection:
        _begin(connection, upload, "loading", (("planned",), plan))
    put_job(context, KIND, upload=upload.id, step="load")


def order_undo(context: Context, identity: Identity, upload: Upload, *, force: bool) -> None:
    """Have a load taken back; `force` also where somebody changed its features since.

    Raises AccessDenied, VersionConflict, InvalidParameter (a raster).
    """
    if require_target(context, identity, upload.layer).raster is not None:
        raise InvalidParameter(
            "A raster cannot be taken back: load the former file again.",
            message_vi="Ảnh không hoàn tác được: hãy nạp lại tệp trước đó.",
        )
    with context.database.writer() as connection:
        _begin(connection, upload, "undoing", (("done",), upload.plan))
    put_job(context, KIND, upload=upload.id, step="undo anyway" if force else "undo")


def call_off(context: Context, upload: Upload) -> None:
    """Stop what is being done; nothing of it stays. Raises ServerFault."""
    with context.database.writer() as connection:
        store.call_off(connection, upload.id)


def discard(context: Context, upload: Upload, plan: int) -> None:
    """Throw a file away that was not loaded. Raises VersionConflict."""
    with context.database.writer() as connection:
        if not store.delete_upload(connection, upload.id, plan):
            raise _changed()
    remove_folder(context.settings, upload.id)


def _begin(connection: Connection, upload: Upload, state: UploadState, seen: tuple[Sequence[UploadState], int]) -> None:
    if not store.begin_work(connection, upload.id, state, seen):
        raise _changed()


def _changed() -> VersionConflict:
    return VersionConflict(
        "This upload has changed since the page was shown (perhaps in another window); here is how it stands.",
        message_vi="Tệp này đã thay đổi sau khi trang được mở (có thể ở cửa sổ khác); dưới đây là tình trạng hiện nay.",
    )
