# SPDX-License-Identifier: MIT
"""Tile matrix sets against the numbers printed in OGC 17-083r2 and against the projections themselves."""

from __future__ import annotations

import pytest

from server.crs.definitions import WGS84, find_crs
from server.crs.extent import Extent
from server.crs.transform import transform_extent, transform_point
from server.errors import InvalidParameter
from server.tiles.matrix import Tile, TileMatrixSet, TileOutOfRange, TileRange, matrix_sets, vn2000, web_mercator, world_crs84

ZONE = find_crs(9210)


# 17-083r2 table D.2 (WebMercatorQuad) and D.3 (WorldCRS84Quad): level, scale denominator, pixel size, columns, rows.
@pytest.mark.parametrize(
    ("found", "level", "scale", "pixel", "size"),
    [
        (web_mercator(), 0, 559082264.028717, 156543.033928041, (1, 1)),
        (web_mercator(), 1, 279541132.014358, 78271.5169640204, (2, 2)),
        (web_mercator(), 12, 136494.693366386, 38.2185141425881, (4096, 4096)),
        (web_mercator(), 24, 33.3238997477507, 0.00933069192934280, (16777216, 16777216)),
        (world_crs84(), 0, 279541132.014358, 0.703125, (2, 1)),
        (world_crs84(), 1, 139770566.007179, 0.3515625, (4, 2)),
        (world_crs84(), 17, 2132.72958384978, 0.00000536441802978516, (262144, 131072)),
    ],
)
def test_scales_pixels_and_sizes_are_those_of_the_standard(
    found: TileMatrixSet, level: int, scale: float, pixel: float, size: tuple[int, int]
) -> None:
    assert found.scale_denominator(level) == pytest.approx(scale, rel=1e-9)
    assert found.pixel_size(level) == pytest.approx(pixel, rel=1e-9)
    assert found.matrix_size(level) == size


def test_the_whole_world_of_web_mercator_is_one_tile() -> None:
    half = 20037508.3427892
    assert web_mercator().extent(Tile(0, 0, 0)).bounds == pytest.approx((-half, -half, half, half), abs=1e-6)


def test_a_known_tile_of_the_open_street_map_scheme_lies_where_it_should() -> None:
    """Mỹ Tho, 106.36 E 10.36 N, lies in tile 12/3258/1929 (column and row by the usual formula of slippy maps)."""
    extent = web_mercator().extent(Tile(12, 3258, 1929))
    x, y = transform_point(106.36, 10.36, WGS84, find_crs(3857))
    assert extent.minx < x < extent.maxx
    assert extent.miny < y < extent.maxy


def test_tiles_of_degrees_are_squares_from_the_north_west() -> None:
    assert world_crs84().extent(Tile(0, 1, 0)).bounds == (0.0, -90.0, 180.0, 90.0)
    assert world_crs84().extent(Tile(2, 6, 1)).bounds == (90.0, 0.0, 135.0, 45.0)


def test_tiles_of_512_pixels_cut_the_same_squares_finer() -> None:
    fine = web_mercator(tile_size=512)
    assert fine.id == "WebMercatorQuadx2"
    assert fine.extent(Tile(7, 100, 60)) == web_mercator().extent(Tile(7, 100, 60))
    assert fine.pixel_size(7) == web_mercator().pixel_size(7) / 2
    assert fine.well_known is None


def test_pixels_of_a_vn2000_zone_are_powers_of_two_in_metres() -> None:
    found = vn2000(ZONE)
    assert [found.pixel_size(level) for level in (0, 3, 13, 15)] == [8192.0, 1024.0, 1.0, 0.25]
    assert found.extent(Tile(0, 0, 0)).bounds == (-548576.0, 602848.0, 1548576.0, 2700000.0)


@pytest.mark.parametrize("code", [5896, 9205, 9206, 9209, 9210, 9215, 9218])
@pytest.mark.parametrize("place", [(102.14, 22.4), (104.7, 8.55), (105.3, 23.4), (109.5, 12.6)])
def test_the_square_holds_the_mainland_in_every_zone(code: int, place: tuple[float, float]) -> None:
    found = vn2000(find_crs(code))
    x, y = transform_point(*place, WGS84, found.crs)
    assert found.left < x < found.left + found.side(0)
    assert found.top - found.side(0) < y < found.top


