# SPDX-License-Identifier: MIT
"""pygeoapi's documents put right: no links to what is not served, honest conformance, exact geometry types, titles in our languages."""

from __future__ import annotations

from typing import Any

from server.catalog.model import GeometryType, Layer
from server.catalog.projection import published_fields, published_shapes
from server.encode import gml32, jsonfg
from server.encode.formats import DOWNLOADS
from server.features.state import layer_states
from server.ogcapi.coverages_documents import describe_coverage_collection
from server.ogcapi.records_documents import Place, describe_catalogue_collection
from server.ogcapi.requests import JSON_FG
from server.ogcapi.service import CRS84_REFERENCE, Service
from server.ogcapi.tiles_links import collection_links, dataset_links

Document = dict[str, Any]
_REL = "http://www.opengis.net/def/rel/ogc/1.0"
_NOT_SERVED = (f"{_REL}/processes", f"{_REL}/job-list", f"{_REL}/tiling-schemes", "about")
_CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    # The names of the drafts, which QGIS looks for before it hands filters over.
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-operators",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    # QGIS looks for the name above, newer drafts of part 5 moved the class to Common part 3.
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core",
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-collection",
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core-query-parameters",
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/sorting",
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-coverages-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-coverages-1/1.0/conf/subsetting",
    "http://www.opengis.net/spec/ogcapi-coverages-1/1.0/conf/scaling",
    "http://www.opengis.net/spec/ogcapi-coverages-1/1.0/conf/fieldselection",
    "http://www.opengis.net/spec/ogcapi-coverages-1/1.0/conf/geotiff",
    "http://www.opengis.net/spec/ogcapi-coverages-1/1.0/conf/coveragejson",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/ogc-process-description",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/job-list",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/dismiss",
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/mapbox-style",
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/sld-10",
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/sld-11",
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/html",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixsetlimits",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixsetlimits",
)
_TITLES = {
    "self": ("Tài liệu này", "This document"),
    "alternate": ("Tài liệu này ở định dạng khác", "This document in another format"),
    "service-desc": ("Mô tả API", "Description of the API"),
    "service-doc": ("Mô tả API cho người đọc", "Description of the API for people"),
    "conformance": ("Các lớp tuân thủ", "Conformance classes"),
    "data": ("Các bộ dữ liệu", "Collections"),
    "root": ("Trang đầu", "Landing page"),
    "items": ("Các đối tượng", "Features"),
    f"{_REL}/schema": ("Lược đồ", "Schema"),
    f"{_REL}/queryables": ("Các trường lọc được", "Fields to filter by"),
}
# What features are told in beside GeoJSON and pages: title, media type, `f`.
_SPOKEN = (("JSON-FG", jsonfg.MEDIA_TYPE, JSON_FG), ("GML 3.2", gml32.MEDIA_TYPE, "gml"))
_GEOMETRIES = {
    "point": "geometry-point",
    "multipoint": "geometry-multipoint",
    "line": "geometry-linestring",
    "multiline": "geometry-multilinestring",
    "polygon": "geometry-polygon",
    "multipolygon": "geometry-multipolygon",
    "any": "geometry-any",
}
_SHAPES = {
    "point": "Point",
    "multipoint": "MultiPoint",
    "line": "LineString",
    "multiline": "MultiLineString",
    "polygon": "Polygon",
    "multipolygon": "MultiPolygon",
    "any": "Geometry",
}


def list_conformance() -> list[str]:
    """The conformance classes that hold, and no others."""
    return list(_CONFORMANCE)


def adapt_landing(document: Document, base: str, language: str) -> Document:
    """The landing page without what pygeoapi always links and we do not serve."""
    document["links"] = [*_adapt_links(document["links"], base, language), *dataset_links(base, language)]
    return document


def adapt_collections(document: Document, service: Service, base: str, language: str) -> Document:
    """The list of collections."""
    layers = service.context.catalog.layers
    document["links"] = _adapt_links(document["links"], base, language)
    listed = [adapt_collection(each, layers[each["id"]], base, language) for each in document["collections"]]
    boxes = [each["extent"]["spatial"]["bbox"][0] for each in listed if "spatial" in each.get("extent", {})]
    place, states = Place(base, language), layer_states(service.context)
    rasters = [describe_coverage_collection(layer, states[layer.id], place) for layer in service.rasters() if layer.id in states]
    boxes += [box for raster in rasters for box in raster["extent"]["spatial"].get("bbox", [])]
    document["collections"] = [*listed, *rasters, describe_catalogue_collection(boxes, place)]
    return document


