# SPDX-License-Identifier: MIT
"""Pages of features (17-069r4 7.15, 7.16)."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient

from server.context import Context
from tests.small_province import PERMIT_COUNT, WELL_COUNT, ZONE_COUNT

ITEMS = "/ogcapi/collections/wells/items"


def relative(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def links(document: dict[str, list[dict[str, str]]]) -> dict[str, dict[str, str]]:
    return {link["rel"]: link for link in document["links"]}


@pytest.mark.parametrize(("layer", "count"), [("wells", WELL_COUNT), ("zones", ZONE_COUNT), ("permits", PERMIT_COUNT)])
def test_every_collection_tells_and_gives_all_its_features(layer: str, count: int, api: FlaskClient) -> None:
    answer = api.get(f"/ogcapi/collections/{layer}/items?limit=5000")
    document = answer.get_json()
    assert answer.content_type == "application/geo+json"
    assert (document["numberMatched"], document["numberReturned"], len(document["features"])) == (count, count, count)
    assert answer.headers["OGC-NumberMatched"] == str(count)
    assert "next" not in links(document)
    assert document["timeStamp"].endswith("Z")


def test_the_counts_stand_behind_the_features_so_that_nothing_waits(api: FlaskClient) -> None:
    text = api.get(f"{ITEMS}?limit=3").data
    assert text.startswith(b'{"type":"FeatureCollection","features":[')
    assert text.index(b'"numberMatched"') > text.rindex(b'"Feature"')


def test_without_a_limit_the_default_page_is_answered(api: FlaskClient, context: Context) -> None:
    assert api.get(ITEMS).get_json()["numberReturned"] == context.settings.limits.default_items == 1000


def test_a_limit_above_the_ceiling_is_lowered_not_refused(api: FlaskClient) -> None:
    assert api.get(f"{ITEMS}?limit=999999999999").get_json()["numberReturned"] == WELL_COUNT


@pytest.mark.parametrize(
    "query",
    [
        "limit=100",
        "limit=100&kind=auto",
        "limit=7&bbox=105.3,9.9,105.6,10.1",
        "limit=300&crs=" + quote("http://www.opengis.net/def/crs/EPSG/0/5897", ""),
    ],
)
def test_next_links_visit_every_feature_once_and_prev_links_lead_back(query: str, api: FlaskClient) -> None:
    pages, address = [], f"{ITEMS}?{query}"
    while address:
        answer = api.get(relative(address))
        document = answer.get_json()
        pages.append([feature["id"] for feature in document["features"]])
        following = links(document).get("next")
        assert (following is None) is ("Link" not in answer.headers)
        assert following is None or following["type"] == "application/geo+json"
        address = following["href"] if following else ""
    ids = [feature_id for page in pages for feature_id in page]
    assert len(ids) == len(set(ids)) == document["numberMatched"] > 100
    for page in reversed(pages[:-1]):
        document = api.get(relative(links(document)["prev"]["href"])).get_json()
        assert [feature["id"] for feature in document["features"]] == page
    assert "prev" not in links(document)


def test_sorted_pages_go_by_offset_and_visit_every_feature_once(api: FlaskClient) -> None:
    ids, address = [], f"{ITEMS}?limit=400&sortby=-rank,name&kind=hand"
    ranks = []
    while address:
        document = api.get(relative(address)).get_json()
        ids += [feature["id"] for feature in document["features"]]
        ranks += [feature["properties"]["rank"] for feature in document["features"]]
        address = links(document).get("next", {"href": ""})["href"]
    assert len(ids) == len(set(ids)) == document["numberMatched"]
    assert ranks == sorted(ranks, reverse=True)


def test_an_offset_skips(api: FlaskClient) -> None:
    document = api.get(f"{ITEMS}?offset=5&limit=2").get_json()
    assert [feature["id"] for feature in document["features"]] == [6, 7]
    assert "offset=3" in links(document)["prev"]["href"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("name=" + quote("Gò Công"), [1]),
        ("name=", [3]),
        ("rank=1&automatic=true&depth=3.75", [15]),
        ("code=G00009", [9]),
        ("measured=2025-01-01T05:00:00Z", [5]),
        ("zone=3", [3]),
        ("name=x%27%20OR%201=1--", []),
        ("datetime=2020-01-02/2020-01-04&limit=3", [1, 2, 3]),
        ("datetime=../2020-01-02", [1]),
    ],
)
def test_fields_and_times_filter(query: str, expected: list[int], api: FlaskClient) -> None:
    document = api.get(f"{ITEMS}?{query}").get_json()
    assert [feature["id"] for feature in document["features"]] == expected


def test_fields_can_be_chosen_and_geometry_left_out(api: FlaskClient) -> None:
    feature = api.get(f"{ITEMS}?limit=1&properties=rank,name&skipGeometry=true").get_json()["features"][0]
    assert feature["properties"] == {"name": "Gò Công", "rank": 1}
    assert feature["geometry"] is None


def test_fields_that_are_not_public_appear_nowhere(api: FlaskClient) -> None:
    assert b"not-for-all" not in api.get(f"{ITEMS}?limit=5000").data
    assert b"phone" not in api.get("/ogcapi/collections/wells/schema").data


def test_one_feature_has_its_links_and_the_crs_asked_for(api: FlaskClient) -> None:
    answer = api.get(f"{ITEMS}/1?crs=http://www.opengis.net/def/crs/EPSG/0/4326")
    feature = answer.get_json()
    assert (feature["id"], feature["geometry"]["coordinates"]) == (1, [9.9, 105.31])
    assert answer.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/EPSG/0/4326>"
    assert {"self", "alternate", "collection"} <= set(links(feature))
    assert relative(links(feature)["collection"]["href"]) == "/ogcapi/collections/wells"


@pytest.mark.parametrize("path", ["/0", f"/{WELL_COUNT + 1}", "/-1", "/x", "/1.0", "/99999999999999999999999", "/1%00", "/" + quote("１")])
def test_a_feature_that_is_not_there_is_not_found(path: str, api: FlaskClient) -> None:
    answer = api.get(ITEMS + path)
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "NotFound"


def test_records_have_null_geometry(api: FlaskClient) -> None:
    assert api.get("/ogcapi/collections/permits/items?limit=1").get_json()["features"][0]["geometry"] is None


def test_head_has_the_headers_and_options_the_methods(api: FlaskClient) -> None:
    answer = api.head(f"{ITEMS}?limit=2")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"]
    assert set(api.options(ITEMS).headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
