# SPDX-License-Identifier: MIT
"""The catalogue: every group, layer and code list of this installation, immutable once read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.catalog.model import CodeList, Group, Layer
from server.errors import LayerNotDefined


@dataclass(frozen=True)
class Home:
    """The province of this installation: its code, its box (west, south, east, north in degrees) where config.yml says one, and how far
    around it objects may lie (km).
    """

    code: str
    box: tuple[float, float, float, float] | None = None
    margin_km: float = 30


@dataclass(frozen=True)
class Catalog:
    """Groups in order, layers by id in order, code lists by id; `home` is the province (None: wherever)."""

    groups: tuple[Group, ...]
    layers: dict[str, Layer]
    code_lists: dict[str, CodeList]
    home: Home | None = None

    def layer(self, layer_id: str) -> Layer:
        """The layer of that id; raises LayerNotDefined."""
        found = self.layers.get(layer_id)
        if found is None:
            raise LayerNotDefined(f"There is no layer {layer_id!r}.", message_vi=f"Không có lớp dữ liệu {layer_id!r}.")
        return found

    def feature_layers(self) -> Iterable[Layer]:
        """Layers with rows: feature types and collections."""
        return (layer for layer in self.layers.values() if layer.has_table)

    def mapped_layers(self) -> Iterable[Layer]:
        """Layers that can be drawn."""
        return (layer for layer in self.layers.values() if layer.is_mapped)

    def layers_of(self, group_id: str) -> Iterable[Layer]:
        """Layers of a group in order."""
        return (layer for layer in self.layers.values() if layer.group == group_id)

    def groups_below(self, group_id: str) -> frozenset[str]:
        """The ids of a group and of every group inside it; parents that lead in a circle end where they began."""
        found = {group_id}
        while added := {group.id for group in self.groups if group.parent in found} - found:
            found |= added
        return frozenset(found)
