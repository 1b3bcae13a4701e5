# SPDX-License-Identifier: MIT
"""Stored queries (WFS 2.0.0, 09-025r2 14 and 7.9.3): GetFeatureById, and those of the query files; listed, described, run.

The condition of a query file is read once. What a client gives for a parameter is read by the parameter's type and takes its place in the
tree of the condition; it is never text of a filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from server.access import may_read
from server.catalog.catalog import Catalog
from server.catalog.queries import PLACEHOLDER, ParameterType, StoredQuery, find_strange_layers
from server.crs.definitions import Crs
from server.crs.extent import parse_wfs_bbox
from server.errors import ConfigError, InvalidParameter, MissingParameter, XanhError
from server.filter import tree
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_text import read_cql2_text
from server.filter.kvp import read_box
from server.signin import current_identity
from server.wfs.plan import default_crs
from server.wfs.requests import SortProperty, StoredQueryCall, TypeQuery
from server.wfs.schema import open_layers, prefixes_of, type_name
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, write_document

GET_FEATURE_BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
_BY_ID_NAMES = (GET_FEATURE_BY_ID, "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById")
_LANGUAGE = "urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression"
_SCHEMA = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
_XML_TYPES: dict[ParameterType, str] = {
    "text": "xs:string",
    "integer": "xs:integer",
    "number": "xs:double",
    "boolean": "xs:boolean",
    "date": "xs:date",
    "datetime": "xs:dateTime",
    "bbox": "xs:string",
    "geometry": "xs:string",
}
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text"
_PLACES = ("bbox", "geometry")
_BY_ID_WORDS = {
    "vi": ("Đối tượng theo mã định danh", "Một đối tượng của bất kỳ lớp nào theo mã định danh, ví dụ stations.12"),
    "en": ("Feature by its id", "One feature of any feature type by its id, such as stations.12"),
}


@dataclass(frozen=True)
class Prepared:
    """A query file with its condition as a tree in which the text `:name` stands for a parameter, and a point of its own (`_stand_in`)
    for one that is a place.
    """

    query: StoredQuery
    where: tree.Node


def prepare_queries(queries: Mapping[str, StoredQuery], catalog: Catalog) -> dict[str, Prepared]:
    """The queries about layers of the catalogue, by id. Raises ConfigError for a condition that cannot be read."""
    return {name: Prepared(query, _read_where(query)) for name, query in queries.items() if query.layer in catalog.layers}


def check_queries(queries: Mapping[str, StoredQuery], catalog: Catalog) -> list[str]:
    """What is wrong with query files: layers that do not exist, conditions that cannot be read."""
    problems = find_strange_layers(queries.values(), catalog.layers)
    for query in queries.values():
        try:
            _read_where(query)
        except ConfigError as error:
            problems.append(error.message)
    return problems


def _read_where(query: StoredQuery) -> tree.Node:
    stand_ins = {name: _stand_in(query, name)[1] for name, parameter in query.parameters.items() if parameter.type in _PLACES}

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        return stand_ins.get(name, f"':{name}'") if name else match.group(0)

    written = PLACEHOLDER.sub(put, query.where)
    try:
        return read_cql2_text(written, Cql2Reading(("geom",), locator="where"))
    except XanhError as error:
        raise ConfigError(f"queries/{query.id}.yml: where: {error.message}") from error


def _stand_in(query: StoredQuery, name: str) -> tuple[tree.GeometryLiteral, str]:
    """A point nobody asks about, in the place of a parameter that is a place: as the reader of conditions reads it, and as text."""
    number = list(query.parameters).index(name) + 1
    text = f"POINT({number} -89.987654321)"
    found = read_cql2_text(f"S_INTERSECTS(geom, {text})", Cql2Reading(("geom",), locator="where"))
    if not isinstance(found, tree.Spatial) or not isinstance(found.geometry, tree.GeometryLiteral):
        raise ConfigError(f"queries/{query.id}.yml: where: {name} cannot stand there")
    return found.geometry, text


def is_by_id(call: StoredQueryCall) -> bool:
    """Whether it is the query every WFS 2.0 has."""
    return call.id in _BY_ID_NAMES


def read_id(call: StoredQueryCall) -> str:
    """The id of GetFeatureById. Raises MissingParameter."""
    found = call.parameters.get("id", "").strip()
    if not found:
        raise MissingParameter("GetFeatureById needs the parameter ID.", locator="ID", message_vi="GetFeatureById cần tham số ID.")
    return found


def expand(
    call: StoredQueryCall, known: Mapping[str, Prepared], srs_name: str | None, version: str, offered: Collection[Crs] | None = None
) -> TypeQuery:
    """The question a stored query asks with these parameters; boxes may be in the systems `offered`.

    Raises InvalidParameter, InvalidCrs, MissingParameter.
    """
    if is_by_id(call):
        found = read_id(call)
        return TypeQuery(found.rpartition(".")[0] or found, ids=(found,), srs_name=srs_name, version=version)
    prepared = _find(call.id, known)
    strange = [name for name in call.parameters if name not in prepared.query.parameters]
    if strange:
        shown = "".join(character if character.isprintable() else "?" for character in strange[0][:60])
        raise InvalidParameter(f"The stored query has no parameter {shown!r}.", locator=shown)
    values: dict[str, tree.Value] = {}
    places: list[tuple[tree.GeometryLiteral, tree.GeometryLiteral | tree.Box]] = []
    for name, parameter in prepared.query.parameters.items():
        text = _find_text(name, prepared.query, call.parameters)
        if parameter.type in _PLACES:
            place = _read_area(text, name, version, offered) if parameter.type == "bbox" else _read_geometry(text, name)
            places.append((_stand_in(prepared.query, name)[0], place))
        else:
            values[f":{name}"] = _read_value(text, name, parameter.type)
    return TypeQuery(
        type_name=prepared.query.layer,
        srs_name=srs_name,
        where=_fill(prepared.where, values, places),
        sort=tuple(SortProperty(name.removeprefix("-"), name.startswith("-")) for name in prepared.query.sort),
        version=version,
    )


def _find(name: str, known: Mapping[str, Prepared]) -> Prepared:
    found = known.get(name)
    if found is None:
        shown = "".join(character if character.isprintable() else "?" for character in name[:60])
        raise InvalidParameter(
            f"There is no stored query {shown!r}.", locator="STOREDQUERY_ID", message_vi=f"Không có truy vấn lưu sẵn {shown!r}."
        )
    return found


def _find_text(name: str, query: StoredQuery, given: Mapping[str, str]) -> str:
    parameter = query.parameters[name]
    text = given.get(name)
    if text is None:
        if parameter.default is None:
            raise MissingParameter(f"The stored query needs the parameter {name}.", locator=name, message_vi=f"Thiếu tham số {name}.")
        text = str(parameter.default).lower() if isinstance(parameter.default, bool) else str(parameter.default)
    return text.strip()


def _read_value(text: str, name: str, kind: ParameterType) -> tree.Value:
    try:
        return _READERS[kind](text)
    except (ValueError, OverflowError, KeyError):
        raise InvalidParameter(f"The parameter {name} takes a value of type {kind}.", locator=name) from None


def _read_area(text: str, name: str, version: str, offered: Collection[Crs] | None) -> tree.Box:
    """A box as BBOX of the version has it (09-025r2 7.9.2.6): a system may stand behind the four numbers."""
    try:
        found = read_box(parse_wfs_bbox(text, default_crs(version), version, offered=offered))
    except XanhError as error:
        error.locator = name
        raise
    if not isinstance(found, tree.Spatial) or not isinstance(found.geometry, tree.Box):
        raise InvalidParameter(f"The parameter {name} takes one box.", locator=name)
    return found.geometry


def _read_geometry(text: str, name: str) -> tree.GeometryLiteral | tree.Box:
    """A geometry as CQL2 text writes it (WKT, longitude first). Whatever else would be a condition is none."""
    found = read_cql2_text(f"S_INTERSECTS(geom, {text})", Cql2Reading(("geom",), locator=name))
    if not isinstance(found, tree.Spatial):
        raise InvalidParameter(f"The parameter {name} takes one geometry as WKT.", locator=name)
    return found.geometry


def _read_number(text: str) -> float:
    number = float(text)
    if "_" in text or not abs(number) < 1e300:
        raise ValueError(text)
    return number


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_Places = Sequence[tuple[tree.GeometryLiteral, tree.GeometryLiteral | tree.Box]]
_READERS: dict[ParameterType, Callable[[str], tree.Value]] = {
    "text": str,
    "integer": lambda text: int(text) if len(text) < 19 and "_" not in text else int("too long"),
    "number": _read_number,
    "boolean": lambda text: _BOOLEANS[text.lower()],
    "date": date.fromisoformat,
    "datetime": _read_moment,
}


def _fill(node: tree.Node, values: Mapping[str, tree.Value], places: _Places) -> tree.Node:
    """The tree with values in the place of parameters."""
    if isinstance(node, tree.And | tree.Or):
        return replace(node, parts=tuple(_fill(part, values, places) for part in node.parts))
    if isinstance(node, tree.Not):
        return tree.Not(_fill(node.part, values, places))
    if isinstance(node, tree.Spatial):
        return replace(node, geometry=next((place for stand_in, place in places if stand_in == node.geometry), node.geometry))
    if isinstance(node, tree.Comparison):
        return replace(node, left=_put(node.left, values), right=_put(node.right, values))
    if isinstance(node, tree.Between):
        return replace(node, operand=_put(node.operand, values), low=_put(node.low, values), high=_put(node.high, values))
    if isinstance(node, tree.In):
        return replace(node, values=tuple(values.get(str(value), value) for value in node.values))
    if isinstance(node, tree.Like):
        return replace(node, pattern=str(values.get(node.pattern, node.pattern)))
    return node


def _put(operand: tree.Operand, values: Mapping[str, tree.Value]) -> tree.Operand:
    if isinstance(operand, tree.Constant) and isinstance(operand.value, str) and operand.value in values:
        return tree.Constant(values[operand.value])
    return operand


def write_list(catalog: Catalog, known: Mapping[str, Prepared], language: str) -> bytes:
    """wfs:ListStoredQueriesResponse: what each is called and which feature types it answers with."""
    layers = open_layers(catalog)
    entries = [_write_entry(GET_FEATURE_BY_ID, _BY_ID_WORDS[language][0], language, [type_name(layer) for layer in layers])]
    for prepared in _readable(known, catalog):
        query = prepared.query
        entries.append(_write_entry(query.id, query.title.text(language), language, [type_name(catalog.layer(query.layer))]))
    return _write("ListStoredQueriesResponse", entries, catalog)


def write_descriptions(catalog: Catalog, known: Mapping[str, Prepared], names: Collection[str], language: str) -> bytes:
    """wfs:DescribeStoredQueriesResponse of the queries named, of all for none. Raises InvalidParameter for names of none."""
    readable = {prepared.query.id: prepared for prepared in _readable(known, catalog)}
    wanted = list(names) or [GET_FEATURE_BY_ID, *readable]
    described = [_describe_by_id(catalog, language) if name in _BY_ID_NAMES else None for name in wanted]
    nodes = [found or _describe(_find(name, readable).query, catalog, language) for name, found in zip(wanted, described, strict=True)]
    return _write("DescribeStoredQueriesResponse", nodes, catalog)


def _readable(known: Mapping[str, Prepared], catalog: Catalog) -> list[Prepared]:
    identity = current_identity()
    return [prepared for prepared in known.values() if may_read(identity, catalog.layer(prepared.query.layer))]


def _write_entry(name: str, title: str, language: str, types: list[str]) -> Node:
    return element(
        "wfs:StoredQuery",
        element("wfs:Title", title, attributes={"xml:lang": language}),
        *(element("wfs:ReturnFeatureType", one) for one in types),
        attributes={"id": name},
    )


def _describe_by_id(catalog: Catalog, language: str) -> Node:
    title, abstract = _BY_ID_WORDS[language]
    parameter = element("wfs:Parameter", attributes={"name": "ID", "type": "xs:string"})
    types = " ".join(type_name(layer) for layer in open_layers(catalog))
    wanted = element("fes:Filter", element("fes:ResourceId", attributes={"rid": "${ID}"}))
    text = element(
        "wfs:QueryExpressionText",
        element("wfs:Query", wanted, attributes={"typeNames": types}),
        attributes={"isPrivate": False, "language": _LANGUAGE, "returnFeatureTypes": types},
    )
    return _write_description(GET_FEATURE_BY_ID, (title, abstract, language), [parameter], text)


def _describe(query: StoredQuery, catalog: Catalog, language: str) -> Node:
    parameters = [
        element(
            "wfs:Parameter",
            element("wfs:Title", parameter.en if language == "en" else parameter.vi, attributes={"xml:lang": language}),
            attributes={"name": name, "type": _XML_TYPES[parameter.type]},
        )
        for name, parameter in query.parameters.items()
    ]
    words = (query.title.text(language), query.abstract.text(language) if query.abstract else "", language)
    types = type_name(catalog.layer(query.layer))
    text = element("wfs:QueryExpressionText", query.where, attributes={"isPrivate": False, "language": _CQL2, "returnFeatureTypes": types})
    return _write_description(query.id, words, parameters, text)


def _write_description(name: str, words: tuple[str, str, str], parameters: list[Node], text: Node) -> Node:
    title, abstract, language = words
    return element(
        "wfs:StoredQueryDescription",
        element("wfs:Title", title, attributes={"xml:lang": language}),
        element("wfs:Abstract", abstract, attributes={"xml:lang": language}) if abstract else None,
        *parameters,
        text,
        attributes={"id": name},
    )


def _write(name: str, nodes: list[Node], catalog: Catalog) -> bytes:
    prefixes = {"wfs": Namespace.WFS20, "fes": Namespace.FES, "xs": Namespace.XS, **prefixes_of(open_layers(catalog))}
    return write_document(element(f"wfs:{name}", *nodes), prefixes, schema_locations={Namespace.WFS20: _SCHEMA})
