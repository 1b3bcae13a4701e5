# SPDX-License-Identifier: MIT
"""OGC API - Records: the published layers as a catalogue that is searched, paged, and harvested as GeoJSON, ISO and DCAT-AP."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import etree
from owslib.iso import MD_Metadata
from owslib.iso3 import MD_Metadata as NewerMetadata

from server.catalog.model import Layer
from server.config import load_settings
from server.ogcapi.records_documents import Entry, Place, make_iso_record
from server.ows.iso19115 import write_iso19115
from server.ows.iso19139 import write_iso19139
from server.query.features import LayerState
from tests.schemas import find_faults
from tests.small_province import make_catalog

ITEMS = "/ogcapi/collections/catalogue/items"


def get(api: FlaskClient, path: str) -> dict[str, Any]:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.get_json(force=True)
    return document


def ids(api: FlaskClient, query: str) -> list[str]:
    return [record["id"] for record in get(api, f"{ITEMS}?{quote(query, safe='=&,:/.')}")["features"]]


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_every_published_open_layer_is_a_record(api: FlaskClient) -> None:
    document = get(api, ITEMS)
    assert [record["id"] for record in document["features"]] == ["permits", "wells", "zones"]
    assert (document["numberMatched"], document["numberReturned"]) == (3, 3)
    for record in document["features"]:
        assert record["conformsTo"] == ["http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"]
        assert record["properties"]["type"] == "dataset"
        assert record["properties"]["license"] == "https://opensource.org/license/mit"
    wells = document["features"][1]
    assert wells["geometry"]["type"] == "Polygon"
    assert wells["time"]["interval"][0].startswith("2020-01-02")
    assert document["features"][0]["geometry"] is None


def test_records_speak_the_language_asked_for(api: FlaskClient) -> None:
    assert get(api, f"{ITEMS}/wells")["properties"]["title"] == "Giếng quan trắc"
    english = get(api, f"{ITEMS}/wells?lang=en")["properties"]
    assert (english["title"], english["language"]["code"]) == ("Wells", "en")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=gieng quan trac", ["wells"]),
        ("q=GIẾNG", ["wells"]),
        ("q=giay phep, zones", ["permits", "zones"]),
        ("q=gieng zones", []),
        ("type=dataset", ["permits", "wells", "zones"]),
        ("type=service", []),
        ("ids=zones,wells", ["wells", "zones"]),
        ("externalIds=urn:xanh:zones", ["zones"]),
        ("bbox=106.2,9,107,12", ["wells"]),
        ("bbox=0,0,1,1", []),
        ("bbox=170,-10,-170,60", []),
        ("datetime=../2019-12-31", ["permits", "zones"]),
        ("datetime=2022-01-01", ["permits", "wells", "zones"]),
        ("limit=2&offset=2", ["zones"]),
        ("limit=5000", ["permits", "wells", "zones"]),
        ("offset=99", []),
    ],
)
def test_records_are_found_by_words_kind_id_place_and_time(query: str, found: list[str], api: FlaskClient) -> None:
    assert ids(api, query) == found


LISTS = [
    ("A_CONTAINS", "a_contains", "externalIds", ["urn:xanh:wells"], ["wells"]),
    ("A_CONTAINS", "a_contains", "formats", ["GeoJSON", "GeoPackage"], ["permits", "wells", "zones"]),
    ("A_CONTAINS", "a_contains", "formats", ["GeoJSON", "nothing"], []),
    ("A_CONTAINEDBY", "a_containedBy", "externalIds", ["urn:xanh:wells", "urn:xanh:zones"], ["wells", "zones"]),
    ("A_OVERLAPS", "a_overlaps", "externalIds", ["urn:xanh:permits", "x"], ["permits"]),
    ("A_EQUALS", "a_equals", "externalIds", ["urn:xanh:zones", "urn:xanh:zones"], ["zones"]),
    ("A_EQUALS", "a_equals", "keywords", [], ["permits", "wells", "zones"]),
]


@pytest.mark.parametrize(("function", "op", "name", "values", "found"), LISTS)
def test_properties_with_several_values_are_compared_as_lists_in_both_languages(
    function: str, op: str, name: str, values: list[str], found: list[str], api: FlaskClient
) -> None:
    written = ", ".join(f"'{value}'" for value in values)
    assert ids(api, f"filter={function}({name}, ({written}))") == found
    assert ids(api, f"filter=NOT {function}({name}, ({written}))") == sorted({"permits", "wells", "zones"} - set(found))
    assert ids(api, f"filter-lang=cql2-json&filter={json.dumps({'op': op, 'args': [{'property': name}, values]})}") == found
    declared = get(api, "/ogcapi/collections/catalogue/queryables")["properties"][name]
    assert (declared["type"], declared["items"]) == ("array", {"type": "string"})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter=id = 'wells'", ["wells"]),
        ("filter=title LIKE 'Giếng%'", ["wells"]),
        ("lang=en&filter=title = 'Zones'", ["zones"]),
        ("filter=ACCENTI(CASEI(title)) LIKE ACCENTI(CASEI('GIENG%'))", ["wells"]),
        ("filter=type = 'dataset' AND NOT (id IN ('wells', 'zones'))", ["permits"]),
        ("filter=S_INTERSECTS(geometry, BBOX(106.2, 9, 107, 12))", ["wells"]),
        ("filter=S_INTERSECTS(geometry, POINT(10.3 105.6))&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326", ["wells", "zones"]),
        ("filter=geometry IS NULL", ["permits"]),
        ("filter=updated > TIMESTAMP('2000-01-01T00:00:00Z')", ["permits", "wells", "zones"]),
        ("filter=T_AFTER(updated, TIMESTAMP('2999-01-01T00:00:00Z'))", []),
        ("filter=T_INTERSECTS(INTERVAL(time_begin, time_end), INTERVAL('2022-01-01', '..'))", ["wells"]),
        ("filter=length(title) > 3 AND id <> 'wells'", ["permits"]),
        ("title=Khu", ["zones"]),
        ("language=en", []),
        ("q=zones, wells&filter=id <> 'wells'", ["zones"]),
        ("sortby=-id", ["zones", "wells", "permits"]),
        ("sortby=type,-title", ["zones", "wells", "permits"]),
        ("sortby=-id&limit=1&offset=1", ["wells"]),
    ],
)
def test_records_are_filtered_and_sorted_as_features_are(query: str, found: list[str], api: FlaskClient) -> None:
    assert ids(api, query) == found


def test_the_catalogue_says_what_records_are_filtered_and_sorted_by(api: FlaskClient) -> None:
    links = {link["rel"]: link["href"] for link in get(api, "/ogcapi/collections/catalogue")["links"]}
    queryables, sortables = (
        get(api, path_of(links[f"http://www.opengis.net/def/rel/ogc/1.0/{name}"])) for name in ("queryables", "sortables")
    )
    assert queryables["$id"].endswith("/collections/catalogue/queryables")
    assert queryables["properties"]["geometry"]["x-ogc-role"] == "primary-geometry"
    assert queryables["properties"]["updated"]["format"] == "date-time"
    assert set(queryables["properties"]) - set(sortables["properties"]) == {"geometry", "keywords", "formats", "externalIds"}
    assert queryables["additionalProperties"] is False
    for name in sortables["properties"]:
        assert len(ids(api, f"sortby=-{name},id")) == 3
    assert "Từ khóa" in api.get("/ogcapi/collections/catalogue/queryables?f=html").text


def test_pages_lead_through_all_records(api: FlaskClient) -> None:
    seen, address = [], f"{ITEMS}?limit=1&q=test"
    for _ in range(3):
        document = get(api, address)
        seen += [record["id"] for record in document["features"]]
        following = [link["href"] for link in document["links"] if link["rel"] == "next"]
        address = path_of(following[0]) if following else ""
    assert (seen, address) == (["permits", "wells", "zones"], "")
    assert [link["rel"] for link in document["links"] if link["rel"] == "prev"] == ["prev"]


def test_every_link_of_the_catalogue_and_a_record_answers_with_the_type_it_promises(api: FlaskClient) -> None:
    links = get(api, "/ogcapi/collections/catalogue")["links"] + get(api, f"{ITEMS}/wells")["links"] + get(api, ITEMS)["links"]
    own = [link for link in links if link["href"].startswith("http://localhost/ogcapi")]
    assert len(own) > 15
    for link in own:
        answer = api.get(path_of(link["href"]), headers={"Accept": "*/*"})
        assert answer.status_code == 200, link
        assert answer.content_type.split(";")[0] == link["type"].split(";")[0], link


def test_a_record_is_read_as_iso_19139_and_is_valid(api: FlaskClient) -> None:
    written = api.get(f"{ITEMS}/wells?f=iso19139&lang=en").data
    assert find_faults(written, "iso 19139") == []
    record = MD_Metadata(etree.fromstring(written))
    assert (record.identifier, record.identification[0].title) == ("urn:xanh:wells", "Wells")
    assert {"OGC:WFS", "WWW:DOWNLOAD", "OGC API - Features"} <= {online.protocol for online in record.distribution.online}
    assert record.identification[0].bbox.minx.startswith("105.3")


def test_a_record_is_read_as_iso_19115_3(api: FlaskClient) -> None:
    record = NewerMetadata(etree.fromstring(api.get(f"{ITEMS}/wells?f=iso19115-3&lang=en").data))
    assert (record.identifier, record.identification[0].title) == ("urn:xanh:wells", "Wells")
    assert record.identification[0].extent.boundingBox.minx.startswith("105.3")
    assert "http://localhost/ogcapi/collections/wells/items?f=csv" in {online.url for online in record.distribution.online}


def test_iso_documents_of_a_layer_with_little_to_say_are_written(api: FlaskClient) -> None:
    layer: Layer = make_catalog().layer("permits")
    state = LayerState("permits", 1, 0, None, None, None, (), "2026-01-02T03:04:05Z")
    record = make_iso_record(Entry(layer, state), Place("https://host/ogcapi", "vi"))
    assert find_faults(write_iso19139(record, load_settings()), "iso 19139") == []
    assert b"extent" not in write_iso19115(record, load_settings())
    assert api.get(f"{ITEMS}/permits?f=iso19115-3").status_code == 200


def test_portals_harvest_dcat_whole_by_question_and_one_by_one(api: FlaskClient) -> None:
    catalogue = get(api, f"{ITEMS}?f=dcat&q=zones")
    assert [each["dct:identifier"] for each in catalogue["dcat:dataset"]] == ["zones"]
    assert get(api, f"{ITEMS}/wells?f=dcat")["@type"] == "dcat:Dataset"
    assert api.get(f"{ITEMS}/wells", headers={"Accept": "application/ld+json"}).content_type == "application/ld+json"


def test_pages_are_for_people(api: FlaskClient) -> None:
    listed = api.get(f"{ITEMS}?f=html&q=gieng").text
    assert "Giếng quan trắc" in listed
    assert "ISO 19115-3" in api.get(f"{ITEMS}/wells?f=html").text
    assert "Catalogue of the data" in api.get("/ogcapi/collections/catalogue?f=html&lang=en").text
    assert "/ogcapi/collections/catalogue?f=html" in api.get("/ogcapi/collections?f=html").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?limit=0", 400),
        ("?limit=x", 400),
        ("?offset=-1", 400),
        ("?bbox=1,2,3", 400),
        ("?datetime=yesterday", 400),
        ("?q=", 400),
        ("?colour=red", 400),
        ("?f=csv", 400),
        ("?limit=1&limit=2", 400),
        ("?filter=nothing = 1", 400),
        ("?filter=phone = 'x'", 400),
        ("?filter=title", 400),
        ("?filter=title = 'a", 400),
        ("?filter=keywords = 'x'", 400),
        ("?filter=keywords LIKE 'x'", 400),
        ("?filter=A_CONTAINS((keywords, title), ('x'))", 400),
        ("?filter=updated > 'yesterday'", 400),
        ("?filter=title = 'x'; DROP TABLE xanh.account", 400),
        ("?filter=S_INTERSECTS(keywords, POINT(1 2))", 400),
        ("?filter=1 / 0 = 1 AND nothing(title)", 400),
        ("?filter={}&filter-lang=cql2-json", 400),
        ("?filter-lang=sql&filter=title = 'x'", 400),
        ("?filter=TRUE&filter-crs=EPSG:1", 400),
        ("?sortby=nothing", 400),
        ("?sortby=keywords", 400),
        ("?sortby=id,id,id,id,id,id", 400),
        ("/secrets", 404),
        ("/nothing", 404),
        ("/wells?f=gml", 400),
        ("/wells?q=x", 400),
        ("/wells/versions", 404),
    ],
)
def test_what_cannot_be_answered_is_refused_as_a_problem(query: str, status: int, api: FlaskClient) -> None:
    answer = api.get(f"{ITEMS}{query}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