@pytest.mark.parametrize(("code", "place"), [(5899, (111.2, 15.6)), (5899, (112.9, 17.1)), (9217, (111.6, 7.0)), (9217, (117.3, 11.9))])
def test_the_square_holds_the_archipelagos_in_the_zones_of_their_provinces(code: int, place: tuple[float, float]) -> None:
    found = vn2000(find_crs(code))
    x, y = transform_point(*place, WGS84, found.crs)
    assert found.left < x < found.left + found.side(0)
    assert found.top - found.side(0) < y < found.top


def test_a_web_mercator_system_is_no_zone() -> None:
    with pytest.raises(ValueError, match="no VN-2000 zone"):
        vn2000(find_crs(3857))


@pytest.mark.parametrize(
    ("tile", "locator"),
    [
        (Tile(-1, 0, 0), "TileMatrix"),
        (Tile(25, 0, 0), "TileMatrix"),
        (Tile(999999999999, 0, 0), "TileMatrix"),
        (Tile(3, 8, 0), "TileCol"),
        (Tile(3, -1, 0), "TileCol"),
        (Tile(3, 0, 8), "TileRow"),
        (Tile(3, 0, -1), "TileRow"),
    ],
)
def test_tiles_outside_their_matrix_are_refused_by_the_name_of_the_parameter(tile: Tile, locator: str) -> None:
    with pytest.raises(TileOutOfRange if locator != "TileMatrix" else InvalidParameter) as refused:
        web_mercator().require(tile)
    assert refused.value.locator == locator


def test_a_box_covers_the_tiles_it_reaches_into_and_not_those_it_touches() -> None:
    found = web_mercator()
    extent = found.block_extent(TileRange(10, 811, 813, 480, 482))
    assert found.cover(10, extent) == TileRange(10, 811, 813, 480, 482)
    assert found.cover(10, extent, margin_pixels=1) == TileRange(10, 810, 814, 479, 483)


def test_a_box_beyond_the_matrix_is_cut_and_one_outside_covers_nothing() -> None:
    found = world_crs84()
    assert found.cover(1, Extent(-500.0, -90.0, 10.0, 500.0, found.crs)) == TileRange(1, 0, 2, 0, 1)
    assert found.cover(1, Extent(200.0, 0.0, 210.0, 10.0, found.crs)) is None


def test_a_point_covers_the_one_tile_it_lies_in() -> None:
    found = web_mercator()
    place = transform_extent(Extent(106.36, 10.36, 106.36, 10.36, WGS84), found.crs)
    assert place is not None
    assert found.cover(12, place) == TileRange(12, 3258, 3258, 1929, 1929)


def test_blocks_of_tiles_are_cut_off_at_the_edge_of_the_matrix() -> None:
    found = web_mercator()
    assert found.block(Tile(10, 814, 483), 4) == TileRange(10, 812, 815, 480, 483)
    assert found.block(Tile(1, 1, 1), 4) == TileRange(1, 0, 1, 0, 1)
    assert found.block(Tile(1, 1, 1), 4).count == 4


def test_no_set_of_an_installation_is_deeper_than_it_wants() -> None:
    sets = matrix_sets(ZONE, 16)
    assert list(sets) == ["WebMercatorQuad", "WebMercatorQuadx2", "WorldCRS84Quad", "VN2000Quad9210"]
    assert [one.levels for one in sets.values()] == [17, 17, 17, 16]


@pytest.mark.parametrize("tile", [Tile(0, 0, 0), Tile(10, 814, 482), Tile(20, 834000, 493000)])
def test_the_box_of_a_tile_is_found_again(tile: Tile) -> None:
    found = web_mercator()
    assert found.find(found.extent(tile)) == tile


@pytest.mark.parametrize("shift", [0.01, -0.01, 0.5])
def test_a_box_beside_a_tile_is_the_box_of_none(shift: float) -> None:
    found = web_mercator()
    minx, miny, maxx, maxy = found.extent(Tile(10, 814, 482)).bounds
    off = shift * found.pixel_size(10)
    assert found.find(Extent(minx + off, miny, maxx + off, maxy, found.crs)) is None
    assert found.find(Extent(minx, miny, maxx, maxy + off, found.crs)) is None
    assert found.find(Extent(minx, miny, maxx, maxy, find_crs(9210))) is None


def test_boxes_larger_than_the_world_or_beside_it_are_no_tiles() -> None:
    found = web_mercator()
    world = found.extent(Tile(0, 0, 0))
    assert found.find(Extent(world.minx * 2, world.miny * 2, world.maxx * 2, world.maxy * 2, found.crs)) is None
    assert found.find(Extent(world.maxx, world.miny, world.maxx * 3, world.maxy, found.crs)) is None
    assert found.find(Extent(0.0, 0.0, 0.0, 0.0, found.crs)) is None
