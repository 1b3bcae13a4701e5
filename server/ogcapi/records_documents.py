# SPDX-License-Identifier: MIT
"""Records of the catalogue (OGC API - Records 1, 20-004r1): each published layer as GeoJSON and for ISO."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from server.access import may_read
from server.catalog.model import Layer, Text
from server.encode.formats import DOWNLOADS
from server.ogcapi.configuration import LICENCES
from server.ogcapi.page_parts import picture_address
from server.ogcapi.plain import HTML
from server.ogcapi.service import CRS84_REFERENCE, Service
from server.ogcapi.tiles_links import REL, link_to
from server.ows.iso19139 import IsoRecord, Online
from server.query.features import LayerState

CATALOGUE = "catalogue"
KIND = "dataset"
GEOJSON, XML, JSONLD = "application/geo+json", "application/xml", "application/ld+json"
SCHEMA = "application/schema+json"
FORMATS = {"json": GEOJSON, "html": HTML, "iso19139": XML, "iso19115-3": XML, "dcat": JSONLD}
TITLE = Text(vi="Danh mục dữ liệu", en="Catalogue of the data")
ABSTRACT = Text(
    vi="Mỗi lớp dữ liệu đã công bố là một bản ghi: GeoJSON, ISO 19139, ISO 19115-3 và DCAT-AP.",
    en="Each published layer as a record: GeoJSON, ISO 19139, ISO 19115-3 and DCAT-AP.",
)
_CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"
_LANGUAGES = {
    "vi": {"code": "vi", "name": "Tiếng Việt", "alternate": "Vietnamese", "dir": "ltr"},
    "en": {"code": "en", "name": "English", "dir": "ltr"},
}
Document = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A layer as the catalogue knows it."""

    layer: Layer
    state: LayerState


@dataclass(frozen=True)
class Place:
    """Where and in which language records are written; `base` is the landing page."""

    base: str
    language: str

    @property
    def catalogue(self) -> str:
        """The collection of records."""
        return f"{self.base}/collections/{CATALOGUE}"

    @property
    def site(self) -> str:
        """The address of the installation."""
        return self.base.removesuffix("/ogcapi")

    def record(self, layer_id: str) -> str:
        """One record."""
        return f"{self.catalogue}/items/{quote(layer_id)}"


def list_entries(service: Service, states: dict[str, LayerState]) -> list[Entry]:
    """The published layers the reader may see, rasters among them, as the public sees them; by id, so that pages stay the same."""
    layers = sorted(service.context.catalog.layers.values(), key=lambda layer: layer.id)
    return [Entry(layer, states[layer.id]) for layer in layers if layer.id in states and may_read(service.reader, layer)]


def describe_catalogue_collection(boxes: Iterable[list[float]], place: Place) -> Document:
    """The catalogue as a collection of records (20-004r1 8); `boxes` are those of the layers."""
    sides = list(zip(*boxes, strict=True))
    vi = place.language != "en"
    links = [
        link_to("self", f"{place.catalogue}?f=json", TITLE.text(place.language)),
        link_to("alternate", f"{place.catalogue}?f=html", TITLE.text(place.language), HTML),
        link_to("items", f"{place.catalogue}/items", "Các bản ghi" if vi else "Records", GEOJSON),
        link_to("items", f"{place.catalogue}/items?f=html", "Các bản ghi (HTML)" if vi else "Records (HTML)", HTML),
        link_to("alternate", f"{place.catalogue}/items?f=dcat", "DCAT-AP", JSONLD),
        link_to(f"{REL}/queryables", f"{place.catalogue}/queryables", "Các trường lọc được" if vi else "Fields to filter by", SCHEMA),
        link_to(f"{REL}/sortables", f"{place.catalogue}/sortables", "Các trường sắp xếp được" if vi else "Fields to sort by", SCHEMA),
        link_to("root", f"{place.base}/", "Trang đầu" if vi else "Landing page"),
    ]
    out: Document = {
        "id": CATALOGUE,
        "title": TITLE.text(place.language),
        "description": ABSTRACT.text(place.language),
        "itemType": "record",
        "crs": [CRS84_REFERENCE.text],
        "links": links,
    }
    if sides:
        box = [min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])]
        out["extent"] = {"spatial": {"bbox": [box], "crs": CRS84_REFERENCE.text}}
    return out


