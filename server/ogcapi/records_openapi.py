# SPDX-License-Identifier: MIT
"""The paths of OGC API - Records for the OpenAPI document (20-004r1)."""

from __future__ import annotations

from server.ogcapi.openapi_parts import Document, describe_get, path_parameter, query_parameter
from server.ogcapi.plain import HTML, JSON
from server.ogcapi.records import DEFAULT_LIMIT, MOST
from server.ogcapi.records_documents import CATALOGUE, FORMATS, GEOJSON, JSONLD, KIND, SCHEMA
from server.ogcapi.records_search import SCALARS
from server.ogcapi.requests import FILTER_LANGUAGES

_START = f"/collections/{CATALOGUE}"


def describe_record_paths() -> Document:
    """The catalogue, its records, one record."""
    number = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
    names = {"type": "array", "items": {"type": "string"}}
    asked = [
        query_parameter("limit", "Records of one page at most.", number),
        query_parameter("offset", "Records to pass over.", {"type": "integer", "minimum": 0, "default": 0}),
        {"$ref": "#/components/parameters/bbox"},
        query_parameter("datetime", "A moment, a day or an interval begin/end; .. is an open end.", {"type": "string"}),
        query_parameter("q", "Words that all stand in a record, accents or not; commas separate alternatives.", {"type": "string"}),
        query_parameter("type", f"Kinds of resources; there is {KIND}.", names),
        query_parameter("ids", "Ids of records.", names),
        query_parameter("externalIds", "What records are known by elsewhere, as urn:xanh:stations.", names),
    ]
    systems = {"type": "string", "format": "uri"}
    asked += [
        query_parameter("filter", "A condition in CQL2 (OGC 21-065r2) on the queryables.", {"type": "string"}),
        query_parameter("filter-lang", "The language of the filter.", {"type": "string", "enum": list(FILTER_LANGUAGES)}),
        query_parameter("filter-crs", "The CRS of the filter's geometries; CRS84 without it.", systems),
        query_parameter("sortby", "Fields to sort by, each with + or - before it.", names),
        *(query_parameter(name, f"Records whose {name} is this.", {"type": "string"}) for name in SCALARS),
    ]
    one = [path_parameter("recordId", "A record: the id of a layer.")]
    parts = {"json": SCHEMA, "html": HTML}
    listed = {"json": GEOJSON, "html": HTML, "dcat": JSONLD}
    return {
        _START: describe_get("describeCatalogue", "The catalogue", [], {"json": JSON, "html": HTML}),
        f"{_START}/queryables": describe_get("describeQueryables", "Fields to filter records by", [], parts),
        f"{_START}/sortables": describe_get("describeSortables", "Fields to sort records by", [], parts),
        f"{_START}/items": describe_get("getRecords", "Records of the catalogue", asked, listed),
        f"{_START}/items/{{recordId}}": describe_get("getRecord", "One record", one, FORMATS),
    }
