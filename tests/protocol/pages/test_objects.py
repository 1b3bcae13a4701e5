# SPDX-License-Identifier: MIT
"""Pages of objects: permanent addresses, what stands on them, and what is said when there is none."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog
from server.config import Settings


@pytest.fixture(scope="module")
def catalog(settings: Settings) -> Catalog:
    return read_catalog(settings)


def find_address(client: FlaskClient, page_name: str, feature_id: int = 1) -> str:
    answer = client.get(f"/{page_name}/{feature_id}")
    assert answer.status_code in (200, 301)
    return str(answer.headers.get("Location", f"/{page_name}/{feature_id}"))


def first_item(client: FlaskClient, layer: str) -> dict[str, object]:
    items = client.get(f"/ogcapi/collections/{layer}/items?f=json&limit=1").get_json()["features"]
    found: dict[str, object] = items[0]
    return found


def test_every_public_layer_has_pages(client: FlaskClient, catalog: Catalog) -> None:
    for layer in catalog.feature_layers():
        if layer.rights.read != "public":
            continue
        items = client.get(f"/ogcapi/collections/{layer.id}/items?f=json&limit=1").get_json()["features"]
        for item in items:
            answer = client.get(f"/{layer.page_name}/{item['id']}", follow_redirects=True)
            assert answer.status_code == 200, layer.id
            assert layer.title.vi in unescape(answer.text)


def test_the_number_decides_and_the_name_is_corrected(client: FlaskClient) -> None:
    address = find_address(client, "tram")
    assert re.fullmatch(r"/tram/1-[a-z0-9-]+", address)
    assert client.get(address).status_code == 200
    wrong = client.get("/tram/1-another-name")
    assert wrong.status_code == 301
    assert wrong.headers["Location"] == address


def test_the_page_says_what_the_feature_says_in_words(client: FlaskClient) -> None:
    item = first_item(client, "stations")
    values = item["properties"]
    assert isinstance(values, dict)
    page = unescape(client.get(f"/tram/{item['id']}", follow_redirects=True).text)
    assert values["name"] in page
    assert values["code"] in page
    assert "Hình thức quan trắc" in page
    assert values["kind"] not in re.findall(r"<dd>(.*?)</dd>", page)  # the code's title, not the code


def test_the_page_is_complete_in_english(client: FlaskClient) -> None:
    page = client.get(find_address(client, "tram") + "?lang=en").text
    assert '<html lang="en">' in page
    assert "Monitoring stations and points" in page
    assert "Nearby" in page
    assert "Gần đây" not in page


def test_records_without_geometry_have_a_page_without_map(client: FlaskClient) -> None:
    page = client.get("/giay-phep/1", follow_redirects=True).text
    assert "<dl" in page
    assert "REQUEST=GetMap" not in page


def test_links_lead_both_ways(client: FlaskClient) -> None:
    permit = client.get("/ogcapi/collections/environmental_permits/items?f=json&limit=1").get_json()["features"][0]
    facility = permit["properties"]["facility"]
    page = client.get(f"/giay-phep/{permit['id']}", follow_redirects=True).text
    assert re.search(rf'href="/co-so/{facility}-[a-z0-9-]+"', page)
    back = client.get(f"/co-so/{facility}", follow_redirects=True).text
    assert re.search(rf'href="/giay-phep/{permit["id"]}-[a-z0-9-]+"', back)


def test_programs_get_geojson_by_asking_for_it(client: FlaskClient) -> None:
    answer = client.get(find_address(client, "tram"), headers={"Accept": "application/geo+json"}, follow_redirects=True)
    assert answer.mimetype == "application/geo+json"
    assert answer.get_json()["id"] == 1


def test_the_linked_data_can_be_read_and_name_the_place(client: FlaskClient) -> None:
    page = client.get(find_address(client, "tram")).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    described = json.loads(found.group(1))
    assert described["@type"] == "Place"
    lon, lat = first_item(client, "stations")["geometry"]["coordinates"]  # type: ignore[index]
    assert described["geo"]["longitude"] == pytest.approx(lon)
    assert described["geo"]["latitude"] == pytest.approx(lat)


def test_illustrative_objects_say_so(client: FlaskClient) -> None:
    assert "Số liệu minh hoạ" in client.get("/diem-xa/1", follow_redirects=True).text


def test_former_communes_say_until_when_they_were(client: FlaskClient) -> None:
    former = client.get("/ogcapi/collections/communes/items?f=json&limit=1&filter=valid_to IS NOT NULL").get_json()["features"][0]
    assert "Không còn hiệu lực từ" in client.get(f"/xa-phuong/{former['id']}", follow_redirects=True).text


@pytest.mark.parametrize(
    "path", ["/tram/999999999", "/tram/0", "/tram/x", "/tram/1'; DROP TABLE x--", "/tram/99999999999999999999", "/tram/%00", "/tram/-1"]
)
def test_what_is_not_there_is_a_page_with_a_way_on(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'action="/tim"' in answer.text


def test_no_page_needs_script_or_inline_styles(client: FlaskClient) -> None:
    for path in ("/", "/tim?q=go+cong", find_address(client, "tram")):
        answer = client.get(path)
        assert "style=" not in answer.text
        assert re.findall(r"<script(?! type=\"application/ld\+json\")", answer.text) == []
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
