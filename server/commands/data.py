# SPDX-License-Identifier: MIT
"""Fills the store: tables after the layer files, the demo province, publication. `xanh migrate` and `xanh publish`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from loaders.demo import load_province
from loaders.rasterpublish import republish_raster
from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog
from server.commands.screen import SCREEN, say
from server.config import Settings, load_settings
from server.db.catalogue import read_states
from server.db.migrate import plan_migration
from server.db.pool import Database
from server.db.store import open_store
from server.publish.layer import publish_layer
from server.publish.migrate import migrate
from server.query.features import LayerState
from server.state import StateDir


def fill_store(settings: Settings, state: StateDir, database: Database) -> None:
    """Migrate, and on the first run for this province load and publish it. An interrupted first run is simply repeated.

    Raises ConfigProblems, MigrationRefused, SourceRefused, ServerFault.
    """
    catalog = read_catalog(settings)
    with database.owner() as connection:
        migrate(connection, catalog)
    code = settings.province.code
    loaded = state.read_facts().get("loaded", "").split()
    if code not in loaded:
        say(f"tải dữ liệu mẫu của tỉnh {code} · loading the demo data of province {code}")
        load_province(database, catalog, settings, say)
    with database.writer() as connection:
        published = read_states(connection)
    publish_layers(database, catalog, settings, [name for name in catalog.layers if name not in published])
    state.remember(province=code, loaded=" ".join(dict.fromkeys([*loaded, code])))


def publish_layers(database: Database, catalog: Catalog, settings: Settings, layer_ids: Collection[str]) -> None:
    """Publish layers, each in a transaction of its own: their rows, or the rasters that were loaded.

    Raises LayerNotDefined, SourceRefused (a damaged raster), ServerFault.
    """
    for layer_id in layer_ids:
        layer = catalog.layer(layer_id)
        if layer.has_table:
            with database.writer() as connection:
                published: LayerState | None = publish_layer(connection, catalog, layer_id)
        else:
            published = republish_raster(database, settings, layer)
        if published is not None:
            say(f"{layer_id}: {published.feature_count} · revision {published.revision}")


def run_migrate(only_plan: bool, drop: Sequence[str]) -> int:
    """`xanh migrate`: print the difference between files and database, and unless `only_plan` apply it. Returns the exit status."""
    settings = load_settings()
    catalog = read_catalog(settings)
    with open_store(settings, say) as store:
        if only_plan:
            with store.database.owner() as connection:
                steps = plan_migration(connection, catalog)
        else:
            with store.database.owner() as connection:
                steps = migrate(connection, catalog, frozenset(drop))
    for step in steps:
        SCREEN.print(str(step), markup=False, soft_wrap=True)
    if not steps:
        say("không có gì thay đổi · nothing to change")
    return 0


def run_publish(layer_id: str | None) -> int:
    """`xanh publish [LAYER]`: publish one layer or all. Returns the exit status."""
    settings = load_settings()
    catalog = read_catalog(settings)
    wanted = [layer_id] if layer_id else list(catalog.layers)
    for name in wanted:
        catalog.layer(name)
    with open_store(settings, say) as store:
        publish_layers(store.database, catalog, settings, wanted)
    return 0
