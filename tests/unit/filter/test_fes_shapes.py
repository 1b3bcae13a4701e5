# SPDX-License-Identifier: MIT
"""Geometries of FES 1.1 filters: GML 3 and GML 2 spellings, axis order, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from server.crs.definitions import WGS84
from server.crs.spelling import CrsReference, Spelling
from server.errors import XanhError
from server.filter.fes import read_fes
from server.filter.fes_value import FesReading
from server.filter.tree import Box, GeometryLiteral, Node, Spatial
from server.xmlio.parse import parse_xml

READING = FesReading("communes", CrsReference(WGS84, Spelling.URN))
LAT_LON = "<gml:lowerCorner>10 105</gml:lowerCorner><gml:upperCorner>11 107</gml:upperCorner>"
LON_LAT = "<gml:lowerCorner>105 10</gml:lowerCorner><gml:upperCorner>107 11</gml:upperCorner>"
URN, SHORT = "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"


def read(inside: str) -> Node:
    text = f'<Filter xmlns="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml">{inside}</Filter>'
    return read_fes(parse_xml(text.encode(), 100_000, 64), READING)


def literal_of(shape: str) -> dict[str, Any]:
    found = read(f"<Intersects><PropertyName>geom</PropertyName>{shape}</Intersects>")
    assert isinstance(found, Spatial)
    assert isinstance(found.geometry, GeometryLiteral)
    return found.geometry.geojson


@pytest.mark.parametrize(
    ("box", "epsg"),
    [
        (f"<gml:Envelope>{LAT_LON}</gml:Envelope>", 4326),
        (
            f'<gml:Envelope srsName="{URN}">{LAT_LON}</gml:Envelope>',
            4326,
        ),
        (
            f'<gml:Envelope srsName="{SHORT}">{LON_LAT}</gml:Envelope>',
            4326,
        ),
        (f'<gml:Envelope srsName="{SHORT}"><gml:pos>105 10</gml:pos><gml:pos>107 11</gml:pos></gml:Envelope>', 4326),
        (f'<gml:Box srsName="{SHORT}"><gml:coordinates>105,10 107,11</gml:coordinates></gml:Box>', 4326),
        (f'<gml:Box srsName="{SHORT}"><gml:coordinates decimal="," cs=";" ts=" ">105,0;10 107;11,0</gml:coordinates></gml:Box>', 4326),
        (
            f'<gml:Box srsName="{SHORT}"><gml:coord><gml:X>105</gml:X><gml:Y>10</gml:Y></gml:coord>'
            "<gml:coord><gml:X>107</gml:X><gml:Y>11</gml:Y></gml:coord></gml:Box>",
            4326,
        ),
    ],
)
def test_a_box_is_the_same_in_every_spelling(box: str, epsg: int) -> None:
    expected = Spatial("intersects", Box(105.0, 10.0, 107.0, 11.0, epsg))
    assert read(f"<BBOX><PropertyName>xanh:geom</PropertyName>{box}</BBOX>") == expected
    assert read(f"<BBOX>{box}</BBOX>") == expected


def test_points_follow_the_axis_order_of_their_name() -> None:
    assert literal_of(f'<gml:Point srsName="{URN}"><gml:pos>10 105</gml:pos></gml:Point>') == {
        "type": "Point",
        "coordinates": [105.0, 10.0],
    }
    assert literal_of(f'<gml:Point srsName="{SHORT}"><gml:pos>105 10</gml:pos></gml:Point>')["coordinates"] == [105.0, 10.0]


def test_lines_and_polygons_keep_their_positions_and_drop_heights() -> None:
    assert literal_of('<gml:LineString srsDimension="3"><gml:posList>10 105 1 11 106 2</gml:posList></gml:LineString>') == {
        "type": "LineString",
        "coordinates": [[105.0, 10.0], [106.0, 11.0]],
    }
    ring = "<gml:LinearRing><gml:posList>10 105 10 106 11 106 10 105</gml:posList></gml:LinearRing>"
    assert literal_of(f"<gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon>") == {
        "type": "Polygon",
        "coordinates": [[[105.0, 10.0], [106.0, 10.0], [106.0, 11.0], [105.0, 10.0]]],
    }


def test_collections_take_members_of_one_kind() -> None:
    point = "<gml:Point><gml:pos>10 105</gml:pos></gml:Point>"
    assert literal_of(f"<gml:MultiPoint><gml:pointMember>{point}</gml:pointMember></gml:MultiPoint>") == {
        "type": "MultiPoint",
        "coordinates": [[105.0, 10.0]],
    }


def test_distances_are_read_in_metres_and_kilometres() -> None:
    point = "<PropertyName>geom</PropertyName><gml:Point><gml:pos>10 105</gml:pos></gml:Point>"
    found = read(f'<DWithin>{point}<Distance units="km">2.5</Distance></DWithin>')
    assert isinstance(found, Spatial)
    assert (found.operator, found.distance) == ("dwithin", 2500.0)


@pytest.mark.parametrize(
    "inside",
    [
        "<BBOX/>",
        "<BBOX><gml:Point><gml:pos>1 2</gml:pos></gml:Point></BBOX>",
        "<BBOX><PropertyName>name</PropertyName><gml:Envelope><gml:pos>1 2</gml:pos><gml:pos>3 4</gml:pos></gml:Envelope></BBOX>",
        "<BBOX><gml:Envelope><gml:pos>1 2</gml:pos></gml:Envelope></BBOX>",
        "<BBOX><gml:Envelope><gml:pos>5 6</gml:pos><gml:pos>3 4</gml:pos></gml:Envelope></BBOX>",
        "<BBOX><gml:Envelope><gml:pos>105 10</gml:pos><gml:pos>107 11</gml:pos></gml:Envelope></BBOX>",
        "<BBOX><gml:Envelope><gml:pos>nan 2</gml:pos><gml:pos>3 4</gml:pos></gml:Envelope></BBOX>",
        "<BBOX><gml:Envelope><gml:pos>1e999 2</gml:pos><gml:pos>3 4</gml:pos></gml:Envelope></BBOX>",
        '<BBOX><gml:Envelope srsName="EPSG:1"><gml:pos>1 2</gml:pos><gml:pos>3 4</gml:pos></gml:Envelope></BBOX>',
        "<Intersects><gml:Sphere/></Intersects>",
        "<Intersects><gml:Point/></Intersects>",
        "<Intersects><gml:LineString><gml:posList>1 2 3</gml:posList></gml:LineString></Intersects>",
        "<Intersects><gml:LineString><gml:posList>1 2 1 2</gml:posList></gml:LineString></Intersects>",
        "<Intersects><gml:Polygon/></Intersects>",
        "<Intersects><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>0 0 0 1 1 1 1 0</gml:posList></gml:LinearRing></gml:exterior>"
        "</gml:Polygon></Intersects>",
        "<Intersects><gml:MultiPoint><gml:pointMember><gml:LineString/></gml:pointMember></gml:MultiPoint></Intersects>",
        "<DWithin><gml:Point><gml:pos>1 2</gml:pos></gml:Point></DWithin>",
        '<DWithin><gml:Point><gml:pos>1 2</gml:pos></gml:Point><Distance units="parsec">1</Distance></DWithin>',
        "<DWithin><gml:Point><gml:pos>1 2</gml:pos></gml:Point><Distance>x</Distance></DWithin>",
    ],
)
def test_shapes_that_make_no_sense_are_refused_with_the_filter_as_locator(inside: str) -> None:
    with pytest.raises(XanhError) as caught:
        read(inside)
    assert caught.value.code in ("InvalidParameterValue", "InvalidCRS")
    assert caught.value.locator in ("FILTER", "name")


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ('<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>106 10</gml:pos></gml:Point>', "trục bị đảo"),
        ("<gml:Point><gml:pos>1 x</gml:pos></gml:Point>", "không phải là số"),
        ("<gml:LineString><gml:posList>1 2</gml:posList></gml:LineString>", "hai vị trí"),
        ("<gml:Polygon/>", "vòng ngoài"),
        ("<gml:MultiPoint/>", "phần tử khác kiểu"),
        ("<gml:Sphere/>", "Không hỗ trợ"),
    ],
)
def test_what_is_wrong_with_a_shape_is_said_in_vietnamese_too(shape: str, said: str) -> None:
    with pytest.raises(XanhError) as caught:
        read(f"<Intersects><PropertyName>geom</PropertyName>{shape}</Intersects>")
    assert said in (caught.value.message_vi or "")
