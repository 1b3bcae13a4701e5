# SPDX-License-Identifier: MIT
"""Takes back a whole change set: a load that should not have been, an edit that went wrong."""

from __future__ import annotations

from server.access import Identity, may_edit, may_review
from server.catalog.catalog import Catalog
from server.db.edit import Author, begin_change_set, explain_violations
from server.db.pool import Connection
from server.db.undo import find_changed_since, is_waiting_of, restore_rows
from server.errors import AccessDenied, EditRefused
from server.publish.layer import publish_features, publish_layer
from server.query.edits import EditResult

# Beyond so many rows the whole layer is compared when publishing, which is cheaper than row by row.
_MANY = 5000
_NAMED = 10


def require_unchanged_since(connection: Connection, catalog: Catalog, change_set: int) -> None:
    """Raises EditRefused, naming them, when others have changed features of a change set after it: undoing would undo that, too."""
    found: list[str] = []
    for layer in catalog.feature_layers():
        found += [f"{layer.id}.{one}" for one in find_changed_since(connection, layer, change_set, _NAMED + 1)]
    if found:
        names = ", ".join(found[:_NAMED]) + (" …" if len(found) > _NAMED else "")
        raise EditRefused(
            f"Changed again since: {names}. Undoing change set {change_set} would undo that, too; --force does it all the same.",
            message_vi=f"Đã được sửa lại sau đó: {names}. Hoàn tác lần lưu {change_set} sẽ mất cả các sửa đổi ấy; thêm --force để vẫn làm.",
        )


def undo_change_set(connection: Connection, catalog: Catalog, identity: Identity, change_set: int) -> EditResult:
    """Put every feature of a change set back as it was before, as a change set of its own, and publish it.

    In the caller's writer transaction. Needs the right to review each layer concerned (AccessDenied), unless it is the identity's own
    change set and all of it still waits for review; EditRefused when other features refer to one that would go.
    """
    author = Author(identity.account, "undo")
    undoing = begin_change_set(connection, author, f"undo of change set {change_set}")
    total: dict[str, list[int]] = {"inserted": [], "updated": [], "deleted": []}
    for layer in catalog.feature_layers():
        allowed = may_review(identity, layer) or (
            may_edit(identity, layer) and is_waiting_of(connection, layer, change_set, identity.account)
        )
        with explain_violations(layer):
            done = restore_rows(connection, layer, change_set, identity.account)
        ids = sorted(row_id for part in done.values() for row_id in part)
        if not ids:
            continue
        if not allowed:
            raise AccessDenied(
                f"Undoing changes of layer {layer.id!r} needs a reviewer.",
                locator=layer.id,
                message_vi="Chỉ người duyệt được hoàn tác thay đổi của lớp này.",
            )
        if len(ids) > _MANY:
            publish_layer(connection, catalog, layer.id)
        else:
            publish_features(connection, catalog, layer, ids)
        for name, part in done.items():
            total[name] += part
    return EditResult(tuple(sorted(total["inserted"])), len(total["updated"]), len(total["deleted"]), undoing)
