# SPDX-License-Identifier: MIT
"""Spatial operators as SQL on the stored geometry (EPSG:4326): the constant is transformed, never the column, so that indexes serve."""

from __future__ import annotations

import json
from itertools import pairwise

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_shapes
from server.crs.definitions import WGS84, find_crs
from server.crs.extent import Extent
from server.crs.transform import transform_extent, transform_points
from server.db.condition import FALSE, Condition
from server.errors import InvalidParameter
from server.filter import tree

_EDGE_STEPS = 16
_RELATIONS = {
    "intersects": "ST_Intersects({0}, {1})",
    "disjoint": "NOT ST_Intersects({0}, {1})",
    "contains": "ST_Contains({0}, {1})",
    "within": "ST_Within({0}, {1})",
    "touches": "ST_Touches({0}, {1})",
    "crosses": "ST_Crosses({0}, {1})",
    "overlaps": "ST_Overlaps({0}, {1})",
    "equals": "ST_Equals({0}, {1})",
}


def compile_spatial(layer: Layer, node: tree.Spatial) -> Condition:
    """A spatial operator as a condition on the layer's own geometry or the one it names; a box that names none meets any of them.

    A feature without geometry stands in no relation to anything.

    Raises InvalidParameter for a distance that makes no sense, InvalidCrs for an unknown CRS of the constant.
    """
    if not layer.has_geometry:
        return Condition(FALSE)
    further = [shape.name for shape in published_shapes(layer)]
    if further and node.shape is None and node.operator == "intersects" and isinstance(node.geometry, tree.Box):
        parts = [_relate(layer, node, name) for name in ("geom", *further)]
        anywhere = sql.SQL("({})").format(sql.SQL(" OR ").join(part.sql for part in parts))
        return Condition(anywhere, sum((part.params for part in parts), ()))
    if node.shape not in (None, "geom", *further):
        raise InvalidParameter(f"The layer {layer.id!r} has no such geometry.", locator=str(node.shape)[:60])
    return _relate(layer, node, node.shape or "geom")


def compile_pair(layer: Layer, node: tree.SpatialPair) -> Condition:
    """A spatial operator between two geometries of the feature, or two literals. Raises as `compile_spatial` does."""
    left, right = _place(layer, node.left), _place(layer, node.right)
    if left is None or right is None:
        return Condition(FALSE)
    params = (*left.params, *right.params)
    if node.operator in ("dwithin", "beyond"):
        pattern = "ST_DWithin({}::geography, {}::geography, %s)"
        written = sql.SQL(pattern if node.operator == "dwithin" else f"NOT {pattern}").format(left.sql, right.sql)
        return Condition(written, (*params, _require_distance(node.distance)))
    return Condition(sql.SQL(_RELATIONS[node.operator]).format(left.sql, right.sql), params)


def _place(layer: Layer, place: tree.Place) -> Condition | None:
    if isinstance(place, tree.Box):
        return _box(place)
    if isinstance(place, tree.GeometryLiteral):
        return _literal(place)
    if not layer.has_geometry or place.name not in ("geom", *(shape.name for shape in published_shapes(layer))):
        raise InvalidParameter(f"The layer {layer.id!r} has no such geometry.", locator=place.name[:60])
    return Condition(sql.Identifier(place.name))


def _relate(layer: Layer, node: tree.Spatial, name: str) -> Condition:
    """The operator on one geometry column."""
    shape = _box(node.geometry) if isinstance(node.geometry, tree.Box) else _literal(node.geometry)
    column = sql.Identifier(name)
    if shape is None:
        return Condition(sql.SQL("{} IS NOT NULL").format(column) if node.operator in ("disjoint", "beyond") else FALSE)
    if node.operator in ("dwithin", "beyond"):
        return _distance(node, column, shape)
    if name == "geom" and layer.geometry == "point" and node.operator == "intersects" and len(shape.params) == 4:
        return _point_in_box(shape)
    return Condition(sql.SQL(_RELATIONS[node.operator]).format(column, shape.sql), shape.params)


def _point_in_box(envelope: Condition) -> Condition:
    """Points are compared as numbers: exact like ST_Intersects, at a fifth of its cost (12 000 points: 19 ms instead of 100)."""
    minx, miny, maxx, maxy = envelope.params
    inside = sql.SQL("(geom && {} AND ST_X(geom) BETWEEN %s AND %s AND ST_Y(geom) BETWEEN %s AND %s)").format(envelope.sql)
    return Condition(inside, (*envelope.params, minx, maxx, miny, maxy))


def _distance(node: tree.Spatial, column: sql.Identifier, shape: Condition) -> Condition:
    """Metres on the ellipsoid; the buffer around the constant is only a box for the index."""
    distance = _require_distance(node.distance)
    exact = sql.SQL("ST_DWithin({}::geography, {}::geography, %s)").format(column, shape.sql)
    if node.operator == "beyond":
        return Condition(sql.SQL("NOT {}").format(exact), (*shape.params, distance))
    if distance > 500_000:
        return Condition(exact, (*shape.params, distance))
    near = sql.SQL("({} && ST_Buffer({}::geography, %s)::geometry AND {})").format(column, shape.sql, exact)
    return Condition(near, (*shape.params, distance * 1.01 + 1, *shape.params, distance))


def _require_distance(metres: float | None) -> float:
    if metres is None or not 0 <= metres <= 2e7:
        raise InvalidParameter("The distance must be between 0 and 20 000 000 metres.", locator="distance")
    return metres


def _box(box: tree.Box) -> Condition | None:
    """The box as a geometry in EPSG:4326, its edges followed where they bend; None when no place of the world is in it."""
    crs = find_crs(box.epsg, locator="bbox")
    extent = transform_extent(Extent(box.minx, box.miny, box.maxx, box.maxy, crs), WGS84)
    if extent is None:
        return None
    envelope = Condition(sql.SQL("ST_MakeEnvelope(%s, %s, %s, %s, 4326)"), extent.bounds)
    if crs.postgis_srid in (4326, 3857):
        return envelope
    xs, ys = _ring(box)
    lons, lats = transform_points(xs, ys, crs, WGS84)
    if not all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in zip(lons, lats, strict=True)):
        return envelope
    corners = ", ".join(f"{lon!r} {lat!r}" for lon, lat in zip(lons, lats, strict=True))
    return Condition(sql.SQL("ST_GeomFromText(%s, 4326)"), (f"POLYGON(({corners}))",))


def _ring(box: tree.Box) -> tuple[list[float], list[float]]:
    """The box's outline, counter-clockwise and closed, each edge in equal steps."""
    corners = [(box.minx, box.miny), (box.maxx, box.miny), (box.maxx, box.maxy), (box.minx, box.maxy), (box.minx, box.miny)]
    xs, ys = [box.minx], [box.miny]
    for (x0, y0), (x1, y1) in pairwise(corners):
        for step in range(1, _EDGE_STEPS + 1):
            part = step / _EDGE_STEPS
            xs.append(x0 + (x1 - x0) * part)
            ys.append(y0 + (y1 - y0) * part)
    xs[-1], ys[-1] = xs[0], ys[0]
    return xs, ys


def _literal(literal: tree.GeometryLiteral) -> Condition:
    srid = find_crs(literal.epsg).postgis_srid
    text = json.dumps(literal.geojson, allow_nan=False)
    placed = sql.SQL("ST_SetSRID(ST_GeomFromGeoJSON(%s), {})").format(sql.Literal(srid))
    return Condition(placed if srid == 4326 else sql.SQL("ST_Transform({}, 4326)").format(placed), (text,))
