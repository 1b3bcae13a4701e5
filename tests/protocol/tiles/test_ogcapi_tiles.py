# SPDX-License-Identifier: MIT
"""OGC API - Tiles: documents lead to tiles, the tiles are those of WMTS and XYZ, and what is wrong is a problem."""

from __future__ import annotations

import math
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import shapely
from PIL import Image

from server.context import Context
from server.crs.definitions import WGS84
from server.crs.extent import Extent
from server.crs.transform import transform_extent, transform_point
from server.tiles.matrix import Tile, TileMatrixSet
from tests.protocol.tiles.conftest import Tiled, read_vectors
from tests.protocol.tiles.test_exactness import VECTORS, WELLS, move_well

REL = "http://www.opengis.net/def/rel/ogc/1.0"
WELLS_MAP = "/ogcapi/collections/wells/map/tiles/WebMercatorQuad/9/241/405"
WELLS_VECTORS = "/ogcapi/collections/wells/tiles/WebMercatorQuad/9/241/405"


def get(tiled: Tiled, path: str) -> dict[str, Any]:
    answer = tiled.get(path)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.get_json()
    return document


def follow(tiled: Tiled, document: dict[str, Any], rel: str) -> dict[str, Any]:
    href = next(link["href"] for link in document["links"] if link["rel"] == rel)
    parts = urlsplit(href)
    return get(tiled, f"{parts.path}?{parts.query}")


@pytest.mark.parametrize("start", ["/ogcapi/", "/ogcapi/collections/wells"])
@pytest.mark.parametrize(("kind", "data_type"), [("vector", "vector"), ("map", "map")])
def test_links_lead_from_the_landing_page_and_collections_to_tiles(tiled: Tiled, start: str, kind: str, data_type: str) -> None:
    tilesets = follow(tiled, get(tiled, start), f"{REL}/tilesets-{kind}")["tilesets"]
    assert {one["dataType"] for one in tilesets} == {data_type}
    tileset = follow(tiled, next(one for one in tilesets if one["tileMatrixSetId"] == "WebMercatorQuad"), "self")
    item = next(link for link in tileset["links"] if link["rel"] == "item")
    assert item["templated"] is True
    limit = next(one for one in tileset["tileMatrixSetLimits"] if one["tileMatrix"] == "9") if start != "/ogcapi/" else None
    row, column = (limit["minTileRow"], limit["minTileCol"]) if limit else (0, 0)
    place = {"{tileMatrix}": "9", "{tileRow}": str(row), "{tileCol}": str(column)}
    path = item["href"].removeprefix("http://localhost")
    for name, value in place.items():
        path = path.replace(name, value)
    answer = tiled.get(path)
    # The small province has no base map: its dataset is empty.
    assert (answer.status_code, answer.content_type) == (200, item["type"]) or (start == "/ogcapi/" and answer.status_code in (204, 404))


