# SPDX-License-Identifier: MIT
"""Editions: a drawing, or a layer's vector tiles, at one state of its data, its style and the engine. Another edition, another key.

The state is read from the catalogue for every request, so the request after an edit asks for the new edition; tiles of the old one are
never asked for again and leave the cache in time. A tile drawn while an edit lands may hold newer data than its key says, never older.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from server.access import ANONYMOUS, may_read
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.context import Context
from server.errors import LayerNotDefined
from server.features.state import not_published
from server.features.tiles import tile_states, vector_fields
from server.filter.tree import Period
from server.query.maps import MapLayer, MapQuery
from server.query.tiles import TileState
from server.query.validity import shown_by_default, valid_today
from server.render.source import MapSource
from server.style.fields import used_fields
from server.tiles.drawings import Drawing, find_drawing

_MAX_REMEMBERED = 1000
# Raised by hand when the way vector tiles are written changes.
_VECTOR_WRITING = "2"
_ANYWHERE = MapQuery((), 3857, (0.0, 0.0, 1.0, 1.0), 1, 1, transparent=True)
_SAID_OF_LAYERS = tuple(one.name for one in fields(MapLayer) if one.name != "layer")

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Edition:
    """`label` names it in keys and ETags; `template` is the map of which tiles are cut (its place, size and format say nothing);
    `extents` are those of the layers that hold anything (lon/lat boxes)."""

    label: str
    template: MapQuery
    extents: tuple[Box, ...]


@dataclass(frozen=True)
class Editions:
    """Finds the edition of the moment. What does not change while the process runs is worked out once."""

    context: Context
    source: MapSource
    engine: str
    _looks: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)
    _drawings: dict[tuple[str, str], tuple[Drawing, str]] = field(default_factory=dict)
    _vectors: dict[str, tuple[Layer, tuple[str, ...], str]] = field(default_factory=dict)
    _newest: dict[str, tuple[TileState, Period | None, Edition]] = field(default_factory=dict)

    @property
    def catalog(self) -> Catalog:
        """The layers of the installation."""
        return self.context.catalog

    def of_drawing(self, name: str, style: str) -> Edition:
        """The edition of picture tiles. Raises LayerNotDefined, StyleNotDefined, ServerFault."""
        known = self._drawings.get((name, style))
        if known is None:
            drawing = find_drawing(self.catalog, name, style)
            known = drawing, self._digest_looks([*drawing.parts])
            if len(self._drawings) < _MAX_REMEMBERED:
                self._drawings[name, style] = known
        drawing, fixed = known
        layers = tuple(MapLayer(layer, chosen, 0, shown_by_default(layer)) for layer, chosen in drawing.parts)
        return self._combine(drawing.name, fixed, replace(_ANYWHERE, layers=layers))

    def of_drawings(self, names: Sequence[str]) -> Edition:
        """The edition of several drawings in their default styles, one over the other. Raises LayerNotDefined, ServerFault."""
        parts = {layer.id: (layer, style) for name in names for layer, style in find_drawing(self.catalog, name, "").parts}
        layers = tuple(MapLayer(layer, style, 0, shown_by_default(layer)) for layer, style in parts.values())
        return self.of_map(replace(_ANYWHERE, layers=layers))

    def of_map(self, query: MapQuery) -> Edition:
        """The edition of whatever a map query asks to be drawn; revisions are read afresh. Raises ServerFault."""
        looks = [(one.layer, one.style) for one in query.layers]
        fixed = _digest([self._digest_looks([look]) for look in looks])
        nowhere = {name: getattr(_ANYWHERE, name) for name in ("crs", "extent", "width", "height", "format", "pixel_ratio")}
        return self._combine(f"map-{looks[0][0].id}", fixed, replace(query, **nowhere))

    def of_vectors(self, name: str) -> Edition:
        """The edition of a layer's vector tiles. Raises LayerNotDefined, ServerFault."""
        self._vector_layer(name)
        return self.of_vectors_at(name, tile_states(self.context, [name]).get(name))

    def of_vectors_at(self, name: str, state: TileState | None) -> Edition:
        """The edition of a layer's vector tiles in a state that was just read. Raises LayerNotDefined, ServerFault (not published)."""
        layer, _, fixed = self._vector_layer(name)
        if state is None:
            raise not_published(name)
        where, newest = valid_today(layer), self._newest.get(name)
        if newest is not None and (newest[0] is state or newest[0] == state) and newest[1] == where:
            return newest[2]
        edition = _seal(name, fixed, replace(_ANYWHERE, layers=(MapLayer(layer, "", 0, where),)), {name: state})
        self._newest[name] = state, where, edition
        return edition

    def last_of_vectors(self, name: str) -> Edition | None:
        """What `of_vectors` answered last: a guess at what it would answer now."""
        newest = self._newest.get(name)
        return newest[2] if newest is not None and newest[1] is None else None

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
            carried = vector_fields(layer, [name for style in styles for name in used_fields(style)])
            known = self._vectors[name] = layer, carried, _digest([_VECTOR_WRITING, layer.model_dump_json(), *carried])
        return known

    def _combine(self, name: str, fixed: str, query: MapQuery) -> Edition:
        return _seal(name, fixed, query, tile_states(self.context, [one.layer.id for one in query.layers]))

    def _digest_looks(self, looks: list[tuple[Layer, str]]) -> str:
        """Everything but data that decides how layers look; kept, because writing down a layer file costs as much as a cached tile."""
        key = tuple((layer.id, style) for layer, style in looks)
        known = self._looks.get(key)
        if known is None:
            known = _digest([self.engine, *(self._describe_look(layer, style) for layer, style in looks)])
            if len(self._looks) < _MAX_REMEMBERED:
                self._looks[key] = known
        return known

    def _describe_look(self, layer: Layer, style: str) -> str:
        found = self.source.styles.get(style)
        return f"{layer.model_dump_json()}:{style}:{found.fingerprint if found else ''}"


def _seal(name: str, fixed: str, query: MapQuery, states: Mapping[str, TileState]) -> Edition:
    """`fixed` speaks for the looks of the query's layers; whatever else a layer or the query says goes into the label too."""
    if not states:
        raise not_published(name)
    drawn = tuple(_bring_up_to_date(one, states[one.layer.id]) for one in query.layers if one.layer.id in states)
    changing = [f"{states[one.layer.id].label}{[getattr(one, said) for said in _SAID_OF_LAYERS]}" for one in drawn]
    extents = tuple(extent for one in drawn if (extent := states[one.layer.id].extent))
    label = _digest([fixed, repr(replace(query, layers=())), *changing])
    return Edition(f"{name}-{label}", replace(query, layers=drawn), extents)


def _bring_up_to_date(one: MapLayer, state: TileState) -> MapLayer:
    return replace(one, revision=state.revision, pyramid_bands=state.pyramid_bands)


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
