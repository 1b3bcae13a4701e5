# SPDX-License-Identifier: MIT
"""The published layers as a DCAT-AP 3 catalogue in JSON-LD, for portals that harvest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.access import may_read
from server.catalog.model import Layer, Text
from server.encode.formats import DOWNLOADS
from server.ogcapi.configuration import LICENCES
from server.ogcapi.service import Service
from server.query.features import LayerState

Document = dict[str, Any]
MEDIA_TYPE = "application/ld+json"
_CONTEXT: Document = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
}
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_FREQUENCIES = {
    "continual": "UPDATE_CONT",
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "annually": "ANNUAL",
    "as_needed": "IRREG",
    "not_planned": "NEVER",
}


def describe_catalogue(service: Service, states: Mapping[str, LayerState], base: str) -> Document:
    """The catalogue with a dataset for each published layer the reader may see; `base` is the address of /api/v1."""
    about = service.context.settings.service
    layers = [layer for layer in service.context.catalog.layers.values() if layer.id in states and may_read(service.reader, layer)]
    return {
        "@context": _CONTEXT,
        "@id": f"{base}/dcat",
        "@type": "dcat:Catalog",
        "dct:title": _tagged(about.title),
        "dct:description": _tagged(about.abstract),
        "dct:publisher": _publisher(service),
        "dct:language": _languages(),
        "dcat:dataset": [_describe(service, layer, states[layer.id], base) for layer in layers],
    }


def describe_dataset(service: Service, layer: Layer, state: LayerState, base: str) -> Document:
    """One layer as a dataset by itself."""
    return {"@context": _CONTEXT, **_describe(service, layer, state, base)}


def _describe(service: Service, layer: Layer, state: LayerState, base: str) -> Document:
    features = f"{base.removesuffix('/api/v1')}/ogcapi/collections/{layer.id}"
    licence = LICENCES.get(layer.source.licence)
    frequency = _FREQUENCIES.get(layer.source.updated, "UNKNOWN")
    out: Document = {
        "@id": f"{base}/layers/{layer.id}/dcat",
        "@type": "dcat:Dataset",
        "dct:identifier": layer.id,
        "dct:title": _tagged(layer.title),
        "dct:description": _tagged(layer.abstract),
        "dct:publisher": _publisher(service),
        "dct:language": _languages(),
        "dct:modified": {"@type": "xsd:dateTime", "@value": state.published_at},
        "dct:accrualPeriodicity": {"@id": f"{_FREQUENCY}{frequency}"},
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "dct:description": _tagged(Text(vi=layer.source.vi, en=layer.source.en))},
        "dcat:keyword": [word for words in layer.keywords for word in _tagged(words)],
        "dcat:landingPage": {"@id": f"{features}?f=html"},
        "dcat:distribution": _distributions(layer, features, licence),
    }
    if state.extent is not None:
        west, south, east, north = state.extent
        ring = f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
        out["dct:spatial"] = {"@type": "dct:Location", "dcat:bbox": {"@type": "gsp:wktLiteral", "@value": ring}}
    if state.time_begin or state.time_end:
        bounds = {"dcat:startDate": state.time_begin, "dcat:endDate": state.time_end}
        known = {name: {"@type": "xsd:dateTime", "@value": moment} for name, moment in bounds.items() if moment}
        out["dct:temporal"] = {"@type": "dct:PeriodOfTime", **known}
    return out


def _distributions(layer: Layer, features: str, licence: str | None) -> list[Document]:
    part = "items" if layer.has_table else "coverage"
    files = [("GeoJSON", "json", "application/geo+json"), *((each.title_en, each.short, each.media_type) for each in DOWNLOADS)]
    if not layer.has_table:
        files = [("GeoTIFF", "geotiff", "image/tiff"), ("CoverageJSON", "covjson", "application/prs.coverage+json")]
    return [
        {
            "@id": f"{features}/{part}?f={short}",
            "@type": "dcat:Distribution",
            "dct:title": {"@language": "en", "@value": f"{layer.title.en}: {title or short}"},
            "dcat:accessURL": {"@id": f"{features}/{part}?f={short}"},
            "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type.partition(';')[0]}"},
            **({"dct:license": {"@id": licence}} if licence else {"dct:rights": layer.source.licence}),
        }
        for title, short, media_type in files
    ]


def _publisher(service: Service) -> Document:
    return {"@type": "foaf:Agent", "foaf:name": _tagged(service.context.settings.service.provider)}


def _languages() -> list[Document]:
    return [{"@id": f"http://publications.europa.eu/resource/authority/language/{code}"} for code in ("VIE", "ENG")]


def _tagged(text: Any) -> list[Document]:
    return [{"@language": "vi", "@value": text.vi}, {"@language": "en", "@value": text.en}]
