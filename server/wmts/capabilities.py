# SPDX-License-Identifier: MIT
"""GetCapabilities of WMTS 1.0.0 (07-057r7 7.1.1.1), written from the layer files and the catalogue rows: no table is read.

Texts stand in both languages unless the client names one; Vietnamese comes last, because clients that know no languages show the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from server.catalog.model import Layer, Text
from server.config import Bilingual
from server.ows.metadata import write_identification, write_provider
from server.query.features import LayerState
from server.style.model import Style
from server.tiles.desk import TileDesk
from server.tiles.drawings import BASE_MAP, find_drawing, list_drawings
from server.tiles.editions import Box
from server.tiles.pictures import FORMATS, covered
from server.wmts.matrixsets import write_matrix_set
from server.wmts.themes import write_themes
from server.wmts.throughwms import INFO_FORMATS
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, write_document

VERSION = "1.0.0"
_SCHEMAS: dict[Namespace | str, str] = {Namespace.WMTS: "http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd"}
_PREFIXES = {"": Namespace.WMTS, "ows": Namespace.OWS11, "xlink": Namespace.XLINK}
# WebP is answered too, but many clients of WMTS cannot read it and some take whatever is offered.
_ANNOUNCED = {"png": FORMATS["png"]}
_MADE_UP = {"vi": " (minh hoạ)", "en": " (illustrative)"}
# Limits are some sixty entries per layer; clients choke on what hundreds of layers would make of that.
_LAYERS_WITH_LIMITS = 150


@dataclass(frozen=True)
class Offer:
    """What the document is made of. `root` is where the server answers; `languages` those of the texts, in order."""

    desk: TileDesk
    states: Mapping[str, LayerState]
    styles: Mapping[str, Style]
    root: str
    languages: tuple[str, ...]

    @property
    def address(self) -> str:
        """Where key-value requests go."""
        return f"{self.root}/wmts"


def write_capabilities(offer: Offer) -> bytes:
    """The whole document as UTF-8 XML."""
    drawings = [one for one in list_drawings(offer.desk.context.catalog) if _extents(offer, one[0]) is not None]
    limited = len(drawings) <= _LAYERS_WITH_LIMITS
    contents = element(
        "Contents",
        *(_write_layer(name, title, styles, offer, limited=limited) for name, title, styles in drawings),
        *(write_matrix_set(one, offer.languages) for one in offer.desk.sets.values()),
    )
    service = offer.desk.context.settings.service
    link = element("ServiceMetadataURL", attributes={"xlink:href": f"{offer.address}/{VERSION}/WMTSCapabilities.xml"})
    root = element(
        "Capabilities",
        write_identification(service, offer.languages, "OGC WMTS", (VERSION,)),
        write_provider(service, offer.languages[-1], offer.root),
        _write_operations(offer),
        contents,
        write_themes(offer.desk.context.catalog, {name for name, _, _ in drawings}, offer.languages),
        link,
        attributes={"version": VERSION},
    )
    return write_document(root, _PREFIXES, schema_locations=_SCHEMAS)


def _texts(name: str, text: Text | Bilingual, offer: Offer) -> Iterator[Node]:
    for language in offer.languages:
        yield element(name, text.text(language), attributes={"xml:lang": language})


def _write_operations(offer: Offer) -> Node:
    rest = f"{offer.address}/{VERSION}/"
    return element(
        "ows:OperationsMetadata",
        _write_operation("GetCapabilities", {"RESTful": f"{rest}WMTSCapabilities.xml", "KVP": f"{offer.address}?"}),
        _write_operation("GetTile", {"RESTful": rest, "KVP": f"{offer.address}?"}),
        _write_operation("GetFeatureInfo", {"RESTful": rest, "KVP": f"{offer.address}?"}),
    )


def _write_operation(name: str, addresses: Mapping[str, str]) -> Node:
    """Key-values come last: clients that know no encodings take the last address, and only there a query string means anything."""
    gets = (
        element(
            "ows:Get",
            element("ows:Constraint", element("ows:AllowedValues", element("ows:Value", encoding)), attributes={"name": "GetEncoding"}),
            attributes={"xlink:href": address},
        )
        for encoding, address in addresses.items()
    )
    return element("ows:Operation", element("ows:DCP", element("ows:HTTP", *gets)), attributes={"name": name})


def _extents(offer: Offer, name: str) -> tuple[Box, ...] | None:
    """Where the drawing has anything (lon/lat boxes); None when no layer of it is published."""
    drawing = find_drawing(offer.desk.context.catalog, name, "")
    states = [offer.states[layer.id] for layer, _ in drawing.parts if layer.id in offer.states]
    return tuple(state.extent for state in states if state.extent) if states else None


def _write_layer(name: str, title: Text, styles: tuple[str, ...], offer: Offer, *, limited: bool) -> Node:
    layer = offer.desk.context.catalog.layers.get(name)
    extents = _extents(offer, name) or ()
    state = offer.states.get(name)
    start = f"{quote(name)}/{{Style}}" + ("/{Time}" if _write_time(layer, state) else "")
    queryable = name != BASE_MAP and (layer is None or layer.queryable)
    return element(
        "Layer",
        *_layer_titles(title, layer, offer),
        *(_texts("ows:Abstract", layer.abstract, offer) if layer else ()),
        _write_box(extents),
        element("ows:Identifier", name),
        *(_write_style(name, style, offer, is_default=style == styles[0]) for style in styles),
        *(element("Format", media_type) for media_type in _ANNOUNCED.values()),
        *(element("InfoFormat", media_type) for media_type in (INFO_FORMATS.values() if queryable else ())),
        _write_time(layer, state),
        *_write_links(extents, offer, limited=limited and name != BASE_MAP),
        *(_write_template(start, ending, media_type, offer) for ending, media_type in _ANNOUNCED.items()),
        *(_write_info_template(start, ending, media_type, offer) for ending, media_type in (INFO_FORMATS.items() if queryable else ())),
    )


def _layer_titles(title: Text, layer: Layer | None, offer: Offer) -> Iterator[Node]:
    for language in offer.languages:
        text = title.text(language) + (_MADE_UP[language] if layer and layer.illustrative else "")
        yield element("ows:Title", text, attributes={"xml:lang": language})


def _write_box(extents: tuple[Box, ...]) -> Node | None:
    if not extents:
        return None
    west, south, east, north = zip(*extents, strict=True)
    return element(
        "ows:WGS84BoundingBox",
        element("ows:LowerCorner", f"{min(west):.7f} {min(south):.7f}"),
        element("ows:UpperCorner", f"{max(east):.7f} {max(north):.7f}"),
    )


def _write_style(name: str, style: str, offer: Offer, *, is_default: bool) -> Node:
    found = offer.styles.get(style)
    titles = [element("ows:Title", found.title.text(one), attributes={"xml:lang": one}) for one in offer.languages] if found else []
    return element(
        "Style",
        *titles,
        element("ows:Identifier", style),
        _write_legend(name, style, offer) if found and name != BASE_MAP else None,
        attributes={"isDefault": is_default},
    )


def _write_legend(name: str, style: str, offer: Offer) -> Node:
    query = {
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetLegendGraphic",
        "SLD_VERSION": "1.1.0",
        "LAYER": name,
        "STYLE": style,
        "FORMAT": "image/png",
        "LANGUAGE": offer.languages[-1],
    }
    return element("LegendURL", attributes={"format": "image/png", "xlink:href": f"{offer.root}/wms?{urlencode(query)}"})


def _write_links(extents: tuple[Box, ...], offer: Offer, *, limited: bool) -> Iterator[Node]:
    """Levels whose first row or column is 0 have no limits: the schema of the standard wants positive numbers."""
    for one in offer.desk.sets.values():
        ranges = [covered(extents, one, level) for level in range(one.levels)] if limited else []
        limits = [
            element(
                "TileMatrixLimits",
                element("TileMatrix", found.level),
                element("MinTileRow", found.first_row),
                element("MaxTileRow", found.last_row),
                element("MinTileCol", found.first_column),
                element("MaxTileCol", found.last_column),
            )
            for found in ranges
            if found and found.is_announced
        ]
        yield element("TileMatrixSetLink", element("TileMatrixSet", one.id), element("TileMatrixSetLimits", *limits) if limits else None)


def _write_template(start: str, ending: str, media_type: str, offer: Offer) -> Node:
    template = f"{offer.address}/{VERSION}/{start}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.{ending}"
    return element("ResourceURL", attributes={"format": media_type, "resourceType": "tile", "template": template})


def _write_info_template(start: str, ending: str, media_type: str, offer: Offer) -> Node:
    place = "{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}/{J}/{I}"
    template = f"{offer.address}/{VERSION}/{start}/{place}.{ending}"
    return element("ResourceURL", attributes={"format": media_type, "resourceType": "FeatureInfo", "template": template})


def _write_time(layer: Layer | None, state: LayerState | None) -> Node | None:
    """The time of a layer that has one: `default` is what a tile shows without it, then where its data begin and end, or its moments."""
    if layer is None or state is None or not (state.time_begin and state.time_end) or (layer.time is None and not state.moments):
        return None
    values = [moment[:10] for moment in state.moments] or [f"{state.time_begin[:10]}--{state.time_end[:10]}"]
    return element(
        "Dimension",
        element("ows:Identifier", "Time"),
        element("ows:UOM", "ISO8601"),
        element("Default", "default"),
        element("Value", "default"),
        element("Value", "current"),
        *(element("Value", value) for value in values),
    )
