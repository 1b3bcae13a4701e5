# SPDX-License-Identifier: MIT
"""Migrations as the command line sees them: change the tables, then fill what was made anew, so that readers never find it empty."""

from __future__ import annotations

from server.catalog.catalog import Catalog
from server.db.catalogue import read_states
from server.db.migrate import Step, apply_migration, plan_migration
from server.db.pool import Connection
from server.publish.layer import publish_layer

__all__ = ["Step", "migrate", "plan_migration"]


def migrate(connection: Connection, catalog: Catalog, allow: frozenset[str] = frozenset()) -> list[Step]:
    """Bring the database in line with the layer files in the caller's owner transaction; answers the steps taken.

    `allow` names data that may go: `layer.field` or `layer`. Published tables that were rebuilt are published again at once.
    Raises MigrationRefused; roll back then.
    """
    steps = apply_migration(connection, catalog, allow)
    rebuilt = {step.rebuilds for step in steps if step.rebuilds}
    for layer_id in read_states(connection):
        if layer_id in rebuilt:
            publish_layer(connection, catalog, layer_id, rebuild=True)
    return steps
