# SPDX-License-Identifier: MIT
"""The tables of `published`: a projection made for reading. They may be dropped and filled again at any time."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields, published_shapes, searched_fields
from server.db.columns import FIELD_TYPES, geometry_type, key_field, shape_type
from server.db.table import Column, Index, Table, fingerprinted

WGS84_SRID, WEB_SRID = 4326, 3857
# Zoom bands (256 px tiles): band z has 156543.034 / 2^z metres per pixel. Below 4 the country is a few pixels, above 14 nothing is saved.
PYRAMID_BANDS = tuple(range(4, 15))
# So much of the search text is sorted, for words too short for trigrams.
BEGINNING_LETTERS = 24


def published_table(layer: Layer) -> Table:
    """The table public services read: public fields, geometry twice, ready GeoJSON, the fields as ready XML, the folded search text."""
    fields = published_fields(layer)
    columns = [Column("id", "bigint", not_null=True), *_field_columns(fields)]
    if layer.has_geometry:
        columns.append(Column("geom", geometry_type(layer, WGS84_SRID)))
        columns.append(Column("geom_3857", geometry_type(layer, WEB_SRID)))
    columns += [Column(shape.name, shape_type(shape.geometry, WGS84_SRID)) for shape in published_shapes(layer)]
    columns.append(Column("geojson", "text", not_null=True))
    columns.append(Column("gml", "text", not_null=True))
    columns.append(Column("search", "text", generated=search_expression(layer)))
    settings = _settings(layer.id, ("geojson", "gml", "geom", "geom_3857") if layer.has_geometry else ("geojson", "gml"))
    return Table("published", layer.id, tuple(columns), indexes=tuple(_indexes(layer, fields)), settings=settings)


def pyramid_table(layer: Layer) -> Table:
    """The render pyramid: features generalised per zoom band, with every published field a style may use."""
    name = f"{layer.id}_pyramid"
    columns = (
        Column("band", "smallint", not_null=True),
        Column("id", "bigint", not_null=True),
        # Specks of areas are areas, those of lines lines; of mixed shapes anything.
        Column("geom_3857", geometry_type(layer, WEB_SRID) if is_point_layer(layer) else "geometry(Geometry,3857)", not_null=True),
        *_field_columns(published_fields(layer)),
    )
    indexes = tuple(_pyramid_indexes(("published", name)))
    return Table("published", name, columns, indexes=indexes, settings=_settings(name, ("geom_3857",)))


def is_point_layer(layer: Layer) -> bool:
    """Whether the layer's pyramid is cumulative (`band <= z`) rather than complete per band (`band = z`)."""
    return layer.geometry in ("point", "multipoint")


def _field_columns(fields: tuple[PublishedField, ...]) -> list[Column]:
    return [Column(field.name, FIELD_TYPES[field.type]) for field in fields]


def _settings(name: str, columns: tuple[str, ...]) -> tuple[sql.Composable, ...]:
    # Long values are read far more often than written; LZ4 unpacks and packs several times faster than the default.
    table = sql.Identifier("published", name)
    return tuple(sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET COMPRESSION lz4").format(table, sql.Identifier(column)) for column in columns)


def search_expression(layer: Layer) -> sql.Composable:
    """The folded texts of the searched fields, one after the other; NULL where there are none."""
    # Only types whose text form is the same in every session may stand in a generated column.
    words = [
        sql.SQL("coalesce({}{}, '')").format(sql.Identifier(field.name), sql.SQL("::text" if field.type == "integer" else ""))
        for field in searched_fields(layer)
    ]
    if not words:
        return sql.SQL("NULL::text")
    return sql.SQL("xanh.fold({})").format(sql.SQL(" || ' ' || ").join(words))


def _indexes(layer: Layer, fields: tuple[PublishedField, ...]) -> Iterable[Index]:
    table = ("published", layer.id)
    definition: sql.Composable = sql.SQL("(id)")
    yield Index(fingerprinted(f"{layer.id}_id", table, definition), definition, unique=True)
    if layer.has_geometry:
        for column in ("geom", "geom_3857", *(shape.name for shape in published_shapes(layer))):
            definition = sql.SQL("USING gist ({0}) WHERE {0} IS NOT NULL").format(sql.Identifier(column))
            yield Index(fingerprinted(f"{layer.id}_{column}", table, definition), definition)
    if searched_fields(layer):
        for definition in (
            sql.SQL("USING gin (search gin_trgm_ops)"),
            sql.SQL("(left(search, {}) text_pattern_ops, id)").format(sql.Literal(BEGINNING_LETTERS)),
        ):
            yield Index(fingerprinted(f"{layer.id}_search", table, definition), definition)
    for name in _sorted_fields(layer, fields):
        definition = sql.SQL("({}, id)").format(sql.Identifier(name))
        yield Index(fingerprinted(f"{layer.id}_{name}", table, definition), definition)


def _sorted_fields(layer: Layer, fields: tuple[PublishedField, ...]) -> list[str]:
    """Fields people filter or sort by."""
    times = {layer.time.begin, layer.time.end} if layer.time else set()
    key = key_field(layer)
    return [
        field.name
        for field in fields
        if field.is_title or field.searched or field.codes or field.link or field.name in times or field.name == key
    ]


def _pyramid_indexes(table: tuple[str, str]) -> Iterable[Index]:
    definition: sql.Composable = sql.SQL("(id)")
    yield Index(fingerprinted(f"{table[1]}_id", table, definition), definition)
    # Every band is asked for by its number, so a row stands in one of these.
    for band in PYRAMID_BANDS:
        definition = sql.SQL("USING gist (geom_3857) WHERE band = {}").format(sql.Literal(band))
        yield Index(fingerprinted(f"{table[1]}_{band}", table, definition), definition)
