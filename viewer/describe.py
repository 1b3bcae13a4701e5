# SPDX-License-Identifier: MIT
"""The map in words: everything the front end needs to know about groups, layers and coordinates, in one language.

The shape is the interface `MapConfig` of `frontend/src/services/model.ts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from server.access import ANONYMOUS, may_read
from server.catalog.background import background
from server.catalog.catalog import Catalog
from server.catalog.display import popup_fields, public_sections
from server.catalog.model import CodeList, Layer, Text
from server.catalog.projection import PublishedField, published_fields
from server.config import Settings
from server.crs.definitions import Crs, all_crs
from server.crs.engines import browser_definitions
from server.crs.provinces import default_zone, province_zones
from server.query.features import LayerState

Extent = tuple[float, float, float, float]
StyleTitle = Callable[[str, str], str]

# Maps of the whole country show the mainland, the islands, Hoàng Sa and Trường Sa (QCVN 80:2024/BTNMT).
NATIONAL_FRAME: Extent = (102.0, 4.5, 118.0, 23.5)
NATIONAL_CENTRE = (108.0, 16.0)
_GEOMETRIES = {
    "point": "point",
    "multipoint": "point",
    "line": "line",
    "multiline": "line",
    "polygon": "polygon",
    "multipolygon": "polygon",
    "any": "polygon",
    "raster": "raster",
    "none": "none",
}
_VALIDITY = ("valid_from", "valid_to")
# Data of the background end with a cut; the frame lies a little inside it (degrees).
_CUT = 0.05


@dataclass(frozen=True)
class Published:
    """What is published now: a state per layer id, and the box of the province (degrees, west south east north) where it is known.

    `current` counts what is valid today, for layers whose objects come and go; `province` is the full name of the province.
    """

    states: Mapping[str, LayerState]
    home: Extent | None
    current: Mapping[str, int] = field(default_factory=dict)
    province: str | None = None


def describe_map(settings: Settings, catalog: Catalog, published: Published, language: str, style_title: StyleTitle) -> dict[str, Any]:
    """The configuration document of the viewer in `language`: what is published and open to everybody.

    Extents are lon/lat boxes in degrees (EPSG:4326).
    """
    public = [layer for layer in catalog.layers.values() if layer.id in published.states and may_read(ANONYMOUS, layer)]
    base = background(public)
    tree = {layer.id for layer in public if layer.is_mapped and not layer.base_map}
    return {
        "language": language,
        "province": {"code": settings.province.code, "name": province_name(settings)},
        "home": published.home or NATIONAL_FRAME,
        "limit": NATIONAL_FRAME,
        "services": {
            "wms": "/wms",
            "items": "/ogcapi/collections",
            "search": "/map/search",
            "figures": "/map/figures",
            "outside": "/map/outside",
        },
        "outside": list(settings.external.sites),
        "base": {
            "layers": [layer.id for layer, _ in base],
            "styles": [style for _, style in base],
            "credits": [_credit(layer, language) for layer, _ in base],
            "photo": _photo(settings, public),
            "frame": _frame(published.states[layer.id].extent for layer, _ in base),
        },
        "groups": list(_describe_groups(catalog, tree, language)),
        "layers": [
            _describe_layer(layer, catalog, language, published)
            | {"inTree": layer.id in tree, "styles": _describe_styles(layer, language, style_title)}
            for layer in public
        ],
        "zones": [_describe_zone(crs) for crs in _zones()],
        "zone": f"EPSG:{default_zone(settings.province.code, date.today()).code}",
    }


def _describe_groups(catalog: Catalog, tree: set[str], language: str) -> Iterator[dict[str, Any]]:
    """The groups that hold a layer of the tree, be it in a group inside; `parent` is the group a group lies in."""
    for group in catalog.groups:
        inside = catalog.groups_below(group.id)
        if any(catalog.layer(name).group in inside for name in tree):
            members = [layer.id for layer in catalog.layers_of(group.id) if layer.id in tree]
            yield {
                "id": group.id,
                "parent": group.parent,
                "title": group.title.text(language),
                "colour": group.colour,
                "layers": members,
            }


def _photo(settings: Settings, public: Iterable[Layer]) -> str | None:
    """The raster layer offered as base map; None while there is none that everybody may see."""
    return next((layer.id for layer in public if layer.id == settings.province.orthophoto and layer.geometry == "raster"), None)


def _frame(extents: Iterable[Extent | None]) -> Extent:
    """The box the background covers; beyond it nothing is known, not even whether there is water."""
    known = [extent for extent in extents if extent is not None]
    if not known:
        return NATIONAL_FRAME
    west, south, east, north = zip(*known, strict=True)
    return min(west) + _CUT, min(south) + _CUT, max(east) - _CUT, max(north) - _CUT


def name_province(settings: Settings, full_name: str | None, language: str) -> str:
    """The province as it stands in a sentence: "tỉnh Đồng Tháp", "thành phố Hà Nội", in English the name alone."""
    if language == "en" or not full_name:
        return province_name(settings)
    return full_name[0].lower() + full_name[1:]


def province_name(settings: Settings) -> str:
    """The name of the province this installation serves, as it is called today; its code when it is not known."""
    today = date.today()
    code = settings.province.code
    return next((zone.province for zone in province_zones() if zone.province_code == code and zone.is_valid_on(today)), code)


def _describe_layer(layer: Layer, catalog: Catalog, language: str, published: Published) -> dict[str, Any]:
    state = published.states[layer.id]
    fields = (*published_fields(layer), *_raster_fields(layer))
    return {
        "id": layer.id,
        "group": layer.group,
        "title": layer.title.text(language),
        "abstract": layer.abstract.text(language),
        "geometry": _GEOMETRIES[layer.geometry],
        "count": published.current.get(layer.id, state.feature_count) if layer.has_table else None,
        "validity": layer.validity,
        "extent": state.extent,
        "visible": layer.visible and not layer.base_map,
        "cluster": layer.cluster,
        "thinnedTo": max(state.pyramid_bands, default=-1),
        "queryable": layer.queryable,
        "illustrative": layer.illustrative,
        "titleField": layer.title_field,
        "fields": {one.name: _describe_field(one, catalog, language) for one in fields},
        "popup": [one.name for one in _raster_fields(layer)] or [name for name in popup_fields(layer) if name != layer.title_field],
        "sections": _sections(layer, language),
        "page": layer.page_name if layer.has_table else None,
        "time": _span(layer, state),
        "timeFields": [layer.time.begin, layer.time.end] if layer.time else None,
        "moments": list(state.moments),
        **_credit(layer, language),
    }


def _span(layer: Layer, state: LayerState) -> list[str] | None:
    """First and last day (YYYY-MM-DD) of what a layer tells of: a measurement, a map of a day; None for layers without time."""
    if layer.raster is not None and state.moments:
        return [state.moments[0][:10], state.moments[-1][:10]]
    if layer.time is None or not (state.time_begin and state.time_end):
        return None
    return [state.time_begin[:10], state.time_end[:10]]


def _raster_fields(layer: Layer) -> tuple[PublishedField, ...]:
    """What GetFeatureInfo tells of a raster: the value of the cell."""
    if layer.raster is None:
        return ()
    label = Text(vi="Giá trị", en="Value")
    return (PublishedField("value", "number", label, codes=layer.raster.codes, unit=layer.raster.unit),)


def _describe_field(field: PublishedField, catalog: Catalog, language: str) -> dict[str, Any]:
    codes = catalog.code_lists.get(field.codes) if field.codes else None
    return {
        "label": field.label.text(language),
        "type": field.type,
        "unit": field.unit,
        "codes": _describe_codes(codes, language) if codes else None,
        "link": field.link,
    }


def _describe_codes(codes: CodeList, language: str) -> dict[str, Any]:
    return {code.code: {"title": code.en if language == "en" else code.vi, "colour": code.colour or None} for code in codes.codes}


def _sections(layer: Layer, language: str) -> list[dict[str, Any]]:
    sections = [
        {"title": section.en if language == "en" else section.vi, "fields": list(section.fields)} for section in public_sections(layer)
    ]
    if layer.validity:
        sections.append({"title": "Validity" if language == "en" else "Hiệu lực", "fields": list(_VALIDITY)})
    return sections


def _credit(layer: Layer, language: str) -> dict[str, str]:
    source = layer.source.en if language == "en" else layer.source.vi
    return {"source": source, "licence": layer.source.licence}


def _describe_styles(layer: Layer, language: str, style_title: StyleTitle) -> list[dict[str, str]]:
    """The looks to choose from; the one made for the base map is none of them."""
    return [{"id": name, "title": style_title(name, language)} for name in layer.styles if name != f"{layer.id}_base"]


def _zones() -> list[Crs]:
    zones = [crs for crs in all_crs() if crs.is_vn2000 and crs.kind == "projected" and crs.scale_factor == 0.9999]
    return sorted(zones, key=lambda crs: crs.central_meridian or 0)


def _describe_zone(crs: Crs) -> dict[str, str]:
    degrees, minutes = divmod(round((crs.central_meridian or 0) * 60), 60)
    return {"code": f"EPSG:{crs.code}", "title": f"VN-2000 {degrees}°{minutes:02d}′", "proj4": browser_definitions()[f"EPSG:{crs.code}"]}
