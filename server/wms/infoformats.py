# SPDX-License-Identifier: MIT
"""Answers of GetFeatureInfo: JSON, HTML, GML and text from the same features."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.catalog.catalog import Catalog
from server.catalog.display import field_label, public_sections, show_value
from server.catalog.model import Layer, LayerField
from server.errors import InvalidFormat
from server.xmlio.namespaces import Namespace

Kind = Literal["json", "html", "gml", "text"]
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class InfoFormat:
    """A format of GetFeatureInfo: its name in requests, what it is answered as, and its kind."""

    name: str
    media_type: str
    kind: Kind


INFO_FORMATS: dict[str, InfoFormat] = {
    one.name: one
    for one in (
        InfoFormat("application/json", "application/json; charset=utf-8", "json"),
        InfoFormat("application/geo+json", "application/geo+json; charset=utf-8", "json"),
        InfoFormat("text/html", "text/html; charset=utf-8", "html"),
        InfoFormat("application/vnd.ogc.gml", "application/vnd.ogc.gml; charset=utf-8", "gml"),
        InfoFormat("application/vnd.ogc.gml/3.1.1", "application/vnd.ogc.gml/3.1.1; charset=utf-8", "gml"),
        InfoFormat("text/xml", "text/xml; charset=utf-8", "gml"),
        InfoFormat("text/plain", "text/plain; charset=utf-8", "text"),
    )
}


@dataclass(frozen=True)
class LayerInfo:
    """What was found in one layer: GeoJSON features (EPSG:4326, longitude first)."""

    layer: Layer
    features: list[dict[str, Any]]


def find_info_format(text: str) -> InfoFormat:
    """The format a client names; text for none (WMS 1.1.1 leaves it open). Raises InvalidFormat."""
    # a plus sign nobody escaped arrives as a blank
    found = INFO_FORMATS.get(text.strip().lower().replace(" ", "+") or "text/plain")
    if found is None:
        raise InvalidFormat(f"This format is not offered. Offered: {', '.join(INFO_FORMATS)}", locator="INFO_FORMAT")
    return found


def write_json(found: list[LayerInfo]) -> str:
    """One GeoJSON FeatureCollection; ids are `layer.id`, and every feature names its layer."""
    features = [
        {**feature, "id": f"{info.layer.id}.{feature['id']}" if info.layer.has_table else info.layer.id, "layer": info.layer.id}
        for info in found
        for feature in info.features
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def write_gml_collection(rows: list[bytes]) -> bytes:
    """Feature members of GML 3.1.1 in one collection."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<wfs:FeatureCollection xmlns:wfs="{Namespace.WFS}" xmlns:gml="{Namespace.GML}" xmlns:xanh="{Namespace.XANH}">\n'
    )
    return head.encode() + b"\n".join(rows) + b"\n</wfs:FeatureCollection>\n"


def write_html(found: list[LayerInfo], catalog: Catalog, language: str) -> str:
    """A page with one table per feature, labels and values as people read them."""
    layers = [
        {
            "title": info.layer.title.text(language),
            "illustrative": info.layer.illustrative,
            "source": f"{info.layer.source.en if language == 'en' else info.layer.source.vi} ({info.layer.source.licence})",
            "features": [_describe(info.layer, feature, catalog, language) for feature in info.features],
        }
        for info in found
        if info.features
    ]
    return _TEMPLATES.get_template("info.html").render(layers=layers, language=language)


def write_text(found: list[LayerInfo], catalog: Catalog, language: str) -> str:
    """Plain lines `label: value`, one block per feature."""
    blocks: list[str] = []
    for info in found:
        for feature in info.features:
            described = _describe(info.layer, feature, catalog, language)
            lines = [f"{info.layer.title.text(language)} ({described['id']})"]
            lines += [f"  {label}: {' '.join(value.split())}" for label, value in described["rows"]]
            blocks.append("\n".join(lines))
    nothing = "No features here." if language == "en" else "Không có đối tượng nào ở đây."
    return "\n\n".join(blocks or [nothing]) + "\n"


def _describe(layer: Layer, feature: dict[str, Any], catalog: Catalog, language: str) -> dict[str, Any]:
    properties: dict[str, Any] = feature["properties"]
    if layer.geometry == "raster":
        return {"id": layer.id, "title": layer.title.text(language), "rows": [_raster_row(layer, properties["value"], catalog, language)]}
    rows: list[tuple[str, str]] = []
    for section in public_sections(layer):
        for name in section.fields:
            value = _show(layer, name, properties, catalog, language)
            if value:
                rows.append((_label(layer, name, language), value))
    title = str(properties.get(layer.title_field or "") or f"{layer.id}.{feature['id']}")
    return {"id": f"{layer.id}.{feature['id']}", "title": title, "rows": rows}


def _raster_row(layer: Layer, value: float, catalog: Catalog, language: str) -> tuple[str, str]:
    raster = layer.raster
    kind = LayerField(vi="Giá trị", en="Value", codes=raster.codes if raster else None, unit=raster.unit if raster else None)
    shown: Any = int(value) if value == int(value) else value
    return field_label(kind, language), show_value(catalog, kind, shown, language)


def _label(layer: Layer, name: str, language: str) -> str:
    if name in layer.fields:
        return field_label(layer.fields[name], language)
    return {"valid_from": ("Hiệu lực từ", "Valid from"), "valid_to": ("Hiệu lực đến", "Valid to")}[name][language == "en"]


def _show(layer: Layer, name: str, properties: dict[str, Any], catalog: Catalog, language: str) -> str:
    """A value as people read it; links show the title of what they lead to. Dates come as text in GeoJSON."""
    field = layer.fields.get(name, LayerField(type="date", vi=name, en=name))
    if field.link:
        return str(properties.get(f"{name}_title") or "")
    value = properties.get(name)
    if value is not None and field.type == "date":
        value = date.fromisoformat(str(value))
    elif value is not None and field.type == "datetime":
        value = datetime.fromisoformat(str(value))
    return show_value(catalog, field, value, language)
