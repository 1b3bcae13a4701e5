# SPDX-License-Identifier: MIT
"""Changes made through the write door as one transaction: how tests fill a province."""

from __future__ import annotations

from collections.abc import Sequence

from server.access import Identity
from server.catalog.catalog import Catalog
from server.db.pool import Database
from server.features.write import open_door
from server.query.edits import Edit, EditResult


def apply_edits(database: Database, catalog: Catalog, identity: Identity, edits: Sequence[Edit], protocol: str) -> EditResult:
    """Apply changes in order, all or nothing, and publish what may be published at once. Raises like `WriteDoor.apply`."""
    with open_door(database, catalog, identity, protocol) as (door, change_set):
        door.apply(edits)
    return EditResult(tuple(door.inserted), door.updated, door.deleted, change_set)
