# SPDX-License-Identifier: MIT
"""A load carried out and rolled back: what would really happen, row by row, with every check of the database; nothing stays."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.load import Face, enter_rows
from loaders.plan import Plan
from loaders.repair import Repairer, find_invalid
from loaders.shapelook import ShapeLook
from server.catalog.catalog import Catalog
from server.db.planned_changes import PlannedChange, read_planned
from server.db.pool import Database
from server.features.bulk import BulkResult

_MOST_CHANGES = 200


@dataclass(frozen=True)
class Rehearsal:
    """What a load would do; `repairs` tells every invalid shape, also where no repair is wished."""

    result: BulkResult
    repairs: Repairer
    look: ShapeLook
    changes: tuple[PlannedChange, ...]


def rehearse(database: Database, catalog: Catalog, plan: Plan, face: Face) -> Rehearsal:
    """Do everything but publish, look, and take it back. Raises what the write door raises."""
    layer = plan.request.layer
    with database.writer() as connection:
        result, repairer, look = enter_rows(connection, catalog, plan, face)
        changes = read_planned(connection, layer, result.change_set, _MOST_CHANGES)
        connection.rollback()
    if layer.has_geometry and plan.request.repair == "no":
        repairer = find_invalid(plan.source.batches(()))
    return Rehearsal(result, repairer, look, tuple(changes))
