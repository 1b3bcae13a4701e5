# SPDX-License-Identifier: MIT
"""Names in requests become layers, styles, periods and CRSs of this installation."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from server.access import ANONYMOUS, may_read
from server.catalog.display import VIETNAM_TIME
from server.catalog.model import Layer
from server.context import Context
from server.crs.definitions import Crs
from server.errors import LayerNotDefined, StyleNotDefined
from server.features.state import layer_states
from server.filter.tree import Node, Period
from server.query.features import LayerState
from server.query.maps import MapLayer
from server.query.validity import valid_today
from server.wms.exceptions import InvalidDimension

_STATES_SECONDS = 1.0
_PERIOD_FORMS = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d"}


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

    def map_layers(self, names: tuple[str, ...], styles: tuple[str, ...], when: str) -> tuple[MapLayer, ...]:
        """What to paint, lowest first. Raises LayerNotDefined, StyleNotDefined, InvalidDimension."""
        states = self.states()
        found: list[MapLayer] = []
        for name, style in zip(names, styles, strict=True):
            for layer in self.find_layers(name, "LAYERS"):
                state = states[layer.id]
                chosen = find_style_name(layer, style if layer.group != name else "")
                found.append(MapLayer(layer, chosen, state.revision, read_period(layer, when), state.pyramid_bands))
        return tuple(found)


def find_style_name(layer: Layer, name: str) -> str:
    """A style of the layer; "" and "default" are its first. Raises StyleNotDefined."""
    if name in ("", "default") and layer.styles:
        return layer.styles[0]
    if name not in layer.styles:
        raise StyleNotDefined(f"The layer {layer.id!r} has no such style. It has: {', '.join(layer.styles) or 'none'}", locator="STYLES")
    return name


def read_period(layer: Layer, text: str) -> Node | None:
    """TIME for one layer: an instant, a day, month or year, or `begin/end` (ISO 8601; without zone it is Vietnamese time).

    Without TIME, layers of objects with validity show those valid today, others everything. Raises InvalidDimension.
    """
    if not layer.has_table or (layer.time is None and not layer.validity):
        return None
    if text.lower() in ("", "current", "default"):
        return valid_today(layer)
    parts = text.split("/")
    if len(parts) > 3 or "," in text:
        raise InvalidDimension("TIME must be one instant or begin/end.", locator="TIME")
    begin, end = _read_moment(parts[0])
    if len(parts) > 1:
        end = _read_moment(parts[1])[1]
    if end < begin:
        raise InvalidDimension("TIME ends before it begins.", locator="TIME")
    return Period(begin, end)


def _read_moment(text: str) -> tuple[datetime, datetime]:
    """First and last instant of what the text names."""
    form = _PERIOD_FORMS.get(len(text))
    try:
        if form is None:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM_TIME)
            return moment, moment
        # Dates are compared as dates; read as UTC they stay the day the client named.
        first = datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        raise InvalidDimension("TIME must be written as ISO 8601, such as 2022-06-08.", locator="TIME") from None
    if len(text) == 10:
        last = first + timedelta(days=1)
    elif len(text) == 7:
        last = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    else:
        last = first.replace(year=first.year + 1) if first.year < 9999 else first
    return first, last - timedelta(microseconds=1)
