# SPDX-License-Identifier: MIT
"""Vector tiles: which objects, which fields, where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from server.crs.definitions import WEB_MERCATOR, WGS84
from server.crs.transform import transform_point
from server.tiles.matrix import Tile, web_mercator
from tests.protocol.tiles.conftest import Tiled, read_vectors
from tests.small_province import HOSTILE_TEXT, WELL_COUNT, ZONE_COUNT

WORLD = "/tiles/wells/6/50/30.mvt"


def test_a_tile_over_everything_holds_every_object_with_a_place(tiled: Tiled, tmp_path: Path) -> None:
    answer = tiled.get(WORLD)
    assert answer.content_type == "application/vnd.mapbox-vector-tile"
    features = read_vectors(answer.data, tmp_path)
    assert {feature["mvt_id"] for feature in features} == set(range(1, WELL_COUNT + 1)) - {5}
    assert len(read_vectors(tiled.get("/tiles/zones/6/50/30.mvt").data, tmp_path)) == ZONE_COUNT


def test_fields_are_those_of_the_card_and_never_private_ones(tiled: Tiled, tmp_path: Path) -> None:
    feature = next(one for one in read_vectors(tiled.get(WORLD).data, tmp_path) if one["mvt_id"] == 2)
    assert feature["name"] == HOSTILE_TEXT
    assert feature["opened"] == "2020-01-03"
    assert feature["depth"] == 0.5
    assert b"not-for-all" not in tiled.get(WORLD).data
    assert "phone" not in feature
    assert "search" not in feature


def test_a_point_lies_where_it_should(tiled: Tiled, tmp_path: Path) -> None:
    grid = web_mercator()
    x, y = transform_point(105.31, 9.9, WGS84, WEB_MERCATOR)
    side = grid.side(12)
    tile = Tile(12, int((x - grid.left) / side), int((grid.top - y) / side))
    found = read_vectors(tiled.get(f"/tiles/wells/12/{tile.column}/{tile.row}.mvt").data, tmp_path)
    place = shapely.from_wkb(next(one for one in found if one["mvt_id"] == 1)["wkb"])
    extent = grid.extent(tile)
    # GDAL reads a single tile with y up.
    assert place.x == pytest.approx((x - extent.minx) / side * 4096, abs=1)
    assert place.y == pytest.approx((y - extent.miny) / side * 4096, abs=1)


def test_a_tag_that_a_compressing_proxy_made_weak_still_holds(tiled: Tiled) -> None:
    tag = tiled.get(WORLD).headers["ETag"]
    assert tiled.get(WORLD, If_None_Match=f"W/{tag}").status_code == 304


def test_where_nothing_lies_the_answer_is_empty(tiled: Tiled) -> None:
    answer = tiled.get("/tiles/wells/6/3/3.mvt")
    assert (answer.status_code, answer.data) == (204, b"")
    assert tiled.get("/tiles/wells/6/3/3.mvt", If_None_Match=answer.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("name", ["permits", "secrets", "g", "basemap", "nowhere"])
def test_what_has_no_place_or_is_not_public_has_no_vector_tiles(tiled: Tiled, name: str) -> None:
    assert tiled.get(f"/tiles/{name}/6/50/30.mvt").status_code == 404
    assert tiled.get(f"/tiles/{name}.json").status_code == 404


def test_the_description_names_address_bounds_and_fields(tiled: Tiled, tmp_path: Path) -> None:
    found = json.loads(tiled.get("/tiles/wells.json?lang=en").data)
    assert found["tiles"] == ["http://localhost/tiles/wells/{z}/{x}/{y}.mvt"]
    assert found["name"] == "Wells"
    west, south, east, north = found["bounds"]
    assert (west, south) == pytest.approx((105.3, 9.9), abs=0.2)
    assert east > 106
    assert north > 10.4
    described = set(found["vector_layers"][0]["fields"])
    carried = {name for feature in read_vectors(tiled.get(WORLD).data, tmp_path) for name in feature}
    assert carried - {"mvt_id", "wkb"} <= described
    assert found["vector_layers"][0]["fields"]["depth"] == "Number: Depth (m)"
