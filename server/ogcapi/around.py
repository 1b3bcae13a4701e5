# SPDX-License-Identifier: MIT
"""Every room under /ogcapi beside the features themselves, for whoever puts an application together."""

from __future__ import annotations

from flask import Blueprint

from server.ogcapi import coverages, processes, records, styles, tiles
from server.tiles.desk import TileDesk


def blueprints(desk: TileDesk) -> list[Blueprint]:
    """The rooms; they stand beside that of the features, whose addresses are looked at last."""
    beside = [room.blueprint(desk.context) for room in (records, coverages, processes)]
    return [tiles.blueprint(desk.context, desk), styles.blueprint(desk), *beside]
