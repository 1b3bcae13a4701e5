# SPDX-License-Identifier: MIT
"""One feature as text, written by the database: the SQL expressions behind every answer made of features.

| format     | one row is                                                                                           |
|------------|------------------------------------------------------------------------------------------------------|
| geojson    | a GeoJSON Feature (RFC 7946; other CRSs as OGC API Features part 2 has them)                         |
| geojsonseq | the same with the record separator before it (RFC 8142)                                              |
| jsonfg     | a JSON-FG Feature (21-045r1): its time; WGS 84 in `geometry`, other CRSs in `place`                  |
| gml31      | `<gml:featureMember>` with `<xanh:layer gml:id="layer.7">`, `<xanh:geom>` first, then the fields that have a value |
| gml32      | the same in `<wfs:member>`, its geometry in GML 3.2                                                  |
| gml2       | the same in `<gml:featureMember>` with `fid`, its geometry in GML 2.1.2                              |
| kml        | `<Placemark id="layer.7">`, always in WGS 84                                                         |
| csv        | one RFC 4180 line without its end: id, fields, the geometries as WKT; texts no spreadsheet takes for formulas |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields, time_fields
from server.crs.definitions import find_crs
from server.db.rowshape import Shape, chosen_fields, digits_in, outlines, turned_geometry
from server.db.rowxml import write_gml2, write_gml31, write_gml32, write_kml
from server.query.features import FeatureQuery, RowFormat

_MAX_REMEMBERED = 500
# First characters that make a formula of a text in some spreadsheet: = + - @, tab, both ends of line, and the wide forms of the first four.
_FORMULA_SIGNS = "61,43,45,64,9,10,13,65309,65291,65293,65312"
# What every GeoJSON feature begins with.
_OPENING = '{"type":"Feature",'

_remembered: dict[tuple[int, Shape], tuple[Layer, sql.Composed]] = {}


def row_text(query: FeatureQuery, row_format: RowFormat) -> sql.Composed:
    """The expression that writes one feature of `published.<layer>` as text; never null, holds no parameters.

    Raises InvalidParameter for a field that is not published, InvalidCrs for an unknown CRS.
    """
    swapped = query.axis_order == "yx" and query.with_geometry
    shape = Shape(row_format, query.fields, query.crs, swapped, query.srs_name, query.with_geometry)
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
    return sql.Composed([_built_geojson(layer, Shape("geojson", None, 4326, False, "", layer.has_geometry))])


def _is_geojson_crs(layer: Layer, shape: Shape) -> bool:
    return not layer.has_geometry or (find_crs(shape.crs).postgis_srid == 4326 and not shape.swapped)


def _geojson(layer: Layer, shape: Shape) -> sql.Composable:
    if _is_geojson_crs(layer, shape) and shape.fields is None and (shape.with_geometry or not layer.has_geometry):
        return sql.SQL("geojson")
    return _built_geojson(layer, shape)


def _json_fg(layer: Layer, shape: Shape) -> sql.Composable:
    """The GeoJSON feature with its time, and with its geometry as `place` where that is not in the CRS of GeoJSON."""
    if _is_geojson_crs(layer, shape):
        members = sql.SQL(""" || ',"place":null,' || """)
        written = _geojson(layer, shape)
    else:
        members = sql.SQL(""" || ',"geometry":null,' || """)
        written = _built_geojson(layer, shape, "place")
    return sql.SQL('\'{{"type":"Feature","time":\' || {}{}substr({}, {})').format(
        _json_time(layer), members, written, sql.Literal(len(_OPENING) + 1)
    )


def _json_time(layer: Layer) -> sql.Composable:
    """The time of a feature (21-045r1 7.8): a date, a timestamp in UTC, an interval with `..` where it is open, or null."""
    names = time_fields(layer)
    if names is None:
        return sql.SQL("'null'")
    types = {field.name: field.type for field in published_fields(layer)}
    begin, end = (_json_moment(name, types[name]) for name in names)
    if names[0] == names[1]:
        member = "date" if types[names[0]] == "date" else "timestamp"
        return sql.SQL("coalesce({} || {} || '}}', 'null')").format(sql.Literal(f'{{"{member}":'), begin)
    interval = """'{{"interval":[' || coalesce({}, '".."') || ',' || coalesce({}, '".."') || ']}}'"""
    times = (sql.Identifier(names[0]), sql.Identifier(names[1]), begin, end)
    return sql.SQL(f"CASE WHEN {{}} IS NULL AND {{}} IS NULL THEN 'null' ELSE {interval} END").format(*times)


def _json_moment(name: str, kind: str) -> sql.Composable:
    if kind == "date":
        return sql.SQL("to_json({})::text").format(sql.Identifier(name))
    return sql.SQL("""'"' || to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"'""").format(sql.Identifier(name))


