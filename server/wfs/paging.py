# SPDX-License-Identifier: MIT
"""Addresses of the pages before and after (WFS 2.0.0, 09-025r2 7.7.4.4): the same request from another feature on, as key-values.

A request that came as XML is written as key-values, its filters in FILTER; the few that do not fit into an address have no such links.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from server.config import Limits
from server.errors import InvalidParameter
from server.wfs.frames import Numbers
from server.wfs.requests import GetFeature, TypeQuery
from server.xmlio.parse import text_form

_REPLACED = frozenset({"STARTINDEX", "COUNT", "MAXFEATURES", "RESULTTYPE"})


def page_links(asked: GetFeature, address: str, numbers: Numbers, limit: int, limits: Limits) -> tuple[tuple[str, str], ...]:
    """The attributes `next` and `previous` of a collection, where there are such pages. After a mere number the first page is next."""
    if numbers.matched is None:
        return ()
    returned, wanted = numbers.returned or 0, []
    if asked.start_index + returned < numbers.matched and (returned or asked.result_type == "hits") and limit:
        wanted.append(("next", asked.start_index + returned, limit))
    if asked.start_index and asked.result_type != "hits":
        first = max(asked.start_index - limit, 0)
        wanted.append(("previous", first, min(limit, asked.start_index)))
    if not wanted:
        return ()
    parameters = asked.parameters or _as_parameters(asked)
    kept = {name: value for name, value in parameters.items() if name not in _REPLACED}
    links = [(name, urlencode({**kept, "STARTINDEX": start, "COUNT": count})) for name, start, count in wanted] if kept else []
    return tuple((name, f"{address}?{query}") for name, query in links if len(query) <= limits.max_query_bytes)


def _as_parameters(asked: GetFeature) -> Mapping[str, str]:
    """A request that came as XML as key-values (09-025r2 7.9, 11.2.3); empty for one that has no such form."""
    head = {"SERVICE": "WFS", "VERSION": asked.version, "REQUEST": asked.operation}
    more = {"OUTPUTFORMAT": asked.output_format or "", "VALUEREFERENCE": asked.value_reference}
    given = {name: value for name, value in more.items() if value}
    if asked.stored:
        only = asked.stored[0]
        if len(asked.queries) > 1:
            return {}
        return {**head, **given, "STOREDQUERY_ID": only.id, **{name.upper(): value for name, value in only.parameters.items()}}
    systems = {query.srs_name for query in asked.queries}
    if len(systems) > 1:
        return {}
    try:
        filters = [_write_filter(query) for query in asked.queries]
    except InvalidParameter:  # a name space that is no address: the filter itself is fine
        return {}
    parts = {
        "TYPENAMES": [query.type_name for query in asked.queries],
        "PROPERTYNAME": [",".join(query.properties) for query in asked.queries],
        "FILTER": filters,
        "SORTBY": [",".join(f"{part.name} {'DESC' if part.descending else 'ASC'}" for part in query.sort) for query in asked.queries],
    }
    if len(asked.queries) > 1 and any(sign in text for texts in parts.values() for text in texts for sign in "()"):
        return {}
    given |= {name: _group(texts) for name, texts in parts.items() if any(texts)}
    return {**head, **given, **({"SRSNAME": system} if (system := systems.pop()) else {})}


def _write_filter(query: TypeQuery) -> str:
    return text_form(query.filter).decode() if query.filter is not None else ""


def _group(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else "".join(f"({text})" for text in texts)
