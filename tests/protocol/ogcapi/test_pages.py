# SPDX-License-Identifier: MIT
"""Pages people read: a picture, every format to take home, and samples of code that name this server."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from server.ogcapi.page_parts import bound_geometry


def links(page: str) -> list[str]:
    """Addresses of downloads and pictures on a page."""
    return [html.unescape(found) for found in re.findall(r'(?:href|src)="(http://localhost[^"]+)"', page)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_collection_has_downloads_that_answer_and_samples(language: str, api: FlaskClient) -> None:
    page = api.get(f"/ogcapi/collections/permits?f=html&lang={language}").text
    offered = [link for link in links(page) if re.search(r"/items\?f=(?!html)", link)]
    assert len(offered) >= 8
    for link in offered:
        answer = api.get(link.removeprefix("http://localhost"))
        assert (answer.status_code, bool(answer.data)) == (200, True), link
        answer.close()
    for program in ("curl", "geopandas", "st_read", "QGIS"):
        assert program in page
    assert ("Tải về" if language == "vi" else "Downloads") in page
    assert "/static/build/pages.css" in page


def test_a_picture_shows_the_box_of_a_collection_of_a_page_and_of_a_feature(api: FlaskClient) -> None:
    boxes = []
    for path in ("wells", "wells/items", "wells/items/1"):
        picture = next(link for link in links(api.get(f"/ogcapi/collections/{path}?f=html").text) if "/wms?" in link)
        query = parse_qs(urlsplit(picture).query)
        boxes.append([float(number) for number in query["BBOX"][0].split(",")])
        assert query["LAYERS"][0].split(",")[-1].endswith("wells")
    for west, south, east, north in boxes:
        assert west < 105.31 < east
        assert south < 9.9 < north
    widths = [box[2] - box[0] for box in boxes]
    assert widths[2] < widths[1] <= widths[0] * 1.01


@pytest.mark.parametrize(("language", "count"), [("vi", "1.237 đối tượng"), ("en", "1,237 features")])
@pytest.mark.parametrize("path", ["", "/collections"])
def test_landing_page_and_list_show_the_open_collections_of_each_group(path: str, language: str, count: str, api: FlaskClient) -> None:
    page = api.get(f"/ogcapi{path}?f=html&lang={language}").text
    assert (count in page, "secrets" in page) == (True, False)
    for layer in ("wells", "zones", "permits"):
        assert f"/ogcapi/collections/{layer}?f=html" in page
    assert ("Minh hoạ" if language == "vi" else "Illustrative") in page


def test_samples_read_what_the_page_shows(api: FlaskClient) -> None:
    for path, wanted in (
        ("", "/ogcapi/collections?f=json"),
        ("/collections/wells", "/ogcapi/collections/wells/items?f=json&limit=10"),
        ("/collections/wells/items?filter=rank%3D1&limit=5", "/ogcapi/collections/wells/items?f=json&filter=rank%3D1&limit=10"),
        ("/collections/wells/items/7", "/ogcapi/collections/wells/items/7?f=json"),
    ):
        page = html.unescape(api.get(f"/ogcapi{path}{'&' if '?' in path else '?'}f=html").text)
        curl = re.search(r"curl '(http://localhost[^']+)'", page)
        assert curl is not None, path
        assert curl[1].removeprefix("http://localhost") == wanted
        assert api.get(wanted).status_code == 200
        assert page.count(f'("http://localhost{wanted.replace("limit=10", "limit=1000")}")') == 2, "Python and R"


def test_columns_without_values_are_left_out_unless_they_were_asked_for(api: FlaskClient) -> None:
    path = "/ogcapi/collections/wells/items?f=html&lang=en&filter=closed%20IS%20NULL&limit=5"
    assert "<th>Closed</th>" not in api.get(path).text
    assert "Columns empty on this page are hidden: 1" in api.get(path).text
    assert "<th>Closed</th>" in api.get(f"{path}&properties=name,closed").text


def test_the_other_language_keeps_the_filter_and_a_feature_leads_to_its_page_on_the_site(api: FlaskClient) -> None:
    page = html.unescape(api.get("/ogcapi/collections/wells/items?f=html&filter=rank%3D1").text)
    assert 'href="?filter=rank%3D1&f=html&lang=en"' in page
    assert 'href="http://localhost/wells/7?lang=en"' in api.get("/ogcapi/collections/wells/items/7?f=html&lang=en").text


def test_an_area_is_shown_alone_and_a_point_among_its_neighbours(api: FlaskClient) -> None:
    shown = {}
    for path in ("zones/items/2", "wells/items/7"):
        picture = next(link for link in links(api.get(f"/ogcapi/collections/{path}?f=html").text) if "/wms?" in link)
        shown[path] = parse_qs(urlsplit(picture).query)
    assert shown["zones/items/2"]["CQL_FILTER"][0].split(";")[-1] == "id = 2"
    assert shown["zones/items/2"]["CQL_FILTER"][0].count(";") == shown["zones/items/2"]["LAYERS"][0].count(",")
    assert "CQL_FILTER" not in shown["wells/items/7"]


def test_records_have_no_picture(api: FlaskClient) -> None:
    for path in ("permits", "permits/items", "permits/items/1"):
        assert "/wms?" not in api.get(f"/ogcapi/collections/{path}?f=html").text


def test_downloads_of_a_filtered_page_are_filtered_alike(api: FlaskClient) -> None:
    page = api.get("/ogcapi/collections/wells/items?f=html&filter=id%20%3D%201&limit=5").text
    geojson = next(link for link in links(page) if "items?f=json" in link and "filter" in link)
    assert [feature["id"] for feature in api.get(geojson.removeprefix("http://localhost")).get_json()["features"]] == [1]


@pytest.mark.parametrize(
    ("geometry", "box"),
    [
        (None, None),
        ({"type": "Point", "coordinates": []}, None),
        ({"type": "Point", "coordinates": [1, 2]}, (1, 2, 1, 2)),
        ({"type": "MultiPolygon", "coordinates": [[[[0, 1], [3, 4], [2, 0], [0, 1]]]]}, (0, 0, 3, 4)),
        ({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [5, 6]}]}, (5, 6, 5, 6)),
    ],
)
def test_the_box_of_any_geometry_is_found(geometry: dict[str, object] | None, box: tuple[float, ...] | None) -> None:
    assert bound_geometry(geometry) == box
