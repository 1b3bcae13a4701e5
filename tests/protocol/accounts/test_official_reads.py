# SPDX-License-Identifier: MIT
"""Staff read the official store of the layers they may edit, and what is published of all others."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from server.context import Context
from tests.protocol.accounts.conftest import DRAFT_NAME, PENDING_NAME, PHONE, Somebody
from tests.small_province import PERMIT_COUNT, WELL_COUNT

_WFS = "/wfs?service=WFS&version=1.1.0&request"
_ITEMS = "/ogcapi/collections/wells/items"


def read(who: Somebody, path: str) -> dict[str, Any]:
    answer = who.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.data)
    return found


def test_an_editor_sees_drafts_changes_and_every_field(editor: Somebody) -> None:
    pending = read(editor, f"{_ITEMS}/1")
    assert pending["geometry"]["coordinates"] == [106.5, 10.5]
    assert pending["properties"] | {"name": PENDING_NAME, "phone": PHONE, "version": 2, "review_state": "pending"} == pending["properties"]
    draft = read(editor, f"{_ITEMS}/2001")["properties"]
    assert (draft["name"], draft["review_state"], draft["version"], draft["zone"]) == (DRAFT_NAME, "draft", 1, 1)
    assert read(editor, f"{_ITEMS}/2")["properties"]["review_state"] == "approved"


def test_links_show_published_titles_only(editor: Somebody) -> None:
    assert read(editor, f"{_ITEMS}/2001")["properties"]["zone_title"] == "Khu số 1"


def test_an_editor_of_wells_reads_zones_as_everybody_does(editor: Somebody, anyone: Somebody) -> None:
    path = "/ogcapi/collections/zones/items"
    mine, public = read(editor, path), read(anyone, path)
    assert mine["features"] == public["features"]
    assert editor.get("/ogcapi/collections/secrets").status_code == 404


def test_an_admin_reads_everything(admin: Somebody) -> None:
    zone = read(admin, "/ogcapi/collections/zones/items/1")
    assert (zone["properties"]["name"], zone["properties"]["review_state"]) == ("Khu đang sửa", "pending")
    assert read(admin, "/ogcapi/collections/secrets/items?limit=1")["numberMatched"] == PERMIT_COUNT
    assert "xanh:secrets" in admin.get(f"{_WFS}=GetCapabilities").text


def test_a_geometry_kept_in_a_national_grid_arrives_where_it_is_published(admin: Somebody, anyone: Somebody) -> None:
    path = "/ogcapi/collections/zones/items?limit=5"
    for mine, public in zip(read(admin, path)["features"], read(anyone, path)["features"], strict=True):
        assert mine["geometry"] == public["geometry"]
        assert mine["id"] == public["id"]


@pytest.mark.parametrize(
    "question",
    [
        "limit=5",
        "limit=10000",
        "bbox=105.3,9.9,105.9,10.1&limit=10000",
        "kind=auto&limit=10000",
        "sortby=-depth&limit=50",
        "datetime=2021-01-01/..&limit=10000",
        "crs=http://www.opengis.net/def/crs/EPSG/0/3857&limit=7",
        "skipGeometry=true&limit=7",
        "offset=40&limit=7",
    ],
)
def test_the_same_questions_give_the_same_features(question: str, admin: Somebody, anyone: Somebody) -> None:
    """Apart from what is official only, rows, order, shapes and published properties agree."""
    changed = {1, 2001}
    mine = [one for one in read(admin, f"{_ITEMS}?{question}")["features"] if one["id"] not in changed]
    public = [one for one in read(anyone, f"{_ITEMS}?{question}")["features"] if one["id"] not in changed]
    assert len(public) >= 4
    for one, other in zip(mine, public, strict=False):
        assert (one["id"], one["geometry"]) == (other["id"], other["geometry"])
        assert one["properties"] | {**other["properties"], "zone_title": None} == one["properties"] | {"zone_title": None}


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("review_state=draft", [2001]),
        ("review_state=pending", [1]),
        ("version=2", [1]),
        ("phone=not-for-all&limit=2", [1, 2]),
        ("sortby=-version&limit=1", [1]),
        ("properties=phone&limit=1", [1]),
    ],
)
def test_official_fields_can_be_filtered_sorted_and_chosen(question: str, ids: list[int], editor: Somebody) -> None:
    page = read(editor, f"{_ITEMS}?{question}")
    assert [one["id"] for one in page["features"]] == ids
    if question.startswith("properties"):
        assert page["features"][0]["properties"] == {"phone": PHONE}


def test_pages_follow_one_another_and_count_what_is_there(editor: Somebody) -> None:
    seen: list[int] = []
    path: str | None = f"{_ITEMS}?limit=500"
    while path:
        page = read(editor, path)
        assert page["numberMatched"] == WELL_COUNT + 1
        seen += [one["id"] for one in page["features"]]
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert seen == [*range(1, WELL_COUNT + 1), 2001]
    last = read(editor, f"{_ITEMS}?limit=500&cursor=n{1000:x}")
    back = next(link["href"] for link in last["links"] if link["rel"] == "prev")
    assert [one["id"] for one in read(editor, back)["features"]] == list(range(501, 1001))


def test_gml_holds_the_same_as_json(editor: Somebody) -> None:
    answer = editor.get(f"{_WFS}=GetFeature&typename=wells&featureid=wells.2001")
    names = {"xanh": "urn:xanh:layers", "gml": "http://www.opengis.net/gml"}
    feature = ElementTree.fromstring(answer.data).find("gml:featureMember/xanh:wells", names)
    assert feature is not None
    assert feature.findtext("xanh:review_state", namespaces=names) == "draft"
    assert feature.findtext("xanh:phone", namespaces=names) == PHONE
    assert feature.findtext("xanh:version", namespaces=names) == "1"
    assert feature.findtext("xanh:geom/gml:Point/gml:pos", namespaces=names) == "10.4 105.9"
    json_page = read(editor, f"{_WFS}=GetFeature&typename=wells&featureid=wells.2001&outputformat=json")
    assert json_page["features"][0]["properties"]["name"] == DRAFT_NAME


def test_hits_count_the_store_that_is_read(editor: Somebody) -> None:
    assert f'numberOfFeatures="{WELL_COUNT + 1}"' in editor.get(f"{_WFS}=GetFeature&typename=wells&resulttype=hits").text
    assert 'numberOfFeatures="12"' in editor.get(f"{_WFS}=GetFeature&typename=zones&resulttype=hits").text


def test_tables_and_pages_for_people_show_what_staff_may_see(editor: Somebody) -> None:
    table = editor.get(f"{_ITEMS}?f=csv&review_state=draft").text
    assert "review_state" in table.splitlines()[0]
    assert DRAFT_NAME in table
    assert DRAFT_NAME in editor.get(f"{_ITEMS}?f=html&review_state=draft&lang=vi").text
    assert DRAFT_NAME in editor.get(f"{_ITEMS}/2001?f=html").text


def test_schemas_name_what_staff_get(editor: Somebody, anyone: Somebody) -> None:
    described = editor.get(f"{_WFS}=DescribeFeatureType&typename=wells").text
    for name in ("phone", "version", "review_state"):
        assert f'name="{name}"' in described
    for path in ("schema", "queryables"):
        assert {"phone", "version", "review_state"} <= read(editor, f"/ogcapi/collections/wells/{path}")["properties"].keys()
        assert not {"version"} & read(editor, f"/ogcapi/collections/zones/{path}")["properties"].keys()
    assert read(editor, "/ogcapi/collections/wells/schema")["properties"]["version"]["readOnly"] is True
    assert 'name="phone"' not in anyone.get(f"{_WFS}=DescribeFeatureType&typename=wells").text


@pytest.mark.parametrize(
    "path",
    [f"{_ITEMS}?limit=2", f"{_ITEMS}?limit=2000", f"{_ITEMS}/1", f"{_ITEMS}?f=html", f"{_WFS}=GetCapabilities", "/ogcapi/collections"],
)
def test_answers_to_staff_are_kept_by_nobody(path: str, editor: Somebody, anyone: Somebody) -> None:
    answer = editor.get(path, If_None_Match="*")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers.get("ETag") == ('"v2"' if path == f"{_ITEMS}/1" else None)
    assert "Authorization" in ",".join(answer.headers.getlist("Vary"))
    tag = anyone.get(path).headers.get("ETag")
    assert editor.get(path, If_None_Match=tag or "x").status_code == 200


def test_an_official_layer_that_was_never_published_is_there_for_its_editors(admin: Somebody, anyone: Somebody, context: Context) -> None:
    with context.database.owner() as connection:
        kept = connection.execute("DELETE FROM published.catalogue WHERE layer = 'permits' RETURNING *").fetchone()
        assert kept is not None
    try:
        assert anyone.get("/ogcapi/collections/permits").status_code == 404
        assert read(admin, "/ogcapi/collections/permits")["id"] == "permits"
        assert read(admin, "/ogcapi/collections/permits/items?limit=1")["numberMatched"] == PERMIT_COUNT
        assert "xanh:permits" in admin.get(f"{_WFS}=GetCapabilities").text
    finally:
        with context.database.owner() as connection:
            places = ", ".join(["%s"] * len(kept))
            connection.execute(f"INSERT INTO published.catalogue VALUES ({places})".encode(), kept)


@pytest.mark.parametrize("value", ["'; DROP TABLE official.wells; --", "1 OR 1=1", "%", "\\", '"'])
def test_hostile_values_are_values(value: str, editor: Somebody) -> None:
    assert editor.client.get(_ITEMS, query_string={"name": value}, headers={"Authorization": editor.credentials or ""}).status_code == 200
    assert read(editor, f"{_ITEMS}?limit=1")["numberMatched"] == WELL_COUNT + 1