def test_tile_matrix_sets_are_defined_as_the_standard_defines_them(tiled: Tiled) -> None:
    listed = get(tiled, "/ogcapi/tileMatrixSets")["tileMatrixSets"]
    assert {"WebMercatorQuad", "WorldCRS84Quad"} < {one["id"] for one in listed}
    mercator = get(tiled, "/ogcapi/tileMatrixSets/WebMercatorQuad")
    assert mercator["uri"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    top = mercator["tileMatrices"][0]
    assert top["scaleDenominator"] == pytest.approx(559082264.028717)
    assert top["cellSize"] == pytest.approx(156543.033928041)
    assert top["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])
    degrees = get(tiled, "/ogcapi/tileMatrixSets/WorldCRS84Quad")
    assert (degrees["orderedAxes"], degrees["tileMatrices"][0]["matrixWidth"]) == (["Lon", "Lat"], 2)


@pytest.mark.parametrize(("path", "same"), [(f"{WELLS_MAP}?f=png", WELLS), (WELLS_VECTORS, VECTORS)])
def test_tiles_are_those_of_the_other_addresses(tiled: Tiled, path: str, same: str) -> None:
    mine, other = tiled.get(path), tiled.get(same)
    assert (mine.data, mine.headers["ETag"], mine.content_type) == (other.data, other.headers["ETag"], other.content_type)
    assert tiled.get(path, If_None_Match=mine.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("path", [WELLS_MAP, WELLS_VECTORS, "/ogcapi/tiles/WebMercatorQuad/9/241/405?collections=wells,zones"])
def test_the_very_next_request_after_an_edit_shows_it(tiled: Tiled, path: str) -> None:
    before = tiled.get(path)
    move_well(tiled.context, 704, (105.1 + len(path) / 1000, 10.15))
    after = tiled.get(path, If_None_Match=before.headers["ETag"])
    assert (after.status_code, after.data != before.data) == (200, True)


def test_a_tile_of_several_collections_holds_a_layer_of_each(tiled: Tiled, tmp_path: Path) -> None:
    both = tiled.get("/ogcapi/tiles/WebMercatorQuad/8/120/202?collections=wells,zones")
    alone = [tiled.get(f"/ogcapi/collections/{name}/tiles/WebMercatorQuad/8/120/202").data for name in ("wells", "zones")]
    assert both.data == b"".join(alone)
    assert read_vectors(both.data, tmp_path)


def test_a_map_of_several_collections_shows_each(tiled: Tiled) -> None:
    path = "/ogcapi/map/tiles/WebMercatorQuad/8/120/202?f=png&collections="
    both = tiled.get(f"{path}wells,zones")
    assert (both.status_code, both.content_type) == (200, "image/png")
    wells, zones = tiled.get(f"{path}wells"), tiled.get(f"{path}zones")
    assert painted(wells.data) != painted(zones.data)
    assert painted(both.data) == painted(wells.data) | painted(zones.data)
    assert len({both.headers["ETag"], wells.headers["ETag"], zones.headers["ETag"]}) == 3
    assert tiled.get(f"{path}wells,zones", If_None_Match=both.headers["ETag"]).status_code == 304


def painted(picture: bytes) -> set[int]:
    """The pixels that are not transparent."""
    alpha = Image.open(BytesIO(picture)).convert("RGBA").getchannel("A").tobytes()
    return {place for place, value in enumerate(alpha) if value}


def test_vector_tiles_are_cut_by_every_set(tiled: Tiled, tmp_path: Path) -> None:
    listed = get(tiled, "/ogcapi/collections/wells/tiles")["tilesets"]
    sets = {one["tileMatrixSetId"] for one in listed}
    assert {"WebMercatorQuad", "WorldCRS84Quad"} < sets
    assert any(name.startswith("VN2000Quad") for name in sets)
    all_of_them = {feature["mvt_id"] for feature in read_vectors(tiled.get("/tiles/wells/6/50/30.mvt").data, tmp_path)}
    for name in sets:
        matrix_set = tiled.desk.sets[name]
        places: dict[object, tuple[float, float]] = {}
        for tile in tiles_around(matrix_set, 5):
            answer = tiled.get(f"/ogcapi/collections/wells/tiles/{name}/5/{tile.row}/{tile.column}")
            if answer.status_code == 404:
                continue
            assert answer.status_code in (200, 204), answer.text
            places |= read_places(answer.data, matrix_set, tile, tmp_path) if answer.data else {}
            assert tiled.get(answer.request.path, If_None_Match=answer.headers["ETag"]).status_code == 304
        assert places.keys() == all_of_them, name
        expected = stored_places(tiled.context)
        assert all(math.dist(place, expected[number]) < 0.01 for number, place in places.items()), name


def tiles_around(matrix_set: TileMatrixSet, level: int) -> list[Tile]:
    """The tiles of a level over the south of Viet Nam."""
    extent = transform_extent(Extent(104.0, 9.0, 108.0, 12.0, WGS84), matrix_set.crs)
    found = matrix_set.cover(level, extent) if extent else None
    assert found is not None
    return list(found.tiles())


def read_places(body: bytes, matrix_set: TileMatrixSet, tile: Tile, folder: Path) -> dict[object, tuple[float, float]]:
    """Longitude and latitude of the points of a tile that lie in it (and not in its margin), by id."""
    extent, places = matrix_set.extent(tile), {}
    for feature in read_vectors(body, folder):
        point = shapely.from_wkb(bytes(cast(bytes, feature["wkb"])))
        x, y = extent.minx + point.x / 4096 * extent.width, extent.maxy - (4096 - point.y) / 4096 * extent.height
        if extent.minx <= x <= extent.maxx and extent.miny <= y <= extent.maxy:
            places[feature["mvt_id"]] = transform_point(x, y, matrix_set.crs, WGS84)
    return places


def stored_places(context: Context) -> dict[object, tuple[float, float]]:
    with context.database.reader() as connection:
        rows = connection.execute("SELECT id, ST_X(geom), ST_Y(geom) FROM published.wells WHERE geom IS NOT NULL").fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}


@pytest.mark.parametrize("kind", ["tiles", "map/tiles"])
def test_lists_of_tilesets_say_where_tiles_are_and_outside_there_are_none(tiled: Tiled, kind: str) -> None:
    for tileset in get(tiled, f"/ogcapi/collections/wells/{kind}")["tilesets"]:
        item = next(link["href"] for link in tileset["links"] if link["rel"] == "item").removeprefix("http://localhost")
        for limit in tileset["tileMatrixSetLimits"][:10]:
            row, column = limit["minTileRow"], limit["minTileCol"]
            places = [(row, column, True), (limit["maxTileRow"], limit["maxTileCol"], True)]
            places += [(limit["maxTileRow"] + 1, column, False), (row, column - 1, False)]
            for row, column, is_there in places:
                place = {"{tileMatrix}": limit["tileMatrix"], "{tileRow}": str(row), "{tileCol}": str(column)}
                path = item
                for name, value in place.items():
                    path = path.replace(name, value)
                assert (tiled.get(path).status_code in (200, 204)) is is_there, path


def test_a_group_stands_for_what_is_in_it(tiled: Tiled) -> None:
    place = "WebMercatorQuad/8/120/202"
    names = [layer["id"] for layer in get(tiled, "/ogcapi/tiles/WebMercatorQuad?collections=g")["layers"]]
    assert set(names) == {"wells", "zones"}
    both = tiled.get(f"/ogcapi/tiles/{place}?collections={','.join(names)}")
    assert tiled.get(f"/ogcapi/tiles/{place}?collections=g").data == both.data
    drawn = tiled.get(f"/ogcapi/map/tiles/{place}?f=png&collections={','.join(names)}")
    assert painted(tiled.get(f"/ogcapi/map/tiles/{place}?f=png&collections=g").data) == painted(drawn.data)


def test_the_client_chooses_the_format_of_maps(tiled: Tiled) -> None:
    assert tiled.get(WELLS_MAP).content_type == "image/png"
    assert tiled.get(WELLS_MAP, Accept="image/webp").content_type == "image/webp"
    assert tiled.get(f"{WELLS_MAP}?f=webp").content_type == "image/webp"
    assert tiled.get("/ogcapi/collections/wells/styles/wells/map/tiles/WebMercatorQuad/9/241/405").content_type == "image/png"


def test_a_tileset_says_what_its_tiles_carry_and_where(tiled: Tiled) -> None:
    document = get(tiled, "/ogcapi/collections/wells/tiles/WebMercatorQuad?lang=en")
    layer = document["layers"][0]
    assert (layer["id"], layer["geometryDimension"]) == ("wells", 0)
    assert "name" in layer["propertiesSchema"]["properties"]
    # Other tests of this module move wells about, so the box is at least that of the grid they began on.
    assert document["boundingBox"]["lowerLeft"][0] <= 105.3


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ogcapi/tileMatrixSets/Nothing", 404),
        ("/ogcapi/collections/nothing/tiles", 404),
        ("/ogcapi/collections/g/tiles", 404),
        ("/ogcapi/collections/g/map/tiles/WebMercatorQuad/8/120/202", 404),
        ("/ogcapi/map/tiles/WebMercatorQuad/8/120/202?collections=g,nothing", 404),
        ("/ogcapi/collections/secrets/tiles", 404),
        ("/ogcapi/collections/permits/tiles", 404),
        ("/ogcapi/collections/wells/tiles/Nothing", 404),
        ("/ogcapi/collections/wells/tiles/WebMercatorQuadx2", 404),
        ("/ogcapi/collections/wells/tiles/WebMercatorQuadx2/1/1/1", 404),
        ("/ogcapi/collections/wells/tiles/WorldCRS84Quad/1/2/1", 404),
        ("/ogcapi/collections/wells/tiles/WebMercatorQuad/9/512/405", 404),
        ("/ogcapi/collections/wells/tiles/WebMercatorQuad/99/1/1", 404),
        ("/ogcapi/collections/wells/tiles/WebMercatorQuad/-1/1/1", 404),
        ("/ogcapi/collections/wells/tiles/WebMercatorQuad/x/1/1", 404),
        ("/ogcapi/collections/wells/tiles/WebMercatorQuad/9/241/NaN", 404),
        ("/ogcapi/collections/wells/styles/nothing/map/tiles", 404),
        (f"{WELLS_VECTORS}?f=png", 400),
        (f"{WELLS_MAP}?f=tiff", 400),
        (f"{WELLS_MAP}?nothing=1", 400),
        ("/ogcapi/tiles?collections=wells%27%3Bdrop table x", 404),
        (f"/ogcapi/tiles/WebMercatorQuad/9/241/405?collections={','.join(map(str, range(500)))}", 400),
        ("/ogcapi/map/tiles/WebMercatorQuad/9/241/405?collections=wells,secrets", 404),
        (f"/ogcapi/map/tiles/WebMercatorQuad/9/241/405?collections={','.join(map(str, range(500)))}", 400),
        ("/ogcapi/tileMatrixSets?f=html", 400),
    ],
)
def test_what_is_wrong_is_a_problem(tiled: Tiled, path: str, status: int) -> None:
    answer = tiled.get(path)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text


def test_the_api_description_and_the_conformance_name_the_tiles(tiled: Tiled) -> None:
    paths = get(tiled, "/ogcapi/openapi")["paths"]
    tile = paths["/collections/{collectionId}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"]["get"]
    assert tile["operationId"] == "collection.map.getTile"
    ids = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(ids) == len(set(ids))
    assert "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core" in get(tiled, "/ogcapi/conformance")["conformsTo"]
