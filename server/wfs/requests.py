# SPDX-License-Identifier: MIT
"""GetFeature as one value, whichever way it came: key-value parameters (`from_parameters`) or XML (`server.wfs.xmlrequests`).

Nothing is looked up in the catalogue here; `server.wfs.plan` does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from server.config import Limits
from server.errors import InvalidParameter, LimitExceeded, MissingParameter
from server.filter.tree import Node
from server.ows.kvp import read_integer, split_groups, split_list
from server.wfs.versions import DEFAULT
from server.xmlio.parse import Element, parse_xml

ResultType = Literal["results", "hits"]
MAX_TYPES = 50
_DIRECTIONS = {"": False, "A": False, "ASC": False, "D": True, "DESC": True}
_CONDITIONS = ("RESOURCEID", "FEATUREID", "BBOX", "FILTER", "CQL_FILTER")
_KNOWN_TO_QUERIES = frozenset(
    (
        *("SERVICE", "VERSION", "REQUEST", "STOREDQUERY_ID", "OUTPUTFORMAT", "RESULTTYPE", "COUNT", "MAXFEATURES", "STARTINDEX"),
        *("NAMESPACES", "RESOLVE", "LANGUAGE", "VALUEREFERENCE", "SRSNAME"),
    )
)


@dataclass(frozen=True)
class SortProperty:
    """A property name as the client wrote it, and its direction."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class TypeQuery:
    """What is asked of one feature type, still in the client's words. At most one of `ids`, `bbox`, `filter`, `cql` and `where` is set.

    `properties` empty = all; `srs_name` None = the default system; `bbox` is the text of the parameter, `filter` the Filter element, `cql`
    the text of CQL_FILTER; `where` is a condition of our own (of a stored query). `version` of WFS decides the order of axes.
    `only_own_ids`: an id of another type is a mistake rather than the id of nothing.
    """

    type_name: str
    properties: tuple[str, ...] = ()
    srs_name: str | None = None
    ids: tuple[str, ...] | None = None
    bbox: str | None = None
    filter: Element | None = None
    cql: str | None = None
    where: Node | None = None
    sort: tuple[SortProperty, ...] = ()
    version: str = DEFAULT
    only_own_ids: bool = False


