# SPDX-License-Identifier: MIT
"""One feature as XML, written by the database: GML 3.1.1 and 3.2 (06-049r1, 10-100r3 simple features), GML 2.1.2, KML 2.2.

Geometries are written without SRID and given our spelling of srsName (and no look-up per row).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.sax.saxutils import quoteattr

from psycopg import sql

from server.catalog.model import GeometryType, Layer
from server.catalog.projection import PublishedField, published_fields
from server.catalog.staffview import NOTED_FIELDS
from server.db.rowshape import Outline, Shape, chosen_fields, digits_in, geometry_in, outlines, turned_geometry
from server.errors import InvalidParameter

GML_PREFIX, GML_NAMESPACE = "xanh", "urn:xanh:layers"
# ST_AsGML: 2 no srsDimension on every position, 4 LineString instead of Curve, 16 second axis first.
_GML_PLAIN, _GML_SWAPPED = 6, 22
_ELEMENTS: dict[GeometryType, str] = {
    "point": "Point",
    "multipoint": "MultiPoint",
    "line": "LineString",
    "multiline": "MultiCurve",
    "polygon": "Polygon",
    "multipolygon": "MultiSurface",
}
_GML2_ELEMENTS: dict[GeometryType, str] = {**_ELEMENTS, "multiline": "MultiLineString", "multipolygon": "MultiPolygon"}
_KINDS: dict[GeometryType, str] = {
    "point": "POINT",
    "multipoint": "MULTIPOINT",
    "line": "LINESTRING",
    "multiline": "MULTILINESTRING",
    "polygon": "POLYGON",
    "multipolygon": "MULTIPOLYGON",
}
# What a collection of several is made of: the property around a member, and the member.
_MEMBERS: dict[GeometryType, tuple[str, str]] = {
    "multipoint": ("pointMember", "Point"),
    "multiline": ("curveMember", "LineString"),
    "multipolygon": ("surfaceMember", "Polygon"),
}


def gml_fields(layer: Layer) -> sql.Composed:
    """The expression for the ready text of `published.<layer>.gml`: all public fields as XML, the same for every CRS. For publishing.

    Characters XML 1.0 (2.2) cannot hold are left out here, once, so that nobody has to look for them later.
    """
    return clean_text(raw_gml_fields(layer))


def raw_gml_fields(layer: Layer) -> sql.Composable:
    """The same with whatever characters the fields hold."""
    return _fields_as_elements(layer, _own_elements(layer, published_fields(layer)))


def clean_text(text: sql.Composable) -> sql.Composed:
    """A text without the characters XML 1.0 cannot hold."""
    return sql.SQL("regexp_replace({}, '[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]', '', 'g')").format(text)


def write_gml31(layer: Layer, shape: Shape) -> sql.Composable:
    """`<gml:featureMember>` of GML 3.1.1 around the feature."""
    return _write_member(layer, shape, ("gml:featureMember", "gml:id"), _gml31_geometry)


def write_gml32(layer: Layer, shape: Shape) -> sql.Composable:
    """`<wfs:member>` of WFS 2.0 around the feature in GML 3.2, where every geometry has an id of its own."""
    return _write_member(layer, shape, ("wfs:member", "gml:id"), _gml32_geometry)


def write_gml2(layer: Layer, shape: Shape) -> sql.Composable:
    """`<gml:featureMember>` of GML 2.1.2 around the feature."""
    return _write_member(layer, shape, ("gml:featureMember", "fid"), _gml2_geometry)


def write_kml(layer: Layer, shape: Shape) -> sql.Composable:
    """`<Placemark>` of KML 2.2 (07-147r2): the title as name, the fields as typed data, the place in WGS 84, longitude first.

    A placemark has one place; further geometries of a feature are data beside it, as WKT.
    """
    pieces: list[sql.Composable] = [sql.SQL(f"'<Placemark id=\"{layer.id}.' || id || '\">'")]
    fields = chosen_fields(layer, shape.fields)
    title = next((field for field in fields if field.is_title), None)
    if title is not None:
        pieces.append(sql.SQL("coalesce(xmlforest({} AS name)::text, '')").format(sql.Identifier(title.name)))
    cells = [
        sql.SQL("coalesce(xmlelement(name \"SimpleData\", xmlattributes({} AS name), nullif({}::text, ''))::text, '')").format(
            sql.Literal(field.name), _moment_in_utc(field)
        )
        for field in fields
    ]
    cells += [
        sql.SQL("coalesce({}, '')").format(sql.SQL(" || ").join([sql.Literal(opening), place, sql.Literal("</SimpleData>")]))
        for opening, place in _further_texts(layer, shape)
    ]
    if cells:
        opening = sql.Literal(f'<ExtendedData><SchemaData schemaUrl="#{layer.id}">')
        pieces += [opening, *cells, sql.SQL("'</SchemaData></ExtendedData>'")]
    if layer.has_geometry and shape.with_geometry:
        pieces.append(sql.SQL("coalesce(ST_AsKML(geom, 7), '')"))
    pieces.append(sql.SQL("'</Placemark>'"))
    return sql.SQL(" || ").join(pieces)


def _further_texts(layer: Layer, shape: Shape) -> list[tuple[str, sql.Composed]]:
    """The start tag and the WKT of each further geometry asked for."""
    further = outlines(layer, replace(shape, with_geometry=False))
    return [(f"<SimpleData name={quoteattr(one.name)}>", sql.SQL("ST_AsText({}, 7)").format(sql.Identifier(one.column))) for one in further]


def _moment_in_utc(field: PublishedField) -> sql.Composable:
    """A value that casts to the text XML Schema writes it with."""
    column = sql.Identifier(field.name)
    return sql.SQL("(to_json({}) #>> '{{}}')").format(column) if field.type in ("datetime", "boolean") else column


_GeometryWriter = Callable[[Layer, Shape, Outline], sql.Composable]


def _write_member(layer: Layer, shape: Shape, words: tuple[str, str], write: _GeometryWriter) -> sql.Composable:
    """The feature inside `words` (its wrapper, its id attribute): GML's own properties, the geometries, the fields that have a value."""
    wrapper, id_attribute = words
    tag = f"{_prefix(layer)}:{layer.wfs_name}"
    declared = f' xmlns:{layer.names.prefix}="{layer.names.namespace}"' if layer.names.prefix else ""
    pieces: list[sql.Composable] = [sql.SQL(f"'<{wrapper}><{tag}{declared} {id_attribute}=\"{layer.id}.' || id || '\">'")]
    chosen = chosen_fields(layer, shape.fields)
    standard = [one.name for one in chosen if one.name in layer.fields and layer.fields[one.name].gml]
    order = ("description", "identifier", "name") if wrapper == "wfs:member" else ("description", "name")  # GML 3.1 has no identifier
    pieces += [_standard_element(layer, name) for name in order if name in standard]
    pieces += [_by_kind(write, layer, shape, outline) for outline in outlines(layer, shape)]
    pieces.append(sql.SQL("gml") if shape.fields is None else _fields_as_elements(layer, _own_elements(layer, chosen)))
    pieces.append(sql.SQL(f"'</{tag}></{wrapper}>'"))
    return sql.SQL(" || ").join(pieces)


