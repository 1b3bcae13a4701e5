# SPDX-License-Identifier: MIT
"""The parameters of `items` become one frozen question (17-069r4 7.15, 18-058r1 6.2); unknown ones are refused, as the standard asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

from server.access import store_of
from server.catalog.model import Layer
from server.catalog.projection import published_field_names, published_shapes, searched_fields
from server.crs.axis import Service as Protocol
from server.crs.axis import axis_order
from server.crs.extent import parse_ogcapi_boxes
from server.crs.spelling import CrsReference, Spelling, parse_crs, write_crs
from server.encode.formats import BY_SHORT_NAME
from server.errors import InvalidParameter
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_json import read_cql2_json
from server.filter.cql2_text import read_cql2_text
from server.filter.kvp import read_box, read_datetime, read_equality, read_moment, read_words
from server.filter.tree import Node, Or, both
from server.ogcapi.service import CRS84_REFERENCE, Service
from server.query.features import FeatureQuery, SortKey

FORMATS = ("json", "html")
JSON_FG = "json-fg"
PAGE_FORMATS = (*FORMATS, JSON_FG, "gml", *BY_SHORT_NAME)
_ALSO_CALLED = {"geojson": "json", "jsonfg": JSON_FG, "flatgeobuf": "fgb"}
FILTER_LANGUAGES = ("cql2-text", "cql2-json")
_GEOMETRY_NAMES = ("geometry", "geom")
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_CURSOR = re.compile(r"([np])(-?[0-9a-f]{1,16})", re.ASCII)
_PAGING = frozenset({"cursor", "offset"})
_MAX_PARAMETERS = 100


@dataclass(frozen=True)
class ItemsRequest:
    """One question for a page of a collection.

    `kept` are the parameters to repeat in links to other pages. `before` is set when the page that ends with that id is wanted:
    `query.after` is then still unknown. `crs_uri` names the CRS of the answer. `bom`: CSV begins with a byte order mark.
    """

    query: FeatureQuery
    format: str | None
    language: str | None
    crs_uri: str
    kept: tuple[tuple[str, str], ...] = ()
    before: int | None = None
    bom: bool = True


@dataclass
class _Draft:
    """What the parameters have said so far."""

    service: Service
    layer: Layer
    given: Mapping[str, str]
    asked: dict[str, Any]  # what the FeatureQuery is made of
    where: Node | None = None
    crs_uri: str = CRS84_REFERENCE.text
    before: int | None = None
    choices: dict[str, str] = field(default_factory=dict)


def read_pairs(query_string: bytes) -> dict[str, str]:
    """The parameters of a query string. Raises InvalidParameter for one that stands twice, for too many, for bytes that are no UTF-8."""
    if not query_string:
        return {}
    pieces = [piece for piece in query_string.split(b"&") if piece]
    try:
        if len(pieces) > _MAX_PARAMETERS:
            raise ValueError("too many")
        pairs = [(_decode(name), _decode(value)) for name, _, value in (piece.partition(b"=") for piece in pieces)]
    except ValueError as error:
        raise InvalidParameter("The query string is not UTF-8 or holds too many parameters.") from error
    given = dict(pairs)
    if len(given) != len(pairs):
        raise InvalidParameter("A parameter stands twice.")
    return given


def _decode(written: bytes) -> str:
    text = written.decode("ascii")
    return unquote_plus(text, errors="strict") if b"%" in written or b"+" in written else text


def read_items_request(service: Service, layer: Layer, given: Mapping[str, str]) -> ItemsRequest:
    """The question of a request for a page. Raises InvalidParameter naming the parameter, or InvalidCrs."""
    limits = service.context.settings.limits
    draft = _Draft(service, layer, given, {"layer": layer, "limit": min(limits.default_items, limits.max_items), "store": store_of(layer)})
    for name, text in given.items():
        reader = _READERS.get(name)
        if reader is not None:
            reader(draft, text)
        elif name in _field_names(layer):
            draft.where = both(draft.where, read_equality(name, text))
        else:
            raise _unknown(name)
    if "sort" in draft.asked and "cursor" in given:
        raise InvalidParameter("cursor goes with the default order; with sortby use offset.", locator="cursor")
    if draft.choices.get("f") in BY_SHORT_NAME and "limit" not in given:
        draft.asked["limit"] = limits.max_features  # what is taken home is taken whole
    return ItemsRequest(
        FeatureQuery(**draft.asked, where=draft.where),
        draft.choices.get("f"),
        draft.choices.get("lang"),
        draft.crs_uri,
        tuple(pair for pair in given.items() if pair[0] not in _PAGING),
        draft.before,
        draft.choices.get("bom") != "false",
    )


def read_item_request(service: Service, layer: Layer, given: Mapping[str, str]) -> ItemsRequest:
    """The question of a request for one feature, its id left open. Raises InvalidParameter, InvalidCrs."""
    unknown = next((name for name in given if name not in ("f", "lang", "crs")), None)
    if unknown is not None:
        raise _unknown(unknown)
    return replace(read_items_request(service, layer, given), kept=tuple(given.items()))


def write_cursor(kind: str, feature_id: int) -> str:
    """The token of the page after (`n`) or up to (`p`) a feature."""
    return f"{kind}{feature_id:x}"


def read_choices(given: Mapping[str, str]) -> tuple[str | None, str | None]:
    """`f` and `lang` of a request for a document that takes nothing else. Raises InvalidParameter."""
    for name in given:
        if name not in ("f", "lang"):
            raise _unknown(name)
    return _one_of(given.get("f"), FORMATS, "f"), _one_of(given.get("lang"), ("vi", "en"), "lang")


@lru_cache(maxsize=500)
def _names_by_identity(_: int, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)


def _field_names(layer: Layer) -> frozenset[str]:
    return _names_by_identity(id(layer), published_field_names(layer))


def _unknown(name: str) -> InvalidParameter:
    shown = name if len(name) <= 60 and name.isprintable() else "…"
    return InvalidParameter(f"There is no parameter {shown!r} here.", locator=shown, message_vi=f"Không có tham số {shown!r} ở đây.")


def _one_of(text: str | None, choices: tuple[str, ...], locator: str) -> str | None:
    if text is not None and text not in choices:
        raise InvalidParameter(f"{locator} is one of {', '.join(choices)}.", locator=locator)
    return text


def _number(text: str, locator: str, smallest: int) -> int:
    if not _NUMBER.fullmatch(text) or int(text) < smallest:
        raise InvalidParameter(f"{locator} is a whole number, {smallest} or more.", locator=locator)
    return int(text)


def _read_limit(draft: _Draft, text: str) -> None:
    ceiling = draft.service.context.settings.limits.max_items
    draft.asked["limit"] = min(_number(text, "limit", 1), ceiling)


def _read_offset(draft: _Draft, text: str) -> None:
    offset = _number(text, "offset", 0)
    if offset > draft.service.context.settings.limits.max_features:
        raise InvalidParameter("offset is beyond the ceiling of this server; follow the next links instead.", locator="offset")
    draft.asked["offset"] = offset


def _read_cursor(draft: _Draft, text: str) -> None:
    match = _CURSOR.fullmatch(text)
    if not match or "offset" in draft.given:
        raise InvalidParameter("cursor is taken from a next or prev link, alone.", locator="cursor")
    feature_id = max(-(2**63), min(int(match.group(2), 16), 2**63 - 1))
    if match.group(1) == "n":
        draft.asked["after"] = feature_id
    else:
        draft.before = feature_id


def _read_crs(draft: _Draft, text: str) -> None:
    reference = parse_crs(text, offered=draft.service.crs, locator="crs")
    order = axis_order(reference.crs, Protocol.OGC_API, "1.0", reference.spelling)
    draft.asked |= {"crs": reference.crs.code, "axis_order": order}
    draft.crs_uri = write_crs(reference.crs, Spelling.URL)


def _read_bbox(draft: _Draft, text: str) -> None:
    reference: CrsReference | None = None
    if "bbox-crs" in draft.given:
        reference = parse_crs(draft.given["bbox-crs"], offered=draft.service.crs, locator="bbox-crs")
    boxes = tuple(read_box(box) for box in parse_ogcapi_boxes(text, reference))
    draft.where = both(draft.where, boxes[0] if len(boxes) == 1 else Or(boxes))


def _read_bbox_crs(draft: _Draft, text: str) -> None:
    parse_crs(text, offered=draft.service.crs, locator="bbox-crs")


def _read_datetime(draft: _Draft, text: str) -> None:
    draft.where = both(draft.where, read_datetime(text))


def _read_words(draft: _Draft, text: str) -> None:
    if not searched_fields(draft.layer):
        raise InvalidParameter(
            "This collection has no fields to search in.", locator="q", message_vi="Bộ dữ liệu này không có trường nào để tìm."
        )
    draft.where = both(draft.where, read_words(text))


def _read_filter(draft: _Draft, text: str) -> None:
    """`filter` in the language `filter-lang`, geometries in `filter-crs` (19-079r2 6)."""
    limits, names = draft.service.context.settings.limits, _GEOMETRY_NAMES if draft.layer.has_geometry else ()
    crs = CRS84_REFERENCE
    if "filter-crs" in draft.given:
        crs = parse_crs(draft.given["filter-crs"], offered=draft.service.crs, locator="filter-crs")
    shapes = tuple(shape.name for shape in published_shapes(draft.layer))
    reading = Cql2Reading(names, crs, limits.max_query_bytes, limits.max_filter_depth, limits.max_filter_nodes, shapes=shapes)
    read = read_cql2_json if draft.given.get("filter-lang") == "cql2-json" else read_cql2_text
    draft.where = both(draft.where, read(text, reading))


def _read_filter_language(_: _Draft, text: str) -> None:
    _one_of(text, FILTER_LANGUAGES, "filter-lang")


def _read_filter_crs(draft: _Draft, text: str) -> None:
    parse_crs(text, offered=draft.service.crs, locator="filter-crs")


def _read_as_of(draft: _Draft, text: str) -> None:
    """What was published at a moment (of a day, month or year: at its end), also for those who see the official features."""
    layer = draft.service.context.catalog.layer(draft.layer.id)
    draft.asked |= {"layer": layer, "store": "former", "moment": read_moment(text, "asof")[1]}


def _read_fields(draft: _Draft, text: str) -> None:
    names = tuple(text.split(","))
    known = _field_names(draft.layer) | {shape.name for shape in published_shapes(draft.layer)}
    wrong = next((name for name in names if name and name not in known), None)
    if wrong is not None:
        raise InvalidParameter("properties names a field this collection does not have.", locator="properties")
    draft.asked["fields"] = tuple(name for name in names if name)


def _read_sort(draft: _Draft, text: str) -> None:
    keys = [SortKey(part.strip().lstrip("+-"), part.strip().startswith("-")) for part in text.split(",")]
    known = _field_names(draft.layer)
    if len(keys) > 5 or any(key.field not in known for key in keys):
        raise InvalidParameter("sortby is up to five fields of the collection, each with + or - before it.", locator="sortby")
    draft.asked["sort"] = tuple(keys)


def _read_skip(draft: _Draft, text: str) -> None:
    draft.asked["with_geometry"] = _one_of(text, ("true", "false"), "skipGeometry") != "true"


def _read_format(draft: _Draft, text: str) -> None:
    draft.choices["f"] = _one_of(_ALSO_CALLED.get(text, text), PAGE_FORMATS, "f") or ""


def _read_bom(draft: _Draft, text: str) -> None:
    draft.choices["bom"] = _one_of(text, ("true", "false"), "bom") or ""


def _read_language(draft: _Draft, text: str) -> None:
    draft.choices["lang"] = _one_of(text, ("vi", "en"), "lang") or ""


_READERS: dict[str, Callable[[_Draft, str], Any]] = {
    "limit": _read_limit,
    "offset": _read_offset,
    "cursor": _read_cursor,
    "bbox": _read_bbox,
    "bbox-crs": _read_bbox_crs,
    "crs": _read_crs,
    "datetime": _read_datetime,
    "asof": _read_as_of,
    "q": _read_words,
    "filter": _read_filter,
    "filter-lang": _read_filter_language,
    "filter-crs": _read_filter_crs,
    "properties": _read_fields,
    "sortby": _read_sort,
    "skipGeometry": _read_skip,
    "f": _read_format,
    "bom": _read_bom,
    "lang": _read_language,
}
PARAMETERS = frozenset(_READERS)
