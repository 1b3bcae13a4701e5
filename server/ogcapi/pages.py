# SPDX-License-Identifier: MIT
"""The HTML pages of the OGC API: small, without script, Vietnamese first, made from the same documents programs get."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from server.access import ANONYMOUS, may_read
from server.catalog.model import Group, Layer
from server.catalog.projection import PublishedField, published_fields
from server.features.read import open_features
from server.features.state import layer_states
from server.ogcapi.items import build_links, count_matches, locate_page, read_item, write_etag
from server.ogcapi.page_parts import Box, bound_geometry, list_downloads, picture_address, show_alone, write_samples
from server.ogcapi.requests import ItemsRequest
from server.ogcapi.service import Service

PAGE_ROWS, MAX_PAGE_ROWS = 50, 200
_TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True
    )


def render_document(service: Service, name: str, document: Mapping[str, Any], base: str, language: str) -> bytes:
    """One of the documents as a page. Names are those of the templates: landing, collections, collection, schema, ..."""
    if name in ("landing", "collections"):
        return render_page(name, base, language, document=document, shelves=_arrange(service, document), samples=write_samples(base))
    if name != "collection":
        return render_page(name, base, language, document=document)
    layer, bounds = service.context.catalog.layer(document["id"]), document.get("extent", {}).get("spatial", {}).get("bbox")
    return render_page(
        name,
        base,
        language,
        document=document,
        picture=picture_address(service.context.catalog, layer, tuple(bounds[0]) if bounds else None, _site(base)),
        offers=list_downloads(f"{base}/collections/{layer.id}/items", language),
        samples=write_samples(base, layer.id),
    )


def _arrange(service: Service, document: Mapping[str, Any]) -> list[tuple[Group, list[tuple[Layer, int | None]]]]:
    """The collections of the document (of the landing page all there are) group by group, each with its number of features."""
    states, named = layer_states(service.context), {each["id"] for each in document.get("collections", ())}
    layers = [layer for layer in service.layers() if layer.id in (named or states)]
    counts = {layer.id: states[layer.id].feature_count if layer.id in states else None for layer in layers}
    shelves = [
        (group, [(layer, counts[layer.id]) for layer in layers if layer.group == group.id]) for group in service.context.catalog.groups
    ]
    return [shelf for shelf in shelves if shelf[1]]


def answer_items_page(service: Service, wanted: ItemsRequest, language: str) -> Response:
    """A page of a collection as a table of at most 200 rows. Raises like the JSON answer."""
    limit = min(wanted.query.limit or PAGE_ROWS, MAX_PAGE_ROWS) if "limit" in dict(wanted.kept) else PAGE_ROWS
    wanted = locate_page(service, replace(wanted, query=replace(wanted.query, limit=limit)))
    layer = wanted.query.layer
    drawn = layer.geometry in ("point", "multipoint") and wanted.query.with_geometry  # others may be large
    page = open_features(service.context, replace(wanted.query, with_geometry=drawn), "geojson")
    features = json.loads(b"[" + b"".join(page.chunks()) + b"]")
    base = service.base()
    fields = _fields(layer, wanted.query.fields)
    filled = {name for feature in features for name, value in feature["properties"].items() if value is not None}
    shown = [field for field in fields if field.name in filled or wanted.query.fields is not None]
    text = render_page(
        "items",
        base,
        language,
        layer=layer,
        fields=shown,
        hidden=len(fields) - len(shown) if features else 0,
        title_field=layer.title_field,
        rows=[(feature["id"], _cells(service, shown, feature["properties"], language)) for feature in features],
        matched=count_matches(service, wanted.query, page),
        links={link["rel"]: link["href"] for link in build_links(f"{base}/collections/{layer.id}", _as_page(wanted), page)},
        json_address=_json_address(base, wanted),
        picture=picture_address(service.context.catalog, service.context.catalog.layer(layer.id), _bound(features), _site(base)),
        offers=list_downloads(f"{base}/collections/{layer.id}/items", language, _kept(wanted)),
        samples=write_samples(base, layer.id, more=_kept(wanted)),
        query=f"{_kept(wanted)}&" if _kept(wanted) else "",
    )
    return _respond(text, write_etag(page.state.label, language), language)


def answer_item_page(service: Service, wanted: ItemsRequest, feature_id: int, language: str) -> Response:
    """One feature as a page. Raises FeatureNotFound."""
    written, label = read_item(service, wanted.query, feature_id)
    feature = json.loads(written)
    layer = wanted.query.layer
    fields = _fields(layer, None)
    cells = _cells(service, fields, feature["properties"], language)
    rows = [(field, feature["properties"].get(field.name), cell) for field, cell in zip(fields, cells, strict=True)]
    title = feature["properties"].get(layer.title_field) if layer.title_field else None
    base, geometry = service.base(), feature["geometry"]
    picture = picture_address(service.context.catalog, service.context.catalog.layer(layer.id), bound_geometry(geometry), _site(base))
    text = render_page(
        "item",
        base,
        language,
        layer=layer,
        rows=rows,
        title=title or feature_id,
        id=feature_id,
        geometry=geometry,
        picture=show_alone(picture, layer, feature_id),
        offers=list_downloads(f"{base}/collections/{layer.id}/items/{feature_id}", language),
        samples=write_samples(base, layer.id, item=feature_id),
        object_page=_object_page(layer, feature_id, _site(base), language),
    )
    return _respond(text, write_etag(label, language), language)


def _object_page(layer: Layer, feature_id: int, site: str, language: str) -> str | None:
    """Where the site shows the feature with what belongs to it; None where the public does not see the layer."""
    if not may_read(ANONYMOUS, layer):
        return None
    return f"{site}/{layer.page_name}/{feature_id}{'?lang=en' if language == 'en' else ''}"


def _bound(features: list[dict[str, Any]]) -> Box | None:
    """The box around the features of a page."""
    boxes = [box for box in (bound_geometry(feature["geometry"]) for feature in features) if box is not None]
    if not boxes:
        return None
    return min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes), max(box[3] for box in boxes)


def _kept(wanted: ItemsRequest) -> str:
    """What narrows the page, for downloads of all that matches."""
    return urlencode([(name, text) for name, text in wanted.kept if name not in ("f", "lang", "limit")])


def _site(base: str) -> str:
    return base.removesuffix("/ogcapi")


def _as_page(wanted: ItemsRequest) -> ItemsRequest:
    return replace(wanted, kept=tuple((dict(wanted.kept) | {"f": "html"}).items()))


def _json_address(base: str, wanted: ItemsRequest) -> str:
    return f"{base}/collections/{wanted.query.layer.id}/items?{urlencode(dict(wanted.kept) | {'f': 'json'})}"


def _fields(layer: Layer, names: tuple[str, ...] | None) -> list[PublishedField]:
    """The fields a reader wants to see: a link by its title, not by its number."""
    fields = published_fields(layer)
    return [field for field in fields if field.type != "link" and (names is None or field.name in names)]


def _cells(service: Service, fields: list[PublishedField], values: Mapping[str, Any], language: str) -> list[str]:
    lists = service.context.catalog.code_lists
    out = []
    for field in fields:
        value = values.get(field.name)
        if value is None:
            out.append("")
        elif isinstance(value, bool):
            out.append(("yes" if value else "no") if language == "en" else ("có" if value else "không"))
        elif field.codes in lists:
            out.append(lists[field.codes].title(str(value), language))
        else:
            out.append(f"{value} {field.unit}" if field.unit else str(value))
    return out


def render_page(name: str, base: str, language: str, **values: Any) -> bytes:
    """A template with what every page has: `base` (the landing page), `site`, `lang`, and `say(vi, en)`."""
    template = _environment().get_template(f"{name}.html")

    def say(vi: str, en: str) -> str:
        return en if language == "en" else vi

    return template.render(grouped=_grouped, base=base, site=_site(base), lang=language, say=say, **values).encode()


def _grouped(number: int, language: str) -> str:
    """A count as people write it: 12.345 in Vietnamese, 12,345 in English."""
    return f"{number:,}" if language == "en" else f"{number:,}".replace(",", ".")


def _respond(text: bytes, etag: str, language: str) -> Response:
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language", "Content-Language": language}
    return Response(text, headers=headers, content_type="text/html; charset=utf-8")
