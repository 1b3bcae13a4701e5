# SPDX-License-Identifier: MIT
"""Drawing maps. Mapnik reads `published` through its own connections and lets go of the interpreter, so threads draw side by side."""

from __future__ import annotations

import copy
import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import mapnik

from server.crs.definitions import find_crs
from server.errors import ConfigError, InvalidParameter, LimitExceeded, ServerFault
from server.query.maps import MapLayer, MapQuery
from server.query.pyramid import fits_pyramid, pick_band, pick_point_band
from server.query.spots import SpotQuestion
from server.render.crowd import Crowd, fits_crowd, plain_rules
from server.render.document import DocumentJob, draw_document
from server.render.fonts import register_fonts
from server.render.geotiff import encode_geotiff
from server.render.images import encode_image, find_map_format, is_document, is_georeferenced
from server.render.mapxml import find_style, is_fine, write_map
from server.render.scales import map_resolution
from server.render.scratch import ScratchSymbols
from server.render.source import MapSource
from server.render.symbols import SymbolStore
from server.style.coverage import Traits, find_traits
from server.style.model import Style

log = logging.getLogger(__name__)
_KEPT_MAPS = 24
_KEPT_CROWDS = 200
# Beside the time the database may take: starting a process, drawing, writing.
_DOCUMENT_SECONDS = 20.0


@dataclass
class _Kept(threading.local):
    """The maps one thread has ready, the least recently used first; a Mapnik map must not be drawn by two threads at once."""

    maps: OrderedDict[object, mapnik.Map] = field(default_factory=OrderedDict)