def _prefix(layer: Layer) -> str:
    return layer.names.prefix or GML_PREFIX


def _own_elements(layer: Layer, fields: tuple[PublishedField, ...]) -> tuple[PublishedField, ...]:
    """The fields that are no properties of GML itself; a schema of somebody else's has no place for what the house notes."""
    left_out = {name for name, field in layer.fields.items() if field.gml} | (NOTED_FIELDS if layer.names.namespace else frozenset())
    return tuple(one for one in fields if one.name not in left_out)


def _standard_element(layer: Layer, name: str) -> sql.Composable:
    """gml:description, gml:identifier or gml:name, which come before everything else (GML 3.1.1 and 3.2, AbstractFeatureType).

    An identifier must say whose it is: the name space of its feature type.
    """
    written = sql.SQL("coalesce(xmlforest({} AS {})::text, '')").format(sql.Identifier(name), sql.Identifier(f"gml:{name}"))
    if name == "identifier":
        whose = sql.Literal(layer.names.namespace or GML_NAMESPACE)
        written = sql.SQL(
            "CASE WHEN \"identifier\" IS NULL THEN '' ELSE"
            ' xmlelement(name "gml:identifier", xmlattributes({} AS "codeSpace"), "identifier")::text END'
        ).format(whose)
    return clean_text(written)


def _by_kind(write: _GeometryWriter, layer: Layer, shape: Shape, outline: Outline) -> sql.Composable:
    """A geometry of any kind is written as what it is."""
    if outline.kind != "any":
        return write(layer, shape, outline)
    cases = [
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(name), write(layer, shape, replace(outline, kind=kind)))
        for kind, name in _KINDS.items()
    ]
    return sql.SQL("CASE GeometryType({}) {} ELSE '' END").format(sql.Identifier(outline.column), sql.SQL(" ").join(cases))


