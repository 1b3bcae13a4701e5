# SPDX-License-Identifier: MIT
"""Filter Encoding 2.0 as the filter tree: its names for what 1.1 has, ids, and the temporal operators."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.crs.definitions import WGS84
from server.crs.spelling import CrsReference, Spelling
from server.errors import InvalidParameter, OperationNotSupported, XanhError
from server.filter.fes import read_fes
from server.filter.fes_time import TEMPORAL
from server.filter.fes_value import FesReading
from server.filter.tree import And, Between, Box, Comparison, Constant, Ids, IsNull, Like, Node, Or, Property, Spatial
from server.xmlio.parse import parse_xml

READING = FesReading("stations", CrsReference(WGS84, Spelling.URN), version="2.0.0", max_nodes=20, max_ids=3)
NAME = "<fes:ValueReference>xanh:name</fes:ValueReference>"
TIME = "<fes:ValueReference>sampled_at</fes:ValueReference>"


def read(inside: str) -> Node:
    text = f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">{inside}</fes:Filter>'
    return read_fes(parse_xml(text.encode(), 100_000, 64), READING)


def literal(text: str) -> str:
    return f"<fes:Literal>{text}</fes:Literal>"


def period(begin: str, end: str) -> str:
    positions = f"<gml:beginPosition>{begin}</gml:beginPosition><gml:endPosition>{end}</gml:endPosition>"
    return f'<gml:TimePeriod gml:id="t">{positions}</gml:TimePeriod>'


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (f"<fes:PropertyIsEqualTo>{NAME}{literal('a')}</fes:PropertyIsEqualTo>", Comparison("=", Property("name"), Constant("a"))),
        (
            f'<fes:PropertyIsNotEqualTo matchCase="false" matchAction="Any">{literal("a")}{NAME}</fes:PropertyIsNotEqualTo>',
            Comparison("<>", Constant("a"), Property("name"), match_case=False),
        ),
        (
            f'<fes:PropertyIsLike wildCard="*" singleChar="#" escapeChar="!">{NAME}{literal("a*b#")}</fes:PropertyIsLike>',
            Like(Property("name"), "a%b_"),
        ),
        (f"<fes:PropertyIsNull>{NAME}</fes:PropertyIsNull>", IsNull(Property("name"))),
        (f'<fes:PropertyIsNil nilReason="unknown">{NAME}</fes:PropertyIsNil>', IsNull(Property("name"))),
        (
            f"<fes:PropertyIsBetween>{NAME}<fes:LowerBoundary>{literal('a')}</fes:LowerBoundary>"
            f"<fes:UpperBoundary>{literal('b')}</fes:UpperBoundary></fes:PropertyIsBetween>",
            Between(Property("name"), Constant("a"), Constant("b")),
        ),
        ('<fes:ResourceId rid="stations.3"/><fes:ResourceId rid="stations.5"/><fes:ResourceId rid="places.7"/>', Ids((3, 5))),
        (
            '<fes:BBOX><gml:Envelope srsName="EPSG:4326"><gml:lowerCorner>105 9</gml:lowerCorner><gml:upperCorner>106 10</gml:upperCorner>'
            "</gml:Envelope></fes:BBOX>",
            Spatial("intersects", Box(105, 9, 106, 10, 4326)),
        ),
    ],
)
def test_what_2_0_calls_differently_means_the_same(inside: str, expected: Node) -> None:
    assert read(inside) == expected


def test_dwithin_has_its_unit_in_uom() -> None:
    point = '<gml:Point gml:id="p"><gml:pos>10 105</gml:pos></gml:Point>'
    found = read(f'<fes:DWithin><fes:ValueReference>geom</fes:ValueReference>{point}<fes:Distance uom="mi">2</fes:Distance></fes:DWithin>')
    assert isinstance(found, Spatial)
    assert found.distance == pytest.approx(3218.688)


@pytest.mark.parametrize("name", list(TEMPORAL))
def test_each_temporal_operator_is_read_with_a_period_and_an_instant(name: str) -> None:
    wanted = datetime(2021, 6, 1, tzinfo=UTC)
    for time in (
        period("2021-06-01T00:00:00Z", "2021-07-01T00:00:00Z"),
        '<gml:TimeInstant gml:id="i"><gml:timePosition>2021-06-01T00:00:00Z</gml:timePosition></gml:TimeInstant>',
    ):
        found = read(f"<fes:{name}>{TIME}{time}</fes:{name}>")
        parts = found.parts if isinstance(found, And | Or) else (found,)
        assert parts
        for part in parts:
            assert isinstance(part, Comparison)
            assert part.left == Property("sampled_at")
            assert isinstance(part.right, Constant)
            assert isinstance(part.right.value, datetime)
            assert part.right.value >= wanted


def test_during_leaves_both_ends_out() -> None:
    found = read(f"<fes:During>{TIME}{period('2021-06-01T07:00:00+07:00', '2021-07-01')}</fes:During>")
    begin = Comparison(">", Property("sampled_at"), Constant(datetime(2021, 6, 1, tzinfo=UTC)))
    assert isinstance(found, And)
    assert found.parts[0] == begin


@pytest.mark.parametrize(
    "inside",
    [
        f"<fes:After>{TIME}</fes:After>",
        f"<fes:After>{TIME}{TIME}{TIME}</fes:After>",
        f"<fes:After>{TIME}{literal('yesterday')}</fes:After>",
        f"<fes:During>{TIME}{period('2022-01-01', '2021-01-01')}</fes:During>",
        f'<fes:During>{TIME}<gml:TimePeriod gml:id="t"/></fes:During>',
        f'<fes:During>{TIME}<gml:Point gml:id="t"><gml:pos>1 2</gml:pos></gml:Point></fes:During>',
        '<fes:ResourceId rid="stations.3" version="PREVIOUS"/>',
        '<fes:DWithin><gml:Point><gml:pos>10 105</gml:pos></gml:Point><fes:Distance uom="m">-5</fes:Distance></fes:DWithin>',
        '<fes:DWithin><gml:Point><gml:pos>10 105</gml:pos></gml:Point><fes:Distance uom="furlong">5</fes:Distance></fes:DWithin>',
    ],
)
def test_what_makes_no_sense_is_refused(inside: str) -> None:
    with pytest.raises((InvalidParameter, OperationNotSupported)):
        read(inside)


@pytest.mark.parametrize("srs_name", ["EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_coordinates_in_the_wrong_order_are_told_so(srs_name: str) -> None:
    wrong = "10.3 105.9" if srs_name == "EPSG:4326" else "105.9 10.3"
    with pytest.raises(XanhError, match="axes are probably swapped"):
        read(f'<fes:Intersects><gml:Point srsName="{srs_name}"><gml:pos>{wrong}</gml:pos></gml:Point></fes:Intersects>')
