# SPDX-License-Identifier: MIT
"""Names in requests become layers, styles and CRSs of this installation."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.access import ANONYMOUS, may_read
from server.catalog.model import Layer
from server.context import Context
from server.crs.definitions import Crs
from server.errors import LayerNotDefined, StyleNotDefined
from server.features.state import layer_states
from server.query.features import LayerState
from server.query.maps import MapLayer
from server.wms.dimensions import choose_values
from server.wms.requests import MapFrame

_STATES_SECONDS = 1.0


@dataclass(frozen=True)
class ChosenLayers:
    """The layers of a map, lowest first, and what the client is told of dimension values it did not give."""

    layers: tuple[MapLayer, ...]
    notes: tuple[str, ...]


@dataclass
class LayerBook:
    """What this installation offers as maps, with the catalogue rows remembered for a second.

    A label made of a remembered row is never newer than the picture drawn after it, so caches stay right; asking each time would cost
    a third of a small map.
    """

    context: Context
    systems: tuple[Crs, ...]
    _states: Mapping[str, LayerState] = field(default_factory=dict)
    _read_at: float = -1e9
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def states(self) -> Mapping[str, LayerState]:
        """Catalogue rows by layer, at most a second old. Raises ServerFault."""
        if time.monotonic() - self._read_at > _STATES_SECONDS:
            with self._lock:
                if time.monotonic() - self._read_at > _STATES_SECONDS:
                    self._states = layer_states(self.context)
                    self._read_at = time.monotonic()
        return self._states

    def offered(self) -> list[Layer]:
        """The layers anybody may see that are published, in the order of the catalogue."""
        states = self.states()
        return [layer for layer in self.context.catalog.mapped_layers() if layer.id in states and may_read(ANONYMOUS, layer)]

    def find_layers(self, name: str, locator: str) -> list[Layer]:
        """The layer of that name or id, or every layer of the group of that name, lowest first. Raises LayerNotDefined."""
        offered = self.offered()
        found = [layer for layer in offered if name in (layer.wms_name, layer.id)]
        # The tree shows the topmost layer first, a map is painted from the bottom.
        found = found or [layer for layer in reversed(offered) if layer.group == name]
        if not found:
            shown = name if len(name) <= 60 and name.isprintable() else "…"
            raise LayerNotDefined(f"There is no layer {shown!r}.", locator=locator, message_vi=f"Không có lớp dữ liệu {shown!r}.")
        return found

    def choose_layers(self, frame: MapFrame) -> ChosenLayers:
        """What to paint, lowest first. Raises LayerNotDefined, StyleNotDefined, InvalidDimension."""
        states = self.states()
        found: list[MapLayer] = []
        notes: list[str] = []
        for name, style in zip(frame.layers, frame.styles, strict=True):
            for layer in self.find_layers(name, "LAYERS"):
                state = states[layer.id]
                chosen = find_style_name(layer, style if name in (layer.wms_name, layer.id) else "")
                values = choose_values(layer, state, frame.time, frame.elevation)
                found.append(MapLayer(layer, chosen, state.revision, values.where, state.pyramid_bands))
                notes += values.notes
        return ChosenLayers(tuple(found), tuple(dict.fromkeys(notes)))


def find_style_name(layer: Layer, name: str) -> str:
    """A style of the layer; "" and "default" are its first. Raises StyleNotDefined."""
    if name in ("", "default") and layer.styles:
        return layer.styles[0]
    if name not in layer.styles:
        raise StyleNotDefined(f"The layer {layer.id!r} has no such style. It has: {', '.join(layer.styles) or 'none'}", locator="STYLES")
    return name
