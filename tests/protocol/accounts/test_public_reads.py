# SPDX-License-Identifier: MIT
"""Without credentials, and from other agencies, only what is published is ever seen."""

from __future__ import annotations

import pytest

from tests.protocol.accounts.conftest import DRAFT_NAME, PENDING_NAME, PHONE, Somebody, write_basic
from tests.small_province import WELL_COUNT

_WFS = "/wfs?service=WFS&version=1.1.0&request"
_MAP = "/wms?service=WMS&version=1.3.0&request"
_FRAME = "&crs=CRS:84&bbox=105,9,107,12&width=90&height=90"
_ITEMS = "/ogcapi/collections/wells/items"
_ANSWERS = (
    f"{_ITEMS}?limit=10000",
    f"{_ITEMS}?limit=10",
    f"{_ITEMS}?limit=10000&crs=http://www.opengis.net/def/crs/EPSG/0/3857",
    f"{_ITEMS}?limit=200&f=html",
    f"{_ITEMS}?f=csv&limit=10000",
    f"{_ITEMS}?sortby=-name&limit=10000",
    f"{_ITEMS}/1",
    f"{_ITEMS}/1?f=html",
    f"{_ITEMS}?bbox=105,9,107,12&limit=10000",
    f"{_WFS}=GetFeature&typename=wells",
    f"{_WFS}=GetFeature&typename=wells&outputformat=json",
    f"{_WFS}=GetFeature&typename=wells&propertyname=name",
    f"{_WFS}=GetFeature&typename=wells&featureid=wells.1,wells.2001",
    f"{_WFS}=GetFeature&typename=wells&srsname=EPSG:9210&maxfeatures=5",
    "/map/search?q=gieng con nhap",
    "/map/search?q=not-for-all",
    "/map/config.json",
)


@pytest.mark.parametrize("path", _ANSWERS)
def test_drafts_private_fields_and_unapproved_changes_are_in_no_answer(path: str, anyone: Somebody, agency: Somebody) -> None:
    for who in (anyone, agency):
        answer = who.get(path)
        assert answer.status_code == 200, answer.text
        for secret in (DRAFT_NAME, PENDING_NAME, PHONE, "review_state", '"version"', "phone"):
            assert secret not in answer.text, secret


@pytest.mark.parametrize(
    "path",
    [
        f"{_ITEMS}/2001",
        f"{_ITEMS}?phone=not-for-all",
        f"{_ITEMS}?review_state=draft",
        f"{_ITEMS}?sortby=phone",
        f"{_ITEMS}?properties=phone",
        f"{_WFS}=GetFeature&typename=wells&propertyname=phone",
        f"{_WFS}=GetFeature&typename=wells&sortby=phone",
        f"{_WFS}=GetFeature&typename=wells&filter=<Filter><PropertyIsEqualTo><PropertyName>phone</PropertyName>"
        "<Literal>x</Literal></PropertyIsEqualTo></Filter>",
        f"{_WFS}=GetFeature&typename=wells&filter=<Filter><PropertyIsEqualTo><PropertyName>review_state</PropertyName>"
        "<Literal>draft</Literal></PropertyIsEqualTo></Filter>",
    ],
)
def test_what_is_private_can_be_neither_asked_nor_filtered_nor_sorted(path: str, anyone: Somebody, agency: Somebody) -> None:
    for who in (anyone, agency):
        assert who.get(path).status_code in (400, 404)


def test_counts_are_those_of_what_is_published(anyone: Somebody) -> None:
    assert f'numberOfFeatures="{WELL_COUNT}"' in anyone.get(f"{_WFS}=GetFeature&typename=wells&resulttype=hits").text
    assert (anyone.get(f"{_ITEMS}?limit=1").json or {})["numberMatched"] == WELL_COUNT


@pytest.mark.parametrize("path", ["schema", "queryables"])
def test_schemas_name_public_fields_only(path: str, anyone: Somebody) -> None:
    properties = (anyone.get(f"/ogcapi/collections/wells/{path}").json or {})["properties"]
    assert not properties.keys() & {"phone", "version", "review_state"}
    assert 'name="phone"' not in anyone.get(f"{_WFS}=DescribeFeatureType").text


@pytest.mark.parametrize(
    "path",
    [
        "/ogcapi/collections",
        "/ogcapi/collections?f=html",
        "/ogcapi/openapi",
        f"{_WFS}=GetCapabilities",
        f"{_WFS}=DescribeFeatureType",
        "/wms?service=WMS&version=1.3.0&request=GetCapabilities",
        "/map/config.json",
        "/map/search?q=5/GPMT",
        "/map/search?q=khu so",
    ],
)
def test_a_layer_that_is_not_public_is_named_nowhere(path: str, anyone: Somebody) -> None:
    answer = anyone.get(path)
    assert answer.status_code == 200, answer.text
    assert "secrets" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/ogcapi/collections/secrets",
        "/ogcapi/collections/secrets/schema",
        "/ogcapi/collections/secrets/items",
        "/ogcapi/collections/secrets/items/1",
        f"{_WFS}=GetFeature&typename=secrets",
        f"{_WFS}=GetFeature&featureid=secrets.1",
        f"{_WFS}=DescribeFeatureType&typename=secrets",
        f"{_WFS}=GetFeature&typename=secrets_map",
        "/ogcapi/collections/secrets_map/items",
        f"{_MAP}=GetMap&layers=secrets_map&styles=&format=image/png{_FRAME}",
        f"{_MAP}=GetMap&layers=zones,secrets_map&styles=,&format=image/png{_FRAME}",
        f"{_MAP}=GetFeatureInfo&layers=secrets_map&query_layers=secrets_map&styles=&info_format=application/json&i=1&j=1{_FRAME}",
        f"{_MAP}=GetLegendGraphic&layer=secrets_map&format=image/png&sld_version=1.1.0",
    ],
)
def test_a_layer_that_is_not_public_answers_like_one_that_does_not_exist(path: str, anyone: Somebody, agency: Somebody) -> None:
    for who in (anyone, agency):
        hidden, absent = who.get(path), who.get(path.replace("secrets", "nothing"))
        assert hidden.status_code == absent.status_code in (400, 404)
        assert hidden.text.replace("secrets", "nothing") == absent.text


def test_the_map_knows_nobody_and_ignores_credentials(editor: Somebody, anyone: Somebody) -> None:
    path = "/map/search?q=gieng con nhap"
    assert editor.get(path).json == anyone.get(path).json
    wrong = Somebody(editor.client, write_basic("lan", "wrong"))
    assert wrong.get("/map/config.json").status_code == 200


def test_public_answers_keep_their_tags(anyone: Somebody) -> None:
    answer = anyone.get(f"{_ITEMS}?limit=1")
    assert answer.headers["ETag"]
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "WWW-Authenticate" not in answer.headers
