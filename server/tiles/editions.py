# SPDX-License-Identifier: MIT
"""Editions: a drawing, or a layer's vector tiles, at one state of its data, its style and the engine. Another edition, another key.

The state is read from the catalogue for every request, so the request after an edit asks for the new edition; tiles of the old one are
never asked for again and leave the cache in time. A tile drawn while an edit lands may hold newer data than its key says, never older.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from server.access import ANONYMOUS, may_read
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.context import Context
from server.errors import LayerNotDefined
from server.features.state import not_published
from server.features.tiles import tile_states, vector_fields
from server.query.maps import MapLayer
from server.query.tiles import TileState
from server.query.validity import valid_today
from server.render.source import MapSource
from server.style.fields import used_fields
from server.tiles.drawings import Drawing, find_drawing

_MAX_REMEMBERED = 1000
# Raised by hand when the way vector tiles are written changes.
_VECTOR_WRITING = "1"


@dataclass(frozen=True)
class Edition:
    """`label` names it in keys and ETags; `extents` are those of its layers that hold anything (lon/lat boxes)."""

    label: str
    parts: tuple[MapLayer, ...]
    extents: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True)
class Editions:
    """Finds the edition of the moment. What does not change while the process runs is worked out once."""

    context: Context
    source: MapSource
    engine: str
    _drawings: dict[tuple[str, str], tuple[Drawing, str]] = field(default_factory=dict)
    _vectors: dict[str, tuple[Layer, tuple[str, ...], str]] = field(default_factory=dict)

    @property
    def catalog(self) -> Catalog:
        """The layers of the installation."""
        return self.context.catalog

    def of_drawing(self, name: str, style: str) -> Edition:
        """The edition of picture tiles. Raises LayerNotDefined, StyleNotDefined, ServerFault."""
        known = self._drawings.get((name, style))
        if known is None:
            drawing = find_drawing(self.catalog, name, style)
            known = drawing, _digest([self.engine, *(self._describe_look(layer, chosen) for layer, chosen in drawing.parts)])
            if len(self._drawings) < _MAX_REMEMBERED:
                self._drawings[name, style] = known
        drawing, fixed = known
        return self._combine(drawing.name, fixed, drawing.parts)

    def of_vectors(self, name: str) -> Edition:
        """The edition of a layer's vector tiles. Raises LayerNotDefined, ServerFault."""
        layer, _, fixed = self._vector_layer(name)
        return self._combine(name, fixed, ((layer, ""),))

    def vector_fields(self, name: str) -> tuple[str, ...]:
        """The fields a layer's vector tiles carry besides the id. Raises LayerNotDefined."""
        return self._vector_layer(name)[1]

    def _vector_layer(self, name: str) -> tuple[Layer, tuple[str, ...], str]:
        known = self._vectors.get(name)
        if known is None:
            layer = self.catalog.layers.get(name)
            if layer is None or not layer.has_geometry or not may_read(ANONYMOUS, layer):
                raise LayerNotDefined("There are no vector tiles of that name.", locator="LAYER", message_vi="Không có lớp dữ liệu này.")
            styles = [self.source.styles[style] for style in layer.styles if style in self.source.styles]
            fields = vector_fields(layer, [name for style in styles for name in used_fields(style)])
            known = self._vectors[name] = layer, fields, _digest([_VECTOR_WRITING, layer.model_dump_json(), *fields])
        return known

    def _combine(self, name: str, fixed: str, parts: tuple[tuple[Layer, str], ...]) -> Edition:
        states = tile_states(self.context, [layer.id for layer, _ in parts])
        if not states:
            raise not_published(name)
        drawn = tuple(_draw(layer, style, states[layer.id]) for layer, style in parts if layer.id in states)
        changing = [f"{states[one.layer.id].label}:{one.where}" for one in drawn]
        extents = tuple(extent for one in drawn if (extent := states[one.layer.id].extent))
        return Edition(f"{name}-{_digest([fixed, *changing])}", drawn, extents)

    def _describe_look(self, layer: Layer, style: str) -> str:
        found = self.source.styles.get(style)
        return f"{layer.model_dump_json()}:{style}:{found.fingerprint if found else ''}"


def _draw(layer: Layer, style: str, state: TileState) -> MapLayer:
    return MapLayer(layer, style, state.revision, valid_today(layer), state.pyramid_bands)


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
