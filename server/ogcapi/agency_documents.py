# SPDX-License-Identifier: MIT
"""What /api/v1 says of layers, their fields, code lists and changes. Both languages side by side: programs choose for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.catalog.model import CodeList, Layer, Text
from server.catalog.projection import PublishedField, published_fields, published_shapes
from server.ogcapi.service import Service
from server.query.features import LayerState

Document = dict[str, Any]


def write_index(base: str) -> Document:
    """Where to begin."""
    return {
        "title": {"vi": "Dữ liệu dùng chung", "en": "Shared data"},
        "layers": f"{base}/layers",
        "codes": f"{base}/codes",
        "dcat": f"{base}/dcat",
        "openapi": f"{base}/openapi",
        "features": f"{_ogcapi(base)}/collections",
    }


def list_layers(service: Service, states: Mapping[str, LayerState], base: str) -> Document:
    """The layers the reader may see and that are published, in short."""
    layers = [service.context.catalog.layer(layer.id) for layer in service.layers() if layer.id in states]
    return {"layers": [_summary(layer, states[layer.id], base) for layer in layers]}


def describe_layer(service: Service, layer: Layer, state: LayerState, base: str) -> Document:
    """One layer: the summary, its metadata and its fields. `layer` is as the public sees it."""
    source = layer.source
    return {
        **_summary(layer, state, base),
        "abstract": _both(layer.abstract),
        "keywords": [_both(word) for word in layer.keywords],
        "source": {"vi": source.vi, "en": source.en, "attribution": source.attribution, "url": source.url},
        "licence": source.licence,
        "updated": source.updated,
        "illustrative": layer.illustrative,
        "extent": list(state.extent) if state.extent else None,
        "time": {"from": state.time_begin, "to": state.time_end},
        "fields": [_describe_field(service, field, base) for field in published_fields(layer)],
        "shapes": [{"name": shape.name, "geometry": shape.geometry, "title": _both(shape.label)} for shape in published_shapes(layer)],
    }


def list_code_lists(service: Service, base: str) -> Document:
    """Every code list, by id."""
    lists = service.context.catalog.code_lists
    return {"codes": [{"id": each.id, "count": len(each.codes), "href": f"{base}/codes/{each.id}"} for each in lists.values()]}


def describe_code_list(found: CodeList, base: str, day: str | None) -> Document:
    """The codes of a list with their validity and source; `day` (ISO) narrows to those valid on it."""
    codes = [
        {
            "code": code.code,
            "title": {"vi": code.vi, "en": code.en},
            "aliases": list(code.aliases),
            "valid_from": code.valid_from,
            "valid_to": code.valid_to,
            "source": code.source,
            "status": code.status,
        }
        for code in found.codes
        if day is None or ((code.valid_from or "") <= day and (code.valid_to is None or day <= code.valid_to))
    ]
    return {"id": found.id, "href": f"{base}/codes/{found.id}", "on": day, "codes": codes}


def _summary(layer: Layer, state: LayerState, base: str) -> Document:
    return {
        "id": layer.id,
        "title": _both(layer.title),
        "geometry": layer.geometry,
        "count": state.feature_count,
        "revision": state.revision,
        "published_at": state.published_at,
        "href": f"{base}/layers/{layer.id}",
        "changes": f"{base}/layers/{layer.id}/changes?since={state.revision}",
        "rows": f"{base}/layers/{layer.id}/rows",
        "features": f"{_ogcapi(base)}/collections/{layer.id}/items",
    }


def _describe_field(service: Service, field: PublishedField, base: str) -> Document:
    known = field.codes in service.context.catalog.code_lists
    return {
        "name": field.name,
        "type": "integer" if field.type == "link" else field.type,
        "title": _both(field.label),
        "required": field.required,
        "unit": field.unit,
        "codes": f"{base}/codes/{field.codes}" if known else None,
        "layer": f"{base}/layers/{field.link}" if field.link else None,
    }


def _both(text: Text) -> Document:
    return {"vi": text.vi, "en": text.en}


def _ogcapi(base: str) -> str:
    return f"{base.removesuffix('/api/v1')}/ogcapi"
