# SPDX-License-Identifier: MIT
"""OWSLib and GDAL read the tiles: WMTS in every matrix set, vector tiles with all their objects."""

from __future__ import annotations

from urllib.request import urlopen

import numpy as np
import pytest
import rasterio
import shapely
from owslib.wmts import WebMapTileService
from pyogrio.raw import read
from rasterio.windows import from_bounds

from server.crs.definitions import WEB_MERCATOR, WGS84, find_crs
from server.crs.extent import Extent
from server.crs.transform import transform_extent, transform_points
from server.tiles.matrix import TileRange, web_mercator
from tests.client.conftest import Province

# West, south, east, north of a part of the province in which stations stand.
_BOX = Extent(105.9, 10.2, 106.5, 10.6, WGS84)


def test_owslib_lists_every_mapped_layer_and_gets_the_tile_of_the_address(province: Province) -> None:
    service = WebMapTileService(f"{province.address}/wmts")
    assert {layer.id for layer in province.catalog.mapped_layers()} | {"basemap"} <= set(service.contents)
    asked = {"layer": "stations", "tilematrixset": "WebMercatorQuad", "tilematrix": "10", "row": 482, "column": 814, "format": "image/png"}
    tile = service.gettile(**asked).read()
    with urlopen(f"{province.address}/tiles/stations/default/10/814/482.png") as answer:
        assert answer.read() == tile


def test_owslib_finds_the_same_by_address(province: Province) -> None:
    service = WebMapTileService(f"{province.address}/wmts/1.0.0/WMTSCapabilities.xml")
    assert set(service.contents["stations"].styles) == set(province.catalog.layer("stations").styles)
    assert {"image/png"} == set(service.contents["stations"].formats)


@pytest.mark.parametrize(
    ("matrix_set", "crs"), [("WebMercatorQuad", WEB_MERCATOR), ("WorldCRS84Quad", find_crs(84)), ("VN2000Quad5897", find_crs(5897))]
)
def test_gdal_draws_the_same_ground_in_every_matrix_set(province: Province, matrix_set: str, crs: object) -> None:
    """Stations are where the catalogue says: their symbols are found in the pixels GDAL reads there."""
    assert isinstance(crs, type(WGS84))
    box = transform_extent(_BOX, crs)
    assert box is not None
    places = [place for place in province.positions("stations").values() if _holds(_BOX, place)]
    xs, ys = transform_points([x for x, _ in places], [y for _, y in places], WGS84, crs)
    with rasterio.open(f"WMTS:{province.address}/wmts/1.0.0/WMTSCapabilities.xml,layer=stations,tilematrixset={matrix_set}") as service:
        pixels = service.read(window=from_bounds(*box.bounds, service.transform), out_shape=(4, 800, 1200))
    assert len(places) > 20
    painted = 0
    for x, y in zip(xs, ys, strict=True):
        column, row = int((x - box.minx) / box.width * 1200), int((box.maxy - y) / box.height * 800)
        painted += bool(pixels[3, max(row - 3, 0) : row + 4, max(column - 3, 0) : column + 4].max() > 100)
    assert painted == len(places)
    assert np.mean(pixels[3] > 100) < 0.2


def test_gdal_reads_every_station_out_of_vector_tiles(province: Province) -> None:
    grid = web_mercator()
    box = transform_extent(_BOX, WEB_MERCATOR)
    assert box is not None
    block = grid.cover(9, box)
    assert block is not None
    found = _read_tiles(f"{province.address}/tiles/stations", block)
    expected = {number: place for number, place in province.positions("stations").items() if _holds(_BOX, place)}
    assert expected.keys() <= found.keys()
    xs, ys = transform_points([x for x, _ in expected.values()], [y for _, y in expected.values()], WGS84, WEB_MERCATOR)
    step = grid.side(9) / 4096
    for number, x, y in zip(expected, xs, ys, strict=True):
        assert found[number] == pytest.approx((x, y), abs=step)


def _holds(box: Extent, place: tuple[float, float]) -> bool:
    return box.minx < place[0] < box.maxx and box.miny < place[1] < box.maxy


def _read_tiles(address: str, block: TileRange) -> dict[int, tuple[float, float]]:
    """Id and place (EPSG:3857) of the points in a block of tiles."""
    found: dict[int, tuple[float, float]] = {}
    for column in range(block.first_column, block.last_column + 1):
        for row in range(block.first_row, block.last_row + 1):
            tile = f"{address}/{block.level}/{column}/{row}.mvt"
            with urlopen(tile) as answer:
                if answer.status == 204:
                    continue
            described, _, shapes, columns = read(f"MVT:{tile}", columns=["mvt_id"])
            assert described["crs"] == "EPSG:3857"
            for number, shape in zip(columns[0], shapes, strict=True):
                point = shapely.from_wkb(shape)
                found[int(number)] = (point.x, point.y)
    return found
