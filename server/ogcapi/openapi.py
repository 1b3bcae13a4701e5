# SPDX-License-Identifier: MIT
"""The OpenAPI 3.0 document: pygeoapi's, without paths we do not serve and with the parameters `items` really takes.

QGIS takes its page size from here: min(max(1000, default), maximum) of the `limit` parameter of each collection.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from server.access import store_of
from server.catalog.model import Layer
from server.catalog.projection import searched_fields
from server.crs.spelling import Spelling, write_crs
from server.encode import gml32, jsonfg
from server.encode.formats import DOWNLOADS
from server.features.state import layer_states
from server.ogcapi.coverages_openapi import describe_coverage_paths
from server.ogcapi.openapi_agency import PROBLEM
from server.ogcapi.openapi_edits import describe_edits, describe_transactions
from server.ogcapi.openapi_parts import path_parameter, query_parameter
from server.ogcapi.processes_openapi import describe_process_paths
from server.ogcapi.provider import describe_fields
from server.ogcapi.records_openapi import describe_record_paths
from server.ogcapi.requests import FILTER_LANGUAGES, FORMATS, PAGE_FORMATS, PARAMETERS
from server.ogcapi.service import Service
from server.ogcapi.styles_openapi import describe_style_paths
from server.ogcapi.tiles_openapi import describe_tile_paths

Document = dict[str, Any]
_OURS = ("/conformance", "/collections", "/openapi")


def adapt_openapi(given: Document, service: Service, language: str) -> Document:
    """The document for one language; `given` is pygeoapi's and stays as it is."""
    document = deepcopy(given)
    document["paths"] = {path: what for path, what in document["paths"].items() if path == "/" or path.startswith(_OURS)}
    layers = {layer.id: layer for layer in service.layers()}
    document["tags"] = [tag for tag in document["tags"] if tag["name"] == "server" or tag["name"] in layers]
    parameters = document["components"]["parameters"]
    for name in ("bbox-crs-epsg", "vendorSpecificParameters", "resourceId"):
        parameters.pop(name, None)
    parameters["f"]["schema"] = {"type": "string", "enum": list(FORMATS), "default": "json"}
    parameters["lang"]["schema"] = {"type": "string", "enum": ["vi", "en"], "default": "vi"}
    for name in ("crs", "bbox-crs"):
        parameters[name]["schema"] = {"type": "string", "format": "uri", "enum": [write_crs(crs, Spelling.URL) for crs in service.crs]}
    parameters["limit"] = _limit_parameter(service)  # the only place where QGIS looks for the page size
    _add_feature_schemas(document["paths"])
    for path in [path for path in document["paths"] if path.endswith("/items/{featureId}")]:
        document["paths"][f"{path}/versions"] = _describe_versions(document["paths"][path]["get"])
    for path, methods in document["paths"].items():
        _adapt_path(path, methods, service, layers, language)
    states = layer_states(service.context)
    document["paths"] |= describe_tile_paths() | describe_style_paths() | describe_record_paths()
    document["paths"] |= describe_process_paths(service)
    document["paths"] |= describe_coverage_paths([layer.id for layer in service.rasters() if layer.id in states])
    if any(store_of(layer) == "official" for layer in layers.values()):
        document["paths"]["/transactions"] = describe_transactions()
    for kind in ("responses", "schemas"):  # pygeoapi's, which refer to documents elsewhere
        document["components"][kind] = {}
    return document


_FEATURE_ID = path_parameter("featureId", "The id of a feature.")
_AS_OF = query_parameter("asof", "What was published at this moment; of a single feature alone or with lang.", {"type": "string"})
_FORMAT = query_parameter(
    "f", "Format of the answer; without it Accept is asked.", {"type": "string", "enum": list(PAGE_FORMATS), "default": "json"}
)
_TAKEN = (jsonfg.MEDIA_TYPE, gml32.MEDIA_TYPE, *(each.media_type.partition(";")[0] for each in DOWNLOADS))


def _add_feature_schemas(paths: Document) -> None:
    """What pygeoapi does not know: the schema of one GeoJSON feature and the fields to sort by, beside the schema of part 5."""
    for path in [path for path in paths if path.endswith("/schema")]:
        known = paths[path]["get"]["operationId"]
        for name, operation, summary in (
            ("feature-schema", f"{known}OfFeature", "JSON Schema of one GeoJSON feature"),
            ("sortables", f"{known}OfSorting", "Fields to sort by"),
        ):
            methods = paths[path.removesuffix("schema") + name] = deepcopy(paths[path])
            methods["get"] |= {"operationId": operation, "summary": summary}


