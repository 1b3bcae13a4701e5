# SPDX-License-Identifier: MIT
"""The style model: what an SLD file says, free of XML and of any renderer. Sizes are in pixels of 0.28 mm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from server.filter.tree import Calculation, Formula, Node, Property

LineCap = Literal["butt", "round", "square"]
LineJoin = Literal["miter", "round", "bevel"]
ColourScale = Literal["ramp", "intervals", "values"]
Unit = Literal["pixel", "metre", "foot"]
Place = Literal["own", "centroid", "interior", "vertices", "start", "end"]
# Parameters that depend on the feature: the name of the parameter as SE 1.1 spells it (size, rotation, opacity, fill, stroke-width ...) and
# how it is worked out. The constant beside it is what a legend shows.
Driven = tuple[tuple[str, Formula], ...]


@dataclass(frozen=True)
class Title:
    """A title in Vietnamese and English (the same text twice when the file has only one)."""

    vi: str
    en: str

    def text(self, language: str) -> str:
        """The title in `language` ('vi' or 'en'; anything else is Vietnamese)."""
        return self.en if language == "en" else self.vi


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn; `colour` is `#rrggbb`, lengths in pixels."""

    colour: str = "#000000"
    width: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    dash_offset: float = 0.0
    join: LineJoin = "miter"
    cap: LineCap = "butt"
    driven: Driven = ()
    symbols: SymbolRow | None = None


@dataclass(frozen=True)
class SymbolRow:
    """Symbols along a line instead of ink (GraphicStroke): `gap` pixels between two, the first after `start` pixels."""

    graphic: Graphic
    gap: float = 0.0
    start: float = 0.0


@dataclass(frozen=True)
class Mark:
    """A well-known shape (a name of `server/style/marks.py`, or `wkt:` and a path) with its fill and outline."""

    shape: str = "square"
    fill: str | None = "#808080"
    fill_opacity: float = 1.0
    stroke: Stroke | None = None
    driven: Driven = ()


@dataclass(frozen=True)
class ExternalGraphic:
    """A picture of ours under `styles/assets/` (relative path; never an address)."""

    path: str


@dataclass(frozen=True)
class Graphic:
    """A point symbol. `size` is its height in pixels, `rotation` in degrees clockwise; `displacement` moves it right and up.

    `anchor`: which point of the symbol lies on the place (0-1 from the lower left corner).
    """

    symbol: Mark | ExternalGraphic
    size: float = 6.0
    opacity: float = 1.0
    rotation: float = 0.0
    displacement: tuple[float, float] = (0.0, 0.0)
    anchor: tuple[float, float] = (0.5, 0.5)
    driven: Driven = ()


@dataclass(frozen=True)
class Fill:
    """How an area is filled: a colour, or a picture repeated when `pattern` is set.

    `margin`: free pixels around each picture (top, right, bottom, left).
    """

    colour: str = "#808080"
    opacity: float = 1.0
    pattern: Graphic | None = None
    margin: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    driven: Driven = ()


@dataclass(frozen=True)
class PointSymbolizer:
    """A symbol at a point. `declutter`: one that would touch another already drawn is left out.

    `place`: where on a line or area it stands.
    """

    graphic: Graphic
    declutter: bool = False
    place: Place = "own"
    unit: Unit = "pixel"


@dataclass(frozen=True)
class LineSymbolizer:
    """A line; `offset` pixels to its left."""

    stroke: Stroke
    offset: float = 0.0
    driven: Driven = ()
    unit: Unit = "pixel"


@dataclass(frozen=True)
class PolygonSymbolizer:
    """An area with fill, outline or both, moved right and up by `displacement`; the outline lies `offset` pixels outside."""

    fill: Fill | None
    stroke: Stroke | None = None
    displacement: tuple[float, float] = (0.0, 0.0)
    offset: float = 0.0
    unit: Unit = "pixel"


@dataclass(frozen=True)
class Font:
    """A type face: family, weight ('normal' or 'bold' or a number as text), slant, size in pixels."""

    family: str = "Be Vietnam Pro"
    weight: str = "normal"
    italic: bool = False
    size: float = 10.0


@dataclass(frozen=True)
class Halo:
    """A rim around letters."""

    radius: float = 1.0
    colour: str = "#ffffff"
    opacity: float = 1.0


@dataclass(frozen=True)
class PointPlacement:
    """A label at a point: which point of the text lies on it (0-1 from the lower left corner), then moved right and up.

    `rotation` in degrees clockwise.
    """

    anchor: tuple[float, float] = (0.0, 0.5)
    displacement: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0


