# SPDX-License-Identifier: MIT
"""A whole Mapnik map as XML: layers with their datasources, styles with their rules."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.crs.definitions import find_crs
from server.crs.engines import mapnik_projection
from server.errors import ConfigError
from server.filter.tree import Formula, Property
from server.query.maps import MapLayer, MapQuery
from server.render.bands import pick_bands
from server.render.drawing import Drawing
from server.render.expressions import write_expression
from server.render.labels import is_shield, write_shield
from server.render.scales import map_resolution
from server.render.source import MapSource, PostgisConnection, RasterFile, TableQuestion
from server.render.symbolizers import write_symbolizer
from server.render.symbols import SymbolStore
from server.style.coverage import is_driven
from server.style.fields import used_fields
from server.style.model import (
    FeatureTypeStyle,
    LinePlacement,
    LineSymbolizer,
    PointSymbolizer,
    PolygonSymbolizer,
    RasterSymbolizer,
    Rule,
    Stroke,
    Style,
    Symbolizer,
    TextSymbolizer,
)
from server.style.units import has_ground_units, in_pixels

_WORLD_3857 = "-20037508.343,-20037508.343,20037508.343,20037508.343"
# Labels reach this far into a neighbouring map, so that seams cut none.
_LABEL_BUFFER = 128
_PIXELS_OF_LINES = 8
# Coarser maps hold the longest shape in some ten thousand pixels.
_FINE_METRES = 20.0
# Symbols whose size depends on the feature are looked for this far outside the map; nothing is looked for further out than the last.
DRIVEN_REACH, _MOST_REACH = 64.0, 512
# SLD says source and destination where Mapnik says src and dst.
_COMPOSITES = {
    f"{long}-{how}": f"{short}-{how}"
    for long, short in (("source", "src"), ("destination", "dst"))
    for how in ("over", "in", "out", "atop")
}

Datasource = tuple[str, str]


def write_map(query: MapQuery, bands: tuple[int | None, ...], source: MapSource, symbols: SymbolStore) -> str:
    """The map document for a question; `bands` says per layer which pyramid band is read. Raises ConfigError.

    First the shapes of every layer from the lowest to the topmost, then the labels from the topmost to the lowest: no shape covers a
    label, and where two labels want the same place that of the upper layer has it. `query.parts` leaves one of the two out.
    """
    crs = find_crs(query.crs)
    projection, resolution = mapnik_projection(crs), map_resolution(query, crs.kind == "geographic")
    background = "" if query.transparent else f" background-color={quoteattr(query.background)}"
    styles: list[str] = []
    shapes: list[str] = []
    labels: list[str] = []
    for position, (map_layer, band) in enumerate(zip(query.layers, bands, strict=True)):
        style = find_style(source, map_layer.style)
        style = _place_all(style) if map_layer.unseen else style
        style = in_pixels(style, resolution) if has_ground_units(style) else style
        types = field_types(map_layer.layer)
        for kind, layers in (("shapes", shapes), ("labels", labels)):
            if query.parts not in ("all", kind) or (map_layer.unseen and kind == "shapes"):
                continue
            name = f"{position}.{kind}"
            drawing = Drawing(types, symbols, query.pixel_ratio)
            written = _write_passes(name, style, drawing, labels=kind == "labels")
            styles += [text for _, text in written]
            if written:
                question = _question(map_layer, style, band, drawing, labels=kind == "labels")
                question = replace(question, cuts=is_fine(resolution) and _may_cut(map_layer.layer, style, labels=kind == "labels"))
                for number, datasource in enumerate(_write_datasources(map_layer, style, source, question)):
                    own = f"{name}.{number}" if number else name
                    layers.append(_write_layer(own, map_layer, style, datasource, [passed for passed, _ in written]))
    # Labels beyond the edge count as neighbours, or the next picture would decide otherwise and cut what crosses the seam.
    margin = f' buffer-size="{_LABEL_BUFFER}"' if labels else ""
    return f"<Map srs={quoteattr(projection)}{background}{margin}>{''.join(styles)}{''.join(shapes)}{''.join(reversed(labels))}</Map>"


def find_style(source: MapSource, name: str) -> Style:
    """The style of that name. Raises ConfigError when there is no such file."""
    style = source.styles.get(name)
    if style is None:
        raise ConfigError(f"There is no style file {name}.sld.")
    return style


def field_types(layer: Layer) -> dict[str, str]:
    """Types of the fields a style of the layer may use."""
    return {"id": "integer", **{field.name: field.type for field in published_fields(layer)}}


def _write_passes(prefix: str, style: Style, drawing: Drawing, *, labels: bool) -> list[tuple[str, str]]:
    """Names and documents of the Mapnik styles of one layer, one per pass that has labels, or anything else."""
    written = (_write_style(f"{prefix}.{number}", one, drawing, labels=labels) for number, one in enumerate(style.passes))
    return [one for one in written if one]


def _write_style(name: str, one: FeatureTypeStyle, drawing: Drawing, *, labels: bool) -> tuple[str, str] | None:
    """One pass, either its labels or everything else; rules without any part in it stay, because ElseFilter looks at all of them."""
    parts = [_select(rule, labels=labels) for rule in one.rules if rule.on_map]
    if not any(part.symbolizers for part in parts):
        return None
    if not one.first_only and not any(part.is_else for part in parts):
        parts = [part for part in parts if part.symbolizers]
    rules = "".join(write_rule(part, drawing) for part in parts)
    look = ' filter-mode="first"' if one.first_only else ""
    if not labels:
        look += f" comp-op={quoteattr(_COMPOSITES.get(one.composite, one.composite))}" if one.composite else ""
        look += f' opacity="{one.opacity:g}"' if one.opacity != 1.0 else ""
    return name, f"<Style name={quoteattr(name)}{look}>{rules}</Style>"


def _place_all(style: Style) -> Style:
    """The style with every label in its place: where a layer is drawn on its own, the symbols of others do not displace its labels."""
    return replace(style, passes=tuple(replace(one, rules=tuple(map(_place_labels, one.rules))) for one in style.passes))


def _place_labels(rule: Rule) -> Rule:
    if is_shield(rule.symbolizers):
        return rule
    return replace(
        rule,
        symbolizers=tuple(replace(one, allow_overlap=True) if isinstance(one, TextSymbolizer) else one for one in rule.symbolizers),
    )


def _select(rule: Rule, *, labels: bool) -> Rule:
    if is_shield(rule.symbolizers):
        return rule if labels else replace(rule, symbolizers=())
    return replace(rule, symbolizers=tuple(one for one in rule.symbolizers if isinstance(one, TextSymbolizer) == labels))


def write_rule(rule: Rule, drawing: Drawing) -> str:
    """A Mapnik rule. Raises ConfigError for a filter that does not fit the layer."""
    parts: list[str] = []
    if rule.is_else:
        parts.append("<ElseFilter/>")
    elif rule.where is not None:
        parts.append(f"<Filter>{escape(write_expression(rule.where, drawing.types, drawing.columns))}</Filter>")
    if rule.min_scale is not None:
        parts.append(f"<MinScaleDenominator>{rule.min_scale:.12g}</MinScaleDenominator>")
    if rule.max_scale is not None:
        parts.append(f"<MaxScaleDenominator>{rule.max_scale:.12g}</MaxScaleDenominator>")
    return f"<Rule>{''.join(parts)}{_write_symbolizers(rule.symbolizers, drawing)}</Rule>"


def _write_symbolizers(symbolizers: tuple[Symbolizer, ...], drawing: Drawing) -> str:
    if is_shield(symbolizers):
        point, text = symbolizers
        if isinstance(point, PointSymbolizer) and isinstance(text, TextSymbolizer):
            return write_shield(point.graphic, text, drawing)
    return "".join(write_symbolizer(one, drawing) for one in symbolizers)


def _question(map_layer: MapLayer, style: Style, band: int | None, drawing: Drawing, *, labels: bool) -> TableQuestion:
    """One sorted pass sorts the layer: the engine reads the rows once for all passes. Labels come by their priority where they have one."""
    sorted_by = next((one.sort_by for one in style.passes if one.sort_by), ())
    sort: tuple[tuple[Formula, bool], ...] = tuple((Property(name), descends) for name, descends in sorted_by)
    if labels:
        texts = (one for rule in style.rules for one in rule.symbolizers if isinstance(one, TextSymbolizer))
        priority = next((one.priority for one in texts if one.priority is not None), None)
        sort = ((priority, True),) if priority is not None else sort
    return TableQuestion(map_layer.layer, used_fields(style), band, sort, map_layer.where, drawing.columns.computed)


def is_fine(resolution: float) -> bool:
    """Whether a map of so many metres per pixel is small beside the longest shapes there are."""
    return resolution < _FINE_METRES


def _may_cut(layer: Layer, style: Style, *, labels: bool) -> bool:
    """Whether only lines and areas are drawn: what stands at one place of a shape (its middle, its end) would wander with the cut."""
    if layer.geometry in ("point", "multipoint", "raster"):
        return False
    drawn = [one for rule in style.rules for one in _select(rule, labels=labels).symbolizers]
    return all(
        isinstance(one.placement, LinePlacement) if isinstance(one, TextSymbolizer) else not isinstance(one, PointSymbolizer)
        for one in drawn
    )


def _write_datasources(map_layer: MapLayer, style: Style, source: MapSource, question: TableQuestion) -> list[Datasource]:
    """The projection of a layer's data and where they are; several for rasters of several moments."""
    layer = map_layer.layer
    if layer.geometry != "raster":
        return [("epsg:3857", _write_postgis(source.connection, source.table_sql(question)))]
    return [
        (
            mapnik_projection(find_crs(raster.crs)),
            _parameters({"type": "gdal", **_raster_bands(raster, layer, style)}),
        )
        for raster in source.raster_files(layer, map_layer.where)
    ]


