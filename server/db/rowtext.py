# SPDX-License-Identifier: MIT
"""One feature as text, written by the database: the SQL expressions behind every answer made of features.

| format  | one row is                                                                                           |
|---------|------------------------------------------------------------------------------------------------------|
| geojson | a GeoJSON Feature (RFC 7946; other CRSs as OGC API Features part 2 has them)                         |
| gml31   | `<gml:featureMember>` with `<xanh:layer gml:id="layer.7">`, `<xanh:geom>` first, then the fields that have a value |
| csv     | one RFC 4180 line without its end: id, fields, longitude-first WKT                                   |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields
from server.crs.definitions import find_crs
from server.db.where import require_field
from server.errors import InvalidParameter
from server.query.features import FeatureQuery, RowFormat

GML_PREFIX = "xanh"
_MAX_REMEMBERED = 500
# ST_AsGML: 2 no srsDimension on every position, 4 LineString instead of Curve, 16 second axis first.
_GML_PLAIN, _GML_SWAPPED = 6, 22


@dataclass(frozen=True)
class _Shape:
    """What decides the expression, apart from the layer."""

    format: RowFormat
    fields: tuple[str, ...] | None
    crs: int
    swapped: bool
    srs_name: str
    with_geometry: bool


_remembered: dict[tuple[int, _Shape], tuple[Layer, sql.Composed]] = {}


def row_text(query: FeatureQuery, row_format: RowFormat) -> sql.Composed:
    """The expression that writes one feature of `published.<layer>` as text; never null, holds no parameters.

    Raises InvalidParameter for a field that is not published, InvalidCrs for an unknown CRS.
    """
    swapped = query.axis_order == "yx" and query.with_geometry
    shape = _Shape(row_format, query.fields, query.crs, swapped, query.srs_name, query.with_geometry)
    key = (id(query.layer), shape)
    found = _remembered.get(key)
    if found is not None and found[0] is query.layer:
        return found[1]
    text = sql.Composed([_WRITERS[row_format](query.layer, shape)])
    if len(_remembered) >= _MAX_REMEMBERED:
        _remembered.clear()
    _remembered[key] = (query.layer, text)
    return text


def geojson_feature(layer: Layer) -> sql.Composed:
    """The expression for the ready text of `published.<layer>.geojson`: default CRS, all public fields. For publishing."""
    return sql.Composed([_built_geojson(layer, _Shape("geojson", None, 4326, False, "", layer.has_geometry))])


def gml_fields(layer: Layer) -> sql.Composed:
    """The expression for the ready text of `published.<layer>.gml`: all public fields as XML, the same for every CRS. For publishing.

    Characters XML 1.0 (2.2) cannot hold are left out here, once, so that nobody has to look for them later.
    """
    clean = sql.SQL("regexp_replace({}, '[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]', '', 'g')")
    return sql.Composed([clean.format(_gml_fields(published_fields(layer)))])


def chosen_fields(layer: Layer, names: tuple[str, ...] | None) -> tuple[PublishedField, ...]:
    """The published fields of that names in the layer's order; all of them for None. Raises InvalidParameter for any other name."""
    fields = published_fields(layer)
    if names is None:
        return fields
    wanted = {require_field(layer, name) for name in names}
    return tuple(field for field in fields if field.name in wanted)


def _geometry(crs: int) -> sql.Composable:
    """The stored geometry in a CRS, x before y."""
    srid = find_crs(crs).postgis_srid
    if srid == 4326:
        return sql.SQL("geom")
    if srid == 3857:
        return sql.SQL("geom_3857")
    return sql.SQL("ST_Transform(geom, {})").format(sql.Literal(srid))


def _digits(crs: int) -> sql.Literal:
    """About a centimetre in degrees, a millimetre in metres."""
    return sql.Literal(7 if find_crs(crs).unit == "degree" else 3)


def _geojson(layer: Layer, shape: _Shape) -> sql.Composable:
    default_crs = not layer.has_geometry or (find_crs(shape.crs).postgis_srid == 4326 and not shape.swapped)
    if default_crs and shape.fields is None and (shape.with_geometry or not layer.has_geometry):
        return sql.SQL("geojson")
    return _built_geojson(layer, shape)


