# SPDX-License-Identifier: MIT
"""Coordinates without a system, or with the wrong one, are recognised and named; nobody but a person decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.crsguess import Points, find_candidates, find_suspicions
from loaders.source import SourceOptions, open_source
from loaders.vector import find_source_crs
from server.crs.definitions import find_crs
from server.crs.identify import explain_wkt
from server.crs.transform import transform_points

LONS, LATS = [106.1, 106.36, 106.5], [10.3, 10.36, 10.45]
NEAR = (105.8, 10.1, 106.8, 10.9)
ZONE = find_crs(9210)
WKT = (
    'PROJCS["KT",GEOGCS["{datum}",DATUM["{datum}",SPHEROID["WGS_84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000],PARAMETER["False_Northing",0],'
    'PARAMETER["Central_Meridian",105.75],PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0],UNIT["Meter",1]]'
)


def points(code: int = 9210) -> Points:
    return list(zip(*transform_points(LONS, LATS, find_crs(4326), find_crs(code)), strict=True))


@pytest.mark.parametrize("code", [9210, 5897, 3405, 4326, 3857])
def test_the_true_system_is_among_the_likeliest(code: int) -> None:
    found = [one.crs.code for one in find_candidates(points(code), "82", NEAR)]
    assert code in found[:4]


def test_the_zone_of_the_province_goes_first() -> None:
    best = find_candidates(points(9210), "82", NEAR)[0]
    assert (best.crs.code, best.inside) == (9210, 1.0)


def test_numbers_from_elsewhere_have_no_candidate() -> None:
    assert find_candidates([(-3.0, 55.0), (400_000_000.0, 5.0)], "82", NEAR) == ()


@pytest.mark.parametrize(
    ("given", "code", "named"),
    [
        (list(zip(LONS, LATS, strict=True)), 9210, "reprojected already"),
        (points(), 4326, "these are metres"),
        ([(y, x) for x, y in points()], 9210, "X and Y are exchanged"),
        ([(x, y - 1_000_000) for x, y in points()], 9210, "lack their first digit"),
        ([(x + 48_000_000, y) for x, y in points()], 9210, "number of the zone"),
        ([(x - 500_000, y) for x, y in points()], 9210, "false easting"),
        ([(x + 300_000, y) for x, y in points()], 9210, "outside the province"),
    ],
)
def test_a_common_mistake_is_named(given: Points, code: int, named: str) -> None:
    (sentence,) = find_suspicions(given, find_crs(code), NEAR)
    assert named in sentence
    assert " · " in sentence


def test_points_where_they_should_be_raise_no_suspicion() -> None:
    assert find_suspicions(points(), ZONE, NEAR) == ()
    assert find_suspicions([], ZONE, NEAR) == ()


def test_maps_with_the_factor_of_six_degrees_and_zones_without_the_shift_are_told_apart() -> None:
    assert "factor 0.9996" in (explain_wkt(WKT.format(datum="VN_2000", scale=0.9996)) or ("",))[0]
    assert "225 m" in (explain_wkt(WKT.format(datum="D_WGS_1984", scale=0.9999)) or ("",))[0]
    assert explain_wkt(WKT.format(datum="VN_2000", scale=0.9999)) is None
    assert explain_wkt("nonsense") is None
    for old in ("EPSG:2044", "EPSG:2045", "EPSG:4147"):
        assert "HN-72" in (explain_wkt(old) or ("",))[0]
    crs, notes = find_source_crs(WKT.format(datum="VN_2000", scale=0.9996), SourceOptions())
    assert crs is None
    assert "0,9996" in notes[0]


def test_metres_of_a_table_stay_without_a_system_until_somebody_says_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("X;Y\n1145735,5;566603,9\n", encoding="utf-8")
    assert open_source(tmp_path / "a.csv", SourceOptions()).info.crs is None
    assert open_source(tmp_path / "a.csv", SourceOptions(crs=9210)).info.crs == ZONE
