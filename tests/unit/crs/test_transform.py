# SPDX-License-Identifier: MIT
"""VN-2000 through pyproj: the pinned operation, and boxes."""

from __future__ import annotations

import csv
import math
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from server.crs.definitions import CRS84, VN2000, WEB_MERCATOR, WGS84, Crs, all_crs, find_crs
from server.crs.extent import Extent
from server.crs.transform import (
    Vn2000Reading,
    read_vn2000,
    transform_extent,
    transform_point,
    transform_points,
    write_vn2000,
)
from server.errors import InvalidParameter
from tests.unit.crs.vectors import DATA, TOLERANCE_METRES, VECTORS, Vector


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v.place}-{v.crs.code}")
def test_a_point_lands_within_a_centimetre_and_comes_back(vector: Vector) -> None:
    assert vector.misses(*transform_point(vector.lon, vector.lat, WGS84, vector.crs)) < TOLERANCE_METRES
    lon, lat = transform_point(vector.east, vector.north, vector.crs, WGS84)
    assert Geod(ellps="WGS84").inv(lon, lat, vector.lon, vector.lat)[2] < TOLERANCE_METRES


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v.place}-{v.crs.code}")
def test_a_point_from_web_mercator_lands_within_a_centimetre(vector: Vector) -> None:
    x, y = transform_point(vector.lon, vector.lat, WGS84, WEB_MERCATOR)
    assert vector.misses(*transform_point(x, y, WEB_MERCATOR, vector.crs)) < TOLERANCE_METRES


def test_projs_own_choice_would_be_wrong_at_my_tho() -> None:
    vector = VECTORS[0]
    chosen = Transformer.from_crs(4326, 9210, always_xy=True).transform(vector.lon, vector.lat)
    assert vector.misses(*chosen) > 0.5


def test_rotations_copied_as_printed_would_be_wrong() -> None:
    vector = VECTORS[0]
    flipped = vector.crs.proj4.replace("0.00928836,-0.01975479,0.00427372", "-0.00928836,0.01975479,-0.00427372")
    assert flipped != vector.crs.proj4
    wrong = Transformer.from_crs("+proj=longlat +datum=WGS84", flipped, always_xy=True).transform(vector.lon, vector.lat)
    assert 0.4 < vector.misses(*wrong) < 1


def test_published_pairs_are_met_within_their_rounding() -> None:
    with (DATA / "vn2000_official_pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    for row in rows:
        lon, lat = transform_point(float(row["vn2000_lon"]), float(row["vn2000_lat"]), VN2000, WGS84)
        assert Geod(ellps="WGS84").inv(lon, lat, float(row["wgs84_lon"]), float(row["wgs84_lat"]))[2] < 3


def test_surveyors_write_north_first() -> None:
    vector = VECTORS[0]
    reading = write_vn2000(vector.lon, vector.lat, vector.crs)
    assert vector.misses(reading.y_east, reading.x_north) < TOLERANCE_METRES
    lon, lat = read_vn2000(Vn2000Reading(x_north=vector.north, y_east=vector.east), vector.crs)
    assert (lon, lat) == pytest.approx((vector.lon, vector.lat), abs=1e-7)


@given(st.floats(102.2, 109.4), st.floats(8.4, 23.3), st.sampled_from(all_crs()), st.sampled_from(all_crs()))
def test_any_pair_of_systems_gives_the_point_back(lon: float, lat: float, source: Crs, target: Crs) -> None:
    start = transform_point(lon, lat, WGS84, source)
    there = transform_point(*start, source, target)
    assert transform_point(*there, target, WGS84) == pytest.approx((lon, lat), abs=5e-8)


def test_a_point_without_an_image_is_refused_alone_and_infinite_in_a_crowd() -> None:
    with pytest.raises(InvalidParameter, match="no coordinates"):
        transform_point(0.0, 1e300, CRS84, find_crs(9210))
    xs, _ = transform_points([106.0, 0.0], [10.0, 1e300], CRS84, find_crs(9210))
    assert math.isfinite(xs[0])
    assert math.isinf(xs[1])


def test_sequences_of_unequal_length_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="length"):
        transform_points([1.0], [], WGS84, WEB_MERCATOR)


def test_threads_get_the_same_answers() -> None:
    vector = VECTORS[0]
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(lambda _: transform_point(vector.lon, vector.lat, WGS84, vector.crs), range(50)))
    assert len(answers) == 1


def test_a_box_is_followed_along_its_edges() -> None:
    box = Extent(102.0, 10.0, 109.5, 20.0, WGS84)
    projected = transform_extent(box, find_crs(9210))
    assert projected is not None
    for lon, lat in [(102.0, 10.0), (105.75, 10.0), (105.75, 20.0), (109.5, 20.0), (102.0, 15.0)]:
        east, north = transform_point(lon, lat, WGS84, find_crs(9210))
        assert projected.minx - 0.5 <= east <= projected.maxx + 0.5
        assert projected.miny - 50 <= north <= projected.maxy + 50


@pytest.mark.parametrize("target", all_crs(), ids=lambda crs: str(crs.code))
def test_the_whole_world_is_cut_to_what_a_system_can_show(target: Crs) -> None:
    for source in (Extent(-3600, -3600, 3600, 3600, WGS84), Extent(-1e9, -1e9, 1e9, 1e9, WEB_MERCATOR)):
        extent = transform_extent(source, target)
        assert extent is not None
        assert extent.crs is target
        assert all(math.isfinite(number) for number in extent.bounds)


def test_a_box_outside_the_world_has_no_image() -> None:
    assert transform_extent(Extent(0, 100, 10, 110, WGS84), WEB_MERCATOR) is None
    assert transform_extent(Extent(-60, -20, -50, -10, WGS84), find_crs(9210)) is None
    assert transform_extent(Extent(4e7, 0, 5e7, 1, WEB_MERCATOR), WGS84) is None
    assert transform_extent(Extent(-6e6, -2e6, -5e6, -1e6, WEB_MERCATOR), find_crs(9210)) is None


def test_a_box_between_4326_and_crs84_keeps_its_numbers() -> None:
    assert transform_extent(Extent(1, 2, 3, 4, WGS84), CRS84) == Extent(1, 2, 3, 4, CRS84)
