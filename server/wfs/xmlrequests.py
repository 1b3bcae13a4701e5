# SPDX-License-Identifier: MIT
"""Requests that came as XML (04-094 8.2, 9.2, 13.2), read into the same values as key-value requests."""

from __future__ import annotations

from flask import request

from server.errors import InvalidParameter, MissingParameter
from server.ows.kvp import read_integer
from server.wfs.requests import GetFeature, SortProperty, TypeQuery, check_type_count, read_count, read_result_type
from server.xmlio.parse import Element, attribute, children, descendants, first_child, local_name, text_of

_XML_TYPES = ("text/xml", "application/xml")


def header_of(root: Element) -> dict[str, str]:
    """Operation, service, version and what else concerns the request as a whole, under the names of key-value parameters."""
    known = {"service": "SERVICE", "version": "VERSION", "outputFormat": "OUTPUTFORMAT", "language": "LANGUAGE"}
    header = {name: value for key, name in known.items() if (value := attribute(root, key))}
    header["REQUEST"] = local_name(root)
    header["ACCEPTVERSIONS"] = _join(root, "AcceptVersions", "Version")
    header["SECTIONS"] = _join(root, "Sections", "Section")
    header["TYPENAME"] = ",".join(text_of(child) for child in children(root, "TypeName"))
    return {name: value for name, value in header.items() if value}


def require_xml(body: Element | None) -> Element:
    """The body of a request that changes something: XML by POST, and said to be XML.

    A page of a stranger can make a browser send queries and forms with the credentials it keeps, but not that. Raises InvalidParameter.
    """
    if body is None or not (request.mimetype in _XML_TYPES or request.mimetype.endswith("+xml")):
        raise InvalidParameter(
            "This operation is sent by POST as XML (Content-Type: text/xml).",
            locator="request",
            message_vi="Thao tác này được gửi bằng POST dạng XML (Content-Type: text/xml).",
        )
    return body


def from_xml(root: Element) -> GetFeature:
    """A wfs:GetFeature document. Raises MissingParameter, InvalidParameter, LimitExceeded."""
    queries = children(root, "Query")
    if not queries:
        raise MissingParameter("A GetFeature needs a wfs:Query.", locator="Query")
    check_type_count(len(queries))
    return GetFeature(
        queries=tuple(_read_query(query) for query in queries),
        output_format=attribute(root, "outputFormat"),
        result_type=read_result_type(attribute(root, "resultType")),
        max_features=read_count(attribute(root, "maxFeatures") or attribute(root, "count")),
        start_index=read_integer(attribute(root, "startIndex") or "0", "STARTINDEX"),
    )


def _read_query(query: Element) -> TypeQuery:
    names = (attribute(query, "typeName") or attribute(query, "typeNames") or "").replace(",", " ").split()
    if not names:
        raise MissingParameter("A wfs:Query needs a typeName.", locator="typeName")
    if len(names) > 1:
        raise InvalidParameter("A wfs:Query takes one feature type; joins are not offered.", locator="typeName")
    return TypeQuery(
        type_name=names[0],
        properties=tuple(text_of(child) for child in children(query, "PropertyName")),
        srs_name=attribute(query, "srsName") or None,
        filter=first_child(query, "Filter"),
        sort=tuple(_read_sort(found) for found in descendants(query, "SortProperty")),
    )


def _read_sort(element: Element) -> SortProperty:
    name, order = first_child(element, "PropertyName"), first_child(element, "SortOrder")
    direction = text_of(order).upper() if order is not None else "ASC"
    if name is None or direction not in ("A", "ASC", "D", "DESC"):
        raise InvalidParameter("A SortProperty has a PropertyName and a SortOrder of ASC or DESC.", locator="SortBy")
    return SortProperty(text_of(name), direction.startswith("D"))


def _join(root: Element, holder: str, part: str) -> str:
    found = first_child(root, holder)
    return ",".join(text_of(child) for child in children(found, part)) if found is not None else ""
