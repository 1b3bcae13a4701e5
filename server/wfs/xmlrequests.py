# SPDX-License-Identifier: MIT
"""Requests that came as XML (09-025r2, 04-094 8.2, 9.2, 13.2), read into the same values as key-value requests."""

from __future__ import annotations

from flask import request

from server.errors import InvalidParameter, MissingParameter
from server.ows.kvp import read_integer
from server.wfs.requests import GetFeature, SortProperty, StoredQueryCall, TypeQuery, check_type_count, read_count, read_result_type
from server.wfs.versions import DEFAULT
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, children, descendants, first_child, local_name, namespace, text_of

_XML_TYPES = ("text/xml", "application/xml")


def header_of(root: Element) -> dict[str, str]:
    """Operation, service, version and what else concerns the request as a whole, under the names of key-value parameters."""
    known = {"service": "SERVICE", "version": "VERSION", "outputFormat": "OUTPUTFORMAT", "language": "LANGUAGE"}
    header = {name: value for key, name in known.items() if (value := attribute(root, key))}
    if namespace(root) == Namespace.WFS20:
        header.setdefault("VERSION", "2.0.0")
    header["REQUEST"] = local_name(root)
    if header["REQUEST"] == "Transaction":
        return header  # thousands of children, none of which says anything of the whole
    header["ACCEPTVERSIONS"] = _join(root, "AcceptVersions", "Version")
    header["SECTIONS"] = _join(root, "Sections", "Section")
    header["TYPENAME"] = ",".join(text_of(child) for child in children(root, "TypeName"))
    header["STOREDQUERY_ID"] = ",".join(text_of(child) for child in children(root, "StoredQueryId"))
    if header["REQUEST"] == "GetGmlObject":
        found = first_child(root, "GmlObjectId")
        header["GMLOBJECTID"] = (attribute(found, "id", Namespace.GML) or "") if found is not None else ""
        header["TRAVERSEXLINKDEPTH"] = attribute(root, "traverseXlinkDepth") or ""
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


def from_xml(root: Element, version: str = DEFAULT) -> GetFeature:
    """A wfs:GetFeature (or GetPropertyValue) document. Raises MissingParameter, InvalidParameter, LimitExceeded."""
    queries, stored = children(root, "Query"), children(root, "StoredQuery")
    if not queries and not stored:
        raise MissingParameter("A GetFeature needs a wfs:Query.", locator="Query")
    check_type_count(len(queries) + len(stored))
    count = attribute(root, "maxFeatures") or attribute(root, "count")
    return GetFeature(
        queries=tuple(_read_query(query, version) for query in queries),
        output_format=attribute(root, "outputFormat"),
        result_type=read_result_type(attribute(root, "resultType")),
        max_features=read_count(count, version),
        start_index=read_integer(attribute(root, "startIndex") or "0", "STARTINDEX"),
        version=version,
        nests=version == "2.0.0" and len(queries) + len(stored) > 1,
        stored=tuple(read_call(query) for query in stored),
        operation=local_name(root),
        value_reference=attribute(root, "valueReference") or "",
    )


def _read_query(query: Element, version: str) -> TypeQuery:
    names = (attribute(query, "typeName") or attribute(query, "typeNames") or "").replace(",", " ").split()
    if not names:
        wanted = "typeNames" if version == "2.0.0" else "typeName"
        raise MissingParameter(f"A wfs:Query needs {wanted}.", locator=wanted)
    if len(names) > 1:
        raise InvalidParameter("A wfs:Query takes one feature type; joins are not offered.", locator="typeName")
    return TypeQuery(
        type_name=names[0],
        properties=tuple(text_of(child) for child in children(query, "PropertyName")),
        srs_name=attribute(query, "srsName") or None,
        filter=first_child(query, "Filter"),
        sort=tuple(_read_sort(found) for found in descendants(query, "SortProperty")),
        version=version,
    )


def read_call(query: Element) -> StoredQueryCall:
    """wfs:StoredQuery with its wfs:Parameter elements (09-025r2 7.9.3)."""
    given: dict[str, str] = {}
    for parameter in children(query, "Parameter"):
        name = (attribute(parameter, "name") or "").lower()
        if given.setdefault(name, text_of(parameter)) != text_of(parameter):
            raise InvalidParameter("A parameter of a stored query is given twice.", locator=name[:60])
    return StoredQueryCall((attribute(query, "id") or "").strip(), given)


def _read_sort(element: Element) -> SortProperty:
    name, order = first_child(element, "PropertyName"), first_child(element, "SortOrder")
    name = first_child(element, "ValueReference") if name is None else name
    direction = text_of(order).upper() if order is not None else "ASC"
    if name is None or direction not in ("A", "ASC", "D", "DESC"):
        raise InvalidParameter("A SortProperty has a property and a SortOrder of ASC or DESC.", locator="SortBy")
    return SortProperty(text_of(name), direction.startswith("D"))


def _join(root: Element, holder: str, part: str) -> str:
    found = first_child(root, holder)
    return ",".join(text_of(child) for child in children(found, part)) if found is not None else ""
