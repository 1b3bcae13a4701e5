# SPDX-License-Identifier: MIT
"""A style as a document of the MapLibre Style Specification (version 8), which Mapbox GL, MapLibre, QGIS and OpenLayers read.

Only the addresses passed in stand in it. Circles stay circles; every other mark, picture and pattern is an icon of the sprite, by the name
`icons` gives. What a browser cannot do is said in `losses` and left out.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from typing import Any

from server.filter.tree import Node, Not, Or
from server.style.maplibre_layers import Layers, NotDrawn, group_symbolizers
from server.style.maplibre_values import Fields, NotInBrowsers, write_condition
from server.style.model import FeatureTypeStyle, Fill, Graphic, RasterSymbolizer, Rule, Style

# What of the style a browser does not draw, in the document's `metadata`.
LOSSES = "xanh:losses"
# The scale denominator of zoom 0 with tiles of 512 pixels of 0.28 mm.
_ZOOM_0 = 279_541_132.0143589
_DEEPEST = 24.0


@dataclass(frozen=True)
class WebSources:
    """Addresses and names for one document.

    `source` is the name of the source, `tiles` its tiles (`{z}/{x}/{y}` addresses, or one TileJSON address), `source_layer` the layer in
    the vector tiles (None = picture tiles); `sprite` and `glyphs` as the specification has them (None = no icons, no texts).
    `zooms` are the first and last zoom there are tiles for.
    """

    source: str
    tiles: tuple[str, ...] | str
    source_layer: str | None
    sprite: str | None = None
    glyphs: str | None = None
    zooms: tuple[int, int] = (0, 14)
    attribution: str = ""


@dataclass(frozen=True)
class WebStyle:
    """The document (JSON), the icons it names, and what of the style it lacks."""

    document: dict[str, Any]
    icons: dict[str, Graphic | Fill]
    losses: tuple[str, ...]


@dataclass
class _Writing:
    sources: WebSources
    fields: Fields
    icons: dict[str, Graphic | Fill] = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)
    layers: list[dict[str, Any]] = field(default_factory=list)


def icon_name(picture: Graphic | Fill) -> str:
    """The name of an icon in the sprite: the same picture has the same name in every style."""
    return hashlib.sha256(repr(picture).encode()).hexdigest()[:16]


def write_web_style(style: Style, sources: WebSources, fields: Fields, language: str = "vi") -> WebStyle:
    """The document of a style over vector tiles (or picture tiles, for rasters). Pure: nothing is read or fetched."""
    writing = _Writing(sources, fields)
    if sources.source_layer is None:
        _write_pictures(style, writing)
    else:
        for number, one in enumerate(style.passes):
            _write_pass(number, one, writing)
    # as the pictures of the server: first all shapes, then all labels
    layers = sorted(writing.layers, key=lambda layer: layer["type"] == "symbol" and "text-field" in layer.get("layout", {}))
    document: dict[str, Any] = {
        "version": 8,
        "name": style.title.text(language),
        "metadata": {LOSSES: list(dict.fromkeys(writing.losses))},
        "sources": {sources.source: _write_source(sources)},
        "layers": layers,
    }
    if sources.sprite and writing.icons:
        document["sprite"] = sources.sprite
    if sources.glyphs:
        document["glyphs"] = sources.glyphs
    return WebStyle(document, writing.icons, tuple(dict.fromkeys(writing.losses)))


def _write_source(sources: WebSources) -> dict[str, Any]:
    written: dict[str, Any] = {"type": "vector" if sources.source_layer else "raster"}
    if isinstance(sources.tiles, str):
        written["url"] = sources.tiles
    else:
        written.update({"tiles": list(sources.tiles), "minzoom": sources.zooms[0], "maxzoom": sources.zooms[1]})
    if sources.source_layer is None:
        written["tileSize"] = 256
    if sources.attribution:
        written["attribution"] = sources.attribution
    return written


def _write_pictures(style: Style, writing: _Writing) -> None:
    """The picture tiles already have their colours."""
    rules = [rule for rule in style.rules if any(isinstance(one, RasterSymbolizer) for one in rule.symbolizers)]
    low = min((rule.min_scale or 0.0 for rule in rules), default=0.0)
    zooms = _zooms(low, max((rule.max_scale or math.inf for rule in rules), default=math.inf))
    writing.layers.append({"id": "pictures", "type": "raster", "source": writing.sources.source, **zooms})


def _zooms(low: float | None, high: float | None) -> dict[str, float]:
    """Scale limits as zooms: drawn where low <= denominator < high."""
    written: dict[str, float] = {}
    if high and not math.isinf(high):
        written["minzoom"] = min(max(round(math.log2(_ZOOM_0 / high), 3), 0.0), _DEEPEST)
    if low:
        written["maxzoom"] = min(max(round(math.log2(_ZOOM_0 / low), 3), 0.0), _DEEPEST)
    return written


def _write_pass(number: int, one: FeatureTypeStyle, writing: _Writing) -> None:
    if one.composite:
        writing.losses.append(f"the pass is laid over what is below; {one.composite!r} is not known in browsers")
    order = _write_order(one, writing)
    before: list[Rule] = []
    for position, rule in enumerate(rule for rule in one.rules if rule.on_map):
        try:
            condition = _write_where(rule, one, before, writing.fields)
        except NotInBrowsers as problem:
            writing.losses.append(f"Rule {rule.name!r}: {problem}; the rule is left out")
            before.append(rule)
            continue
        before.append(rule)
        layers = Layers(writing.fields, writing.icons, icon_name, writing.losses, one.opacity)
        common = {"source": writing.sources.source, "source-layer": writing.sources.source_layer, **_zooms(rule.min_scale, rule.max_scale)}
        if condition is not None:
            common["filter"] = condition
        for group in group_symbolizers(rule.symbolizers):
            try:
                for layer in layers.write(group):
                    if order is not None:
                        layer.setdefault("layout", {}).setdefault(f"{layer['type']}-sort-key", order)
                    writing.layers.append({"id": f"{number}.{position}.{len(writing.layers)}", **layer, **common})
            except (NotInBrowsers, NotDrawn) as problem:
                writing.losses.append(f"Rule {rule.name!r}: {problem}")


def _write_order(one: FeatureTypeStyle, writing: _Writing) -> Any:
    """What features of a pass are sorted by, the lowest drawn first; None where the order of the tiles stays."""
    if not one.sort_by:
        return None
    (name, descends), *more = one.sort_by
    if more or name not in writing.fields.numbers:
        writing.losses.append("features are drawn in the order of the tiles")
        return None
    value = ["to-number", ["get", name], 0]
    return ["*", -1, value] if descends else value


def _write_where(rule: Rule, one: FeatureTypeStyle, before: list[Rule], fields: Fields) -> Any:
    """The filter of a rule; for ElseFilter, and where the first rule alone draws, without what other rules take."""
    others: list[Node] = []
    if rule.is_else:
        others = [other.where for other in one.rules if other is not rule and other.where is not None and not other.is_else]
        if any(other.where is None and not other.is_else and other.on_map for other in one.rules):
            # a rule for everything leaves nothing for others
            return False
    elif one.first_only:
        others = [other.where for other in before if other.where is not None]
    parts = [rule.where] if rule.where is not None else []
    conditions = [write_condition(part, fields) for part in parts]
    if others:
        conditions.append(write_condition(Not(Or(tuple(others))), fields))
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else ["all", *conditions]
