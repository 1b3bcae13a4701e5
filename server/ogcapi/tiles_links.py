# SPDX-License-Identifier: MIT
"""Where tiles are in the OGC API, and the links that lead there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from server.access import ANONYMOUS, may_read
from server.catalog.model import Layer
from server.tiles.pictures import FORMATS
from server.tiles.vectors import MEDIA_TYPE

REL = "http://www.opengis.net/def/rel/ogc/1.0"
Link = dict[str, Any]
_NAMES = {
    "tilesets-vector": ("Ô dữ liệu véc-tơ", "Vector tiles"),
    "tilesets-map": ("Ô bản đồ", "Map tiles"),
    "tiling-schemes": ("Các lưới ô", "Tile matrix sets"),
    "styles": ("Kiểu vẽ", "Styles"),
    "ogc-catalog": ("Danh mục dữ liệu", "Catalogue of the data"),
    "processes": ("Xử lý dữ liệu", "Processes"),
    "job-list": ("Các việc xử lý", "Jobs"),
}


def link_to(rel: str, href: str, title: str = "", media_type: str = "application/json") -> Link:
    """A link object."""
    return {"rel": rel, "type": media_type, "href": href} | ({"title": title} if title else {})


@dataclass(frozen=True)
class TileAddress:
    """Where the tiles of the dataset, or of one collection, are below `base`; maps may be in one of the collection's styles.

    `carried` are the fields vector tiles hold, by layer.
    """

    base: str
    is_vector: bool
    collection: str | None = None
    style: str | None = None
    carried: Mapping[str, tuple[str, ...]] | None = None

    def list_url(self) -> str:
        """The list of tilesets."""
        start = f"{self.base}/collections/{quote(self.collection)}" if self.collection else self.base
        styled = f"/styles/{quote(self.style)}" if self.style else ""
        return f"{start}{styled}/tiles" if self.is_vector else f"{start}{styled}/map/tiles"

    def set_url(self, matrix_set: str) -> str:
        """One tileset."""
        return f"{self.list_url()}/{matrix_set}"

    def template(self, matrix_set: str, ending: str) -> str:
        """The tiles of one tileset (20-057 7.4: row before column)."""
        return f"{self.set_url(matrix_set)}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f={ending}"

    def formats(self) -> dict[str, str]:
        """Values of `f` with their media types."""
        return {"mvt": MEDIA_TYPE} if self.is_vector else dict(FORMATS)

    def fields_of(self, layer: Layer) -> Collection[str]:
        """What vector tiles of the layer carry."""
        return (self.carried or {}).get(layer.id, ())

    def data_links(self) -> list[Link]:
        """Where the tiles come from, and the same tiles for clients that read TileJSON."""
        root = self.base.removesuffix("/ogcapi")
        if self.collection is None:
            return [link_to(f"{REL}/dataset", f"{self.base}/")]
        links = [link_to(f"{REL}/geodata", f"{self.base}/collections/{quote(self.collection)}")]
        name = quote(self.collection) if self.is_vector else f"{quote(self.collection)}/{quote(self.style or 'default')}"
        return [*links, link_to("describedby", f"{root}/tiles/{name}.json", "TileJSON")]

    def style_links(self, layers: Sequence[Layer]) -> list[Link]:
        """The looks of a collection for clients that draw vector tiles (MapLibre documents)."""
        if self.collection is None or not self.is_vector:
            return []
        start = f"{self.base.removesuffix('/ogcapi')}/tiles/{quote(self.collection)}/styles"
        return [link_to("stylesheet", f"{start}/{quote(style)}.json", style) for layer in layers for style in layer.styles]


def dataset_links(base: str, language: str) -> list[Link]:
    """What the landing page adds: tiles of the whole, the tile matrix sets, the styles, the catalogue."""
    links = [
        (f"{REL}/{name}", TileAddress(base, name == "tilesets-vector").list_url(), name) for name in ("tilesets-vector", "tilesets-map")
    ]
    links.append((f"{REL}/tiling-schemes", f"{base}/tileMatrixSets", "tiling-schemes"))
    links.append((f"{REL}/styles", f"{base}/styles", "styles"))
    links.append((f"{REL}/ogc-catalog", f"{base}/collections/catalogue", "ogc-catalog"))
    links += [(f"{REL}/processes", f"{base}/processes", "processes"), (f"{REL}/job-list", f"{base}/jobs", "job-list")]
    return [link_to(rel, href, _NAMES[name][language == "en"]) for rel, href, name in links]


def collection_links(base: str, layer: Layer, language: str) -> list[Link]:
    """What a collection adds: its vector tiles, and maps where it has a style; tiles are for layers anybody may see."""
    if not layer.is_mapped or not may_read(ANONYMOUS, layer):
        return []
    names = [*(["tilesets-vector"] if layer.has_geometry else []), *(["tilesets-map"] if layer.styles else [])]
    links = [
        link_to(f"{REL}/{name}", TileAddress(base, name == "tilesets-vector", layer.id).list_url(), _NAMES[name][language == "en"])
        for name in names
    ]
    styles = link_to(f"{REL}/styles", f"{base}/collections/{quote(layer.id)}/styles", _NAMES["styles"][language == "en"])
    return [*links, styles] if layer.styles else links
