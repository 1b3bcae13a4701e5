# SPDX-License-Identifier: MIT
"""What every way of writing a feature shares: which fields, in which system, with how many digits."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from server.catalog.model import GeometryType, Layer
from server.catalog.projection import PublishedField, published_fields, published_shapes
from server.crs.definitions import find_crs
from server.db.where import require_field
from server.query.features import RowFormat


@dataclass(frozen=True)
class Shape:
    """What decides the expression that writes a feature, apart from the layer."""

    format: RowFormat
    fields: tuple[str, ...] | None
    crs: int
    swapped: bool
    srs_name: str
    with_geometry: bool


@dataclass(frozen=True)
class Outline:
    """One geometry of a feature: the name of its property, its kind and its column (EPSG:4326)."""

    name: str
    kind: GeometryType
    column: str


def outlines(layer: Layer, shape: Shape) -> list[Outline]:
    """The geometries asked for: the layer's own first, then the further ones few layers have."""
    own = [Outline(layer.geometry_name, layer.geometry, "geom")] if layer.has_geometry and shape.with_geometry else []
    return own + [
        Outline(one.name, one.geometry, one.name) for one in published_shapes(layer) if shape.fields is None or one.name in shape.fields
    ]


def chosen_fields(layer: Layer, names: tuple[str, ...] | None) -> tuple[PublishedField, ...]:
    """The published fields of that names in the layer's order; all of them for None. Raises InvalidParameter for any other name."""
    fields = published_fields(layer)
    if names is None:
        return fields
    further = {shape.name for shape in published_shapes(layer)}
    wanted = {require_field(layer, name) for name in names if name not in further}
    return tuple(field for field in fields if field.name in wanted)


def geometry_in(crs: int, column: str = "geom") -> sql.Composable:
    """A stored geometry in a CRS, x before y; the layer's own lies there in web mercator too. Raises InvalidCrs."""
    srid = find_crs(crs).postgis_srid
    if srid == 4326:
        return sql.Identifier(column)
    if srid == 3857 and column == "geom":
        return sql.SQL("geom_3857")
    return sql.SQL("ST_Transform({}, {})").format(sql.Identifier(column), sql.Literal(srid))


def turned_geometry(shape: Shape, column: str = "geom") -> sql.Composable:
    """A geometry in the CRS and axis order asked for."""
    geometry = geometry_in(shape.crs, column)
    return sql.SQL("ST_FlipCoordinates({})").format(geometry) if shape.swapped else geometry


def digits_in(crs: int) -> sql.Literal:
    """About a centimetre in degrees, a millimetre in metres."""
    return sql.Literal(7 if find_crs(crs).unit == "degree" else 3)