def _fields_as_elements(layer: Layer, fields: tuple[PublishedField, ...]) -> sql.Composable:
    """The fields that have a value as elements; texts are escaped by xmlforest. Writing them takes half the time of a row."""
    if not fields:
        return sql.SQL("''")
    columns = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(sql.Identifier(field.name), sql.Identifier(f"{_prefix(layer)}:{field.name}")) for field in fields
    )
    return sql.SQL("coalesce(xmlforest({})::text, '')").format(columns)


def _gml31_geometry(layer: Layer, shape: Shape, outline: Outline) -> sql.Composable:
    element, tag = _ELEMENTS[outline.kind], f"{_prefix(layer)}:{outline.name}"
    opening = sql.Literal(f'<{tag}><gml:{element} srsName="{_xml_safe(shape.srs_name)}"')
    return _close(_reopen(_as_gml3(geometry_in(shape.crs, outline.column), shape), element, opening), tag)


def _gml32_geometry(layer: Layer, shape: Shape, outline: Outline) -> sql.Composable:
    """Ids are `layer.7.geom`, those of members `layer.7.geom.1` and so on; a collection of one needs no look at its members."""
    element, member = _ELEMENTS[outline.kind], _MEMBERS.get(outline.kind)
    name, tag = f"{layer.id}.", f"{_prefix(layer)}:{outline.name}"
    stored = geometry_in(shape.crs, outline.column)
    opening = sql.SQL("{} || id || {}").format(
        sql.Literal(f'<{tag}><gml:{element} gml:id="{name}'), sql.Literal(f'.{outline.name}" srsName="{_xml_safe(shape.srs_name)}"')
    )
    written = _reopen(_as_gml3(stored, shape), element, opening)
    if member is None:
        return _close(written, tag)
    around, part = member
    first = sql.SQL("{} || id || {}").format(sql.Literal(f'<gml:{part} gml:id="{name}'), sql.Literal(f'.{outline.name}.1"'))
    single = sql.SQL("replace({}, {}, {})").format(written, sql.Literal(f"<gml:{part}"), first)
    each = sql.SQL("{} || id || {} || d.path[1] || '\"'").format(
        sql.Literal(f'<gml:{around}><gml:{part} gml:id="{name}'), sql.Literal(f".{outline.name}.")
    )
    members = sql.SQL("(SELECT string_agg({} || {}, '' ORDER BY d.path[1]) FROM ST_Dump({}) d)").format(
        _reopen(_as_gml3(sql.SQL("d.geom"), shape), part, each), sql.Literal(f"</gml:{around}>"), stored
    )
    several = sql.SQL("{} || '>' || {} || {}").format(opening, members, sql.Literal(f"</gml:{element}>"))
    column = sql.Identifier(outline.column)
    return _close(sql.SQL("CASE WHEN ST_NumGeometries({}) = 1 THEN {} ELSE {} END").format(column, single, several), tag)


def _gml2_geometry(layer: Layer, shape: Shape, outline: Outline) -> sql.Composable:
    element, tag = _GML2_ELEMENTS[outline.kind], f"{_prefix(layer)}:{outline.name}"
    opening = sql.Literal(f'<{tag}><gml:{element} srsName="{_xml_safe(shape.srs_name)}"')
    written = sql.SQL("ST_AsGML(2, ST_SetSRID({}, 0), {})").format(turned_geometry(shape, outline.column), digits_in(shape.crs))
    return _close(_reopen(written, element, opening), tag)


def _as_gml3(geometry: sql.Composable, shape: Shape) -> sql.Composable:
    flags = sql.Literal(_GML_SWAPPED if shape.swapped else _GML_PLAIN)
    return sql.SQL("ST_AsGML(3, ST_SetSRID({}, 0), {}, {})").format(geometry, digits_in(shape.crs), flags)


def _reopen(written: sql.Composable, element: str, opening: sql.Composable) -> sql.Composable:
    """The text of a geometry with another beginning of its first tag."""
    return sql.SQL("overlay({} placing {} from 1 for {})").format(written, opening, sql.Literal(len(f"<gml:{element}")))


def _close(written: sql.Composable, tag: str) -> sql.Composable:
    """With the end of the property around it; nothing at all where there is no geometry."""
    return sql.SQL("coalesce({} || {}, '')").format(written, sql.Literal(f"</{tag}>"))


def _xml_safe(srs_name: str) -> str:
    """The names we write are ours and hold nothing to escape; anything else is a mistake of the caller."""
    if any(character in "<>&\"'%\\" or not character.isprintable() for character in srs_name):
        raise InvalidParameter("The name of the coordinate reference system cannot be written.", locator="srsName")
    return srs_name
