# SPDX-License-Identifier: MIT
"""Fills the store: tables after the layer files, the demo province, publication. `xanh migrate` and `xanh publish`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from loaders.demo import load_province
from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog
from server.commands.screen import SCREEN, say
from server.config import Settings, load_settings
from server.db.migrate import Step, apply_migration, plan_migration
from server.db.pool import Database
from server.db.store import open_store
from server.publish.layer import publish_layer
from server.state import StateDir


def fill_store(settings: Settings, state: StateDir, database: Database) -> None:
    """Migrate, and on the first run for this province load and publish it. An interrupted first run is simply repeated.

    Raises ConfigProblems, MigrationRefused, SourceRefused, ServerFault.
    """
    catalog = read_catalog(settings)
    migrate_layers(state, database, catalog, frozenset())
    code = settings.province.code
    loaded = [entry for entry in state.read_facts().get("loaded", "").split() if entry]
    if code not in loaded:
        say(f"tải dữ liệu mẫu của tỉnh {code} · loading the demo data of province {code}")
        load_province(database, catalog, settings, say)
    publish_pending(state, database, catalog)
    state.remember(province=code, loaded=" ".join(dict.fromkeys([*loaded, code])))


def migrate_layers(state: StateDir, database: Database, catalog: Catalog, allow: frozenset[str]) -> list[Step]:
    """Make the tables follow the layer files, in one transaction, and remember which layers must be published again.

    Raises MigrationRefused when data would be lost that `allow` does not name; nothing is changed then.
    """
    with database.owner() as connection:
        steps = apply_migration(connection, catalog, allow)
        rebuilt = {step.rebuilds for step in steps if step.rebuilds}
        if rebuilt:  # remembered before the commit: an interruption in between publishes once too often, never once too seldom
            state.remember(unpublished=" ".join(sorted(rebuilt | set(_pending(state)))))
    return steps


def publish_pending(state: StateDir, database: Database, catalog: Catalog) -> None:
    """Publish the layers whose published tables were made anew. Raises ServerFault."""
    pending = _pending(state)
    if pending:
        publish_layers(database, catalog, [layer for layer in pending if layer in catalog.layers])
        state.remember(unpublished="")


def publish_layers(database: Database, catalog: Catalog, layer_ids: Collection[str]) -> None:
    """Publish layers with rows, each in a transaction of its own. Raises LayerNotDefined, ServerFault."""
    for layer_id in layer_ids:
        if not catalog.layer(layer_id).has_table:
            continue
        with database.writer() as connection:
            published = publish_layer(connection, catalog, layer_id)
        say(f"{layer_id}: {published.feature_count} · revision {published.revision}")


def run_migrate(only_plan: bool, drop: Sequence[str]) -> int:
    """`xanh migrate`: print the difference between files and database, and unless `only_plan` apply it. Returns the exit status."""
    settings = load_settings()
    catalog = read_catalog(settings)
    state = StateDir(settings.var)
    with open_store(settings, say) as store:
        if only_plan:
            with store.database.owner() as connection:
                steps = plan_migration(connection, catalog)
        else:
            steps = migrate_layers(state, store.database, catalog, frozenset(drop))
            publish_pending(state, store.database, catalog)
    for step in steps:
        SCREEN.print(str(step), markup=False, soft_wrap=True)
    if not steps:
        say("không có gì thay đổi · nothing to change")
    return 0


def run_publish(layer_id: str | None) -> int:
    """`xanh publish [LAYER]`: publish one layer or all. Returns the exit status."""
    settings = load_settings()
    catalog = read_catalog(settings)
    wanted = [layer_id] if layer_id else [layer.id for layer in catalog.feature_layers()]
    for name in wanted:
        catalog.layer(name)
    with open_store(settings, say) as store:
        publish_layers(store.database, catalog, wanted)
    return 0


def _pending(state: StateDir) -> list[str]:
    return state.read_facts().get("unpublished", "").split()
