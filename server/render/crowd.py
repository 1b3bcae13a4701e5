# SPDX-License-Identifier: MIT
"""Maps of one crowded layer of points, drawn without the map engine: places come from the database in one piece, symbols are stamped.

A map full of symbols costs half of what it costs when ten thousand features pass the engine one by one. Strips of the map are read, stamped
and packed side by side. Whatever is more than ready symbols on points in EPSG:3857 is left to the engine.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy

from server.filter.tree import And, Between, Comparison, In, IsNull, Node, Or
from server.query.maps import MapQuery
from server.query.spots import MOST_CONDITIONS, SpotReader, Spots
from server.render.png import PngStrip, join_strips, pack_strip
from server.render.scales import PIXEL_M, map_resolution
from server.render.stamps import Numbers, Places, Sprite, UnevenError, read_sprite, stamp, unmultiply
from server.style.coverage import is_driven
from server.style.model import FeatureTypeStyle, Graphic, PointSymbolizer, Rule, Style, TextSymbolizer

_MERCATOR = 3857
_MOST_PIXELS = 2048 * 2048
_STRIP_ROWS = 256
# Pixels longer than this are for the engine: many more points fall on each than the pyramid's cells are meant for.
_MOST_STRETCHED = 2.0
_STRIPS_AT_ONCE = 4
# Stamping goes pixel by pixel of the symbol: large ones are few on a map, and laid down by the engine sooner.
_WIDEST_SYMBOL = 24.0
_HANDS: dict[int, ThreadPoolExecutor] = {}


@dataclass(frozen=True)
class PlainRule:
    """A rule that draws ready symbols: those are laid over each other. `where` None = every point, `is_else` = those of no other rule."""

    graphics: tuple[Graphic, ...]
    where: Node | None
    is_else: bool


def plain_rules(query: MapQuery, style: Style) -> tuple[PlainRule, ...] | None:
    """The rules that draw at the scale of a map of one layer; None where more is drawn than ready symbols, or by more conditions."""
    if len(style.passes) != 1 or not _is_plain_pass(style.passes[0]):
        return None
    scale = map_resolution(query, geographic=False) / PIXEL_M * query.pixel_ratio
    rules = [rule for rule in style.rules if rule.on_map and (rule.min_scale or 0.0) <= scale < (rule.max_scale or math.inf)]
    written = [_read_rule(rule, query) for rule in rules]
    plain = [one for one in written if one is not None]
    asked = sum(1 for one in plain if one.where is not None)
    draws = any(one.graphics for one in plain)
    return tuple(plain) if draws and len(plain) == len(written) and asked <= MOST_CONDITIONS else None


def _is_plain_pass(one: FeatureTypeStyle) -> bool:
    return not one.sort_by and not one.composite and one.opacity == 1.0


def _read_rule(rule: Rule, query: MapQuery) -> PlainRule | None:
    drawn = rule.symbolizers
    if query.parts == "shapes" and not any(isinstance(one, PointSymbolizer) and one.declutter for one in drawn):
        drawn = tuple(one for one in drawn if not isinstance(one, TextSymbolizer))
    graphics = tuple(one.graphic for one in drawn if isinstance(one, PointSymbolizer) and _is_ready(one, query.pixel_ratio))
    where = None if rule.is_else else rule.where
    return PlainRule(graphics, where, rule.is_else) if len(graphics) == len(drawn) and _is_plain_condition(where) else None


def _is_plain_condition(node: Node | None) -> bool:
    """Whether database and engine mean the same by a condition, also for empty fields: NOT of an unknown is unknown in SQL alone."""
    if isinstance(node, And | Or):
        return all(map(_is_plain_condition, node.parts))
    if isinstance(node, Comparison):
        return node.match_case and node.match_accents
    return node is None or isinstance(node, Between | In | IsNull)


def _is_ready(symbolizer: PointSymbolizer, ratio: float) -> bool:
    """Whether a symbol stands on its point, wherever others stand, is small and the same for all features."""
    graphic = symbolizer.graphic
    stays = graphic.displacement == (0.0, 0.0) and graphic.anchor == (0.5, 0.5) and symbolizer.place == "own"
    return stays and not symbolizer.declutter and not is_driven(graphic) and graphic.size * ratio <= _WIDEST_SYMBOL


def fits_crowd(query: MapQuery) -> bool:
    """Whether the question itself is one for a crowd: one layer of points in EPSG:3857, with all that is drawn or the shapes alone."""
    if len(query.layers) != 1 or query.crs != _MERCATOR or query.parts == "labels" or query.width * query.height > _MOST_PIXELS:
        return False
    minx, miny, maxx, maxy = query.extent
    stretch = (maxx - minx) / query.width / ((maxy - miny) / query.height)
    if not 1 / _MOST_STRETCHED <= stretch <= _MOST_STRETCHED:
        return False
    layer = query.layers[0].layer
    return layer.geometry == "point" and not query.layers[0].unseen and layer.scale.min is None and layer.scale.max is None


@dataclass
class Crowd:
    """A layer in a style, ready to be drawn; `find_file` draws a symbol once into a file."""

    rules: tuple[PlainRule, ...]
    first_only: bool
    read: SpotReader
    find_file: Callable[[Graphic, float], Path]
    _sprites: dict[tuple[int, float], Sprite | None] = field(default_factory=dict)
    _is_uneven: bool = False

    def draw(self, query: MapQuery) -> bytes | None:
        """The map as a PNG; None = only the engine can put symbols of several sizes on one point. Raises LimitExceeded, ServerFault."""
        if self._is_uneven:
            return None
        try:
            return self._draw(query)
        except UnevenError:
            self._is_uneven = True
            return None

    def _draw(self, query: MapQuery) -> bytes:
        strips = max(1, round(query.height / _STRIP_ROWS))
        edges = [query.height * number // strips for number in range(strips + 1)]
        parts = list(pairwise(edges))
        others = [_hands().submit(self._draw_strip, query, part) for part in parts[1:]]
        drawn = [self._draw_strip(query, parts[0]), *(other.result() for other in others)]
        return join_strips(drawn, query.width, transparent=query.transparent)

    def _draw_strip(self, query: MapQuery, rows: tuple[int, int]) -> PngStrip:
        """The rows of the picture from the first to before the last."""
        top, bottom = rows
        reach = math.ceil(max(one.size for rule in self.rules for one in rule.graphics) * query.pixel_ratio * 0.75) + 4
        minx, miny, maxx, maxy = query.extent
        wide, high = (maxx - minx) / query.width, (maxy - miny) / query.height
        box = (minx - reach * wide, maxy - (bottom + reach) * high, maxx + reach * wide, maxy - (top - reach) * high)
        spots = self.read(box)
        canvas = numpy.full((bottom - top + 4 * reach, query.width + 4 * reach), _background(query), numpy.uint32)
        # Pixels from the upper left corner of the canvas, whose margin of twice the reach holds symbols that only reach into the map.
        across, down = (spots.x - minx) / wide + 2 * reach, (maxy - spots.y) / high - top + 2 * reach
        self._stamp(canvas, (across, down), spots, query.pixel_ratio)
        seen = canvas[2 * reach : -2 * reach, 2 * reach : -2 * reach]
        if query.transparent:
            seen = numpy.ascontiguousarray(seen)
            unmultiply(seen)
        return pack_strip(seen, transparent=query.transparent, is_last=bottom == query.height)

    def _stamp(self, canvas: Numbers, middles: tuple[numpy.ndarray, numpy.ndarray], spots: Spots, ratio: float) -> None:
        kinds = numpy.flatnonzero(numpy.bincount(spots.met)).tolist() if len(spots.met) else []
        found = {kind: sprite for kind in kinds if (sprite := self._sprite(kind, ratio)) is not None}
        if not found:
            return
        sprites, order = list(found.values()), numpy.full(max(kinds) + 1, -1)
        order[list(found)] = range(len(found))
        which: Places = order[spots.met]
        halves = numpy.array([one.size for one in sprites], float) / 2
        left, top = (numpy.floor(middles[axis] - halves[which, axis] + 0.5).astype(numpy.int64) for axis in (0, 1))
        width, height = (max(one.size[axis] for one in sprites) for axis in (0, 1))
        inside = (which >= 0) & (left >= 0) & (top >= 0) & (left <= canvas.shape[1] - width) & (top <= canvas.shape[0] - height)
        if not inside.all():
            which, left, top = which[inside], left[inside], top[inside]
        stamp(canvas, sprites, which, (left, top))

    def _sprite(self, met: int, ratio: float) -> Sprite | None:
        """What is drawn for a point that meets these conditions; None = nothing."""
        key = (met, ratio)
        if key not in self._sprites:
            graphics = self._choose(met)
            self._sprites[key] = read_sprite([self.find_file(one, ratio) for one in graphics]) if graphics else None
        return self._sprites[key]

    def _choose(self, met: int) -> Sequence[Graphic]:
        taken: list[PlainRule] = []
        for rule in self.rules:
            if rule.where is None and not rule.is_else:
                taken.append(rule)
            elif rule.where is not None:
                taken += [rule] if met & 1 else []
                met >>= 1
        drawn = taken[:1] if self.first_only else taken
        return [one for rule in drawn or [rule for rule in self.rules if rule.is_else] for one in rule.graphics]


def _hands() -> ThreadPoolExecutor:
    """The threads of this process: a process that is forked inherits none."""
    return _HANDS.setdefault(os.getpid(), _HANDS.get(os.getpid()) or ThreadPoolExecutor(_STRIPS_AT_ONCE, thread_name_prefix="strip"))


def _background(query: MapQuery) -> numpy.uint32:
    """The number of the colour of an empty map."""
    if query.transparent:
        return numpy.uint32(0)
    red, green, blue = bytes.fromhex(query.background.removeprefix("#"))
    return numpy.uint32(255 << 24 | blue << 16 | green << 8 | red)
