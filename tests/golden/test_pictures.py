# SPDX-License-Identifier: MIT
"""Maps and legends of the demo province beside the pictures somebody looked at and approved (see README.md)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.golden.pictures import PIXEL_TOLERANCE, assert_looks_like, differing_share

BASE = ("neighbours_land,provinces,communes,provinces,lakes,rivers,places", ",provinces_base,communes_base,,,,")
PROVINCE, TOWN, NATION = "11660000,1100000,11900000,1250000", "11820000,1155000,11852000,1175000", "11000000,800000,13200000,2800000"
SOURCES = "industrial_zones,water_supply_points,facilities,discharge_points,craft_villages,incident_risk_sources"


@dataclass(frozen=True)
class Picture:
    """One picture: its file, what is drawn, where, and how large. `crs` other than 3857 means `box` is in that system."""

    name: str
    layers: str
    styles: str
    box: str
    size: tuple[int, int] = (480, 300)
    crs: str = "EPSG:3857"

    def address(self) -> str:
        """The GetMap that draws it."""
        return (
            f"/wms?service=WMS&version=1.3.0&request=GetMap&layers={self.layers}&styles={self.styles}&crs={self.crs}&bbox={self.box}"
            f"&width={self.size[0]}&height={self.size[1]}&format=image/png&bgcolor=0xcfe4ee"
        )


PICTURES = (
    Picture("base_nation", *BASE, NATION, (330, 300)),
    Picture("base_province", *BASE, PROVINCE),
    Picture("base_town", *BASE, TOWN),
    Picture("stations_province", "communes,stations", "communes_base,", PROVINCE),
    Picture("stations_safe_colours", "communes,stations", "communes_base,stations_wqi_safe", PROVINCE),
    Picture("sources_town", f"communes,{SOURCES}", "communes_base,,,,,,", TOWN),
    Picture("biodiversity", "communes,protected_areas,conservation_facilities", "communes_base,,", PROVINCE),
    Picture("landmask_utm", "landmask,provinces", ",", "400000,950000,900000,1262500", crs="EPSG:32648"),
    Picture("stations_vn2000", "communes,stations", "communes_base,", "480000,1100000,740000,1262500", crs="EPSG:5897"),
)
LEGENDS = ("stations", "facilities", "protected_areas", "rivers", "landmask", "industrial_zones")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_map_looks_as_approved(client: FlaskClient, picture: Picture, tmp_path: Path) -> None:
    answer = client.get(picture.address())
    assert answer.status_code == 200, answer.text
    assert_looks_like(answer.data, picture.name, tmp_path)


@pytest.mark.parametrize("layer", LEGENDS)
def test_a_legend_looks_as_approved(client: FlaskClient, layer: str, tmp_path: Path) -> None:
    answer = client.get(f"/wms?service=WMS&version=1.3.0&request=GetLegendGraphic&layer={layer}&format=image/png&transparent=false")
    assert answer.status_code == 200, answer.text
    assert_looks_like(answer.data, f"legend_{layer}", tmp_path)


def test_a_picture_that_moved_by_two_pixels_is_noticed(client: FlaskClient) -> None:
    picture = PICTURES[1]
    moved = Picture(picture.name, picture.layers, picture.styles, "11661000,1100000,11901000,1250000")
    answers = [client.get(one.address()).data for one in (picture, moved)]
    assert differing_share(*answers) > PIXEL_TOLERANCE
