# SPDX-License-Identifier: MIT
"""Names in requests become layers, styles and CRSs of this installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from server.access import ANONYMOUS, may_read
from server.catalog.model import Layer
from server.context import Context
from server.crs.definitions import Crs
from server.errors import InvalidParameter, LayerNotDefined, LimitExceeded, StyleNotDefined
from server.features.state import layer_states_since
from server.filter.tree import both
from server.query.features import LayerState
from server.query.maps import MapLayer
from server.query.validity import shown_by_default
from server.style.model import Style
from server.wms.ceilings import require_known_fields
from server.wms.dimensions import choose_values
from server.wms.filters import AskedFilter
from server.wms.frame import MapFrame

_MOST_NOTES = 5


@dataclass(frozen=True)
class ChosenLayers:
    """The layers of a map, lowest first, what the client is told of it in the header `Warning`, and the styles it sent, by name.

    `is_costly`: the request has conditions, times, heights or styles of its own, so that nothing prepared beforehand helps.
    """

    layers: tuple[MapLayer, ...]
    notes: tuple[str, ...]
    styles: Mapping[str, Style] = field(default_factory=dict)
    is_costly: bool = False


@dataclass(frozen=True)
class _Shelf:
    """The catalogue rows of one moment, the layers anybody may see then, and what each name means, lowest first."""

    states: Mapping[str, LayerState]
    offered: tuple[Layer, ...]
    named: dict[str, list[Layer]] = field(default_factory=dict)


class Shelves:
    """What requests of a process share: the catalogue rows read last, compared with the database for each of them."""

    def __init__(self) -> None:
        self._newest: tuple[bytes, _Shelf] = (b"", _Shelf({}, ()))

    def now(self, context: Context) -> _Shelf:
        """The rows of this moment. Raises ServerFault."""
        stamp, shelf = self._newest
        found, states = layer_states_since(context, stamp)
        if states is not None:
            readable = (layer for layer in context.catalog.mapped_layers() if layer.id in states and may_read(ANONYMOUS, layer))
            shelf = _Shelf(states, tuple(readable))
            self._newest = found, shelf
        return shelf


@dataclass
class LayerBook:
    """What this installation offers as maps while one request is answered: the catalogue is asked once, when first needed."""

    context: Context
    systems: tuple[Crs, ...]
    shelves: Shelves = field(default_factory=Shelves)

    @cached_property
    def _shelf(self) -> _Shelf:
        return self.shelves.now(self.context)

    def states(self) -> Mapping[str, LayerState]:
        """Catalogue rows by layer. Raises ServerFault."""
        return self._shelf.states

    def offered(self) -> Sequence[Layer]:
        """The layers anybody may see that are published, in the order of the catalogue."""
        return self._shelf.offered

    def find_layers(self, name: str, locator: str) -> list[Layer]:
        """The layer of that name or id, or every layer of the group of that name and of the groups in it, lowest first.

        Raises LayerNotDefined.
        """
        known = self._shelf.named.get(name)
        if known is not None:
            return known
        offered = self.offered()
        found = [layer for layer in offered if name in (layer.wms_name, layer.id)]
        # The tree shows the topmost layer first, a map is painted from the bottom.
        if not found:
            inside = self.context.catalog.groups_below(name)
            found = [layer for layer in reversed(offered) if layer.group in inside]
        if not found:
            shown = name if len(name) <= 60 and name.isprintable() else "…"
            raise LayerNotDefined(f"There is no layer {shown!r}.", locator=locator, message_vi=f"Không có lớp dữ liệu {shown!r}.")
        self._shelf.named[name] = found
        return found

    def choose_layers(self, frame: MapFrame) -> ChosenLayers:
        """What to paint, lowest first. Raises LayerNotDefined, StyleNotDefined, InvalidDimension, InvalidParameter, LimitExceeded."""
        found: list[MapLayer] = []
        notes: list[str] = []
        own: dict[str, Style] = {}
        filters = frame.filters or (None,) * len(frame.layers)
        for name, style, where in zip(frame.layers, frame.styles, filters, strict=True):
            for layer in self.find_layers(name, "LAYERS"):
                self._require_few(len(found))
                painted, told = self._choose_layer(layer, _Words(name, style, where), frame, own)
                found.append(painted)
                notes += told
        if own and frame.sld:
            notes += [f'199 - "{_plain(loss)}"' for loss in frame.sld.losses[:_MOST_NOTES]]
        is_costly = bool(own or frame.sld or any(frame.filters) or frame.time or frame.elevation)
        return ChosenLayers(tuple(found), tuple(dict.fromkeys(notes)), own, is_costly)

    def _choose_layer(self, layer: Layer, words: _Words, frame: MapFrame, own: dict[str, Style]) -> tuple[MapLayer, tuple[str, ...]]:
        state = self.states()[layer.id]
        values = choose_values(layer, state, frame.time, frame.elevation, self.context.settings.limits.max_time_span_days)
        asked = frame.sld.find_style(words.name, words.style) if frame.sld else None
        named = frame.sld.find_layer(words.name) if frame.sld else None
        asked_where = words.where.read(words.name, layer, self.context.settings.limits) if words.where else None
        where = both(asked_where, named.where if named else None)
        style = asked.style if asked else None
        if style is not None:
            require_known_fields(style, layer)
            own[style.name] = style
            name = style.name
        else:
            name = find_style_name(layer, asked.name if asked else words.style if words.name in (layer.wms_name, layer.id) else "")
        if where is not None and not layer.has_table:
            raise InvalidParameter(f"The layer {layer.id!r} is a picture; it has no fields to filter by.", locator="CQL_FILTER")
        # A pyramid shows what lies on top; a condition may take that away, and what lay below is not in it.
        picky = (
            where is not None or values.where != shown_by_default(layer) or (style is not None and any(rule.where for rule in style.rules))
        )
        bands = () if picky else state.pyramid_bands
        return MapLayer(layer, name, state.revision, both(values.where, where), bands), values.notes

    def _require_few(self, count: int) -> None:
        ceiling = self.context.settings.limits.max_map_layers
        if count >= ceiling:
            raise LimitExceeded(f"A map has at most {ceiling} layers, groups counted as what they hold.", locator="LAYERS")


@dataclass(frozen=True)
class _Words:
    """What a request says of one of its LAYERS."""

    name: str
    style: str
    where: AskedFilter | None


def _plain(text: str) -> str:
    """A text for a header: no quotes, printable ASCII."""
    return "".join(char if " " <= char <= "~" and char not in '"\\' else "?" for char in text)[:200]


def find_style_name(layer: Layer, name: str) -> str:
    """A style of the layer; "" and "default" are its first. Raises StyleNotDefined."""
    if name in ("", "default") and layer.styles:
        return layer.styles[0]
    if name not in layer.styles:
        raise StyleNotDefined(f"The layer {layer.id!r} has no such style. It has: {', '.join(layer.styles) or 'none'}", locator="STYLES")
    return name
