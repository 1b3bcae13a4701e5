# SPDX-License-Identifier: MIT
"""CQL_FILTER and FILTER narrow each layer of a map, and of a question about it, by public fields alone."""

from __future__ import annotations

import pytest
from flask import Flask

from server.context import Context
from server.ows.systems import offered_systems
from server.wms.frame import read_frame
from server.wms.layers import LayerBook
from tests.protocol.wms.conftest import Wms, read_exception, read_json

INVALID = "InvalidParameterValue"
_XML = (
    '<Filter xmlns="http://www.opengis.net/ogc"><PropertyIsEqualTo><PropertyName>kind</PropertyName><Literal>auto</Literal>'
    "</PropertyIsEqualTo></Filter>"
)


def _blank(wms: Wms) -> bytes:
    return bytes(wms.map(CQL_FILTER="EXCLUDE").data)


def test_include_is_the_whole_map_and_exclude_an_empty_one(wms: Wms) -> None:
    assert wms.map(CQL_FILTER="INCLUDE").data == wms.map().data
    assert wms.picture(CQL_FILTER="EXCLUDE").is_solid()


def test_a_filter_draws_some(wms: Wms) -> None:
    some = wms.map(CQL_FILTER="kind='auto'").data
    assert some not in (wms.map().data, _blank(wms))


@pytest.mark.parametrize(
    "text",
    [
        "kind = 'auto'",
        "kind IN ('auto')",
        "kind LIKE 'aut%'",
        "kind ILIKE 'AUT%'",
        "strToLower(kind) = 'AUTO'",
        "NOT (kind <> 'auto')",
        "NOT kind != 'auto'",
        "kind='auto' AND BBOX(the_geom, 100, 0, 110, 30)",
        "kind='auto' AND INTERSECTS(geom, POLYGON((100 0, 110 0, 110 30, 100 30, 100 0)))",
        "kind='auto' and id > 0",
        "kind='auto' AND DWITHIN(geom, POINT(105.8 10.5), 2000, kilometers)",
        "kind='auto' AND NOT BEYOND(geom, SRID=3857;POINT(11777000 1177000), 2000000, meters)",
        "kind='auto' AND BBOX(geom, 11000000, 0, 12500000, 3500000, 'EPSG:3857')",
    ],
)
def test_everyday_filters_of_other_servers_give_one_picture(wms: Wms, text: str) -> None:
    answer = wms.map(CQL_FILTER=text)
    assert answer.status_code == 200, answer.text
    assert answer.data == wms.map(FILTER=_XML).data


def test_each_layer_has_its_own_filter(wms: Wms) -> None:
    both = wms.map(LAYERS="communes,stations", CQL_FILTER="EXCLUDE;kind='auto'").data
    assert both == wms.map(CQL_FILTER="kind='auto'").data


def test_semicolons_inside_texts_do_not_part_filters(wms: Wms) -> None:
    assert wms.map(CQL_FILTER="name = 'a;b'").data == _blank(wms)


def test_a_question_about_the_map_obeys_the_same_filter(wms: Wms) -> None:
    asked: dict[str, str | int] = {"REQUEST": "GetFeatureInfo", "QUERY_LAYERS": "stations", "INFO_FORMAT": "application/json"}
    asked |= {"I": 1, "J": 1, "WIDTH": 3, "HEIGHT": 3, "FEATURE_COUNT": 50}
    for kind in ("periodic", "auto"):
        found = read_json(wms.map(**asked, CQL_FILTER=f"kind='{kind}'"))["features"]
        assert {one["properties"]["kind"] for one in found} == {kind}


@pytest.mark.parametrize(
    ("wrong", "locator"),
    [
        ({"CQL_FILTER": "password = 'x'"}, "password"),
        ({"CQL_FILTER": "kind = "}, "CQL_FILTER"),
        ({"CQL_FILTER": "kind='auto';kind='auto'"}, "CQL_FILTER"),
        ({"CQL_FILTER": "kind='auto' OR pg_sleep(9) = 1"}, "CQL_FILTER"),
        ({"CQL_FILTER": "kind='x'; DROP TABLE x --"}, "CQL_FILTER"),
        ({"CQL_FILTER": "(" * 1000}, "CQL_FILTER"),
        ({"CQL_FILTER": "NOT " * 1000 + "kind='x'"}, "CQL_FILTER"),
        ({"CQL_FILTER": "id = 'x'"}, "id"),
        ({"CQL_FILTER": "BBOX(geom, 1, 2)"}, "CQL_FILTER"),
        ({"CQL_FILTER": "DWITHIN(geom, POINT(105 10), 10, cubits)"}, "CQL_FILTER"),
        ({"CQL_FILTER": "DWITHIN(geom, POINT(105 10), -10, meters)"}, "distance"),
        ({"CQL_FILTER": "DWITHIN(geom, POINT(105 10), 1e300, kilometers)"}, "distance"),
        ({"CQL_FILTER": "DWITHIN(geom, POINT(105 10))"}, "CQL_FILTER"),
        ({"CQL_FILTER": "BBOX(geom, 1, 2, 3, 4, 'x'' OR 1=1')"}, "CQL_FILTER"),
        ({"CQL_FILTER": "INTERSECTS(geom, SRID=999999;POINT(105 10))"}, "CQL_FILTER"),
        ({"CQL_FILTER": "INTERSECTS(location_of_nothing, POINT(105 10))"}, "location_of_nothing"),
        ({"CQL_FILTER": "kind ILIKE"}, "CQL_FILTER"),
        ({"CQL_FILTER": "kind='a'", "FILTER": _XML}, "CQL_FILTER"),
        ({"FILTER": "<Filter/>"}, "FILTER"),
        ({"FILTER": f"({_XML})({_XML})"}, "FILTER"),
        ({"FILTER": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Filter>&x;</Filter>'}, "FILTER"),
    ],
)
def test_a_wrong_filter_is_named(wms: Wms, wrong: dict[str, str], locator: str) -> None:
    answer = wms.map(**wrong)
    assert answer.status_code == 400
    code, found, text = read_exception(answer)
    assert code in (INVALID, "OperationNotSupported", "InvalidCRS")
    assert found == locator
    assert "SELECT" not in text


def test_maps_with_filters_read_the_full_table_and_others_the_pyramid(app: Flask) -> None:
    context: Context = app.extensions["xanh"]
    book = LayerBook(context, offered_systems(context.settings))
    layer = next(name for name, state in book.states().items() if state.pyramid_bands)
    parameters = {"LAYERS": layer, "CRS": "EPSG:3857", "BBOX": "0,0,1,1", "WIDTH": "10", "HEIGHT": "10"}
    bands = [
        book.choose_layers(read_frame({**parameters, **more}, "1.3.0", context.settings.limits)).layers[0].pyramid_bands
        for more in ({}, {"CQL_FILTER": "INCLUDE"}, {"CQL_FILTER": "id > 1"})
    ]
    assert bands[0] == bands[1] == book.states()[layer].pyramid_bands
    assert bands[2] == ()
