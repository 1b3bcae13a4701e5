# SPDX-License-Identifier: MIT
"""Documents of OGC API - Tiles: tile matrix sets (17-083r4, JSON), lists of tilesets and tileset metadata (20-057)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields
from server.crs.axis import Service as Protocol
from server.crs.axis import axis_order
from server.crs.spelling import Spelling, write_crs
from server.ogcapi.tiles_links import REL, Link, TileAddress, link_to
from server.query.features import LayerState
from server.tiles.desk import TileDesk
from server.tiles.matrix import TileMatrixSet
from server.tiles.pictures import FORMATS, covered
from server.tiles.vectors import MEDIA_TYPE

Document = dict[str, Any]
# Sets of the OGC's register; the province's own has no name there.
_REGISTERED = {name: f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{name}" for name in ("WebMercatorQuad", "WorldCRS84Quad")}
_DIMENSIONS = {"point": 0, "multipoint": 0, "line": 1, "multiline": 1, "polygon": 2, "multipolygon": 2}
_TYPES = {"integer": "integer", "number": "number", "link": "integer", "boolean": "boolean"}


@dataclass(frozen=True)
class TilesetSource:
    """What tiles are cut from: where they are, the layers in them and a title; `language` is that of the texts."""

    address: TileAddress
    layers: tuple[Layer, ...]
    title: str
    language: str


def list_matrix_sets(desk: TileDesk, base: str, language: str) -> Document:
    """All tile matrix sets on offer."""
    sets = [
        _registered(one)
        | {
            "id": one.id,
            "title": _title(one, language),
            "crs": write_crs(one.crs, Spelling.URL),
            "links": [link_to("self", f"{base}/tileMatrixSets/{one.id}", _title(one, language))],
        }
        for one in desk.sets.values()
    ]
    return {"tileMatrixSets": sets, "links": [link_to("self", f"{base}/tileMatrixSets")]}


def describe_matrix_set(found: TileMatrixSet, language: str) -> Document:
    """The definition of a set (17-083r4 annex B): corners in the axis order of the CRS, cell sizes in its units."""
    geographic_first = axis_order(found.crs, Protocol.WMTS, "1.0.0", Spelling.URN) == "yx"
    corner = [found.top, found.left] if geographic_first else [found.left, found.top]
    return _registered(found) | {
        "id": found.id,
        "title": _title(found, language),
        "crs": write_crs(found.crs, Spelling.URL),
        "orderedAxes": _axes(found),
        **({"wellKnownScaleSet": _well_known(found.well_known)} if found.well_known else {}),
        "tileMatrices": [
            {
                "id": str(level),
                "scaleDenominator": found.scale_denominator(level),
                "cellSize": found.pixel_size(level),
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": corner,
                "tileWidth": found.tile_size,
                "tileHeight": found.tile_size,
                "matrixWidth": found.matrix_size(level)[0],
                "matrixHeight": found.matrix_size(level)[1],
            }
            for level in range(found.levels)
        ],
    }


def list_tilesets(desk: TileDesk, source: TilesetSource, states: Mapping[str, LayerState]) -> Document:
    """The tilesets of a source, one per tile matrix set, with all that is needed to fetch tiles."""
    address, extents = source.address, _extents(source, states)
    return {
        "links": [link_to("self", address.list_url(), source.title)],
        "tilesets": [
            _head(one, source)
            | {
                "tileMatrixSetLimits": list(_limits(one, extents)),
                "links": [
                    link_to("self", address.set_url(one.id), _title(one, source.language)),
                    *_scheme_links(one, address),
                    *_item_links(one, source),
                ],
            }
            for one in offered_sets(desk, address)
        ],
    }


def describe_tileset(found: TileMatrixSet, source: TilesetSource, states: Mapping[str, LayerState]) -> Document:
    """One tileset: box, limits per level, layers with their fields, links to the tiles."""
    address = source.address
    extents = _extents(source, states)
    document = _head(found, source) | {"tileMatrixSetLimits": list(_limits(found, extents))}
    if extents:
        west, south, east, north = zip(*extents, strict=True)
        box = {"lowerLeft": [min(west), min(south)], "upperRight": [max(east), max(north)]}
        document["boundingBox"] = box | {"crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
    document["layers"] = [_describe_layer(layer, source) for layer in source.layers]
    document["links"] = [
        link_to("self", address.set_url(found.id), source.title),
        *_scheme_links(found, address),
        *_item_links(found, source),
        *address.data_links(),
        *address.style_links(source.layers),
    ]
    return document


def offered_sets(desk: TileDesk, address: TileAddress) -> list[TileMatrixSet]:
    """The sets a source is cut by; finer pixels of the same squares mean nothing to vector tiles."""
    return [one for one in desk.sets.values() if not address.is_vector or one.holds_vectors]


def _head(found: TileMatrixSet, source: TilesetSource) -> Document:
    return {
        "title": f"{source.title} · {_title(found, source.language)}",
        "dataType": "vector" if source.address.is_vector else "map",
        "crs": write_crs(found.crs, Spelling.URL),
        "tileMatrixSetId": found.id,
        **({"tileMatrixSetURI": _REGISTERED[found.id]} if found.id in _REGISTERED else {}),
        "mediaTypes": [MEDIA_TYPE] if source.address.is_vector else list(FORMATS.values()),
    }


def _registered(found: TileMatrixSet) -> Document:
    return {"uri": _REGISTERED[found.id]} if found.id in _REGISTERED else {}


def _well_known(urn: str) -> str:
    """The scale set's address instead of its URN: `urn:ogc:def:wkss:OGC:1.0:X` to `.../def/wkss/OGC/1.0/X`."""
    return "http://www.opengis.net/def/" + "/".join(urn.split(":")[3:])


