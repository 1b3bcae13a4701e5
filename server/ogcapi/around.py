# SPDX-License-Identifier: MIT
"""Every room under /ogcapi beside the features themselves, for whoever puts an application together."""

from __future__ import annotations

from flask import Blueprint

from server.ogcapi import coverages, records, styles, tiles
from server.tiles.desk import TileDesk


def blueprints(desk: TileDesk) -> list[Blueprint]:
    """The rooms; they stand beside that of the features, whose addresses are looked at last."""
    return [tiles.blueprint(desk.context, desk), styles.blueprint(desk), records.blueprint(desk.context), coverages.blueprint(desk.context)]