class MapRenderer:
    """Draws maps from one source; shared by all threads of a process, created in that process."""

    def __init__(self, source: MapSource) -> None:
        self.source = source
        self.symbols = SymbolStore(source.symbols_dir, source.assets_dir)
        self._kept = _Kept()
        self._scratch = ScratchSymbols(source.symbols_dir / "asked", source.assets_dir)
        self._is_dressed = False
        self._traits: dict[str, Traits] = {}
        self._crowds: dict[object, Crowd] = {}
        register_fonts(source.assets_dir / "fonts")

    def wearing(self, styles: Mapping[str, Style]) -> MapRenderer:
        """A renderer that knows these styles too, for one request: nothing it prepares is kept, its symbols go to a place swept in time."""
        if not styles:
            return self
        dressed = copy.copy(self)
        dressed.source = replace(self.source, styles={**self.source.styles, **styles})
        dressed.symbols = self._scratch.store()
        dressed._kept = _Kept()
        dressed._is_dressed = True
        dressed._traits = {}
        return dressed

    def render_map(self, query: MapQuery) -> bytes:
        """The map as bytes of `query.format`.

        Raises InvalidFormat, InvalidCrs, LimitExceeded when the database ran out of its time, ServerFault when something we rely on fails.
        """
        image_format = find_map_format(query.format)
        if is_document(image_format):
            return self._draw_document(query, image_format.writer)
        crowd = None if image_format.writer or is_georeferenced(image_format) else self._crowd(query)
        stamped = crowd.draw(query) if crowd is not None else None
        if stamped is not None:
            return stamped
        image = self.draw(query)
        if is_georeferenced(image_format):
            return encode_geotiff(image.to_string(), query)
        return encode_image(image, image_format, transparent=query.transparent)

    def _crowd(self, query: MapQuery) -> Crowd | None:
        """How to draw the map without the engine, where it shows one crowded layer of plain symbols."""
        if self.source.spots is None or self._is_dressed or not fits_crowd(query):
            return None
        (band,) = self._bands(query)
        style = find_style(self.source, query.layers[0].style)
        rules = None if band is None or self._traits_of(style.name).has_ground_units else plain_rules(query, style)
        if band is None or rules is None:
            return None
        one = query.layers[0]
        key = (one.layer.id, style.fingerprint, band, repr(one.where), rules)
        crowd = self._crowds.get(key)
        if crowd is None:
            asked = SpotQuestion(one.layer, band, one.where, tuple(rule.where for rule in rules if rule.where is not None))
            try:
                reader = self.source.spots(asked)
            except InvalidParameter:
                return None  # a condition that only the engine understands
            if len(self._crowds) >= _KEPT_CROWDS:
                self._crowds.clear()
            crowd = self._crowds[key] = Crowd(rules, style.passes[0].first_only, reader, self.symbols.file)
        return crowd

    def _draw_document(self, query: MapQuery, form: str) -> bytes:
        fonts = str(self.source.assets_dir / "fonts")
        if self._is_dressed:
            # A faulty style is found here, where it can be told from other faults.
            self._load(mapnik.Map(1, 1), query)
        job = DocumentJob(self._write(query), query.extent, query.width, query.height, query.pixel_ratio, form, fonts)
        return draw_document(job, self.source.connection.timeout_ms / 1000 + _DOCUMENT_SECONDS)

    def draw(self, query: MapQuery) -> mapnik.Image:
        """The map as an image of `query.width` times `query.height` pixels. Raises like `render_map`."""
        for attempt in (1, 2):
            key = self._key(query)
            try:
                return self._draw(query, key)
            except RuntimeError as error:
                self._kept.maps.pop(key, None)
                if "statement timeout" in str(error):
                    raise LimitExceeded("The map took longer to draw than this server allows; ask for less.") from None
                if "out of range" in str(error):
                    raise LimitExceeded("A number that a style works out is too large.") from None
                # A connection of the engine's pool may be stale after the database was restarted: once more with a fresh map.
                if attempt == 2:
                    log.error("map engine: %s", " ".join(str(error).split())[:500])
                    raise ServerFault("The map could not be drawn.") from None
        raise AssertionError("unreachable")

    def _bands(self, query: MapQuery) -> tuple[int | None, ...]:
        resolution = _resolution(query)
        return tuple(self._pick_band(one, resolution, query.pixel_ratio) if self._fits_pyramid(one) else None for one in query.layers)

    def _pick_band(self, one: MapLayer, resolution: float, ratio: float) -> int | None:
        if one.layer.geometry not in ("point", "multipoint"):
            return pick_band(one.pyramid_bands, resolution)
        return pick_point_band(one.pyramid_bands, resolution, self._traits_of(one.style).smallest_symbol * ratio)

    def _traits_of(self, style: str) -> Traits:
        traits = self._traits.get(style)
        if traits is None:
            traits = self._traits[style] = find_traits(find_style(self.source, style))
        return traits

    def _fits_pyramid(self, one: MapLayer) -> bool:
        """Whether the pyramid shows what there is to show: a style that leaves some points out asks for those below the topmost."""
        if not one.pyramid_bands or not fits_pyramid(one.layer, one.where):
            return False
        traits = self._traits_of(one.style)
        if traits.looks_at_places:
            return False  # a pyramid holds the shapes as they are drawn, not as they are
        return "point" not in one.layer.geometry or traits.paints_everything

    def _ground_resolution(self, query: MapQuery) -> float | None:
        """Metres per pixel where a style measures in them: its symbols are then those of this scale alone."""
        return _resolution(query) if any(self._traits_of(one.style).has_ground_units for one in query.layers) else None

    def _key(self, query: MapQuery) -> tuple[object, ...]:
        fingerprints = tuple(find_style(self.source, one.style).fingerprint for one in query.layers)
        # Geometries in conditions are GeoJSON, which has no hash of its own.
        # Rows are read for every map; which files a raster has stands in the map itself.
        revisions = (one.revision if one.layer.geometry == "raster" else 0 for one in query.layers)
        layers = tuple(
            (one.layer.id, one.style, revision, repr(one.where), one.unseen) for one, revision in zip(query.layers, revisions, strict=True)
        )
        scale = (self._bands(query), self._ground_resolution(query), is_fine(_resolution(query)))
        return (layers, fingerprints, scale, query.crs, query.transparent, query.background, query.pixel_ratio, query.parts)

    def _draw(self, query: MapQuery, key: tuple[object, ...]) -> mapnik.Image:
        kept = self._kept.maps
        prepared = kept.get(key)
        if prepared is None:
            prepared = mapnik.Map(query.width, query.height)
            prepared.aspect_fix_mode = mapnik.aspect_fix_mode.RESPECT
            self._load(prepared, query)
            kept[key] = prepared
            while len(kept) > _KEPT_MAPS:
                kept.popitem(last=False)
        else:
            kept.move_to_end(key)
        if (prepared.width, prepared.height) != (query.width, query.height):
            prepared.resize(query.width, query.height)
        prepared.zoom_to_box(mapnik.Box2d(*query.extent))
        image = mapnik.Image(query.width, query.height)
        mapnik.render(prepared, image, query.pixel_ratio)
        return image

    def _write(self, query: MapQuery) -> str:
        return write_map(query, self._bands(query), self.source, self.symbols)

    def _load(self, prepared: mapnik.Map, query: MapQuery) -> None:
        """Raises InvalidParameter where the fault can only be a style that came with the request."""
        try:
            mapnik.load_map_from_string(prepared, self._write(query))
        except (ConfigError, RuntimeError) as error:
            if not self._is_dressed or "onnect" in str(error):
                raise
            log.info("style of a request: %s", " ".join(str(error).split())[:300])
            told = error.message if isinstance(error, ConfigError) else "The style cannot be drawn."
            raise InvalidParameter(told, locator="SLD_BODY") from None


def _resolution(query: MapQuery) -> float:
    return map_resolution(query, find_crs(query.crs).kind == "geographic")


def render_map(query: MapQuery, source: MapSource) -> bytes:
    """Draw one map from a source that is not kept (tests, commands). Raises like `MapRenderer.render_map`."""
    return MapRenderer(source).render_map(query)
