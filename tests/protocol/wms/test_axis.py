# SPDX-License-Identifier: MIT
"""Axis order and coordinate systems: the same place is the same pixel, whatever it is called."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from server.crs.axis import Service, axis_order
from server.crs.definitions import WGS84, find_crs
from server.crs.extent import Extent
from server.crs.spelling import Spelling, parse_crs
from server.crs.transform import transform_point
from tests.protocol.wms.conftest import Wms

LONLAT = "105.5,10.2,106.5,10.8"
LATLON = "10.2,105.5,10.8,106.5"
SAME: dict[str, str | int] = {"WIDTH": 400, "HEIGHT": 240, "LAYERS": "communes,stations"}


def test_the_map_of_epsg_4326_in_latitude_longitude_is_that_of_crs84(wms: Wms) -> None:
    turned = wms.map(CRS="EPSG:4326", BBOX=LATLON, **SAME)
    straight = wms.map(CRS="CRS:84", BBOX=LONLAT, **SAME)
    assert turned.status_code == 200
    assert turned.data == straight.data


def test_1_1_1_takes_longitude_first_and_draws_the_same(wms: Wms) -> None:
    older = wms.map(VERSION="1.1.1", SRS="EPSG:4326", CRS="-", BBOX=LONLAT, **SAME)
    newer = wms.map(CRS="EPSG:4326", BBOX=LATLON, **SAME)
    assert older.data == newer.data
    assert not wms.picture(CRS="CRS:84", BBOX=LONLAT, **SAME).is_solid()


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/def/crs/EPSG/0/4326", "epsg:4326"])
def test_every_spelling_of_a_system_draws_the_same(wms: Wms, name: str) -> None:
    assert wms.map(CRS=name, BBOX=LATLON, **SAME).data == wms.map(CRS="EPSG:4326", BBOX=LATLON, **SAME).data


@pytest.mark.parametrize("version", ["1.3.0", "1.1.1"])
@pytest.mark.parametrize("name", ["EPSG:4326", "CRS:84", "EPSG:3857", "EPSG:32648", "EPSG:5897", "EPSG:9210"])
def test_a_station_is_drawn_where_its_coordinates_say(wms: Wms, client: FlaskClient, version: str, name: str) -> None:
    station = _loneliest_station(client)
    crs = parse_crs(name).crs
    x, y = transform_point(*station, WGS84, find_crs(crs.code))
    half = 0.004 if crs.unit == "degree" else 440.0
    box = Extent(x - half, y - half, x + half, y + half, crs).ordered(axis_order(crs, Service.WMS, version, Spelling.SHORT))
    image = wms.picture(
        VERSION=version,
        **{"SRS" if version == "1.1.1" else "CRS": name, "CRS" if version == "1.1.1" else "SRS": "-"},
        BBOX=",".join(f"{number:.9f}" for number in box),
        WIDTH=101,
        HEIGHT=101,
        TRANSPARENT="TRUE",
    )
    alpha = image.to_string()[3::4]
    painted = [(index % 101, index // 101) for index, value in enumerate(alpha) if value > 128]
    middle = [sum(axis) / len(painted) for axis in zip(*painted, strict=True)]
    assert middle == pytest.approx([50, 50], abs=1.2)


def _loneliest_station(client: FlaskClient) -> tuple[float, float]:
    """Longitude and latitude of the station that is farthest from all others."""
    query = "service=WFS&version=1.1.0&request=GetFeature&typename=stations&outputformat=application/json"
    places = [
        tuple(feature["geometry"]["coordinates"])
        for feature in json.loads(client.get(f"/wfs?{query}").data)["features"]
        if 105.2 < feature["geometry"]["coordinates"][0] < 106.5 and feature["properties"]["wqi"] is not None
    ]
    return max(places, key=lambda one: min(abs(one[0] - other[0]) + abs(one[1] - other[1]) for other in places if other != one))
