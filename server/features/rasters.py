# SPDX-License-Identifier: MIT
"""Which files hold the pixels of a raster layer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from server.catalog.model import Layer
from server.context import Context
from server.db.raster_files import list_raster_files
from server.state import StateDir


@dataclass(frozen=True)
class Raster:
    """A loaded GeoTIFF in the CRS of its layer; `moment` where the layer changes in time."""

    path: Path
    moment: datetime | None = None


def list_rasters(context: Context, layer: Layer) -> tuple[Raster, ...]:
    """The rasters of a layer, the earliest first. Whether the files are there is not looked at. Raises ServerFault."""
    folder = StateDir(context.settings.var).rasters
    if layer.raster is None or not layer.raster.series:
        return (Raster(folder / f"{layer.id}.tif"),)
    with context.database.reader() as connection:
        known = list_raster_files(connection, layer)
    return tuple(Raster(folder / layer.id / file, moment) for moment, file in known)
