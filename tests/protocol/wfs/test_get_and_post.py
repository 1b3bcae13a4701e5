# SPDX-License-Identifier: MIT
"""The same question by GET and by POST is answered with the same bytes."""

from __future__ import annotations

import pytest

from tests.protocol.wfs.conftest import NAMES, Wfs, without_time

FILTER = (
    f'<ogc:Filter xmlns:ogc="{NAMES["ogc"]}" xmlns:gml="{NAMES["gml"]}"><ogc:And><ogc:PropertyIsGreaterThan>'
    "<ogc:PropertyName>wqi</ogc:PropertyName><ogc:Literal>30</ogc:Literal></ogc:PropertyIsGreaterThan>"
    '<ogc:BBOX><ogc:PropertyName>geom</ogc:PropertyName><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">'
    "<gml:lowerCorner>9 104</gml:lowerCorner><gml:upperCorner>11 107</gml:upperCorner></gml:Envelope></ogc:BBOX></ogc:And></ogc:Filter>"
)
SORT_KEY = "<ogc:PropertyName>wqi</ogc:PropertyName><ogc:SortOrder>DESC</ogc:SortOrder>"
SORT = f"<ogc:SortBy><ogc:SortProperty>{SORT_KEY}</ogc:SortProperty></ogc:SortBy>"


@pytest.mark.parametrize(
    ("parameters", "attributes", "query", "inside"),
    [
        ({"TYPENAME": "stations"}, {}, 'typeName="xanh:stations"', ""),
        ({"TYPENAME": "stations", "MAXFEATURES": 5, "STARTINDEX": 3}, {"maxFeatures": 5, "startIndex": 3}, 'typeName="stations"', ""),
        ({"TYPENAME": "stations", "RESULTTYPE": "hits"}, {"resultType": "hits"}, 'typeName="stations"', ""),
        ({"TYPENAME": "stations", "OUTPUTFORMAT": "json"}, {"outputFormat": "json"}, 'typeName="stations"', ""),
        ({"TYPENAME": "places", "SRSNAME": "EPSG:3857"}, {}, 'typeName="places" srsName="EPSG:3857"', ""),
        (
            {"TYPENAME": "stations", "PROPERTYNAME": "geom,name"},
            {},
            'typeName="stations"',
            "<wfs:PropertyName>xanh:geom</wfs:PropertyName><wfs:PropertyName>name</wfs:PropertyName>",
        ),
        ({"TYPENAME": "stations", "FILTER": FILTER, "SORTBY": "wqi D"}, {}, 'typeName="stations"', FILTER + SORT),
        (
            {"FEATUREID": "stations.3,stations.5"},
            {},
            'typeName="stations"',
            '<ogc:Filter><ogc:FeatureId fid="stations.3"/><ogc:GmlObjectId gml:id="stations.5"/></ogc:Filter>',
        ),
    ],
)
def test_both_ways_give_the_same_bytes(
    wfs: Wfs, parameters: dict[str, str | int], attributes: dict[str, str | int], query: str, inside: str
) -> None:
    got = wfs.get(REQUEST="GetFeature", **parameters)
    posted = wfs.post("GetFeature", f"<wfs:Query {query}>{inside}</wfs:Query>", **attributes)
    assert got.status_code == posted.status_code == 200
    assert got.content_type == posted.content_type
    assert without_time(got) == without_time(posted)


def test_several_queries_are_several_types(wfs: Wfs) -> None:
    got = wfs.get(REQUEST="GetFeature", TYPENAME="stations,places", MAXFEATURES=300)
    posted = wfs.post("GetFeature", '<wfs:Query typeName="stations"/><wfs:Query typeName="places"/>', maxFeatures=300)
    assert without_time(got) == without_time(posted)


def test_a_form_is_read_like_a_query_string(wfs: Wfs) -> None:
    parameters = {"SERVICE": "WFS", "VERSION": "1.1.0", "REQUEST": "GetFeature", "TYPENAME": "stations", "FILTER": FILTER}
    assert without_time(wfs.client.post("/wfs", data=parameters)) == without_time(wfs.client.get("/wfs", query_string=parameters))


def test_groups_in_brackets_hold_for_each_type(wfs: Wfs) -> None:
    got = wfs.get(REQUEST="GetFeature", TYPENAME="(stations)(places)", PROPERTYNAME="(name,wqi)(name)", MAXFEATURES=300)
    posted = wfs.post(
        "GetFeature",
        '<wfs:Query typeName="stations"><wfs:PropertyName>name</wfs:PropertyName><wfs:PropertyName>wqi</wfs:PropertyName></wfs:Query>'
        '<wfs:Query typeName="places"><wfs:PropertyName>name</wfs:PropertyName></wfs:Query>',
        maxFeatures=300,
    )
    assert got.status_code == 200
    assert without_time(got) == without_time(posted)
