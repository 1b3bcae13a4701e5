# SPDX-License-Identifier: MIT
"""The dictionary pygeoapi's API object is built from: our settings, layers and catalogue rows in its words, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from server.access import store_of
from server.catalog.model import Layer
from server.catalog.projection import time_fields
from server.crs.spelling import Spelling, write_crs
from server.ogcapi.provider import PROVIDER, describe_fields
from server.ogcapi.service import CRS84_REFERENCE, Service
from server.query.features import LayerState

_API_VERSION = "1.0.0"
_WORLD = (-180.0, -90.0, 180.0, 90.0)
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "MIT": "https://opensource.org/license/mit",
}


def build_configuration(service: Service, base: str, language: str, states: Mapping[str, LayerState]) -> dict[str, Any]:
    """The configuration; `base` is the address of the landing page, `states` the catalogue rows.

    Published layers appear, and those the reader sees officially; their extents are those of what is published.
    """
    settings = service.context.settings
    about = settings.service
    return {
        "server": {
            "url": base,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["vi" if language == "vi" else "en-US"],
            "limits": {"default_items": settings.limits.default_items, "max_items": settings.limits.max_items},
            "map": {"url": "", "attribution": ""},
            "api_rules": {"api_version": _API_VERSION},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": about.title.text(language),
                "description": about.abstract.text(language),
                "keywords": list(about.keywords),
                "keywords_type": "theme",
                "terms_of_service": about.access_constraints,
                "url": about.provider_site or base,
            },
            "license": {"name": about.access_constraints, "url": about.provider_site or base},
            "provider": {"name": about.provider.text(language), "url": about.provider_site or base},
            "contact": {"name": about.provider.text(language), "email": about.contact_email or "", "url": about.provider_site or base},
        },
        "resources": {
            layer.id: _describe_layer(service, layer, language, states.get(layer.id))
            for layer in service.layers()
            if layer.id in states or store_of(layer) == "official"
        },
    }


def _describe_layer(service: Service, layer: Layer, language: str, state: LayerState | None) -> dict[str, Any]:
    box = _surround(state.extent) if state and state.extent else _WORLD
    extents: dict[str, Any] = {"spatial": {"bbox": list(box), "crs": CRS84_REFERENCE.text}}
    if state and (state.time_begin or state.time_end):
        extents["temporal"] = {"begin": state.time_begin, "end": state.time_end}
    return {
        "type": "collection",
        "title": layer.title.text(language),
        "description": layer.abstract.text(language),
        "keywords": [word.text(language) for word in layer.keywords],
        "links": _links(layer),
        "extents": extents,
        "providers": [
            {
                "type": "feature",
                "name": PROVIDER,
                "data": layer.id,
                "id_field": "id",
                "time_field": (time_fields(layer) or (None,))[0],
                "title_field": layer.title_field,
                "storage_crs": CRS84_REFERENCE.text,
                "crs": [write_crs(crs, Spelling.URL) for crs in service.crs],
                "options": describe_fields(layer, service.context.catalog, language),
            }
        ],
    }


def _surround(extent: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The box with some air, to whole hundredths of a degree: carried into another system by two of its corners it still holds everything.

    The sides of a box in degrees are curves in other systems: a UTM zone six degrees off bends them by a fiftieth of their length.
    """
    west, south, east, north = extent
    air = max(0.02 * max(east - west, north - south), 0.01)
    return (
        max(floor((west - air) * 100) / 100, -180.0),
        max(floor((south - air) * 100) / 100, -90.0),
        min(ceil((east + air) * 100) / 100, 180.0),
        min(ceil((north + air) * 100) / 100, 90.0),
    )


def _links(layer: Layer) -> list[dict[str, str]]:
    links = []
    licence = LICENCES.get(layer.source.licence)
    if licence:
        links.append({"type": "text/html", "rel": "license", "title": layer.source.licence, "href": licence})
    if layer.source.url:
        links.append({"type": "text/html", "rel": "via", "title": layer.source.attribution or layer.source.en, "href": layer.source.url})
    return links