def _write_layer(name: str, map_layer: MapLayer, style: Style, datasource: Datasource, style_names: list[str]) -> str:
    layer = map_layer.layer
    attributes = {"name": name, "srs": datasource[0], "buffer-size": str(buffer_pixels(style))}
    if map_layer.unseen:
        attributes["opacity"] = "0"
    if layer.scale.min is not None:
        attributes["minimum-scale-denominator"] = f"{layer.scale.min:.12g}"
    if layer.scale.max is not None:
        attributes["maximum-scale-denominator"] = f"{layer.scale.max:.12g}"
    if len(style_names) > 1 and layer.geometry != "raster":
        attributes["cache-features"] = "true"
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    names = "".join(f"<StyleName>{escape(name)}</StyleName>" for name in style_names)
    return f"<Layer{written}>{names}<Datasource>{datasource[1]}</Datasource></Layer>"


def _raster_bands(raster: RasterFile, layer: Layer, style: Style) -> dict[str, str]:
    """The file and the band the style or the layer file chooses; the engine takes the first three of a file for red, green and blue."""
    chosen = next((one.bands for rule in style.rules for one in rule.symbolizers if isinstance(one, RasterSymbolizer) and one.bands), ())
    if len(chosen) != 3:
        return {"file": str(raster.path), "band": str(chosen[0] if chosen else layer.raster.band if layer.raster else 1)}
    return {"file": str(raster.path) if chosen == (1, 2, 3) else pick_bands(raster.path, (chosen[0], chosen[1], chosen[2]))}


