# SPDX-License-Identifier: MIT
"""The axis truth table of WFS 1.1.0: which number comes first, in answers and in boxes, for every spelling of every system offered."""

from __future__ import annotations

import math

import pytest

from tests.protocol.wfs.conftest import NAMES, Truth, Wfs

SHORT, URN, URL = "EPSG:{}", "urn:ogc:def:crs:EPSG::{}", "http://www.opengis.net/def/crs/EPSG/0/{}"
EXPERIMENTAL, GML = "urn:x-ogc:def:crs:EPSG:{}", "http://www.opengis.net/gml/srs/epsg.xml#{}"


def first_position(wfs: Wfs, **parameters: str) -> tuple[str, float, float]:
    feature = wfs.features(TYPENAME="stations", MAXFEATURES=1, **parameters)[0]
    point = feature.find(".//gml:Point", NAMES)
    assert point is not None
    first, second = (float(number) for number in (point.findtext("gml:pos", namespaces=NAMES) or "").split())
    return point.attrib["srsName"], first, second


@pytest.mark.parametrize(
    ("spelling", "code", "turned"),
    [
        (SHORT, 4326, False),
        (GML, 4326, False),
        (URN, 4326, True),
        (EXPERIMENTAL, 4326, True),
        (URL, 4326, True),
        *[(spelling, code, False) for spelling in (SHORT, GML, URN, URL) for code in (3857, 32648)],
    ],
)
def test_answers_follow_the_spelling_of_the_system(wfs: Wfs, spelling: str, code: int, turned: bool) -> None:
    name = spelling.format(code)
    written, first, second = first_position(wfs, SRSNAME=name)
    assert written == name
    assert (second > first) == (turned if code == 4326 else second > first)
    if code == 4326:
        longitude, latitude = (second, first) if turned else (first, second)
        assert 102 < longitude < 110
        assert 8 < latitude < 24
    elif code == 3857:
        assert 1.13e7 < first < 1.23e7
        assert 8e5 < second < 2.8e6
    else:
        assert 4e5 < first < 1e6
        assert 8e5 < second < 2.7e6


def test_crs84_is_always_longitude_first(wfs: Wfs) -> None:
    for name in ("CRS:84", "urn:ogc:def:crs:OGC:1.3:CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"):
        written, first, second = first_position(wfs, SRSNAME=name)
        assert (written, first > second) == (name, True)


def test_the_default_is_the_urn_with_latitude_first(wfs: Wfs) -> None:
    name, first, second = first_position(wfs)
    assert name == "urn:ogc:def:crs:EPSG::4326"
    assert first < second


@pytest.mark.parametrize(
    "box",
    [
        "10,105,10.5,106",
        "10,105,10.5,106,urn:ogc:def:crs:EPSG::4326",
        "10,105,10.5,106,urn:x-ogc:def:crs:EPSG:4326",
        "10,105,10.5,106,http://www.opengis.net/def/crs/EPSG/0/4326",
        "105,10,106,10.5,EPSG:4326",
        "105,10,106,10.5,http://www.opengis.net/gml/srs/epsg.xml#4326",
        "105,10,106,10.5,CRS:84",
        "105,10,106,10.5,urn:ogc:def:crs:OGC:1.3:CRS84",
    ],
)
def test_a_box_means_the_same_ground_in_every_spelling(wfs: Wfs, truth: Truth, box: str) -> None:
    expected = truth.count("stations", "geom && ST_MakeEnvelope(105, 10, 106, 10.5, 4326)")
    assert 0 < expected < truth.count("stations")
    assert wfs.hits(TYPENAME="stations", BBOX=box) == expected
    assert len(wfs.features(TYPENAME="stations", BBOX=box)) == expected


@pytest.mark.parametrize("name", ["EPSG:3857", "urn:ogc:def:crs:EPSG::3857"])
def test_a_projected_box_is_east_first_in_every_spelling(wfs: Wfs, truth: Truth, name: str) -> None:
    east, west = (math.radians(lon) * 6378137 for lon in (106.0001, 104.9999))
    south, north = (math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) * 6378137 for lat in (9.9999, 10.5001))
    expected = truth.count("stations", "geom && ST_MakeEnvelope(104.9999, 9.9999, 106.0001, 10.5001, 4326)")
    assert wfs.hits(TYPENAME="stations", BBOX=f"{west},{south},{east},{north},{name}") == expected


def test_the_box_keeps_its_own_system_when_the_answer_is_asked_in_another(wfs: Wfs) -> None:
    plain = [feature.attrib for feature in wfs.features(TYPENAME="stations", BBOX="10,105,10.5,106")]
    other = [feature.attrib for feature in wfs.features(TYPENAME="stations", BBOX="10,105,10.5,106", SRSNAME="EPSG:3857")]
    assert other == plain


def test_geojson_is_longitude_first_whatever_is_asked(wfs: Wfs) -> None:
    for name in ("urn:ogc:def:crs:EPSG::4326", "EPSG:4326", "CRS:84"):
        answer = wfs.get(REQUEST="GetFeature", TYPENAME="stations", MAXFEATURES=1, OUTPUTFORMAT="json", SRSNAME=name).get_json()
        longitude, latitude = answer["features"][0]["geometry"]["coordinates"]
        assert longitude > 100 > latitude
        assert "crs" not in answer
