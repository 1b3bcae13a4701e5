# SPDX-License-Identifier: MIT
"""GetFeature as one value, whichever way it came: key-value parameters (`from_parameters`) or XML (`server.wfs.xmlrequests`).

Nothing is looked up in the catalogue here; `server.wfs.plan` does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from server.config import Limits
from server.errors import InvalidParameter, LimitExceeded, MissingParameter
from server.ows.kvp import read_integer, split_groups, split_list
from server.xmlio.parse import Element, parse_xml

ResultType = Literal["results", "hits"]
MAX_TYPES = 50
_DIRECTIONS = {"": False, "A": False, "ASC": False, "D": True, "DESC": True}


@dataclass(frozen=True)
class SortProperty:
    """A property name as the client wrote it, and its direction."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class TypeQuery:
    """What is asked of one feature type, still in the client's words. At most one of `ids`, `bbox` and `filter` is set.

    `properties` empty = all; `srs_name` None = the default system; `bbox` is the text of the parameter, `filter` the ogc:Filter element.
    """

    type_name: str
    properties: tuple[str, ...] = ()
    srs_name: str | None = None
    ids: tuple[str, ...] | None = None
    bbox: str | None = None
    filter: Element | None = None
    sort: tuple[SortProperty, ...] = ()


@dataclass(frozen=True)
class GetFeature:
    """One GetFeature request (04-094 9.2). `max_features` None = as many as there are; `start_index` counts from 0."""

    queries: tuple[TypeQuery, ...]
    output_format: str | None = None
    result_type: ResultType = "results"
    max_features: int | None = None
    start_index: int = 0


def from_parameters(parameters: Mapping[str, str], limits: Limits) -> GetFeature:
    """A GetFeature of key-value parameters (04-094 14.7.3). Raises MissingParameter, InvalidParameter, LimitExceeded."""
    return GetFeature(
        queries=_read_queries(parameters, limits),
        output_format=parameters.get("OUTPUTFORMAT") or None,
        result_type=read_result_type(parameters.get("RESULTTYPE") or None),
        max_features=read_count(parameters.get("MAXFEATURES") or parameters.get("COUNT") or None),
        start_index=read_integer(parameters.get("STARTINDEX") or "0", "STARTINDEX"),
    )


def read_result_type(text: str | None) -> ResultType:
    """`results` or `hits` (any case). Raises InvalidParameter."""
    if text is None or text.lower() == "results":
        return "results"
    if text.lower() == "hits":
        return "hits"
    raise InvalidParameter("resultType is results or hits.", locator="RESULTTYPE")


def read_count(text: str | None) -> int | None:
    """maxFeatures: a positive integer (04-094 9.2). Raises InvalidParameter."""
    return None if text is None else read_integer(text, "MAXFEATURES", least=1)


def check_type_count(count: int) -> None:
    """Raises LimitExceeded for more feature types than one request may name."""
    if count > MAX_TYPES:
        raise LimitExceeded(f"One request names at most {MAX_TYPES} feature types.", locator="TYPENAME")


def read_sort(text: str) -> tuple[SortProperty, ...]:
    """`name,kind D`: properties with A, ASC, D or DESC behind them (04-094 14.7.3). Raises InvalidParameter."""
    out = []
    for part in split_list(text):
        name, _, direction = part.partition(" ")
        if direction.strip().upper() not in _DIRECTIONS:
            raise InvalidParameter("The direction of a sort is A (ascending) or D (descending).", locator="SORTBY")
        out.append(SortProperty(name, _DIRECTIONS[direction.strip().upper()]))
    return tuple(out)


def _read_queries(parameters: Mapping[str, str], limits: Limits) -> tuple[TypeQuery, ...]:
    given = [name for name in ("FEATUREID", "BBOX", "FILTER") if parameters.get(name)]
    if len(given) > 1:
        raise InvalidParameter(f"{given[0]} and {given[1]} exclude each other.", locator=given[1])
    ids = split_list(parameters.get("FEATUREID") or "")
    if len(ids) > limits.max_ids:
        raise LimitExceeded(f"One request names at most {limits.max_ids} features.", locator="FEATUREID")
    names = [name for group in split_groups(parameters.get("TYPENAME") or parameters.get("TYPENAMES") or "") for name in split_list(group)]
    names = names or list(dict.fromkeys(text.rpartition(".")[0] for text in ids))
    if not names:
        raise MissingParameter("The parameter TYPENAME is missing.", locator="TYPENAME", message_vi="Thiếu tham số TYPENAME.")
    check_type_count(len(names))
    properties = _spread(parameters, "PROPERTYNAME", len(names))
    filters = _spread(parameters, "FILTER", len(names))
    sort = read_sort(parameters.get("SORTBY") or "")
    return tuple(
        TypeQuery(
            type_name=name,
            properties=tuple(split_list(properties[position])),
            srs_name=parameters.get("SRSNAME") or None,
            ids=tuple(ids) if ids else None,
            bbox=parameters.get("BBOX") or None,
            filter=_parse_filter(filters[position], limits),
            sort=sort,
        )
        for position, name in enumerate(names)
    )


def _spread(parameters: Mapping[str, str], name: str, count: int) -> list[str]:
    """The value per feature type: `(a,b)(c)` has one group each; a single group holds for all of them."""
    groups = split_groups(parameters.get(name) or "")
    if len(groups) == 1:
        return groups * count
    if len(groups) != count:
        raise InvalidParameter(f"{name} has {len(groups)} groups for {count} feature types.", locator=name)
    return groups


def _parse_filter(text: str, limits: Limits) -> Element | None:
    return parse_xml(text.encode(), limits.max_body_bytes, limits.max_xml_depth, locator="FILTER") if text.strip() else None
