# SPDX-License-Identifier: MIT
"""A raster layer is published by its files (below var/rasters); the catalogue row says where it lies, its moments and its revision."""

from __future__ import annotations

from collections.abc import Sequence

from server.catalog.model import Layer
from server.db.catalogue import read_state
from server.db.catalogue_write import write_catalogue_row
from server.db.outline import Outline
from server.db.pool import Connection
from server.db.publish_rows import lock_layer
from server.db.raster_files import RasterRecord, measure_raster_files, write_raster_files
from server.errors import InvalidParameter, ServerFault
from server.query.features import LayerState


def publish_raster(connection: Connection, layer: Layer, extent: tuple[float, float, float, float]) -> LayerState:
    """Note a new file of a raster layer: `extent` west, south, east, north in degrees (EPSG:4326). The revision rises.

    Raises InvalidParameter when the layer is no raster or the extent is upside down.
    """
    west, south, east, north = extent
    if layer.has_table or not (west < east and south < north):
        raise InvalidParameter(f"The layer {layer.id!r} is no raster, or its extent is empty.", locator=layer.id)
    return _publish(connection, layer, Outline(0, (*extent, None, None)))


def publish_raster_series(connection: Connection, layer: Layer, records: Sequence[RasterRecord]) -> LayerState:
    """Note files of a raster layer that changes in time; those of other moments stay. The revision rises.

    Raises InvalidParameter when the layer is no such raster.
    """
    if layer.raster is None or not layer.raster.series:
        raise InvalidParameter(f"The layer {layer.id!r} is no raster that changes in time.", locator=layer.id)
    write_raster_files(connection, layer, records)
    return _publish(connection, layer, measure_raster_files(connection, layer))


def _publish(connection: Connection, layer: Layer, outline: Outline) -> LayerState:
    lock_layer(connection, layer)
    write_catalogue_row(connection, layer, outline)
    state = read_state(connection, layer.id)
    if state is None:
        raise ServerFault(f"The layer {layer.id!r} has no catalogue row after publishing.")
    return state