def adapt_collection(document: Document, layer: Layer, base: str, language: str) -> Document:
    """One collection: links in our words, no extent and one CRS without geometry, source, licence and the illustrative mark."""
    document["links"] = _adapt_links(document["links"], base, language)
    document["links"].append(
        {
            "rel": "describedby",
            "type": "application/schema+json",
            "title": "Schema of one feature as GeoJSON" if language == "en" else "Lược đồ của một đối tượng GeoJSON",
            "href": f"{base}/collections/{layer.id}/feature-schema",
        }
    )
    title = "Fields to sort by" if language == "en" else "Các trường sắp xếp được"
    address = f"{base}/collections/{layer.id}/sortables"
    document["links"].append({"rel": f"{_REL}/sortables", "type": "application/schema+json", "title": title, "href": address})
    document["links"] += [*_format_links(base, layer, language), *collection_links(base, layer, language)]
    document["itemType"] = "feature"
    if not layer.has_geometry:
        # Clients expect the list everywhere, so the one that means nothing stays.
        document["crs"] = [CRS84_REFERENCE.text]
        document.pop("storageCrs", None)
        document["extent"].pop("spatial", None)
        if not document["extent"]:
            document.pop("extent")
    document["attribution"] = layer.source.attribution or (layer.source.en if language == "en" else layer.source.vi)
    document["license"] = layer.source.licence
    if layer.illustrative:
        document["illustrative"] = True
        note = "Số liệu minh hoạ, không phải số liệu thật." if language == "vi" else "Illustrative data, not real."
        document["description"] = f"{note} {document['description']}"
    return document


def _format_links(base: str, layer: Layer, language: str) -> list[Document]:
    """The features in each further format (17-069r4 7.14.2: one link with relation `items` per encoding)."""
    titled = [*_SPOKEN, *((each.title_en if language == "en" else each.title_vi, each.media_type, each.short) for each in DOWNLOADS)]
    address = f"{base}/collections/{layer.id}/items"
    return [
        {"rel": "items", "type": media_type.partition("; charset")[0], "title": title, "href": f"{address}?f={short}"}
        for title, media_type, short in titled
    ]


def adapt_schema(document: Document, layer: Layer, address: str, language: str) -> Document:
    """Schema or queryables (draft part 5): titles, the layer's geometry type, no geometry where there is none, a stable `$id`."""
    for field in published_fields(layer):
        document["properties"][field.name]["title"] = field.label.text(language)
    document["$id"] = address
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    if layer.has_geometry:
        document["properties"]["geometry"] = {"x-ogc-role": "primary-geometry", "format": _GEOMETRIES[layer.geometry]}
    else:
        document["properties"].pop("geometry", None)
    for shape in published_shapes(layer):
        document["properties"][shape.name] = {"title": shape.label.text(language), "format": _GEOMETRIES[shape.geometry]}
    return document


def adapt_queryables(document: Document, layer: Layer) -> Document:
    """The schema as queryables (19-079r2 6.2): other names in a filter are refused. QGIS knows the geometry by its reference alone."""
    document["additionalProperties"] = False
    if layer.has_geometry:
        document["properties"]["geometry"]["$ref"] = _geojson_schema(layer.geometry)
    for shape in published_shapes(layer):
        document["properties"][shape.name]["$ref"] = _geojson_schema(shape.geometry)
    return document


def _geojson_schema(kind: GeometryType) -> str:
    return f"https://geojson.org/schema/{_SHAPES[kind]}.json"


def adapt_sortables(document: Document, layer: Layer) -> Document:
    """The schema as sortables: every field, and nothing that has no order."""
    for name in ("geometry", *(shape.name for shape in published_shapes(layer))):
        document["properties"].pop(name, None)
    document["additionalProperties"] = False
    return document


def nest_schema(document: Document, layer: Layer, address: str) -> Document:
    """The same fields as the schema of one GeoJSON feature (RFC 7946), which GDAL takes its field types from.

    Types are single words, as GDAL reads them; `nullable` says that a field may be null nevertheless.
    """
    fields = {name: field for name, field in document["properties"].items() if name != "geometry"}
    required = {field.name for field in published_fields(layer) if field.required}
    for name, field in fields.items():
        if name not in required:
            field["nullable"] = True
    for shape in published_shapes(layer):
        fields[shape.name] = {"title": fields[shape.name]["title"], **_nullable_geometry(shape.geometry)}
    geometry = _nullable_geometry(layer.geometry) if layer.geometry in _SHAPES else {"type": "null"}
    return {
        "$schema": document["$schema"],
        "$id": address,
        "title": document.get("title", layer.id),
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "const": "Feature"},
            "id": {"type": "integer"},
            "geometry": geometry,
            "properties": {"type": "object", "properties": fields},
        },
    }


def _nullable_geometry(kind: GeometryType) -> Document:
    return {"oneOf": [{"type": "null"}, {"$ref": _geojson_schema(kind)}]}


def _adapt_links(links: list[Document], base: str, language: str) -> list[Document]:
    """Links to JSON and HTML only, with titles in the language asked for; the license and other outside links stay as they are."""
    kept = []
    for link in links:
        if link["rel"] in _NOT_SERVED or "jsonld" in link["href"]:
            continue
        titles = _TITLES.get(link["rel"])
        if titles:
            form = " (HTML)" if link["type"] == "text/html" else " (JSON)" if "json" in link["type"] else ""
            link["title"] = titles[language == "en"] + form
        link.pop("hreflang", None)
        if link["href"].startswith(f"{base}/") and link["rel"] == "items":
            link["href"] = link["href"].replace("?f=json", "")
        kept.append(link)
    return kept
