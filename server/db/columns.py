# SPDX-License-Identifier: MIT
"""How a layer's fields and geometry become column types; the columns every official table has."""

from __future__ import annotations

from psycopg import sql

from server.catalog.model import GeometryType, Layer, LayerField
from server.crs.definitions import find_crs
from server.db.table import Column

FIELD_TYPES = {
    "text": "text",
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp with time zone",
    "link": "bigint",
}
GEOMETRY_TYPES = {
    "point": "Point",
    "multipoint": "MultiPoint",
    "line": "LineString",
    "multiline": "MultiLineString",
    "polygon": "Polygon",
    "multipolygon": "MultiPolygon",
    "any": "Geometry",
}
# A B-tree entry holds at most 2704 bytes, a character takes up to four: longer text in an indexed column could not be stored.
LONGEST_INDEXED_TEXT = 500
LONGEST_TEXT = 100_000
REVIEW_STATES = ("draft", "pending", "approved", "withdrawn")


def column_type(layer: Layer, field: LayerField) -> str:
    """The column type of a field: a code is text, a link is the id of the other feature, a geometry is kept like the layer's own."""
    if field.geometry:
        return shape_type(field.geometry, storage_srid(layer))
    return FIELD_TYPES["link" if field.link else field.type]


def storage_srid(layer: Layer) -> int:
    """The SRID the official store keeps the layer's geometry in. Raises InvalidCrs."""
    return find_crs(layer.storage_crs, locator=f"{layer.id}.storage_crs").postgis_srid


def geometry_type(layer: Layer, srid: int) -> str:
    """The column type of the layer's geometry in a given SRID, e.g. geometry(MultiPolygon,909210)."""
    return shape_type(layer.geometry, srid)


def shape_type(geometry: GeometryType, srid: int) -> str:
    """The column type of geometries of a kind in a given SRID."""
    return f"geometry({GEOMETRY_TYPES[geometry]},{srid})"


def is_indexed_text(field: LayerField) -> bool:
    """Whether the field is text that is kept in a B-tree index somewhere."""
    return field.type == "text" and not field.link and bool(field.title or field.unique or field.codes or field.search)


def longest_text(field: LayerField) -> int:
    """How many characters the field takes at most."""
    ceiling = LONGEST_INDEXED_TEXT if is_indexed_text(field) else LONGEST_TEXT
    return min(field.max_length or ceiling, ceiling)


def key_field(layer: Layer) -> str | None:
    """The field by which people name a feature of the layer: load.key, else `code`, else the first unique field, else None."""
    if layer.load.key:
        return layer.load.key
    if "code" in layer.fields:
        return "code"
    return next((name for name, field in layer.fields.items() if field.unique), None)


def content_columns(layer: Layer) -> tuple[Column, ...]:
    """What people fill in: the fields, validity, geometry. In this order in every store."""
    columns = [Column(name, column_type(layer, field), not_null=field.required) for name, field in layer.fields.items()]
    if layer.validity:
        columns += [Column("valid_from", "date"), Column("valid_to", "date")]
    if layer.has_geometry:
        columns.append(Column("geom", geometry_type(layer, storage_srid(layer))))
    return tuple(columns)


def record_columns() -> tuple[Column, ...]:
    """What the house itself notes about every official row."""
    return (
        Column("version", "integer", not_null=True, default=sql.SQL("1")),
        Column("review_state", "text", not_null=True, default=sql.SQL("'approved'")),
        Column("created_at", "timestamp with time zone", not_null=True, default=sql.SQL("now()")),
        Column("created_by", "text", not_null=True),
        Column("updated_at", "timestamp with time zone", not_null=True, default=sql.SQL("now()")),
        Column("updated_by", "text", not_null=True),
        Column("load_id", "bigint"),
    )
