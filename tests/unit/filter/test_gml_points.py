# SPDX-License-Identifier: MIT
"""Points read the quick way are the points read the thorough way."""

from __future__ import annotations

import pytest

from server.crs.spelling import parse_crs
from server.errors import InvalidCrs, InvalidParameter
from server.filter.gmlpoint import PointReader
from server.filter.gmlshape import GmlReading, read_shape
from server.xmlio.parse import Element, parse_xml

URN, SHORT, GRID = "urn:ogc:def:crs:EPSG::4326", "EPSG:4326", "urn:ogc:def:crs:EPSG::9210"
GML, GML32 = "http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"


def write(inside: str, attributes: str = "", space: str = GML) -> Element:
    return parse_xml(f'<gml:Point xmlns:gml="{space}" {attributes}>{inside}</gml:Point>'.encode(), 10_000, 10)


def reading(version: str = "1.1.0") -> GmlReading:
    return GmlReading(parse_crs(URN), version, None, "geom")


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
@pytest.mark.parametrize("space", [GML, GML32])
@pytest.mark.parametrize("name", [None, URN, SHORT, GRID])
def test_a_point_is_where_the_thorough_way_finds_it(version: str, space: str, name: str | None) -> None:
    element = write("<gml:pos> 10.5\n85.25 </gml:pos>", f'srsName="{name}"' if name else "", space)
    thorough = read_shape(element, reading(version))
    assert PointReader(reading(version)).read(element) == (*thorough.geojson["coordinates"], thorough.epsg)


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<gml:pos/>",
        "<gml:pos>10 105 3</gml:pos>",
        "<gml:pos>1_0 105</gml:pos>",
        "<gml:pos>nan 105</gml:pos>",
        "<gml:pos>105 10</gml:pos>",
        "<gml:pos>1e9 105</gml:pos>",
        "<gml:pos>ten 105</gml:pos>",
        "<gml:pos srsName='EPSG:3405'>10 105</gml:pos>",
        "<gml:pos>10 105</gml:pos><gml:pos>10 105</gml:pos>",
        "<gml:coordinates>105,10</gml:coordinates>",
        "<pos>10 105</pos>",
    ],
)
def test_anything_else_is_left_to_the_thorough_way(inside: str) -> None:
    assert PointReader(reading()).read(write(inside)) is None


def test_a_curve_is_no_point() -> None:
    line = parse_xml(f'<gml:LineString xmlns:gml="{GML}"><gml:pos>10 105</gml:pos></gml:LineString>'.encode(), 1000, 10)
    assert PointReader(reading()).read(line) is None


def test_an_unknown_system_is_refused_both_ways() -> None:
    element = write("<gml:pos>10 105</gml:pos>", 'srsName="EPSG:999999"')
    for read in (PointReader(reading()).read, lambda point: read_shape(point, reading())):
        with pytest.raises((InvalidCrs, InvalidParameter)):
            read(element)
