# SPDX-License-Identifier: MIT
"""Landing page, conformance, OpenAPI, collections: what clients read before they ask for features."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from server.context import Context
from tests.small_province import make_catalog

SCHEMA_REL = "http://www.opengis.net/def/rel/ogc/1.0/schema"


def get(api: FlaskClient, path: str) -> dict[str, Any]:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.get_json(force=True)
    return document


def by_rel(links: list[dict[str, str]], media_type: str) -> dict[str, str]:
    return {link["rel"]: urlsplit(link["href"]).path for link in links if link["type"].startswith(media_type)}


def test_the_landing_page_leads_to_everything(api: FlaskClient) -> None:
    links = get(api, "/ogcapi")["links"]
    found = {link["rel"]: link for link in links}
    assert found["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    names = ("tilesets-vector", "tilesets-map", "tiling-schemes", "styles", "ogc-catalog", "processes", "job-list")
    further = {f"http://www.opengis.net/def/rel/ogc/1.0/{name}" for name in names}
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} | further == set(found)


@pytest.mark.parametrize("path", ["/ogcapi", "/ogcapi/collections", "/ogcapi/collections/wells", "/ogcapi/collections/permits"])
def test_every_link_to_us_answers_with_the_type_it_promises(path: str, api: FlaskClient) -> None:
    document = get(api, path)
    links = document["links"] + [link for each in document.get("collections", []) for link in each["links"]]
    own = [link for link in links if link["href"].startswith("http://localhost/ogcapi")]
    assert len(own) > 3
    for link in own:
        parts = urlsplit(link["href"])
        answer = api.get(f"{parts.path}?{parts.query}", headers={"Accept": "*/*"})
        assert answer.status_code == 200, link
        assert answer.content_type.split(";")[0] == link["type"].split(";")[0], link


def test_conformance_names_only_what_holds(api: FlaskClient) -> None:
    classes = get(api, "/ogcapi/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in classes
    absent = ("callback", "draft")
    assert not [name for name in classes if any(word in name for word in absent)]


def test_collections_are_the_open_published_layers_with_their_extents(api: FlaskClient) -> None:
    collections = {each["id"]: each for each in get(api, "/ogcapi/collections")["collections"]}
    assert set(collections) == {"wells", "zones", "permits", "catalogue"}
    assert collections["catalogue"]["itemType"] == "record"
    wells = collections["wells"]
    assert wells["itemType"] == "feature"
    # 105.3, 9.9, 106.29, 10.5 and some air
    assert wells["extent"]["spatial"]["bbox"][0] == pytest.approx([105.28, 9.88, 106.31, 10.52])
    assert wells["extent"]["temporal"]["interval"][0][0].startswith("2020-01-02")
    assert "spatial" not in collections["permits"].get("extent", {})
    assert collections["permits"]["illustrative"] is True
    assert by_rel(wells["links"], "application/geo+json")["items"] == "/ogcapi/collections/wells/items"
    assert by_rel(wells["links"], "application/schema+json")[SCHEMA_REL] == "/ogcapi/collections/wells/schema"


def test_titles_follow_the_language_asked_for(api: FlaskClient) -> None:
    assert get(api, "/ogcapi/collections/wells")["title"] == "Giếng quan trắc"
    assert get(api, "/ogcapi/collections/wells?lang=en")["title"] == "Wells"
    answer = api.get("/ogcapi/collections/wells", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert (answer.get_json()["title"], answer.headers["Content-Language"]) == ("Wells", "en")


def test_the_schema_tells_geometry_types_and_codes(api: FlaskClient) -> None:
    properties = get(api, "/ogcapi/collections/wells/schema?lang=en")["properties"]
    assert properties["geometry"] == {"x-ogc-role": "primary-geometry", "format": "geometry-point"}
    assert properties["kind"]["oneOf"] == [{"const": "auto", "title": "Automatic"}, {"const": "hand", "title": "By hand"}]
    assert properties["depth"] == {"title": "Depth", "type": "number", "x-ogc-unit": "m"}
    assert properties["zone"]["x-ogc-collectionId"] == "zones"
    assert get(api, "/ogcapi/collections/zones/schema")["properties"]["geometry"]["format"] == "geometry-multipolygon"
    assert "geometry" not in get(api, "/ogcapi/collections/permits/queryables")["properties"]


def test_the_schema_of_one_feature_nests_the_fields_and_keeps_their_types(api: FlaskClient) -> None:
    links = by_rel(get(api, "/ogcapi/collections/wells")["links"], "application/schema+json")
    assert links["describedby"] == "/ogcapi/collections/wells/feature-schema"
    answer = api.get(links["describedby"])
    assert answer.content_type == "application/schema+json"
    schema = answer.get_json(force=True)
    flat = get(api, "/ogcapi/collections/wells/schema")["properties"]
    nested = schema["properties"]["properties"]["properties"]
    assert {name: field["type"] for name, field in nested.items()} == {
        name: field["type"] for name, field in flat.items() if name != "geometry"
    }
    assert "nullable" not in nested["code"]
    assert nested["depth"]["nullable"] is True
    assert schema["properties"]["geometry"]["oneOf"][1] == {"$ref": "https://geojson.org/schema/Point.json"}
    assert get(api, "/ogcapi/collections/permits/feature-schema")["properties"]["geometry"] == {"type": "null"}
    assert "/collections/wells/feature-schema" in get(api, "/ogcapi/openapi")["paths"]


def test_sortables_are_the_fields_sortby_takes(api: FlaskClient) -> None:
    links = by_rel(get(api, "/ogcapi/collections/wells")["links"], "application/schema+json")
    sortables = get(api, links["http://www.opengis.net/def/rel/ogc/1.0/sortables"])["properties"]
    assert "geometry" not in sortables
    for name in sortables:
        assert api.get(f"/ogcapi/collections/wells/items?limit=1&sortby=-{name}").status_code == 200
    assert "/collections/wells/sortables" in get(api, "/ogcapi/openapi")["paths"]


def test_openapi_tells_qgis_its_page_size_and_every_parameter(api: FlaskClient, context: Context) -> None:
    answer = api.get("/ogcapi/openapi")
    assert answer.content_type == "application/vnd.oai.openapi+json;version=3.0"
    document = answer.get_json(force=True)
    parameters = {each["name"]: each for each in document["paths"]["/collections/wells/items"]["get"]["parameters"] if "name" in each}
    limit = parameters["limit"]["schema"]
    assert (limit["default"], limit["maximum"]) == (context.settings.limits.default_items, context.settings.limits.max_items)
    assert document["components"]["parameters"]["limit"]["schema"] == limit  # where QGIS looks
    fields = {"code", "name", "kind", "depth", "rank", "automatic", "opened", "closed", "measured", "zone", "zone_title"}
    assert fields <= set(parameters)
    assert "phone" not in parameters
    assert "datetime" in parameters
    assert not [path for path in document["paths"] if "TileMatrix" in path or "secrets" in path]


def test_openapi_refers_to_nothing_it_does_not_hold(api: FlaskClient) -> None:
    document = get(api, "/ogcapi/openapi")

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [found for each in value.values() for found in references(each)]
        return [found for each in value for found in references(each)] if isinstance(value, list) else []

    def leads_somewhere(reference: str) -> bool:
        place = document
        for part in reference[2:].split("/"):
            place = place.get(part, {})
        return bool(place)

    inner = [reference for reference in references(document["paths"]) if reference.startswith("#/")]
    assert inner
    assert [reference for reference in inner if not leads_somewhere(reference)] == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/conformance",
        "/openapi",
        "/collections",
        "/collections/wells",
        "/collections/wells/schema",
        "/collections/permits/queryables",
        "/collections/wells/sortables",
        "/collections/wells/feature-schema",
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_documents_are_also_pages_without_foreign_scripts(path: str, language: str, api: FlaskClient) -> None:
    answer = api.get(f"/ogcapi{path}?lang={language}", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.content_type == "text/html; charset=utf-8"
    assert f'<html lang="{language}">' in answer.text
    assert "<script" not in answer.text
    assert "unpkg" not in answer.text


def test_pages_of_features_show_labels_and_code_titles_and_escape_texts(api: FlaskClient) -> None:
    page = api.get("/ogcapi/collections/wells/items?limit=3", headers={"Accept": "text/html"}).text
    assert "Thủ công" in page
    assert "Rạch &lt;Gò&gt; &amp;" in page
    assert "1.237" in page
    assert 'rel="next"' in page
    item = api.get("/ogcapi/collections/wells/items/2?f=html&lang=en").text
    assert "Rạch &lt;Gò&gt;" in item
    assert "0.5 m" in item
    assert 'class="mark"' in api.get("/ogcapi/collections/permits/items?f=html").text


def test_the_test_layers_are_what_the_documents_were_made_from() -> None:
    assert list(make_catalog().layers) == ["wells", "zones", "permits", "secrets"]