def buffer_pixels(style: Style) -> int:
    """How far outside the map features still reach into it, in pixels."""
    reach = _PIXELS_OF_LINES
    for rule in style.rules:
        for symbolizer in rule.symbolizers:
            if isinstance(symbolizer, TextSymbolizer):
                return _LABEL_BUFFER
            if isinstance(symbolizer, PointSymbolizer):
                graphic = symbolizer.graphic
                size = DRIVEN_REACH if is_driven(graphic) else graphic.size
                reach = max(reach, math.ceil(size * 0.75 + max(map(abs, graphic.displacement))) + 2)
            elif isinstance(symbolizer, LineSymbolizer | PolygonSymbolizer) and symbolizer.stroke is not None:
                reach = max(reach, _stroke_reach(symbolizer))
    return min(reach, _MOST_REACH)


def _stroke_reach(symbolizer: LineSymbolizer | PolygonSymbolizer) -> int:
    """Half the width or half a symbol, beside the line."""
    stroke = symbolizer.stroke or Stroke()
    moved = max(map(abs, symbolizer.displacement)) if isinstance(symbolizer, PolygonSymbolizer) else 0.0
    half = (stroke.symbols.graphic.size if stroke.symbols else stroke.width) / 2
    return math.ceil(half + abs(symbolizer.offset) + moved) + 2


def _write_postgis(connection: PostgisConnection, table: str) -> str:
    """The engine makes a libpq string of these and quotes nothing, so they are quoted here; options ride behind the database name."""
    # As for every public question: sharing a small one out to several processes costs more than it saves (12 ms of 14 for a crowded map).
    quick = "-c jit=off -c max_parallel_workers_per_gather=0"
    options = _quote(f"-c TimeZone=UTC -c statement_timeout={connection.timeout_ms} {quick}")
    return _parameters(
        {
            "type": "postgis",
            "host": _quote(connection.host),
            "port": str(connection.port),
            "dbname": f"{_quote(connection.dbname)} options={options}",
            "user": _quote(connection.user),
            "password": _quote(connection.password),
            "connect_timeout": "5",
            "initial_size": "1",
            "max_size": str(connection.pool_size),
            "table": table,
            "geometry_field": "geom_3857",
            "srid": "3857",
            "extent": _WORLD_3857,
            "simplify_geometries": "false",
        }
    )


def _quote(value: str) -> str:
    """A value of a libpq connection string."""
    if "\0" in value:
        raise ConfigError("A connection setting holds a zero byte.")
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _parameters(values: dict[str, str]) -> str:
    return "".join(f"<Parameter name={quoteattr(key)}>{escape(value)}</Parameter>" for key, value in values.items())