def _built_geojson(layer: Layer, shape: _Shape) -> sql.Composable:
    geometry: sql.Composable = sql.SQL("'null'")
    if layer.has_geometry and shape.with_geometry:
        geometry = _geometry(shape.crs)
        if shape.swapped:
            geometry = sql.SQL("ST_FlipCoordinates({})").format(geometry)
        geometry = sql.SQL("coalesce(ST_AsGeoJSON({}, {}, 0), 'null')").format(geometry, _digits(shape.crs))
    pieces: list[sql.Composable] = [sql.SQL('\'{{"type":"Feature","id":\' || id || \',"geometry":\' || {}').format(geometry)]
    opening = ',"properties":{'
    for field in chosen_fields(layer, shape.fields):
        name = sql.Literal(f'{opening}"{field.name}":')
        pieces.append(sql.SQL("{} || coalesce(to_json({})::text, 'null')").format(name, sql.Identifier(field.name)))
        opening = ","
    pieces.append(sql.Literal("}}" if opening == "," else f"{opening}}}}}"))
    return sql.SQL(" || ").join(pieces)


def _gml31(layer: Layer, shape: _Shape) -> sql.Composable:
    """GML 3.1.1 simple features. The geometry is written without SRID and given our spelling of srsName (and no look-up per row)."""
    tag = f"{GML_PREFIX}:{layer.id}"
    pieces: list[sql.Composable] = [sql.SQL(f"'<gml:featureMember><{tag} gml:id=\"{layer.id}.' || id || '\">'")]
    if layer.has_geometry and shape.with_geometry:
        pieces.append(_gml_geometry(layer, shape))
    pieces.append(sql.SQL("gml") if shape.fields is None else _gml_fields(chosen_fields(layer, shape.fields)))
    pieces.append(sql.SQL(f"'</{tag}></gml:featureMember>'"))
    return sql.SQL(" || ").join(pieces)


def _gml_fields(fields: tuple[PublishedField, ...]) -> sql.Composable:
    """The fields that have a value as elements; texts are escaped by xmlforest. Writing them takes half the time of a row."""
    if not fields:
        return sql.SQL("''")
    columns = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(sql.Identifier(field.name), sql.Identifier(f"{GML_PREFIX}:{field.name}")) for field in fields
    )
    return sql.SQL("coalesce(xmlforest({})::text, '')").format(columns)


def _gml_geometry(layer: Layer, shape: _Shape) -> sql.Composable:
    element = _GML_ELEMENTS[layer.geometry]
    opening = f'<{GML_PREFIX}:geom><gml:{element} srsName="{_xml_safe(shape.srs_name)}"'
    written = sql.SQL("ST_AsGML(3, ST_SetSRID({}, 0), {}, {})").format(
        _geometry(shape.crs), _digits(shape.crs), sql.Literal(_GML_SWAPPED if shape.swapped else _GML_PLAIN)
    )
    placed = sql.SQL("overlay({} placing {} from 1 for {})").format(written, sql.Literal(opening), sql.Literal(len(f"<gml:{element}")))
    return sql.SQL("coalesce({} || {}, '')").format(placed, sql.Literal(f"</{GML_PREFIX}:geom>"))


_GML_ELEMENTS = {
    "point": "Point",
    "multipoint": "MultiPoint",
    "line": "LineString",
    "multiline": "MultiCurve",
    "polygon": "Polygon",
    "multipolygon": "MultiSurface",
}


def _xml_safe(srs_name: str) -> str:
    """The names we write are ours and hold nothing to escape; anything else is a mistake of the caller."""
    if any(character in "<>&\"'%\\" or not character.isprintable() for character in srs_name):
        raise InvalidParameter("The name of the coordinate reference system cannot be written.", locator="srsName")
    return srs_name


def _csv(layer: Layer, shape: _Shape) -> sql.Composable:
    cells: list[sql.Composable] = [sql.SQL("id::text")]
    for field in chosen_fields(layer, shape.fields):
        column = sql.Identifier(field.name)
        if field.type == "text":
            cells.append(sql.SQL("'\"' || replace(coalesce({}, ''), '\"', '\"\"') || '\"'").format(column))
        else:
            cells.append(sql.SQL("coalesce(to_json({}) #>> '{{}}', '')").format(column))
    if layer.has_geometry and shape.with_geometry:
        geometry = _geometry(shape.crs)
        if shape.swapped:
            geometry = sql.SQL("ST_FlipCoordinates({})").format(geometry)
        cells.append(sql.SQL("'\"' || coalesce(ST_AsText({}, {}), '') || '\"'").format(geometry, _digits(shape.crs)))
    return sql.SQL(" || ',' || ").join(cells)


_WRITERS: dict[RowFormat, Callable[[Layer, _Shape], sql.Composable]] = {"geojson": _geojson, "gml31": _gml31, "csv": _csv}
