# SPDX-License-Identifier: MIT
"""The table of definitions agrees with the EPSG registry."""

from __future__ import annotations

import pyproj
import pytest

from server.crs.definitions import CRS84, WGS84, Crs, all_crs, find_crs
from server.errors import InvalidCrs

TM3 = {5896, 5897, 5898, 5899, *range(9205, 9219)}
EPSG = [crs for crs in all_crs() if crs is not CRS84]


def test_every_code_the_product_promises_is_there() -> None:
    assert {crs.code for crs in all_crs()} == {4326, 84, 3857, 4756, 3405, 3406, 32648, 32649} | TM3
    assert len(TM3) == 18


@pytest.mark.parametrize("crs", EPSG, ids=lambda crs: str(crs.code))
def test_name_axis_order_and_area_are_the_registrys(crs: Crs) -> None:
    registry = pyproj.CRS.from_epsg(crs.code)
    assert crs.name == registry.name
    assert crs.axis_order == ("ne" if registry.axis_info[0].direction == "north" else "en")
    assert crs.unit == registry.axis_info[0].unit_name
    area = registry.area_of_use
    assert area is not None
    assert crs.area == pytest.approx((area.west, area.south, area.east, area.north))


@pytest.mark.parametrize("crs", [crs for crs in EPSG if crs.projection == "tmerc"], ids=lambda crs: str(crs.code))
def test_projection_parameters_are_the_registrys(crs: Crs) -> None:
    operation = pyproj.CRS.from_epsg(crs.code).coordinate_operation
    assert operation is not None
    values: dict[str, object] = {param.name: param.value for param in operation.params}
    assert values["Longitude of natural origin"] == crs.central_meridian
    assert values["Scale factor at natural origin"] == crs.scale_factor
    assert values["False easting"] == 500_000
    assert values["False northing"] == 0
    assert values["Latitude of natural origin"] == 0


@pytest.mark.parametrize("crs", all_crs(), ids=lambda crs: str(crs.code))
def test_every_row_is_complete_and_sourced(crs: Crs) -> None:
    assert crs.projection in ("longlat", "webmerc", "tmerc")
    assert crs.datum in ("wgs84", "vn2000")
    assert crs.axis_order in ("en", "ne")
    assert crs.source
    assert crs.name_vi
    assert ("+towgs84=" in crs.proj4) == crs.is_vn2000


def test_rotations_in_towgs84_have_the_signs_of_the_decision_turned() -> None:
    assert "+towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278" in find_crs(9210).proj4


def test_vn2000_codes_get_private_srids_and_the_others_keep_theirs() -> None:
    assert find_crs(9210).postgis_srid == 909210
    assert find_crs(4756).postgis_srid == 904756
    assert find_crs(32648).postgis_srid == 32648
    assert CRS84.postgis_srid == WGS84.postgis_srid == 4326


@pytest.mark.parametrize("alias", [900913, 102100, 102113, 3785])
def test_other_numbers_of_web_mercator_are_web_mercator(alias: int) -> None:
    assert find_crs(alias) is find_crs(3857)


def test_a_withdrawn_code_is_refused_with_its_successor() -> None:
    with pytest.raises(InvalidCrs, match="use EPSG:5897"):
        find_crs(6957)


@pytest.mark.parametrize("code", [0, 4327, -1, 84_000])
def test_an_unknown_code_is_refused_with_what_is_known(code: int) -> None:
    with pytest.raises(InvalidCrs, match="Known: EPSG:4326, CRS:84"):
        find_crs(code)
