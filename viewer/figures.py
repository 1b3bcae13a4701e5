# SPDX-License-Identifier: MIT
"""Figures in words: the sums and bars of a layer as the map's panel and the page of figures show them, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.access import ANONYMOUS, may_read
from server.catalog.catalog import Catalog
from server.catalog.display import show_number, show_value
from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields
from server.config import Limits
from server.context import Context
from server.crs.extent import parse_ogcapi_boxes
from server.errors import LayerNotDefined
from server.features.statistics import dimensions_of, summarise_features
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_text import read_cql2_text
from server.filter.kvp import read_box, read_datetime
from server.filter.tree import Node, Or, both
from server.query.features import FeatureQuery
from server.query.statistics import Dimension, Share, Summary
from server.query.validity import valid_today

# Bars of one chart; what is left over is said as one number.
MOST_BARS = 12
_UNKNOWN = {"vi": "Chưa rõ", "en": "Not known"}


@dataclass(frozen=True)
class Bar:
    """One bar: `value` as a filter takes it (None: nothing is known), its words and count, its length (the longest is 100)."""

    value: str | None
    title: str
    count: int
    shown: str
    percent: str
    width: float
    colour: str | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Chart:
    """The bars of one field. Most charts show `shown` of them: the longest, or the latest years; `others` features are in the rest."""

    field: str
    title: str
    kind: str
    bars: tuple[Bar, ...]

    @property
    def shown(self) -> tuple[Bar, ...]:
        """The bars there is room for."""
        return self.bars[-MOST_BARS:] if self.kind == "year" else self.bars[:MOST_BARS]

    @property
    def others(self) -> int:
        """Features in the bars that are not shown."""
        return sum(bar.count for bar in self.bars) - sum(bar.count for bar in self.shown)


@dataclass(frozen=True)
class Measure:
    """A number with its label: the area all told, the mean of a field. `detail` says from where to where it reaches."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Figures:
    """What a question about one layer finds, in words."""

    layer: Layer
    count: int
    measures: tuple[Measure, ...]
    charts: tuple[Chart, ...]


def read_question(layer: Layer, asked: Mapping[str, str], limits: Limits) -> Node | None:
    """`filter` (CQL2 text), `bbox` (CRS84) and `datetime` as one condition, spelled as for the items of OGC API.

    Without a time it is what is valid today. Raises InvalidParameter, LimitExceeded.
    """
    where: Node | None = read_datetime(asked["datetime"]) if asked.get("datetime") else valid_today(layer)
    if asked.get("bbox"):
        boxes = tuple(read_box(box) for box in parse_ogcapi_boxes(asked["bbox"], None))
        where = both(where, boxes[0] if len(boxes) == 1 else Or(boxes))
    if asked.get("filter"):
        names = ("geometry", "geom") if layer.has_geometry else ()
        reading = Cql2Reading(
            names, max_length=limits.max_query_bytes, max_depth=limits.max_filter_depth, max_nodes=limits.max_filter_nodes
        )
        where = both(where, read_cql2_text(asked["filter"], reading))
    return where


def find_layer(catalog: Catalog, name: str) -> Layer:
    """A layer of objects that is open to everybody. Raises LayerNotDefined."""
    layer = catalog.layers.get(name)
    if layer is None or not layer.has_table or not may_read(ANONYMOUS, layer):
        raise LayerNotDefined("There is no such layer.", locator="layer", message_vi="Không có lớp này.")
    return layer


def make_figures(context: Context, layer: Layer, where: Node | None, language: str) -> Figures:
    """The figures of what `where` finds in the layer. Raises LayerNotDefined, InvalidParameter, LimitExceeded, ServerFault."""
    summary = summarise_features(context, FeatureQuery(layer, where=where))
    writer = _Writer(context.catalog, layer, language)
    charts = tuple(
        chart
        for one in dimensions_of(context.catalog, layer)
        if (chart := writer.chart(one, summary.shares.get(one.field, ()), summary.count)) is not None
    )
    return Figures(layer, summary.count, tuple(writer.measures(summary)), charts)


class _Writer:
    def __init__(self, catalog: Catalog, layer: Layer, language: str) -> None:
        self._catalog, self._layer, self._language = catalog, layer, language
        self._fields = {field.name: field for field in published_fields(layer)}

    def measures(self, summary: Summary) -> Iterator[Measure]:
        """Area or length all told, then mean, least and largest of the telling numbers."""
        is_english = self._language == "en"
        if summary.area:
            yield Measure("Area on the map" if is_english else "Diện tích trên bản đồ", _write_area(summary.area, self._language))
        if summary.length:
            yield Measure("Length on the map" if is_english else "Chiều dài trên bản đồ", f"{self._number(summary.length / 1000)} km")
        for one in summary.numbers:
            if one.count and one.mean is not None and one.least is not None and one.most is not None:
                field = self._fields[one.field]
                unit = f" {field.unit}" if field.unit else ""
                ends = f"{self._number(one.least)} – {self._number(one.most)}{unit}"
                label = field.label.text(self._language)
                name = f"{label}, mean" if is_english else f"{label}, trung bình"
                yield Measure(name, f"{self._number(one.mean)}{unit}", ends)

    def chart(self, one: Dimension, shares: tuple[Share, ...], count: int) -> Chart | None:
        """The bars of a dimension; None when nothing is known."""
        if not any(share.value is not None and share.count for share in shares):
            return None
        longest = max(share.count for share in shares)
        return Chart(one.field, self._label(one), one.kind, tuple(self._bar(one, share, count, longest) for share in shares))

    def _label(self, one: Dimension) -> str:
        field = self._fields[one.field]
        label = field.label.text(self._language)
        return f"{label} ({field.unit})" if field.unit else label

    def _bar(self, one: Dimension, share: Share, count: int, longest: int) -> Bar:
        field = self._fields[one.field]
        colour = self._colour(field, share.value) if one.kind == "codes" else None
        percent = f"{show_number(round(100 * share.count / max(count, 1), 1), self._language)} %"
        shown, width = show_number(share.count, self._language), round(100 * share.count / max(longest, 1), 1)
        return Bar(share.value, self._title(one, field, share), share.count, shown, percent, width, colour, share.low, share.high)

    def _title(self, one: Dimension, field: PublishedField, share: Share) -> str:
        if share.value is None:
            return _UNKNOWN["en" if self._language == "en" else "vi"]
        if one.kind == "number":
            return f"{self._number(share.low or 0)} – {self._number(share.high or 0)}"
        if one.kind == "link":
            return share.title or share.value
        value: str | bool = share.value == "true" if one.kind == "boolean" else share.value
        return share.value if one.kind == "year" else show_value(self._catalog, field, value, self._language)

    def _colour(self, field: PublishedField, value: str | None) -> str | None:
        codes = self._catalog.code_lists.get(field.codes) if field.codes else None
        return next((code.colour or None for code in codes.codes if code.code == value), None) if codes else None

    def _number(self, value: float) -> str:
        digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
        rounded = round(value, digits)
        return show_number(int(rounded) if rounded == int(rounded) else rounded, self._language)


def _write_area(square: float, language: str) -> str:
    """Hectares, from 100 of them on square kilometres."""
    if square < 1_000_000:
        return f"{show_number(round(square / 10_000, 1), language)} ha"
    return f"{show_number(round(square / 1_000_000, 1), language)} km²"