def _scheme_links(found: TileMatrixSet, address: TileAddress) -> list[Link]:
    return [link_to(f"{REL}/tiling-scheme", f"{address.base}/tileMatrixSets/{found.id}", found.id)]


def _item_links(found: TileMatrixSet, source: TilesetSource) -> list[Link]:
    """Where the tiles are."""
    return [
        link_to("item", source.address.template(found.id, ending), f"{source.title} ({ending})", media_type) | {"templated": True}
        for ending, media_type in source.address.formats().items()
    ]


def _extents(source: TilesetSource, states: Mapping[str, LayerState]) -> tuple[tuple[float, float, float, float], ...]:
    return tuple(extent for layer in source.layers if layer.id in states and (extent := states[layer.id].extent))


def _limits(found: TileMatrixSet, extents: tuple[tuple[float, float, float, float], ...]) -> Iterator[Document]:
    for level in range(found.levels):
        limit = covered(extents, found, level)
        if limit is not None:
            yield {
                "tileMatrix": str(level),
                "minTileRow": limit.first_row,
                "maxTileRow": limit.last_row,
                "minTileCol": limit.first_column,
                "maxTileCol": limit.last_column,
            }


def _describe_layer(layer: Layer, source: TilesetSource) -> Document:
    described: Document = {
        "id": layer.id,
        "title": layer.title.text(source.language),
        "description": layer.abstract.text(source.language),
        "dataType": "vector" if source.address.is_vector else "map",
        "links": [link_to("describedby", f"{source.address.base}/collections/{layer.id}", layer.title.text(source.language))],
    }
    if layer.geometry in _DIMENSIONS:
        described["geometryDimension"] = _DIMENSIONS[layer.geometry]
    if source.address.is_vector:
        carried = source.address.fields_of(layer)
        fields = [field for field in published_fields(layer) if field.name in carried]
        properties = {field.name: _describe_field(field, source.language) for field in fields}
        described["propertiesSchema"] = {"type": "object", "properties": properties}
    return described


def _describe_field(field: PublishedField, language: str) -> Document:
    unit = {"x-ogc-unit": field.unit} if field.unit else {}
    return {"type": _TYPES.get(str(field.type), "string"), "title": field.label.text(language), **unit}


def _title(found: TileMatrixSet, language: str) -> str:
    return found.title_en if language == "en" else found.title_vi


def _axes(found: TileMatrixSet) -> list[str]:
    if found.crs.kind == "geographic":
        return ["Lon", "Lat"]
    # VN-2000 has northing first by its definition, web Mercator easting.
    return ["N", "E"] if axis_order(found.crs, Protocol.WMTS, "1.0.0", Spelling.URN) == "yx" else ["E", "N"]
