# SPDX-License-Identifier: MIT
"""OGC API - Styles (20-009): the styles of the installation and of a collection, as MapLibre/Mapbox documents and as SLD.

Styles are read here and written in files (`styles/*.sld`): nothing is managed over the web.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Blueprint, Response

from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.errors import LayerNotDefined, ServerFault, StyleNotDefined
from server.features.state import layer_states
from server.ogcapi.page_parts import picture_address
from server.ogcapi.pages import render_page
from server.ogcapi.plain import HTML, JSON, Document, Wish, read_wish, respond, write_json
from server.ogcapi.problems import answer_problem
from server.ogcapi.tiles_links import REL, link_to
from server.ows.address import service_address
from server.query.features import LayerState
from server.style.fields import used_fields
from server.style.model import Style
from server.tiles.desk import TileDesk
from server.tiles.drawings import open_layers
from server.tiles.webstyles import find_look, write_style

MAPBOX = "application/vnd.mapbox.style+json"
SLD = "application/vnd.ogc.sld+xml"
FORMATS = {"mapbox": MAPBOX, "sld": SLD, "html": HTML}
_DOCUMENTS = {"json": JSON, "html": HTML}
_TYPES = {"point": "point", "multipoint": "point", "line": "line", "multiline": "line", "polygon": "polygon", "multipolygon": "polygon"}


def blueprint(desk: TileDesk) -> Blueprint:
    """The routes, for the composition root."""
    room = Blueprint("ogcapi_styles", __name__, url_prefix="/ogcapi")
    room.register_error_handler(Exception, answer_problem)
    handlers = _Handlers(desk)
    for start, name in (("", "all"), ("/collections/<collection>", "collection")):
        room.add_url_rule(f"{start}/styles", f"{name}_list", handlers.styles)
        room.add_url_rule(f"{start}/styles/<style>", f"{name}_style", handlers.style)
        room.add_url_rule(f"{start}/styles/<style>/metadata", f"{name}_metadata", handlers.metadata)
    return room


@dataclass(frozen=True)
class _Handlers:
    desk: TileDesk

    def styles(self, collection: str | None = None) -> Response:
        wish = read_wish(_DOCUMENTS)
        shelf = self._open(collection, wish)
        if wish.format == "html":
            return respond(render_page("styles", shelf.base, wish.language, shelf=shelf, styles=shelf.styles()), HTML, wish.language)
        return respond(write_json(shelf.list_styles()), JSON, wish.language)

    def style(self, style: str, collection: str | None = None) -> Response:
        wish = read_wish(FORMATS)
        shelf = self._open(collection, wish)
        layers = shelf.layers_of(style)
        if wish.format == "mapbox":
            root = service_address(self.desk.context.settings, "")
            text = write_style(self.desk, find_look(self.desk, layers[0].id, style, (root, wish.language)))
            return respond(text, MAPBOX, wish.language)
        if wish.format == "sld":
            return respond(shelf.read_sld(style), f"{SLD};version={shelf.version_of(style)}")
        return respond(render_page("style", shelf.base, wish.language, shelf=shelf, style=style, layers=layers), HTML, wish.language)

    def metadata(self, style: str, collection: str | None = None) -> Response:
        wish = read_wish({"json": JSON})
        return respond(write_json(self._open(collection, wish).describe(style)), JSON, wish.language)

    def _open(self, collection: str | None, wish: Wish) -> StyleShelf:
        """The shelf of all layers that are published and open to anybody, or of one. Raises LayerNotDefined when it is none of them."""
        states = layer_states(self.desk.context)
        layers = tuple(layer for layer in open_layers(self.desk.context.catalog) if layer.id in states and collection in (None, layer.id))
        if collection is not None and not layers:
            raise LayerNotDefined("There is no such collection with styles.", message_vi="Không có bộ dữ liệu này hoặc không có kiểu vẽ.")
        base = service_address(self.desk.context.settings, "/ogcapi")
        return StyleShelf(self.desk, base, wish.language, layers, states, collection)


@dataclass(frozen=True)
class StyleShelf:
    """The styles of some layers, or those of one (`collection`); `base` is our landing page."""

    desk: TileDesk
    base: str
    language: str
    layers: tuple[Layer, ...]
    states: Mapping[str, LayerState]
    collection: str | None = None

    def styles(self) -> dict[str, Style]:
        """The styles by name, each once, those of the topmost layer first."""
        known = self.desk.editions.source.styles
        return {name: known[name] for layer in self.layers for name in layer.styles if name in known}

    def layers_of(self, style: str) -> list[Layer]:
        """The layers a style draws. Raises StyleNotDefined."""
        found = [layer for layer in self.layers if style in layer.styles] if style in self.desk.editions.source.styles else []
        if not found:
            raise StyleNotDefined("There is no such style.", message_vi="Không có kiểu vẽ này.")
        return found

    def address(self, style: str) -> str:
        """Where a style is."""
        return f"{self._list_address()}/{quote(style)}"

    def list_styles(self) -> Document:
        """Every style with its encodings (20-009 7.2)."""
        styles = self.styles()
        default = {"default": self.layers[0].styles[0]} if self.collection else {}
        return {
            **default,
            "styles": [
                {"id": name, "title": style.title.text(self.language), "links": [*self._encodings(name), self._metadata_link(name)]}
                for name, style in styles.items()
            ],
            "links": [
                link_to("self", f"{self._list_address()}?f=json"),
                link_to("alternate", f"{self._list_address()}?f=html", "HTML", HTML),
            ],
        }

    def describe(self, style: str) -> Document:
        """A style: encodings, the layers it draws with the fields it looks at, a picture (20-009 7.4)."""
        layers, model = self.layers_of(style), self.desk.editions.source.styles[style]
        vi = self.language != "en"
        return {
            "id": style,
            "title": model.title.text(self.language),
            "description": "; ".join(layer.abstract.text(self.language) for layer in layers),
            "license": "; ".join(dict.fromkeys(layer.source.licence for layer in layers)),
            "scope": "style",
            "stylesheets": [
                {
                    "title": link["title"],
                    "native": link["type"].startswith(SLD),
                    "version": self.version_of(style) if link["type"].startswith(SLD) else "8",
                    "specification": "https://www.ogc.org/standard/sld/"
                    if link["type"].startswith(SLD)
                    else "https://maplibre.org/maplibre-style-spec/",
                    "link": link,
                }
                for link in self._encodings(style)
                if link["rel"] == "stylesheet"
            ],
            "layers": list(self._describe_layers(layers, model)),
            "links": [
                link_to("self", f"{self.address(style)}/metadata"),
                link_to("preview", self.legend(style), "Chú giải" if vi else "Legend", "image/png"),
            ],
        }

    def legend(self, style: str) -> str:
        """A picture of the legend."""
        query = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetLegendGraphic", "FORMAT": "image/png", "LANGUAGE": self.language}
        more = {"LAYER": self.layers_of(style)[0].wms_name, "STYLE": style}
        return f"{self.base.removesuffix('/ogcapi')}/wms?{urlencode(query | more, safe='/')}"

    def picture(self, layer: Layer, style: str) -> str | None:
        """A map of the whole layer in the style."""
        extent = self.states[layer.id].extent
        return picture_address(self.desk.context.catalog, layer, extent, self.base.removesuffix("/ogcapi"), style)

    def version_of(self, style: str) -> str:
        """The version of SLD a style is written in, `1.0` or `1.1`."""
        return "1.1" if b'version="1.1' in self.read_sld(style)[:2000] else "1.0"

    def read_sld(self, style: str) -> bytes:
        """The file as it was written. The style must be one of ours. Raises ServerFault."""
        try:
            return (self.desk.context.settings.styles_dir / f"{style}.sld").read_bytes()
        except OSError as error:
            raise ServerFault("A style file cannot be read.") from error

    def _list_address(self) -> str:
        return f"{self.base}/collections/{quote(self.collection)}/styles" if self.collection else f"{self.base}/styles"

    def _encodings(self, style: str) -> list[Document]:
        start = self.address(style)
        return [
            link_to("stylesheet", f"{start}?f=mapbox", "MapLibre/Mapbox GL", MAPBOX),
            link_to("stylesheet", f"{start}?f=sld", "SLD", f"{SLD};version={self.version_of(style)}"),
            link_to("alternate", f"{start}?f=html", "HTML", HTML),
        ]

    def _metadata_link(self, style: str) -> Document:
        return link_to("describedby", f"{self.address(style)}/metadata", "Mô tả" if self.language != "en" else "Description")

    def _describe_layers(self, layers: list[Layer], model: Style) -> Iterator[Document]:
        used = set(used_fields(model))
        for layer in layers:
            fields = [field for field in published_fields(layer) if field.name in used] if layer.has_table else []
            yield {
                "id": layer.id,
                "type": _TYPES.get(layer.geometry, "raster" if layer.geometry == "raster" else "geometry"),
                "attributes": [{"id": field.name, "type": "string" if field.type == "text" else str(field.type)} for field in fields],
                "sampleData": link_to(f"{REL}/geodata", f"{self.base}/collections/{quote(layer.id)}", layer.title.text(self.language)),
            }