@dataclass(frozen=True)
class LinePlacement:
    """A label along a line, `offset` pixels beside it; `repeat` pixels between repetitions, 0 = once."""

    offset: float = 0.0
    repeat: float = 0.0


@dataclass(frozen=True)
class TextSymbolizer:
    """A label: literal texts, fields and what is worked out of them, one after the other.

    `priority`: labels of features with a higher one choose their place first. `graphic`: a symbol behind the text. `spacing` is added
    between letters; along lines `bend` is the largest angle in degrees between two letters.
    `wrap` is the width in pixels after which a new line begins (0 = never), `margin` the free room kept around the label.
    `reach`: how far from its point a label may stand where its own place is taken, above, below or beside it (0 = it is left out).
    """

    label: tuple[str | Property | Calculation, ...]
    font: Font = Font()
    colour: str = "#000000"
    opacity: float = 1.0
    halo: Halo | None = None
    placement: PointPlacement | LinePlacement = PointPlacement()
    wrap: float = 0.0
    margin: float = 0.0
    reach: float = 0.0
    allow_overlap: bool = False
    priority: Formula | None = None
    graphic: Graphic | None = None
    spacing: float = 0.0
    bend: float = 25.0
    driven: Driven = ()
    unit: Unit = "pixel"


@dataclass(frozen=True)
class ColourStop:
    """From (intervals: up to) `value` on, this colour."""

    value: float
    colour: str
    opacity: float = 1.0
    label: Title | None = None


@dataclass(frozen=True)
class RasterSymbolizer:
    """How the values of a band become colours: `bands` () = the band of the layer file, one = that band, three = those drawn
    as red, green and blue (then there are no stops)."""

    scale: ColourScale
    stops: tuple[ColourStop, ...]
    opacity: float = 1.0
    bands: tuple[int, ...] = ()


Symbolizer = PointSymbolizer | LineSymbolizer | PolygonSymbolizer | TextSymbolizer | RasterSymbolizer


@dataclass(frozen=True)
class Rule:
    """What is drawn for the features `where` holds for (None = all; `is_else` = those no other rule took).

    Scale denominators: drawn where min <= denominator < max. `in_legend` is False for rules that only write labels or repeat another;
    `on_map` for those that stand in the legend alone, at the place they shall have there. `legend`: the symbol a legend shows instead.
    """

    name: str
    title: Title
    symbolizers: tuple[Symbolizer, ...]
    where: Node | None = None
    is_else: bool = False
    min_scale: float | None = None
    max_scale: float | None = None
    in_legend: bool = True
    on_map: bool = True
    legend: Graphic | None = None


@dataclass(frozen=True)
class FeatureTypeStyle:
    """Rules painted in one pass over the features; every rule that matches draws, or the first alone when `first_only`.

    `sort_by`: fields and whether they descend, the first decides first. `composite` (an operator such as multiply; "" = over) and `opacity`
    say how the whole pass is laid over what is below.
    """

    rules: tuple[Rule, ...]
    sort_by: tuple[tuple[str, bool], ...] = ()
    first_only: bool = False
    composite: str = ""
    opacity: float = 1.0


@dataclass(frozen=True)
class Style:
    """One style: passes painted one over the other. `fingerprint` changes with every byte of the file."""

    name: str
    title: Title
    passes: tuple[FeatureTypeStyle, ...]
    fingerprint: str

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of every pass, in drawing order."""
        return tuple(rule for one in self.passes for rule in one.rules)

    @property
    def legend_rules(self) -> tuple[Rule, ...]:
        """The rules a legend shows."""
        return tuple(rule for rule in self.rules if rule.in_legend)

    def scales(self, legend_rule: Rule) -> tuple[float | None, float | None]:
        """From and to which scale denominator something is drawn for the features of a legend's rule: by it or by rules that repeat it."""
        same = [
            rule
            for rule in self.rules
            if rule is legend_rule
            or (rule.on_map and not is_label(rule) and (rule.where, rule.is_else) == (legend_rule.where, legend_rule.is_else))
        ]
        low = min(rule.min_scale or 0.0 for rule in same)
        high = max(rule.max_scale or math.inf for rule in same)
        return low or None, None if math.isinf(high) else high


def is_label(rule: Rule) -> bool:
    """Whether a rule writes labels and draws nothing else."""
    return all(isinstance(one, TextSymbolizer) for one in rule.symbolizers)
