# SPDX-License-Identifier: MIT
"""A small catalogue made to be awkward, and ways to bend it."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from server.catalog.catalog import Catalog
from server.catalog.model import Code, CodeList, Group, Layer, LayerField, Source, Text
from server.features.bulk import LoadPlan, StagedRow

TEXT = Text(vi="Lớp '\"; DROP TABLE x; --", en="Layer {0} %s")
SOURCE = Source(vi="a", en="b", licence="CC0-1.0")
HOSTILE = ["'", '"', "\\", "'; DROP TABLE official.sites; --", "%s {0} {}", "a\tb\nc", "<x>&amp;]]>", "đường Gò Công 🚰", '"}},{"type":"X']


def text(name: str = "Tên") -> Text:
    """A text that tries to break out of SQL and JSON."""
    return Text(vi=f"{name} '\"", en=f"{name} \\'")


def make_field(**options: Any) -> LayerField:
    """A field with awkward labels."""
    return LayerField(vi="Nhãn 'của' trường", en='A "label"', **options)


def make_layer(layer_id: str, geometry: Any, fields: dict[str, LayerField], **options: Any) -> Layer:
    """A layer with awkward titles."""
    return Layer(id=layer_id, group="g", title=TEXT, abstract=TEXT, geometry=geometry, fields=fields, source=SOURCE, **options)


def make_catalog(*layers: Layer) -> Catalog:
    """A catalogue of these layers with one code list, `kind`: auto, manual, x-1.b."""
    codes = tuple(Code(code=code, vi=code, en=code, source="x", status="verified") for code in ("auto", "manual", "x-1.b"))
    return Catalog((Group(id="g", title=TEXT),), {layer.id: layer for layer in layers}, {"kind": CodeList(id="kind", codes=codes)})


def awkward_catalog() -> Catalog:
    """communes (validity), sites (everything), records (no geometry, no title), roads (lines), basins (stored in VN-2000)."""
    communes = make_layer(
        "communes",
        "multipolygon",
        {"code": make_field(required=True, unique=True), "name": make_field(title=True, search=5)},
        validity=True,
    )
    sites = make_layer(
        "sites",
        "point",
        {
            "code": make_field(required=True, unique=True, pattern=r"[A-Z]{1,3}\d+"),
            "name": make_field(title=True, search=5, required=True),
            "kind": make_field(codes="kind", default="auto"),
            "depth": make_field(type="number", min=0, max=500),
            "count": make_field(type="integer"),
            "open": make_field(type="boolean"),
            "installed": make_field(type="date", max="today", min="1990-01-01"),
            "seen": make_field(type="datetime"),
            "contact": make_field(public=False),
            "note": make_field(max_length=20),
            "serial": make_field(read_only=True),
            "lon": make_field(type="number", computed="lon"),
            "commune": make_field(link="communes", fill="contains"),
        },
        time={"begin": "installed"},
        rights={"publish": {"auto": ["note"], "review": ["geometry", "delete"]}},
    )
    records = make_layer("records", "none", {"label": make_field(), "site": make_field(link="sites"), "order": make_field(type="integer")})
    roads = make_layer("roads", "multiline", {"code": make_field(), "length": make_field(type="number", computed="length_km")})
    basins = make_layer(
        "basins", "polygon", {"code": make_field(unique=True), "area": make_field(type="number", computed="area_ha")}, storage_crs=9210
    )
    return make_catalog(communes, sites, records, roads, basins)


def bend(catalog: Catalog, layer_id: str, fields: dict[str, LayerField | None], **options: Any) -> Catalog:
    """The catalogue with some fields of a layer replaced, added or (None) removed, and other options of the layer changed."""
    layer = catalog.layers[layer_id]
    merged = {name: field for name, field in {**layer.fields, **fields}.items() if field is not None}
    changed = Layer.model_validate({**layer.model_dump(), "fields": {n: f.model_dump() for n, f in merged.items()}, **options})
    return make_catalog(*(changed if other.id == layer_id else other for other in catalog.layers.values()))


def row(number: int, shape: BaseGeometry | None = None, /, **values: Any) -> StagedRow:
    """A staged row; geometry in x (east), y order."""
    return StagedRow(number, values, shapely.to_wkb(shape) if shape is not None else None)


def plan_for(layer: Layer, *fields: str, **options: Any) -> LoadPlan:
    """A load plan of these fields."""
    return LoadPlan(layer, fields, **options)
