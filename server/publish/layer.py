# SPDX-License-Identifier: MIT
"""official -> published, for a whole layer or for some features; rows, pyramid, catalogue row and revision in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.db.catalogue import read_state
from server.db.catalogue_write import write_catalogue_row
from server.db.ddl_published import is_point_layer
from server.db.outline import follow, measure, read_outline
from server.db.pool import Connection
from server.db.publish_rows import find_linking, lock_layer, refresh_rows, refresh_statistics
from server.db.published_changes import note_changes
from server.db.pyramid_points import build_point_pyramid, repair_point_pyramid
from server.db.pyramid_shapes import build_shape_pyramid, repair_shape_pyramid
from server.errors import LayerNotDefined, ServerFault
from server.query.features import LayerState

# Up to so many changed features the pyramid is repaired around them, beyond it is made anew.
MOST_REPAIRED = 200


def publish_layer(connection: Connection, catalog: Catalog, layer_id: str, *, rebuild: bool = False) -> LayerState:
    """Bring a layer's published rows, pyramid and catalogue row in line with the official store, in the caller's writer transaction.

    The revision rises only when something changed (or with `rebuild`); titles shown by layers that link here follow.
    Raises LayerNotDefined for unknown layers and for rasters, which have no rows.
    """
    layer = _require_rows(catalog.layer(layer_id))
    lock_layer(connection, layer)
    changed = refresh_rows(connection, catalog, layer)
    if changed or rebuild or read_state(connection, layer.id) is None:
        refresh_statistics(connection, layer)
        write_catalogue_row(connection, layer, measure(connection, layer), _build_pyramid(connection, layer))
        refresh_statistics(connection, layer)
        note_changes(connection, layer, changed)
        _publish_linking(connection, catalog, layer, changed.ids)
    return _state(connection, layer)


def publish_features(connection: Connection, catalog: Catalog, layer: Layer, ids: Sequence[int]) -> LayerState:
    """The same for some features of a layer: what they cost depends on them, not on the layer. Raises LayerNotDefined."""
    _publish_ids(connection, catalog, _require_rows(layer), ids)
    _publish_linking(connection, catalog, layer, ids)
    return _state(connection, layer)


def _publish_ids(connection: Connection, catalog: Catalog, layer: Layer, ids: Sequence[int]) -> None:
    lock_layer(connection, layer)
    whole, before = read_outline(connection, layer), measure(connection, layer, ids)
    changed = refresh_rows(connection, catalog, layer, ids)
    state = read_state(connection, layer.id)
    if not changed.ids and state is not None:
        return
    followed = follow(whole, before, measure(connection, layer, ids)) if whole else None
    bands = _follow_pyramid(connection, layer, state.pyramid_bands if state else (), changed.ids)
    write_catalogue_row(connection, layer, followed or measure(connection, layer), bands)
    note_changes(connection, layer, changed)


def _follow_pyramid(connection: Connection, layer: Layer, bands: Sequence[int], changed: Sequence[int]) -> Sequence[int]:
    if not bands:
        return ()
    if len(changed) > MOST_REPAIRED:
        return _build_pyramid(connection, layer)
    if is_point_layer(layer):
        repair_point_pyramid(connection, layer, max(bands), changed)
    else:
        repair_shape_pyramid(connection, layer, bands, changed)
    return bands


def _build_pyramid(connection: Connection, layer: Layer) -> list[int]:
    if not layer.has_geometry:
        return []
    return build_point_pyramid(connection, layer) if is_point_layer(layer) else build_shape_pyramid(connection, layer)


def _publish_linking(connection: Connection, catalog: Catalog, layer: Layer, ids: Sequence[int]) -> None:
    """Features that link to the changed ones carry their titles: publish those again (they are found by index; most changes find none)."""
    if not ids:
        return
    for other in catalog.feature_layers():
        linking: set[int] = set()
        for name, field in other.fields.items():
            if field.link == layer.id and field.public:
                linking.update(find_linking(connection, other, name, ids))
        if linking and read_state(connection, other.id) is not None:
            _publish_ids(connection, catalog, other, sorted(linking))


def _require_rows(layer: Layer) -> Layer:
    if not layer.has_table:
        raise LayerNotDefined(f"The layer {layer.id!r} is a raster and has no rows to publish.", locator=layer.id)
    return layer


def _state(connection: Connection, layer: Layer) -> LayerState:
    state = read_state(connection, layer.id)
    if state is None:
        raise ServerFault(f"The layer {layer.id!r} has no catalogue row after publishing.")
    return state
