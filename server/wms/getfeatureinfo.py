# SPDX-License-Identifier: MIT
"""GetFeatureInfo (06-042 7.4, 01-068r3 7.3): features from the database, not from the drawing."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from flask import Response

from server.context import Context
from server.crs.definitions import WGS84
from server.crs.extent import Extent
from server.crs.transform import transform_point
from server.errors import InvalidPoint, LayerNotDefined, LayerNotQueryable
from server.features.read import open_features
from server.filter.tree import Box, Spatial, both
from server.query.features import FeatureQuery
from server.query.maps import MapLayer
from server.render.map import MapRenderer
from server.render.mapxml import find_style
from server.render.raster import read_raster_value
from server.wms.frame import MapFrame
from server.wms.infoformats import LayerInfo, find_info_format, write_gml_collection, write_html, write_json, write_text
from server.wms.layers import LayerBook
from server.wms.place import read_extent
from server.wms.requests import GetFeatureInfo
from server.wms.shown import is_visible, reach_pixels, scale_of, shown_where


@dataclass(frozen=True)
class _Click:
    """Where somebody pointed: coordinates in the CRS of the map (x east), the size of one pixel there, and what the map is.

    `scale` is its denominator, `ratio` how many pixels a pixel of 0.28 mm has, `renderer` what drew it, `count` how many features answer.
    """

    x: float
    y: float
    pixel_x: float
    pixel_y: float
    extent: Extent
    scale: float
    ratio: float
    renderer: MapRenderer
    count: int

    def box(self, pixels: float) -> Box:
        """The box of so many pixels around the point."""
        dx, dy = self.pixel_x * pixels * self.ratio, self.pixel_y * pixels * self.ratio
        return Box(self.x - dx, self.y - dy, self.x + dx, self.y + dy, self.extent.crs.code)


def answer_info(asked: GetFeatureInfo, context: Context, book: LayerBook, renderer: MapRenderer) -> Response:
    """The features under a pixel, topmost layer first.

    Raises InvalidPoint, InvalidFormat, InvalidCrs, LayerNotDefined, LayerNotQueryable, StyleNotDefined, InvalidParameter, ServerFault.
    """
    info_format = find_info_format(asked.info_format)
    extent = read_extent(asked.frame, book)
    chosen = book.choose_layers(asked.frame)
    click = _locate(asked, extent, renderer.wearing(chosen.styles))
    layers = [one for one in _choose_layers(asked, book, chosen.layers) if is_visible(one.layer, click.scale)]
    if info_format.kind == "gml":
        rows = [_read_rows(context, one, click) for one in layers if one.layer.has_table]
        return Response(write_gml_collection([row for row in rows if row]), content_type=info_format.media_type)
    found = [_read_layer(context, one, click) for one in layers]
    if info_format.kind == "json":
        body = write_json(found)
    elif info_format.kind == "html":
        body = write_html(found, context.catalog, asked.frame.language)
    else:
        body = write_text(found, context.catalog, asked.frame.language)
    return Response(body, content_type=info_format.media_type)


def _locate(asked: GetFeatureInfo, extent: Extent, renderer: MapRenderer) -> _Click:
    frame: MapFrame = asked.frame
    if not (0 <= asked.column < frame.width and 0 <= asked.row < frame.height):
        raise InvalidPoint("The pixel lies outside the map.", locator="I" if not 0 <= asked.column < frame.width else "J")
    pixel_x, pixel_y = extent.width / frame.width, extent.height / frame.height
    return _Click(
        x=extent.minx + (asked.column + 0.5) * pixel_x,
        y=extent.maxy - (asked.row + 0.5) * pixel_y,
        pixel_x=pixel_x,
        pixel_y=pixel_y,
        extent=extent,
        scale=scale_of(extent, frame.width, frame.pixel_ratio),
        ratio=frame.pixel_ratio,
        renderer=renderer,
        count=asked.feature_count,
    )


def _choose_layers(asked: GetFeatureInfo, book: LayerBook, painted: tuple[MapLayer, ...]) -> list[MapLayer]:
    """The layers to ask, topmost first; all of them must be part of the map. Layers that keep silent are passed over inside groups."""
    by_name = {one.layer.id: one for one in painted}
    wanted: set[str] = set()
    for name in asked.query_layers:
        members = book.find_layers(name, "QUERY_LAYERS")
        if any(layer.id not in by_name for layer in members):
            raise LayerNotDefined("QUERY_LAYERS must be among LAYERS.", locator="QUERY_LAYERS")
        if all(not layer.queryable for layer in members):
            raise LayerNotQueryable(f"The layer {name!r} does not answer GetFeatureInfo.", locator="QUERY_LAYERS")
        wanted |= {layer.id for layer in members if layer.queryable}
    return [one for one in reversed(painted) if one.layer.id in wanted]


def _question(one: MapLayer, click: _Click, count: int) -> FeatureQuery:
    """Features near the place that the style draws at this scale and the request lets through."""
    style = find_style(click.renderer.source, one.style)
    near = Spatial("intersects", click.box(reach_pixels(one.layer, style, click.scale)))
    where = both(near, both(one.where, shown_where(style, click.scale)))
    return FeatureQuery(one.layer, where=where, limit=count)


def _read_layer(context: Context, one: MapLayer, click: _Click) -> LayerInfo:
    """Features of one layer, the nearest points first."""
    if one.layer.geometry == "raster":
        value = read_raster_value(click.renderer.source.raster_files(one.layer, one.where), one.layer, (click.x, click.y), click.extent.crs)
        properties: dict[str, Any] = {} if value is None else {"value": value}
        features = [{"type": "Feature", "id": one.layer.id, "geometry": None, "properties": properties}] if properties else []
        return LayerInfo(one.layer, features)
    # Points under one pixel are few; reading all of them lets the nearest come first.
    limit = context.settings.limits.max_info_features if "point" in one.layer.geometry else click.count
    page = open_features(context, _question(one, click, limit), "geojson")
    features = json.loads(b"[" + b"".join(page.chunks()) + b"]")
    if "point" in one.layer.geometry and len(features) > 1:
        centre = _click_lonlat(click)
        features.sort(key=lambda feature: _distance(feature, centre))
    return LayerInfo(one.layer, features[: click.count])


def _read_rows(context: Context, one: MapLayer, click: _Click) -> bytes:
    return b"".join(open_features(context, _question(one, click, click.count), "gml31").chunks())


def _click_lonlat(click: _Click) -> tuple[float, float]:
    return transform_point(click.x, click.y, click.extent.crs, WGS84)


def _distance(feature: dict[str, Any], centre: tuple[float, float]) -> float:
    geometry = feature.get("geometry") or {}
    place = geometry.get("coordinates") or [math.inf, math.inf]
    if place and isinstance(place[0], list):
        place = place[0]
    return math.hypot(place[0] - centre[0], place[1] - centre[1])
