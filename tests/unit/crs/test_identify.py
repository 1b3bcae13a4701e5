# SPDX-License-Identifier: MIT
"""The definition of a `.prj` decides which CRS it is, not its name."""

from __future__ import annotations

import pytest

from server.crs.identify import identify_wkt

ESRI_TM3 = (
    'PROJCS["VN_2000_KT{name}_3deg",GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",{factor}],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize(
    ("meridian", "factor", "code"), [(105.75, 0.9999, 9210), (105.0, 0.9999, 5897), (107.25, 0.9999, 9215), (105.0, 0.9996, 3405)]
)
def test_an_esri_text_without_authority_is_known_by_its_parameters(meridian: float, factor: float, code: int) -> None:
    found = identify_wkt(ESRI_TM3.format(name="x", meridian=meridian, factor=factor))
    assert found is not None
    assert found.code == code


def test_the_provincial_map_trap_is_no_known_crs() -> None:
    assert identify_wkt(ESRI_TM3.format(name="105-45", meridian=105.75, factor=0.9996)) is None


def test_a_home_made_datum_on_the_same_meridian_is_not_vn2000() -> None:
    text = ESRI_TM3.format(name="105", meridian=105.0, factor=0.9999).replace("VN_2000", "WGS_1984").replace("Vietnam_2000", "WGS_1984")
    found = identify_wkt(text)
    assert found is None or not found.is_vn2000


@pytest.mark.parametrize(
    ("text", "code"), [("EPSG:4326", 4326), ("EPSG:3857", 3857), ("EPSG:32648", 32648), ("EPSG:4756", 4756), ("OGC:CRS84", 4326)]
)
def test_well_known_names_are_found(text: str, code: int) -> None:
    found = identify_wkt(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "nonsense", "EPSG:27700", 'LOCAL_CS["x"]'])
def test_anything_else_is_unknown(text: str) -> None:
    assert identify_wkt(text) is None
