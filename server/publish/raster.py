# SPDX-License-Identifier: MIT
"""A raster layer is published by its file (below var/rasters); the catalogue row says where it lies and which revision it is."""

from __future__ import annotations

from server.catalog.model import Layer
from server.db.catalogue import read_state
from server.db.catalogue_write import write_catalogue_row
from server.db.outline import Outline
from server.db.pool import Connection
from server.db.publish_rows import lock_layer
from server.errors import InvalidParameter, ServerFault
from server.query.features import LayerState


def publish_raster(connection: Connection, layer: Layer, extent: tuple[float, float, float, float]) -> LayerState:
    """Note a new file of a raster layer: `extent` west, south, east, north in degrees (EPSG:4326). The revision rises.

    Raises InvalidParameter when the layer is no raster or the extent is upside down.
    """
    west, south, east, north = extent
    if layer.has_table or not (west < east and south < north):
        raise InvalidParameter(f"The layer {layer.id!r} is no raster, or its extent is empty.", locator=layer.id)
    lock_layer(connection, layer)
    write_catalogue_row(connection, layer, Outline(0, (*extent, None, None)))
    state = read_state(connection, layer.id)
    if state is None:
        raise ServerFault(f"The layer {layer.id!r} has no catalogue row after publishing.")
    return state
