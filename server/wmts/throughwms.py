# SPDX-License-Identifier: MIT
"""What WMTS asks of WMS: features under a pixel of a tile (07-057r7 7.3), and tiles of a time. The composition root gives the door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response

from server.errors import InvalidFormat, InvalidParameter, LayerNotQueryable, XanhError
from server.tiles.asked import GetTile
from server.tiles.desk import TileDesk
from server.tiles.drawings import BASE_MAP, find_drawing
from server.tiles.pictures import FORMATS

MapDoor = Callable[[dict[str, str]], Response]
# Endings of REST addresses and the formats they stand for.
INFO_FORMATS = {"json": "application/json", "geojson": "application/geo+json", "html": "text/html", "gml": "text/xml", "txt": "text/plain"}
_MOST_FEATURES = "10"


class PointOutOfRange(XanhError):
    """I or J lies outside the tile (07-057r7 table 31)."""

    code = "PointIJOutOfRange"


@dataclass(frozen=True)
class GetInfo:
    """Features under a pixel of a tile: `column` from the left, `row` from the top, both from 0."""

    tile: GetTile
    column: int
    row: int
    info_format: str


def answer_info(asked: GetInfo, desk: TileDesk, door: MapDoor, extra: Mapping[str, str]) -> Response:
    """The features under the pixel; `extra` are dimensions and language.

    Raises PointOutOfRange, InvalidFormat, LayerNotQueryable and what tiles and GetFeatureInfo raise.
    """
    info_format = asked.info_format.replace(" ", "+")  # a plus sign nobody escaped arrives as a blank
    if info_format not in INFO_FORMATS.values():
        raise InvalidFormat(f"The formats offered are {', '.join(INFO_FORMATS.values())}.", locator="INFOFORMAT")
    if asked.tile.layer == BASE_MAP:
        raise LayerNotQueryable("The base map does not answer GetFeatureInfo.", locator="LAYER")
    parameters = _map_parameters(asked.tile, desk)
    side = int(parameters["WIDTH"])
    for name, value in (("I", asked.column), ("J", asked.row)):
        if not 0 <= value < side:
            raise PointOutOfRange(f"{name} is 0 to {side - 1}.", locator=name)
    question = {"REQUEST": "GetFeatureInfo", "QUERY_LAYERS": parameters["LAYERS"], "INFO_FORMAT": info_format}
    place = {"X": str(asked.column), "Y": str(asked.row), "FEATURE_COUNT": _MOST_FEATURES}
    return door({**parameters, **extra, **question, **place})


def answer_dimensions(asked: GetTile, desk: TileDesk, door: MapDoor, named: Mapping[str, str]) -> Response:
    """A tile of a time or height, given as WMS spells them. Raises what tiles and GetMap raise."""
    if asked.layer == BASE_MAP:
        raise InvalidParameter("The base map has no dimensions.", locator=next(iter(named)))
    return door({**_map_parameters(asked, desk), **named, "REQUEST": "GetMap", "TILED": "TRUE"})


def _map_parameters(asked: GetTile, desk: TileDesk) -> dict[str, str]:
    """The tile as a map of WMS 1.1.1, whose boxes are x before y whatever the CRS."""
    drawing = find_drawing(desk.context.catalog, asked.layer, asked.style)
    found = desk.matrix_set(asked.matrix_set)
    pixels = str(found.tile_size)
    return {
        "SERVICE": "WMS",
        "VERSION": "1.1.1",
        "LAYERS": drawing.name,
        "STYLES": "" if len(drawing.parts) > 1 else drawing.style,
        "SRS": f"EPSG:{4326 if found.crs.kind == 'geographic' else found.crs.code}",
        "BBOX": ",".join(map(repr, found.extent(found.require(asked.tile)).bounds)),
        "WIDTH": pixels,
        "HEIGHT": pixels,
        "FORMAT": FORMATS[asked.ending],
        "TRANSPARENT": "TRUE",
    }
