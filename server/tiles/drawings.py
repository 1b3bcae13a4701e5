# SPDX-License-Identifier: MIT
"""What can be had as picture tiles: a layer in one of its styles, a group, and the base map - several layers in one picture."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from server.access import ANONYMOUS, may_read
from server.catalog.background import background
from server.catalog.catalog import Catalog
from server.catalog.model import Layer, Text
from server.errors import LayerNotDefined, StyleNotDefined

BASE_MAP = "basemap"
DEFAULT = "default"
_BASE_TITLE = Text(vi="Bản đồ nền", en="Base map")


@dataclass(frozen=True)
class Drawing:
    """A name, the style as it stands in addresses, and the layers with their style files, lowest first."""

    name: str
    style: str
    parts: tuple[tuple[Layer, str], ...]


def open_layers(catalog: Catalog) -> list[Layer]:
    """The layers anybody may see on a map, in the order of the catalogue (topmost first)."""
    return [layer for layer in catalog.mapped_layers() if layer.styles and may_read(ANONYMOUS, layer)]


def find_drawing(catalog: Catalog, name: str, style: str) -> Drawing:
    """The drawing of that name: `basemap`, a layer or a group. "" and "default" are a layer's first style, and all others have no more.

    Raises LayerNotDefined, StyleNotDefined.
    """
    layer = catalog.layers.get(name)
    if layer is not None and layer.is_mapped and layer.styles and may_read(ANONYMOUS, layer):
        return _draw_layer(layer, style)
    parts = _parts_of(catalog, name)
    if not parts:
        raise LayerNotDefined("There is no such layer.", locator="LAYER", message_vi="Không có lớp dữ liệu này.")
    if style not in ("", DEFAULT):
        raise StyleNotDefined("It has no other style than the default.", locator="STYLE", message_vi="Chỉ có kiểu vẽ mặc định.")
    return Drawing(name, DEFAULT, parts)


def list_drawings(catalog: Catalog) -> Iterator[tuple[str, Text, tuple[str, ...]]]:
    """Names, titles and styles of everything offered: the base map, the groups, then their layers."""
    if background(open_layers(catalog)):
        yield BASE_MAP, _BASE_TITLE, (DEFAULT,)
    for group in catalog.groups:
        members = [layer for layer in open_layers(catalog) if layer.group == group.id]
        if _parts_of(catalog, group.id) and group.id not in catalog.layers:
            yield group.id, group.title, (DEFAULT,)
        for layer in members:
            yield layer.id, layer.title, layer.styles


def drawings_with(catalog: Catalog, changed: Collection[str]) -> list[str]:
    """The drawings that show any of these layers: the layers themselves, the groups they lie in, the base map."""
    layers = [layer for layer in open_layers(catalog) if layer.id in changed]
    found = [layer.id for layer in layers]
    for group in catalog.groups:
        inside = catalog.groups_below(group.id)
        if group.id not in catalog.layers and any(layer.group in inside for layer in layers):
            found.append(group.id)
    if any(layer.id in changed for layer, _ in _parts_of(catalog, BASE_MAP)):
        found.append(BASE_MAP)
    return found


def _draw_layer(layer: Layer, style: str) -> Drawing:
    chosen = layer.styles[0] if style in ("", DEFAULT) else style
    if chosen not in layer.styles:
        raise StyleNotDefined(
            f"The layer {layer.id!r} has no such style. It has: {', '.join(layer.styles)}.",
            locator="STYLE",
            message_vi=f"Lớp {layer.id!r} không có kiểu vẽ này.",
        )
    return Drawing(layer.id, chosen, ((layer, chosen),))


def _parts_of(catalog: Catalog, name: str) -> tuple[tuple[Layer, str], ...]:
    """The layers of the base map or of a group with their styles, lowest first."""
    layers = open_layers(catalog)
    if name == BASE_MAP:
        return tuple(background(layers))
    inside = catalog.groups_below(name)
    return tuple((layer, layer.styles[0]) for layer in reversed(layers) if layer.group in inside)
