# SPDX-License-Identifier: MIT
"""After a publication: the tiles at low levels that show the layer are drawn before the first who asks, once a minute at most."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import procrastinate
from procrastinate import JobContext
from procrastinate.exceptions import JobAborted

from server.context import Context
from server.errors import LayerNotDefined, LimitExceeded
from server.features.state import layer_states
from server.features.tiles import tile_states
from server.jobs.queue import Turn, put_job
from server.mapsource import make_map_source
from server.render.map import MapRenderer
from server.tiles.desk import TileDesk, build_desk
from server.tiles.drawings import BASE_MAP, drawings_with, open_layers
from server.tiles.seed import SeedPlan, plan_land, plan_seed, seed_block

KIND = "seed"
_LOG = logging.getLogger(__name__)


@dataclass
class Watch:
    """What the layers were like when last looked at. What changes while nobody looks is drawn when it is asked for."""

    context: Context
    _seen: Mapping[str, str] | None = field(default=None)

    def order(self) -> list[str]:
        """Put a job into the queue for each drawing that shows a layer published since; answers the drawings. Raises ServerFault."""
        states = tile_states(self.context, [layer.id for layer in open_layers(self.context.catalog)])
        now = {name: state.label for name, state in states.items()}
        changed = [] if self._seen is None else [name for name, label in now.items() if self._seen.get(name) != label]
        drawings = drawings_with(self.context.catalog, changed)
        for name in drawings:
            put_job(self.context, KIND, Turn(once=f"{KIND} {name}", urgent=False), layer=name)
        self._seen = now
        return drawings


def register(app: procrastinate.App, context: Context) -> None:
    """Name the tasks; nothing is watched where no tiles are kept."""

    @app.task(name=KIND, pass_context=True)
    def seed(stop: JobContext, layer: str) -> None:
        seed_layer(context, layer, stop)

    if not context.settings.tiles.cache_megabytes or context.settings.tiles.fresh_levels == 0:
        return
    watch = Watch(context)

    @app.periodic(cron="* * * * *")
    @app.task(name="watch", queueing_lock="watch")
    def look(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        watch.order()


def seed_layer(context: Context, layer: str, stop: JobContext | None = None) -> int:
    """Draw what is missing of the low levels of a layer, a group or the base map; answers how many blocks were drawn.

    Raises JobAborted when told to stop.
    """
    levels = context.settings.tiles.fresh_levels
    if not context.settings.tiles.cache_megabytes or levels == 0:
        return 0
    desk = build_desk(context, MapRenderer(make_map_source(context)))
    try:
        plans = [plan_seed(desk, layer, (0, levels - 1))]
    except LayerNotDefined:
        return 0  # no longer there
    if layer == BASE_MAP:
        plans.append(plan_land(desk, layer_states(context).keys(), (0, levels - 1)))
    drawn = sum(_draw(desk, plan, layer, stop) for plan in plans)
    _LOG.info("tiles of %s: %d blocks drawn again", layer, drawn)
    return drawn


def _draw(desk: TileDesk, plan: SeedPlan, name: str, stop: JobContext | None) -> int:
    drawn = 0
    for block in plan.blocks():
        if stop is not None and stop.should_abort():
            raise JobAborted
        try:
            drawn += seed_block(desk, plan, block)
        except LimitExceeded:
            _LOG.info("tiles of %s: a block of level %d takes too long", name, block.level)
    return drawn
