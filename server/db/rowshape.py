# SPDX-License-Identifier: MIT
"""What every way of writing a feature shares: which fields, in which system, with how many digits."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields
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


def chosen_fields(layer: Layer, names: tuple[str, ...] | None) -> tuple[PublishedField, ...]:
    """The published fields of that names in the layer's order; all of them for None. Raises InvalidParameter for any other name."""
    fields = published_fields(layer)
    if names is None:
        return fields
    wanted = {require_field(layer, name) for name in names}
    return tuple(field for field in fields if field.name in wanted)


def geometry_in(crs: int) -> sql.Composable:
    """The stored geometry in a CRS, x before y. Raises InvalidCrs."""
    srid = find_crs(crs).postgis_srid
    if srid == 4326:
        return sql.SQL("geom")
    if srid == 3857:
        return sql.SQL("geom_3857")
    return sql.SQL("ST_Transform(geom, {})").format(sql.Literal(srid))


def turned_geometry(shape: Shape) -> sql.Composable:
    """The geometry in the CRS and axis order asked for."""
    geometry = geometry_in(shape.crs)
    return sql.SQL("ST_FlipCoordinates({})").format(geometry) if shape.swapped else geometry


def digits_in(crs: int) -> sql.Literal:
    """About a centimetre in degrees, a millimetre in metres."""
    return sql.Literal(7 if find_crs(crs).unit == "degree" else 3)
