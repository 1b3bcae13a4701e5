# SPDX-License-Identifier: MIT
"""Takes a load back: everything it inserted, changed and deleted is as before, as a change of its own."""

from __future__ import annotations

from server.access import SYSTEM, Identity
from server.catalog.catalog import Catalog
from server.db.loads import list_loads, mark_undone
from server.db.pool import Database
from server.errors import SourceRefused
from server.features.undo import undo_change_set
from server.query.edits import EditResult


def undo_load(database: Database, catalog: Catalog, load_id: int, identity: Identity = SYSTEM) -> EditResult:
    """Restore the state before a load and publish it, in one transaction. Rows changed since lose these changes too; history keeps all.

    Raises SourceRefused (no such load, a raster, undone already) and what the undoing of a change set raises.
    """
    with database.writer() as connection:
        found = list_loads(connection, 1, load_id)
        if not found:
            raise SourceRefused(f"There is no load {load_id}.", message_vi=f"Không có lần nạp {load_id}.")
        if found[0].state == "undone":
            raise SourceRefused(f"Load {load_id} was undone already.", message_vi=f"Lần nạp {load_id} đã được hoàn tác.")
        if found[0].change_set is None:
            raise SourceRefused(
                f"Load {load_id} cannot be undone: it changed no features. After a raster, load the former file again.",
                message_vi=f"Không hoàn tác được lần nạp {load_id}: không có đối tượng nào thay đổi. Với ảnh, hãy nạp lại tệp trước đó.",
            )
        done = undo_change_set(connection, catalog, identity, found[0].change_set)
        mark_undone(connection, load_id)
    return done