def describe_record(service: Service, entry: Entry, place: Place) -> Document:
    """One record (20-004r1 7)."""
    layer, state, language = entry.layer, entry.state, place.language
    settings = service.context.settings.service
    contact: Document = {"organization": settings.provider.text(language), "roles": ["publisher", "pointOfContact"]}
    if settings.contact_email:
        contact["emails"] = [{"value": settings.contact_email}]
    if settings.contact_phone:
        contact["phones"] = [{"value": settings.contact_phone}]
    if settings.provider_site:
        contact["links"] = [{"href": settings.provider_site, "rel": "about", "type": HTML}]
    return {
        "id": layer.id,
        "type": "Feature",
        "conformsTo": [_CORE],
        "geometry": _ring(state.extent),
        "time": {"interval": [state.time_begin or "..", state.time_end or ".."]} if state.time_begin or state.time_end else None,
        "properties": {
            "type": KIND,
            "title": layer.title.text(language),
            "description": layer.abstract.text(language),
            "keywords": [word.text(language) for word in layer.keywords],
            "language": _LANGUAGES[language],
            "languages": list(_LANGUAGES.values()),
            "resourceLanguages": list(_LANGUAGES.values()),
            "updated": state.published_at,
            "externalIds": [{"value": f"urn:xanh:{layer.id}"}],
            "formats": [{"name": name, "mediaType": media_type} for name, media_type, _ in _files(layer, place)],
            "contacts": [contact],
            "license": LICENCES.get(layer.source.licence, layer.source.licence),
            "rights": layer.source.attribution or (layer.source.en if language == "en" else layer.source.vi),
            **({"illustrative": True} if layer.illustrative else {}),
        },
        "links": _links(service, entry, place),
    }


def make_iso_record(entry: Entry, place: Place) -> IsoRecord:
    """What the ISO documents say of a layer."""
    layer, state, language = entry.layer, entry.state, place.language
    source = layer.source.en if language == "en" else layer.source.vi
    online = [Online(href, "WWW:DOWNLOAD", f"{layer.id} ({name})") for name, _, href in _files(layer, place)]
    if layer.has_table:
        online.insert(0, Online(f"{place.base}/collections/{quote(layer.id)}", "OGC API - Features", layer.id))
        online.insert(0, Online(f"{place.site}/wfs?SERVICE=WFS&REQUEST=GetCapabilities", "OGC:WFS", layer.wfs_name))
    if layer.is_mapped:
        online.insert(0, Online(f"{place.site}/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities", "OGC:WMS", layer.wms_name))
    return IsoRecord(
        name=layer.id,
        title=layer.title.text(language),
        abstract=layer.abstract.text(language),
        keywords=tuple(word.text(language) for word in layer.keywords),
        licences=(f"{source} · {layer.source.licence}",),
        level=KIND,
        published=state.published_at,
        extent=state.extent,
        language=language,
        online=tuple(online),
        period=(state.time_begin, state.time_end) if state.time_begin or state.time_end else None,
        frequency=layer.source.updated,
        lineage=source,
    )


def _files(layer: Layer, place: Place) -> list[tuple[str, str, str]]:
    """Name, media type and address of every file of a layer."""
    if not layer.has_table:
        coverage = f"{place.base}/collections/{quote(layer.id)}/coverage"
        return [
            ("GeoTIFF", "image/tiff", f"{coverage}?f=geotiff"),
            ("CoverageJSON", "application/prs.coverage+json", f"{coverage}?f=covjson"),
        ]
    items = f"{place.base}/collections/{quote(layer.id)}/items"
    named = [(each.title_en or each.short, each.media_type.partition(";")[0], each.short) for each in DOWNLOADS]
    return [(name, media_type, f"{items}?f={quote(short)}") for name, media_type, short in [("GeoJSON", GEOJSON, "json"), *named]]


def _links(service: Service, entry: Entry, place: Place) -> list[Document]:
    layer, language = entry.layer, place.language
    title, record = layer.title.text(language), place.record(layer.id)
    links = [
        link_to("self", f"{record}?f=json&lang={language}", title, GEOJSON),
        link_to("alternate", f"{record}?f=html&lang={language}", title, HTML),
        link_to("alternate", f"{record}?f=iso19139&lang={language}", "ISO 19139", XML),
        link_to("alternate", f"{record}?f=iso19115-3&lang={language}", "ISO 19115-3", XML),
        link_to("alternate", f"{record}?f=dcat", "DCAT-AP", JSONLD),
        link_to("collection", place.catalogue, TITLE.text(language)),
    ]
    links.append(link_to(f"{REL}/dataset", f"{place.base}/collections/{quote(layer.id)}", title))
    links += [link_to("enclosure", href, f"{title}: {name}", media_type) for name, media_type, href in _files(layer, place)]
    if layer.is_mapped:
        query = urlencode({"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetCapabilities"})
        links.append(link_to("service", f"{place.site}/wms?{query}", f"WMS: {layer.wms_name}", "text/xml"))
    picture = picture_address(service.context.catalog, layer, entry.state.extent, place.site)
    if picture:
        links.append(link_to("preview", picture, title, "image/png"))
    if layer.source.url:
        links.append(link_to("via", layer.source.url, layer.source.attribution or "", HTML))
    if layer.source.licence in LICENCES:
        links.append(link_to("license", LICENCES[layer.source.licence], layer.source.licence, HTML))
    return links


def _ring(extent: tuple[float, float, float, float] | None) -> Document | None:
    if extent is None:
        return None
    west, south, east, north = extent
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}
