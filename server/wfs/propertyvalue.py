# SPDX-License-Identifier: MIT
"""GetPropertyValue (WFS 2.0.0, 09-025r2 10): the values of one property of the features a query finds, each as a member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from flask import Response

from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.context import Context
from server.encode import geojson
from server.encode.stream import Framed
from server.errors import InvalidParameter, MissingParameter
from server.faults import log_fault
from server.features.count import count_features
from server.filter.fes_value import FesReading, names_id, read_property_name
from server.filter.tree import IsNull, Not, Property, both
from server.query.features import FeatureQuery
from server.wfs.formats import choose_feature_format
from server.wfs.frames import CONTENT_TYPES, Numbers
from server.wfs.getfeature import Answer
from server.wfs.paging import page_links
from server.wfs.plan import DEFAULT_CRS, Planner, no_such_property
from server.wfs.requests import GetFeature
from server.wfs.schema import prefixes_of, schema_places, shape_names
from server.xmlio.namespaces import Namespace
from server.xmlio.write import element, write_document

_SCHEMA = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
# A member as the database writes it: the feature's tags go, what is inside stays.
_FEATURE = re.compile(rb"<wfs:member><([^\s>]+)[^>]*?gml:id=\"([^\"]*)\">(.*?)</\1></wfs:member>", re.DOTALL)


def answer_values(context: Context, planner: Planner, asked: GetFeature, reference: str | None, address: str) -> Response:
    """The response to a GetPropertyValue; `reference` is the valueReference.

    Raises MissingParameter (there is none), InvalidParameter (it is empty) and like `answer_features`.
    """
    if reference is not None and not reference.strip():
        raise InvalidParameter("The valueReference is empty.", locator="valueReference", message_vi="valueReference để trống.")
    if reference is None:
        raise MissingParameter("A valueReference is missing.", locator="valueReference", message_vi="Thiếu valueReference.")
    if len(asked.queries) != 1:
        raise InvalidParameter("GetPropertyValue takes one query.", locator="Query")
    if choose_feature_format(asked.output_format, asked.version) != "gml32":
        raise InvalidParameter("GetPropertyValue answers in GML 3.2.", locator="outputFormat")
    whole = planner.plan(replace(asked.queries[0], properties=()), "gml32")
    only_ids = _names_id(whole.layer, reference)
    query = replace(whole, fields=(), with_geometry=False) if only_ids else _narrow(whole, reference)
    ceiling = context.settings.limits.max_features
    limit = ceiling if asked.max_features is None else min(asked.max_features, ceiling)
    if asked.result_type == "hits" or limit == 0:
        numbers = Numbers(count_features(context, query), 0)
        return _respond(_head(query.layer, numbers, (), address) + _TAIL)
    answer = Answer(context, [replace(query, offset=asked.start_index)], "gml32", limit)
    numbers = answer.numbers([query], asked.start_index)
    head = _head(query.layer, numbers, page_links(asked, address, numbers, limit, planner.limits), address)
    frame = Framed(head, _unwrap(answer.chunks(), only_ids=only_ids), lambda: _TAIL, log_fault)
    return _respond(b"".join(frame) if answer.is_complete else frame)


_TAIL = b"\n</wfs:ValueCollection>\n"


def _narrow(query: FeatureQuery, reference: str) -> FeatureQuery:
    """The question about one property, and only for features that have it. Raises InvalidParameter."""
    layer = query.layer
    name = read_property_name(reference, _reading(layer))
    if layer.has_geometry and name == layer.geometry_name:
        return replace(query, fields=(), where=both(query.where, Not(IsNull(Property("geom")))))
    if name not in {*(field.name for field in published_fields(layer)), *shape_names(layer)}:
        raise no_such_property(layer, name, "valueReference")
    return replace(query, fields=(name,), with_geometry=False, where=both(query.where, Not(IsNull(Property(name)))))


def _names_id(layer: Layer, reference: str) -> bool:
    return reference.strip() == "gml:id" or names_id(reference, _reading(layer))


def _reading(layer: Layer) -> FesReading:
    return FesReading(layer.id, DEFAULT_CRS, alias=layer.wfs_name, locator="valueReference")


def _head(layer: Layer, numbers: Numbers, links: tuple[tuple[str, str], ...], address: str) -> bytes:
    attributes = {
        "timeStamp": geojson.write_now(),
        "numberMatched": "unknown" if numbers.matched is None else numbers.matched,
        "numberReturned": numbers.returned or 0,
        **dict(links),
    }
    root = element("wfs:ValueCollection", "\n", attributes=attributes)
    prefixes = {"wfs": Namespace.WFS20, "gml": Namespace.GML32, **prefixes_of([layer])}
    places: dict[Namespace | str, str] = {Namespace.WFS20: _SCHEMA, Namespace.XANH: schema_places([layer], address, "2.0.0")}
    return write_document(root, prefixes, schema_locations=places).rpartition(b"</wfs:ValueCollection>")[0]


def _unwrap(chunks: Iterator[bytes], *, only_ids: bool) -> Iterator[bytes]:
    """Chunks hold whole members: the database's rows are never cut."""
    put = rb"<wfs:member>\2</wfs:member>" if only_ids else rb"<wfs:member>\3</wfs:member>"
    return (_FEATURE.sub(put, chunk) for chunk in chunks)


def _respond(body: bytes | Framed) -> Response:
    return Response(body, content_type=CONTENT_TYPES["gml32"])
