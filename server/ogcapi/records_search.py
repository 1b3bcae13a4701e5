# SPDX-License-Identifier: MIT
"""What records are filtered and sorted by (20-004r1 11 and 12, 19-079r2): queryables, sortables, and a request as a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.config import Limits
from server.crs.definitions import Crs
from server.crs.spelling import parse_crs
from server.errors import InvalidParameter
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_json import read_cql2_json
from server.filter.cql2_text import read_cql2_text
from server.filter.kvp import read_equality
from server.filter.tree import Node, both
from server.ogcapi.requests import FILTER_LANGUAGES
from server.ogcapi.service import CRS84_REFERENCE
from server.query.features import SortKey
from server.query.records import RecordQuestion

Document = dict[str, Any]
_LABELS = {
    "type": ("Kiểu tài nguyên", "Kind of resource"),
    "title": ("Tên", "Title"),
    "description": ("Mô tả", "Description"),
    "keywords": ("Từ khóa", "Keywords"),
    "language": ("Ngôn ngữ của bản ghi", "Language of the record"),
    "updated": ("Công bố lúc", "Published at"),
    "license": ("Giấy phép", "Licence"),
    "rights": ("Nguồn, quyền", "Source and rights"),
    "formats": ("Định dạng", "Formats"),
    "externalIds": ("Mã ở nơi khác", "Ids elsewhere"),
    "time_begin": ("Thời gian từ", "Time from"),
    "time_end": ("Thời gian đến", "Time to"),
}
_LISTS = frozenset({"keywords", "formats", "externalIds"})
_MOMENTS = frozenset({"updated", "time_begin", "time_end"})
_SAID_OTHERWISE = frozenset({"type"})  # parameters that take several values
_MOST_KEYS = 5
# The records as a layer, so that one compiler serves both.
_RECORDS = Layer.model_validate(
    {
        "id": "records",
        "group": "records",
        "title": {"vi": "Bản ghi", "en": "Records"},
        "abstract": {"vi": "Bản ghi", "en": "Records"},
        "geometry": "polygon",
        "source": {"vi": "Danh mục", "en": "Catalogue", "licence": "MIT"},
        "fields": {
            name: {"type": "datetime" if name in _MOMENTS else "text", "vi": vi, "en": en, "title": name == "title"}
            for name, (vi, en) in _LABELS.items()
        },
    }
)
FILTERING = ("filter", "filter-lang", "filter-crs", "sortby")
SCALARS = tuple(name for name in _LABELS if name not in _LISTS and name not in _SAID_OTHERWISE)


@dataclass(frozen=True)
class Search:
    """What a request says of filter and order."""

    where: Node | None
    sort: tuple[SortKey, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to filter or sort by."""
        return self.where is None and not self.sort

    def over(self, records: Iterable[Mapping[str, Any]]) -> RecordQuestion:
        """The question, of records as they are answered."""
        return RecordQuestion(_RECORDS, _LISTS, tuple(_flatten(record) for record in records), self.where, self.sort)


def read_search(given: Mapping[str, str], crs: tuple[Crs, ...], limits: Limits) -> Search:
    """The filter and order of a request. Raises InvalidParameter, InvalidCrs, LimitExceeded, OperationNotSupported."""
    where: Node | None = None
    language = given.get("filter-lang", FILTER_LANGUAGES[0])
    if language not in FILTER_LANGUAGES:
        raise InvalidParameter(f"filter-lang is one of {', '.join(FILTER_LANGUAGES)}.", locator="filter-lang")
    system = parse_crs(given["filter-crs"], offered=crs, locator="filter-crs") if "filter-crs" in given else CRS84_REFERENCE
    if "filter" in given:
        reading = Cql2Reading(("geometry",), system, limits.max_query_bytes, limits.max_filter_depth, limits.max_filter_nodes)
        where = (read_cql2_json if language == "cql2-json" else read_cql2_text)(given["filter"], reading)
    for name in SCALARS:
        if name in given:
            where = both(where, read_equality(name, given[name]))
    return Search(where, _read_sort(given["sortby"]) if "sortby" in given else ())


def describe_queryables(address: str, title: str, language: str, *, sortable: bool = False) -> Document:
    """The queryables, or the sortables, of the catalogue as a JSON Schema."""
    properties: Document = {}
    for field in published_fields(_RECORDS):
        kind: Document = {"type": "string"}
        if field.name in _LISTS:
            kind = {"type": "array", "items": {"type": "string"}}
        elif field.name in _MOMENTS:
            kind = {"type": "string", "format": "date-time"}
        if not sortable or field.name not in _LISTS:
            properties[field.name] = {"title": field.label.text(language), **kind}
    if not sortable:
        shape = {"$ref": "https://geojson.org/schema/Polygon.json", "format": "geometry-polygon"}
        properties["geometry"] = {"x-ogc-role": "primary-geometry", **shape}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": title,
        "properties": {"id": {"title": "Id", "type": "string", "x-ogc-role": "id"}, **properties},
        "additionalProperties": False,
    }


def _read_sort(text: str) -> tuple[SortKey, ...]:
    keys = tuple(SortKey(part.strip().lstrip("+-"), part.strip().startswith("-")) for part in text.split(","))
    known = ("id", *(name for name in _LABELS if name not in _LISTS))
    if len(keys) > _MOST_KEYS or any(key.field not in known for key in keys):
        raise InvalidParameter(
            f"sortby is up to {_MOST_KEYS} of {', '.join(known)}, each with + or - before it.",
            locator="sortby",
            message_vi=f"sortby gồm tối đa {_MOST_KEYS} trường trong số {', '.join(known)}.",
        )
    return keys


def _flatten(record: Mapping[str, Any]) -> Document:
    """A record as one row: what stands in `properties`, lists of objects as lists of their names."""
    properties, ring, interval = record["properties"], record["geometry"], (record["time"] or {}).get("interval", ("..", ".."))
    box = [*ring["coordinates"][0][0], *ring["coordinates"][0][2]] if ring else None
    return {
        **{name: properties.get(name) for name in _LABELS},
        "language": properties["language"]["code"],
        "formats": [each["name"] for each in properties["formats"]],
        "externalIds": [each["value"] for each in properties["externalIds"]],
        "time_begin": None if interval[0] == ".." else interval[0],
        "time_end": None if interval[1] == ".." else interval[1],
        "id": record["id"],
        "box": box,
    }
