# SPDX-License-Identifier: MIT
"""The page of figures: `/so-lieu` for the province or one commune, and `/map/figures`, the same figures for the panel of the map."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from server.access import ANONYMOUS, may_read
from server.catalog.display import show_number
from server.catalog.model import Group, Layer
from server.catalog.projection import published_fields
from server.context import Context
from server.errors import FeatureNotFound, LayerNotDefined, LimitExceeded, XanhError
from server.features.read import open_features, read_feature
from server.filter.tree import Comparison, Constant, GeometryLiteral, Node, Property, Spatial, both
from server.query.features import FeatureQuery, SortKey
from server.query.validity import valid_today
from viewer.describe import Published
from viewer.figures import Bar, Chart, Figures, find_layer, make_figures, read_question
from viewer.packing import pack
from viewer.pages.objects import object_address, title_of
from viewer.pages.shell import Shell, asked_language
from viewer.published import PublishedReader

COMMUNES = "communes"
_MOST_COMMUNES = 400
# Between the parts of a filter in a link (`frontend/src/services/filter.ts`).
_PACKED = (("!", "!0"), (".", "!1"), ("~", "!2"), (",", "!3"), (":", "!4"))


@dataclass(frozen=True)
class Commune:
    """The commune the page is about, with what restricts layers to it."""

    id: int
    title: str
    values: Mapping[str, Any]
    geometry: dict[str, Any]


@dataclass(frozen=True)
class GroupFigures:
    """A group of layers with the figures of those that have any."""

    group: Group
    figures: tuple[Figures, ...]


@dataclass(frozen=True)
class CommuneRow:
    """One commune in the table: how many objects of each layer lie in it, in the order of the table's columns."""

    id: int
    title: str
    counts: tuple[int, ...]


def add_dashboard(room: Blueprint, context: Context, published: PublishedReader, shell: Shell) -> None:
    """Register the page of figures and its JSON on the viewer's blueprint."""
    pages = _Dashboard(context, published, shell)
    room.add_url_rule("/so-lieu", "figures", pages.show)
    room.add_url_rule("/map/figures", "map_figures", pages.answer)


class _Dashboard:
    def __init__(self, context: Context, published: PublishedReader, shell: Shell) -> None:
        self._context, self._published, self._shell = context, published, shell

    def answer(self) -> Response:
        """Figures of `layer` under `filter`, `bbox` and `datetime` as JSON."""
        layer = find_layer(self._context.catalog, request.args.get("layer", ""))
        where = read_question(layer, request.args, self._context.settings.limits)
        figures = make_figures(self._context, layer, where, asked_language())
        answer = jsonify(
            count=figures.count,
            measures=[asdict(one) for one in figures.measures],
            charts=[_chart_json(one) for one in figures.charts],
        )
        answer.headers["Cache-Control"] = "no-cache"
        return pack(answer)

    def show(self) -> Response:
        """The page: every group, for the whole province or the commune `xa`."""
        language = asked_language()
        try:
            published = self._published.read()
            commune = self._find_commune(request.args.get("xa", ""))
            groups = tuple(self._groups(published, commune, language))
            return self._shell.render(
                "figures",
                language,
                commune=commune,
                commune_address=self._commune_address(commune, language),
                communes=self._list_communes(),
                groups=groups,
                table=_commune_table(groups) if commune is None else None,
                map_link=lambda layer, chart, bar: _map_link(layer, chart, bar, commune, language),
                telling=lambda one: [chart for chart in one.charts if len(chart.bars) > 1],
                number=lambda value: show_number(value, language),
                layer_link=lambda layer: _map_link(layer, None, None, commune, language),
            )
        except XanhError as error:
            return self._shell.apologise(error, language)

    def _groups(self, published: Published, commune: Commune | None, language: str) -> Iterator[GroupFigures]:
        for group in self._context.catalog.groups:
            layers = [layer for layer in self._context.catalog.layers_of(group.id) if _is_told(layer, published)]
            figures = tuple(one for layer in layers if (one := self._figures(layer, commune, language)) is not None and one.count)
            if figures:
                yield GroupFigures(group, figures)

    def _figures(self, layer: Layer, commune: Commune | None, language: str) -> Figures | None:
        """None for layers that cannot be restricted to the commune, or are too large to be summed up."""
        where: Node | None = valid_today(layer)
        if commune is not None:
            place = _inside(layer, commune)
            if place is None:
                return None
            where = both(where, place)
        try:
            return make_figures(self._context, layer, where, language)
        except (LimitExceeded, LayerNotDefined):
            return None

    def _find_commune(self, asked: str) -> Commune | None:
        """Raises FeatureNotFound for an id no commune has."""
        if not asked:
            return None
        layer = self._communes()
        if layer is None or not (asked.isascii() and asked.isdigit() and len(asked) <= 18):
            raise FeatureNotFound("There is no such commune.", message_vi="Không có xã này.")
        text = read_feature(self._context, FeatureQuery(layer, limit=1), int(asked))
        if text is None:
            raise FeatureNotFound("There is no such commune.", message_vi="Không có xã này.")
        feature = json.loads(text)
        return Commune(int(asked), title_of(layer, feature), feature["properties"], feature["geometry"])

    def _list_communes(self) -> list[tuple[int, str]]:
        """Id and title of the communes of today, by name."""
        layer = self._communes()
        if layer is None:
            return []
        query = FeatureQuery(layer, where=valid_today(layer), limit=_MOST_COMMUNES, with_geometry=False, sort=_by_title(layer))
        page = open_features(self._context, query, "geojson")
        features = json.loads(b"[" + b"".join(page.chunks()) + b"]")
        return [(int(one["id"]), title_of(layer, one)) for one in features]

    def _communes(self) -> Layer | None:
        layer = self._context.catalog.layers.get(COMMUNES)
        return layer if layer is not None and layer.has_geometry and may_read(ANONYMOUS, layer) else None

    def _commune_address(self, commune: Commune | None, language: str) -> str:
        layer = self._communes()
        return object_address(layer, commune.id, commune.title, language) if commune and layer else ""


