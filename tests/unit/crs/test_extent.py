# SPDX-License-Identifier: MIT
"""BBOX texts of every protocol become one box, or a clear refusal."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.crs.definitions import Crs, all_crs, find_crs
from server.crs.extent import Extent, parse_ogcapi_bbox, parse_wfs_bbox, parse_wms_bbox
from server.crs.spelling import CrsReference, Spelling, parse_crs
from server.errors import InvalidCrs, InvalidParameter

VIETNAM = (102.0, 8.0, 110.0, 24.0)
URN = parse_crs("urn:ogc:def:crs:EPSG::4326")
SHORT = parse_crs("EPSG:4326")


@pytest.mark.parametrize(
    ("text", "crs", "version"),
    [
        ("102,8,110,24", "EPSG:4326", "1.1.1"),
        ("8,102,24,110", "EPSG:4326", "1.3.0"),
        ("102,8,110,24", "CRS:84", "1.3.0"),
        ("8.0,1.02e2,24.,+110", "EPSG:4756", "1.3.0"),
        ("102, 8, 110, 24", "EPSG:9210", "1.3.0"),
    ],
)
def test_wms_boxes_are_read_in_the_order_of_version_and_crs(text: str, crs: str, version: str) -> None:
    reference = parse_crs(crs)
    assert parse_wms_bbox(text, reference, version) == Extent(*VIETNAM, reference.crs)


@pytest.mark.parametrize(
    ("text", "default", "version"),
    [
        ("8,102,24,110", URN, "1.1.0"),
        ("102,8,110,24", SHORT, "1.1.0"),
        ("102,8,110,24", URN, "1.0.0"),
        ("102,8,110,24,EPSG:4326", URN, "1.1.0"),
        ("8,102,24,110,urn:ogc:def:crs:EPSG::4326", SHORT, "2.0.0"),
        ("8,102,-5,24,110,5,urn:ogc:def:crs:EPSG::4326", SHORT, "2.0.0"),
        ("102,8,110,24,http://www.opengis.net/gml/srs/epsg.xml#4326", URN, "1.1.0"),
    ],
)
def test_wfs_boxes_follow_the_spelling_of_their_crs(text: str, default: CrsReference, version: str) -> None:
    assert parse_wfs_bbox(text, default, version).bounds == VIETNAM


def test_ogc_api_boxes_are_longitude_first_unless_bbox_crs_says_otherwise() -> None:
    assert parse_ogcapi_bbox("102,8,110,24").bounds == VIETNAM
    assert parse_ogcapi_bbox("102,8,-100,110,24,100").bounds == VIETNAM
    assert parse_ogcapi_bbox("8,102,24,110", parse_crs("http://www.opengis.net/def/crs/EPSG/0/4326")).bounds == VIETNAM


@pytest.mark.parametrize(
    "text",
    ["", "1", "1,2,3", "1,2,3,4,5,6", "a,b,c,d", "nan,0,1,1", "0,0,inf,1", "0,0,1e400,1", "0,0,1_0,1", "0x1,0,2,2", "١,٢,٣,٤", "1;2;3;4",
     "2,0,1,1", "0,2,1,1", "1,1,1,2", "1,1,2,1", "0,0,1e10,1", "-4000,0,1,1", ",,,", "1,2,3,4,", "0,0,1,1" + " " * 1_000_000],
)  # fmt: skip
def test_a_wms_box_that_is_no_box_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        parse_wms_bbox(text, SHORT, "1.3.0")
    assert caught.value.locator == "BBOX"


@pytest.mark.parametrize("text", ["1,2,3,4,5", "1,2,3,4,EPSG:1", "1,2,3,4,EPSG:4326;", "1,2,3,4,5,6,x"])
def test_a_wfs_box_with_a_false_crs_is_refused(text: str) -> None:
    with pytest.raises(InvalidCrs):
        parse_wfs_bbox(text, URN, "1.1.0")


def test_a_wfs_box_in_a_crs_that_is_not_offered_is_refused() -> None:
    with pytest.raises(InvalidCrs, match="Offered: EPSG:4326"):
        parse_wfs_bbox("0,0,1,1,EPSG:3857", URN, "1.1.0", offered=[find_crs(4326)])


def test_a_map_beyond_the_edge_of_the_world_is_allowed() -> None:
    assert parse_wms_bbox("-180,-90,180,90", SHORT, "1.3.0").bounds == (-90, -180, 90, 180)
    assert parse_wms_bbox("100,0,110,10", SHORT, "1.3.0").bounds == (0, 100, 10, 110)


def test_a_question_about_features_beyond_the_poles_is_refused_with_a_hint_at_the_axes() -> None:
    with pytest.raises(InvalidParameter, match="axes are probably swapped"):
        parse_wfs_bbox("102,8,110,24,urn:ogc:def:crs:EPSG::4326", URN, "1.1.0")
    with pytest.raises(InvalidParameter, match="axes are probably swapped"):
        parse_ogcapi_bbox("8,102,24,110")


def test_a_box_across_the_180th_meridian_is_refused_in_so_many_words() -> None:
    with pytest.raises(InvalidParameter, match="180th meridian"):
        parse_ogcapi_bbox("170,-10,-170,10")


def test_upside_down_heights_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="height"):
        parse_ogcapi_bbox("102,8,5,110,24,1")


def test_a_point_is_a_box_for_features() -> None:
    assert parse_ogcapi_bbox("106,10,106,10").width == 0


def test_a_box_is_written_in_either_order() -> None:
    extent = Extent(*VIETNAM, find_crs(4326))
    assert extent.ordered("xy") == VIETNAM
    assert extent.ordered("yx") == (8.0, 102.0, 24.0, 110.0)
    assert (extent.width, extent.height) == (8.0, 16.0)


READERS: tuple[Callable[[str], Extent], ...] = (
    lambda text: parse_wms_bbox(text, SHORT, "1.3.0"),
    lambda text: parse_wfs_bbox(text, URN, "1.1.0"),
    lambda text: parse_ogcapi_bbox(text),
)


@pytest.mark.parametrize("parse", READERS)
@given(text=st.one_of(st.text(max_size=80), st.from_regex(r"(-?[0-9.e]{1,6},){3}-?[0-9.e]{1,6}(,EPSG:4326)?", fullmatch=True)))
def test_any_text_gives_a_finite_ordered_box_or_a_refusal(parse: Callable[[str], Extent], text: str) -> None:
    with suppress(InvalidParameter, InvalidCrs):
        extent = parse(text)
        assert all(math.isfinite(number) for number in extent.bounds)
        assert extent.minx <= extent.maxx
        assert extent.miny <= extent.maxy


@given(
    st.tuples(st.floats(-80, 80), st.floats(-80, 80), st.floats(0.001, 9), st.floats(0.001, 9)),
    st.sampled_from(all_crs()),
    st.sampled_from(["1.1.1", "1.3.0"]),
)
def test_a_wms_box_written_and_read_is_the_same_box(box: tuple[float, float, float, float], crs: Crs, version: str) -> None:
    west, south, width, height = box
    reference = CrsReference(crs, Spelling.SHORT)
    extent = Extent(west, south, west + width, south + height, reference.crs)
    turned = version == "1.3.0" and reference.crs.axis_order == "ne"
    text = ",".join(repr(number) for number in extent.ordered("yx" if turned else "xy"))
    assert parse_wms_bbox(text, reference, version) == extent