@dataclass(frozen=True)
class StoredQueryCall:
    """A stored query to be run: its identifier and its parameters by lower-case name, as texts."""

    id: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class GetFeature:
    """One GetFeature request (09-025r2 11.2, 04-094 9.2). `max_features` None = as many as there are; `start_index` counts from 0.

    `stored` are the stored queries to run in place of, or behind, `queries`. `nests`: each query is answered with a collection of its own
    inside the whole (2.0.0). `parameters` are those of a key-value request, for links to other pages. The same value serves
    GetPropertyValue (`operation`), whose `value_reference` is kept as the client wrote it.
    """

    queries: tuple[TypeQuery, ...]
    output_format: str | None = None
    result_type: ResultType = "results"
    max_features: int | None = None
    start_index: int = 0
    version: str = DEFAULT
    nests: bool = False
    stored: tuple[StoredQueryCall, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    operation: str = "GetFeature"
    value_reference: str = ""


def from_parameters(parameters: Mapping[str, str], limits: Limits, version: str = DEFAULT) -> GetFeature:
    """A GetFeature of key-value parameters (04-094 14.7.3, 09-025r2 11.2.3). Raises MissingParameter, InvalidParameter, LimitExceeded."""
    stored = read_stored_call(parameters)
    queries = () if stored else _read_queries(parameters, limits, version)
    by_id = bool(parameters.get("RESOURCEID") or parameters.get("FEATUREID"))
    return GetFeature(
        queries=queries,
        output_format=parameters.get("OUTPUTFORMAT") or None,
        result_type=read_result_type(parameters.get("RESULTTYPE") or None),
        max_features=read_count(parameters.get("MAXFEATURES") or parameters.get("COUNT") or None, version),
        start_index=read_integer(parameters.get("STARTINDEX") or "0", "STARTINDEX"),
        version=version,
        nests=version == "2.0.0" and len(queries) > 1 and not by_id,
        stored=stored,
        parameters=parameters,
    )


def read_stored_call(parameters: Mapping[str, str]) -> tuple[StoredQueryCall, ...]:
    """STOREDQUERY_ID and what stands beside it, or nothing (09-025r2 7.9.3)."""
    name = parameters.get("STOREDQUERY_ID")
    if not name:
        return ()
    given = {key.lower(): value for key, value in parameters.items() if key not in _KNOWN_TO_QUERIES}
    return (StoredQueryCall(name, given),)


def read_result_type(text: str | None) -> ResultType:
    """`results` or `hits` (any case). Raises InvalidParameter."""
    if text is None or text.lower() == "results":
        return "results"
    if text.lower() == "hits":
        return "hits"
    raise InvalidParameter("resultType is results or hits.", locator="RESULTTYPE")


def read_count(text: str | None, version: str = DEFAULT) -> int | None:
    """maxFeatures: a positive integer (04-094 9.2); count of 2.0.0 may be 0 as well. Raises InvalidParameter."""
    if text is None:
        return None
    return read_integer(text, "COUNT") if version == "2.0.0" else read_integer(text, "MAXFEATURES", least=1)


def check_type_count(count: int) -> None:
    """Raises LimitExceeded for more feature types than one request may name."""
    if count > MAX_TYPES:
        raise LimitExceeded(f"One request names at most {MAX_TYPES} feature types.", locator="TYPENAME")


def read_sort(text: str) -> tuple[SortProperty, ...]:
    """`name,kind D`: properties with A, ASC, D or DESC behind them (04-094 14.7.3). Raises InvalidParameter."""
    out = []
    for part in split_list(text):
        name, _, direction = part.replace("+", " ").partition(" ")
        if direction.strip().upper() not in _DIRECTIONS:
            raise InvalidParameter("The direction of a sort is A (ascending) or D (descending).", locator="SORTBY")
        out.append(SortProperty(name, _DIRECTIONS[direction.strip().upper()]))
    return tuple(out)


def _read_queries(parameters: Mapping[str, str], limits: Limits, version: str) -> tuple[TypeQuery, ...]:
    given = [name for name in _CONDITIONS if parameters.get(name)]
    if len(given) > 1:
        raise InvalidParameter(f"{given[0]} and {given[1]} exclude each other.", locator=given[1])
    ids = split_list(parameters.get("RESOURCEID") or parameters.get("FEATUREID") or "")
    if len(ids) > limits.max_ids:
        raise LimitExceeded(f"One request names at most {limits.max_ids} features.", locator=given[0])
    named = _read_names(parameters, version)
    names = named or list(dict.fromkeys(text.rpartition(".")[0] for text in ids))
    if not names:
        wanted = "TYPENAMES" if version == "2.0.0" else "TYPENAME"
        raise MissingParameter(f"The parameter {wanted} is missing.", locator=wanted, message_vi=f"Thiếu tham số {wanted}.")
    check_type_count(len(names))
    properties = _spread(parameters, "PROPERTYNAME", len(names))
    filters = _spread(parameters, "FILTER", len(names))
    texts = _spread(parameters, "CQL_FILTER", len(names), by=";")
    sort = [read_sort(text) for text in _spread(parameters, "SORTBY", len(names))]
    return tuple(
        TypeQuery(
            type_name=name,
            properties=tuple(split_list(properties[position])),
            srs_name=parameters.get("SRSNAME") or None,
            ids=tuple(ids) if ids else None,
            bbox=parameters.get("BBOX") or None,
            filter=_parse_filter(filters[position], limits),
            cql=texts[position] or None,
            sort=sort[position],
            version=version,
            only_own_ids=version == "2.0.0" and len(named) == 1,
        )
        for position, name in enumerate(names)
    )


def _read_names(parameters: Mapping[str, str], version: str) -> list[str]:
    """The feature types asked for. In 2.0.0 brackets tell queries apart, and names without brackets between them are a join."""
    groups = split_groups(parameters.get("TYPENAMES") or parameters.get("TYPENAME") or "")
    if version == "2.0.0" and any(len(split_list(group)) > 1 for group in groups):
        raise InvalidParameter(
            "Joins are not offered. Several feature types are asked for as TYPENAMES=(first)(second).",
            locator="TYPENAMES",
            message_vi="Không hỗ trợ phép nối. Hỏi nhiều lớp bằng TYPENAMES=(lớp 1)(lớp 2).",
        )
    return [name for group in groups for name in split_list(group)]


def _spread(parameters: Mapping[str, str], name: str, count: int, *, by: str = "") -> list[str]:
    """The value per feature type: `(a,b)(c)` has one group each; a single group holds for all of them. CQL_FILTER parts them by `;`."""
    text = parameters.get(name) or ""
    groups = text.split(by) if by and count > 1 else [text] if by else split_groups(text)
    if len(groups) == 1:
        return groups * count
    if len(groups) != count:
        raise InvalidParameter(f"{name} has {len(groups)} groups for {count} feature types.", locator=name)
    return groups


def _parse_filter(text: str, limits: Limits) -> Element | None:
    return parse_xml(text.encode(), limits.max_body_bytes, limits.max_xml_depth, locator="FILTER") if text.strip() else None