def _chart_json(chart: Chart) -> dict[str, Any]:
    bars = [asdict(bar) for bar in chart.shown]
    return {"field": chart.field, "title": chart.title, "kind": chart.kind, "bars": bars, "others": chart.others}


def _by_title(layer: Layer) -> tuple[SortKey, ...]:
    return (SortKey(layer.title_field),) if layer.title_field else ()


def _is_told(layer: Layer, published: Published) -> bool:
    return layer.id in published.states and layer.has_table and not layer.base_map and may_read(ANONYMOUS, layer)


def _commune_field(layer: Layer) -> str | None:
    return next((field.name for field in published_fields(layer) if field.link == COMMUNES), None)


def _inside(layer: Layer, commune: Commune) -> Node | None:
    """What lies in the commune: by the link where there is one, else by the geometry; None for the communes and records without place."""
    name = _commune_field(layer)
    if name is not None:
        return Comparison("=", Property(name), Constant(commune.id))
    if not layer.has_geometry or layer.id == COMMUNES:
        return None
    return Spatial("intersects", GeometryLiteral(commune.geometry, 4326))


def _commune_table(groups: tuple[GroupFigures, ...]) -> tuple[tuple[Layer, ...], tuple[CommuneRow, ...]]:
    """Which layers know their commune, and how many of their objects lie in each; the richest communes first."""
    charts = [
        (figures.layer, chart)
        for group in groups
        for figures in group.figures
        for chart in figures.charts
        if chart.kind == "link" and chart.field == _commune_field(figures.layer)
    ]
    titles = {bar.value: bar.title for _, chart in charts for bar in chart.bars if bar.value}
    counts = [{bar.value: bar.count for bar in chart.bars} for _, chart in charts]
    rows = [CommuneRow(int(value), title, tuple(one.get(value, 0) for one in counts)) for value, title in titles.items()]
    return tuple(layer for layer, _ in charts), tuple(sorted(rows, key=lambda row: (-sum(row.counts), row.title)))


def _map_link(layer: Layer, chart: Chart | None, bar: Bar | None, commune: Commune | None, language: str) -> str | None:
    """The map with the layer on and a filter for the bar and the commune; None for what no filter can say and for records without place."""
    if not layer.has_geometry:
        return None
    conditions = []
    if chart is not None and bar is not None:
        written = _condition(chart, bar)
        if written is None:
            return None
        conditions.append(written)
    name = _commune_field(layer)
    if commune is not None and name is not None:
        conditions.append(_join(name, "l", str(commune.id), commune.title))
    query = {"lang": "en"} if language == "en" else {}
    query |= {"layers": layer.id}
    if conditions:
        query["filter"] = f"{layer.id}:{'~'.join(['and', *conditions])}"
    return f"/map?{urlencode(query, safe=',:~!')}"


def _condition(chart: Chart, bar: Bar) -> str | None:
    if bar.value is None:
        return None
    if chart.kind == "year":
        return _join(chart.field, "r", f"{bar.value}-01-01", f"{bar.value}-12-31")
    if chart.kind == "number":
        return _join(chart.field, "r", f"{bar.low:.10g}", f"{bar.high:.10g}")
    return _join(chart.field, "l", bar.value, bar.title) if chart.kind == "link" else _join(chart.field, "c", bar.value)


def _join(*parts: str) -> str:
    packed = []
    for part in parts:
        for sign, code in _PACKED:
            part = part.replace(sign, code)
        packed.append(part)
    return ".".join(packed)