def _geojson_record(layer: Layer, shape: Shape) -> sql.Composable:
    return sql.SQL("chr(30) || {}").format(_geojson(layer, shape))


def _built_geojson(layer: Layer, shape: Shape, member: str = "geometry") -> sql.Composable:
    geometry: sql.Composable = sql.SQL("'null'")
    if layer.has_geometry and shape.with_geometry:
        geometry = sql.SQL("coalesce(ST_AsGeoJSON({}, {}, 0), 'null')").format(turned_geometry(shape), digits_in(shape.crs))
    pieces: list[sql.Composable] = [
        sql.SQL("{} || id || {} || {}").format(sql.Literal(f'{_OPENING}"id":'), sql.Literal(f',"{member}":'), geometry)
    ]
    opening = ',"properties":{'
    for field in chosen_fields(layer, shape.fields):
        name = sql.Literal(f'{opening}"{field.name}":')
        pieces.append(sql.SQL("{} || coalesce({}, 'null')").format(name, _json_value(field)))
        opening = ","
    for outline in outlines(layer, replace(shape, with_geometry=False)):
        written = sql.SQL("coalesce(ST_AsGeoJSON({}, {}, 0), 'null')").format(turned_geometry(shape, outline.column), digits_in(shape.crs))
        pieces.append(sql.SQL("{} || {}").format(sql.Literal(f'{opening}"{outline.name}":'), written))
        opening = ","
    pieces.append(sql.Literal("}}" if opening == "," else f"{opening}}}}}"))
    return sql.SQL(" || ").join(pieces)


def _json_value(field: PublishedField) -> sql.Composable:
    """A field as JSON. Numbers keep a fraction (5.0): QGIS takes a column for whole numbers when the first features have whole ones,
    and then shows nothing where another has a fraction."""
    column = sql.Identifier(field.name)
    if field.type != "number":
        return sql.SQL("to_json({})::text").format(column)
    # from 1e15 on the database writes an exponent
    whole = sql.SQL("{0} = trunc({0}) AND abs({0}) < 1e15").format(column)
    return sql.SQL("CASE WHEN {} THEN {}::text || '.0' ELSE to_json({})::text END").format(whole, column, column)


def _csv(layer: Layer, shape: Shape) -> sql.Composable:
    cells: list[sql.Composable] = [sql.SQL("id::text")]
    for field in chosen_fields(layer, shape.fields):
        column = sql.Identifier(field.name)
        if field.type == "text":
            opening = sql.SQL(f"CASE WHEN ascii({{}}) IN ({_FORMULA_SIGNS}) THEN '\"''' ELSE '\"' END").format(column)
            cells.append(sql.SQL("{} || replace(coalesce({}, ''), '\"', '\"\"') || '\"'").format(opening, column))
        else:
            cells.append(sql.SQL("coalesce(to_json({}) #>> '{{}}', '')").format(column))
    for outline in outlines(layer, shape):
        place = turned_geometry(shape, outline.column)
        cells.append(sql.SQL("'\"' || coalesce(ST_AsText({}, {}), '') || '\"'").format(place, digits_in(shape.crs)))
    return sql.SQL(" || ',' || ").join(cells)


_WRITERS: dict[RowFormat, Callable[[Layer, Shape], sql.Composable]] = {
    "geojson": _geojson,
    "geojsonseq": _geojson_record,
    "jsonfg": _json_fg,
    "gml31": write_gml31,
    "gml32": write_gml32,
    "gml2": write_gml2,
    "kml": write_kml,
    "csv": _csv,
}