def _describe_versions(reading: Document) -> Document:
    about = {"operationId": f"{reading['operationId']}Versions", "summary": "What was published of a feature, and when"}
    return {"get": {**about, "tags": reading["tags"], "parameters": [_FEATURE_ID, {"$ref": "#/components/parameters/lang"}]}}


def _adapt_path(path: str, methods: Document, service: Service, layers: dict[str, Layer], language: str) -> None:
    parts = path.strip("/").split("/")
    methods.pop("options", None)
    if len(parts) >= 3 and parts[2] == "items" and parts[1] in layers:
        layer = layers[parts[1]]
        if len(parts) == 3:
            methods["get"]["parameters"] = _items_parameters(service, layer, language)
        elif len(parts) == 4:
            shared = [{"$ref": f"#/components/parameters/{name}"} for name in ("crs", "lang")]
            methods["get"]["parameters"] = [_FEATURE_ID, *shared, _FORMAT, _AS_OF]
        methods["get"]["responses"] = _responses("application/geo+json", *(_TAKEN if len(parts) <= 4 else ()))
        if store_of(layer) == "official" and len(parts) <= 4:
            methods |= describe_edits(layer.id, methods["get"], of_item=len(parts) == 4)
    elif len(parts) == 3:
        methods["get"]["parameters"] = [{"$ref": "#/components/parameters/f"}, {"$ref": "#/components/parameters/lang"}]
        methods["get"]["responses"] = _responses("application/schema+json")
    elif path == "/openapi":
        methods["get"]["parameters"] = [{"$ref": "#/components/parameters/f"}, {"$ref": "#/components/parameters/lang"}]
        methods["get"]["responses"] = _responses("application/vnd.oai.openapi+json;version=3.0")
    else:
        methods["get"]["responses"] = _responses("application/json")


def _items_parameters(service: Service, layer: Layer, language: str) -> list[Document]:
    out: list[Document] = [
        {"$ref": f"#/components/parameters/{name}"} for name in ("lang", "bbox", "bbox-crs", "crs", "skipGeometry", "offset")
    ]
    out.append(_FORMAT)
    out.append(query_parameter("bom", "Whether CSV begins with a byte order mark.", {"type": "boolean", "default": True}))
    out.append(_limit_parameter(service))
    out.append(query_parameter("cursor", "Taken from next and prev links.", {"type": "string"}))
    fields = describe_fields(layer, service.context.catalog, language)
    names = {"type": "array", "items": {"type": "string", "enum": list(fields)}}
    out.append(query_parameter("properties", "Fields to answer with; all of them without it.", names))
    out.append(query_parameter("sortby", "Fields to sort by, each with + or - before it.", {"type": "array", "items": {"type": "string"}}))
    languages = {"type": "string", "enum": list(FILTER_LANGUAGES), "default": FILTER_LANGUAGES[0]}
    if searched_fields(layer):
        text = "Words that all stand in the texts people search by, accents or not; commas separate alternatives."
        out.append(query_parameter("q", text, {"type": "string", "maxLength": 200}))
    out.append(query_parameter("filter", "A condition in CQL2 (OGC 21-065r2) on the queryables.", {"type": "string"}))
    out.append(query_parameter("filter-lang", "The language of the filter.", languages))
    systems = {"type": "string", "format": "uri", "enum": [write_crs(crs, Spelling.URL) for crs in service.crs]}
    out.append(query_parameter("filter-crs", "The CRS of the filter's geometries; CRS84 without it.", systems))
    text = "An instant (RFC 3339), a date, or an interval begin/end; .. is an open end. Features without time are in none."
    out += [query_parameter("datetime", text, {"type": "string"}), _AS_OF]
    for name, schema in fields.items():
        if name not in PARAMETERS:
            kept = {key: value for key, value in schema.items() if key in ("type", "format", "maxLength")}
            out.append(query_parameter(name, str(schema["title"]), kept))
    return out


def _limit_parameter(service: Service) -> Document:
    limits = service.context.settings.limits
    number = {"type": "integer", "minimum": 1, "maximum": limits.max_items, "default": min(limits.default_items, limits.max_items)}
    return query_parameter("limit", "Features of one page at most; formats that are files hold everything without it.", number)


def _responses(media_type: str, *others: str) -> Document:
    problem = {"application/problem+json": {"schema": PROBLEM}}
    body = {media_type: {"schema": {"type": "object"}}, **{other: {"schema": {"type": "string"}} for other in ("text/html", *others)}}
    return {
        "200": {"description": "The document.", "content": body},
        "400": {"description": "A parameter is wrong.", "content": problem},
        "404": {"description": "There is no such thing.", "content": problem},
        "410": {"description": "The record of what was published does not reach so far.", "content": problem},
        "429": {"description": "The key has asked more than it may; Retry-After says when it may again.", "content": problem},
        "500": {"description": "The server made a mistake.", "content": problem},
    }
