# SPDX-License-Identifier: MIT
"""Every format at `items?f=`: names, headers, rights, systems, what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pyogrio
import pytest
from flask.testing import FlaskClient

from server.context import Context
from server.encode.filename import attachment
from server.encode.formats import DOWNLOADS, Format
from server.state import StateDir
from tests.small_province import PERMIT_COUNT, ZONE_COUNT

ZONES = "/ogcapi/collections/zones/items"


@pytest.mark.parametrize("each", DOWNLOADS, ids=lambda each: each.short)
def test_every_format_comes_whole_under_a_vietnamese_name(each: Format, api: FlaskClient, context: Context) -> None:
    folder = StateDir(context.settings.var).exports
    before = set(folder.iterdir()) if folder.exists() else set()
    answer = api.get(f"{ZONES}?f={each.short}")
    assert answer.status_code == 200
    assert answer.content_type == each.media_type
    assert answer.headers["Content-Disposition"] == f"attachment; filename=\"zones{each.suffix}\"; filename*=UTF-8''Khu{each.suffix}"
    assert answer.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert api.get(f"{ZONES}?f={each.short}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    answer.close()
    assert (set(folder.iterdir()) if folder.exists() else set()) <= before


@pytest.mark.parametrize("each", DOWNLOADS, ids=lambda each: each.short)
def test_what_is_not_public_is_in_no_file(each: Format, api: FlaskClient) -> None:
    assert api.get(f"/ogcapi/collections/secrets/items?f={each.short}").status_code == 404
    assert b"not-for-all" not in api.get(f"/ogcapi/collections/wells/items?f={each.short}&limit=20").data
    assert api.get(f"{ZONES}?f={each.short}&properties=phone").status_code == 400


def test_records_are_tables_without_place(api: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(api.get("/ogcapi/collections/permits/items?f=xlsx").data))
    assert book.worksheets[0].max_row == PERMIT_COUNT + 1
    with zipfile.ZipFile(io.BytesIO(api.get("/ogcapi/collections/permits/items?f=shape-zip").data)) as archive:
        assert sorted(archive.namelist()) == ["permits.cpg", "permits.dbf", "permits_fields.csv"]


def test_a_limit_and_a_page_hold_for_files_too(api: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "zones.gpkg").write_bytes(api.get(f"{ZONES}?f=gpkg&limit=3&offset=2").data)
    _, _, _, columns = pyogrio.raw.read(tmp_path / "zones.gpkg", columns=["id"])
    assert columns[0].tolist() == [3, 4, 5]


def test_kml_is_in_degrees_only(api: FlaskClient) -> None:
    root = ElementTree.fromstring(api.get(f"{ZONES}?f=kml").data)
    assert len(list(root.iter("{http://www.opengis.net/kml/2.2}Placemark"))) == ZONE_COUNT
    turned = api.get(f"{ZONES}?f=kml&crs=http://www.opengis.net/def/crs/EPSG/0/4326")
    assert turned.data.split(b"<coordinates>")[1][:3] == b"105"
    assert api.get(f"{ZONES}?f=kml&crs=http://www.opengis.net/def/crs/EPSG/0/9210").status_code == 400


@pytest.mark.parametrize("code", [4326, 4756])
def test_csv_has_x_before_y_in_every_system(code: int, api: FlaskClient) -> None:
    answer = api.get(f"{ZONES}?f=csv&limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/{code}")
    assert b'"MULTIPOLYGON(((105.' in answer.data


def test_gml_is_a_collection_of_simple_features(api: FlaskClient, tmp_path: Path) -> None:
    answer = api.get(f"{ZONES}?f=gml&limit=5&crs=http://www.opengis.net/def/crs/EPSG/0/9210")
    assert answer.content_type == "application/gml+xml; version=3.2"
    assert 'rel="next"' in answer.headers["Link"]
    assert answer.headers["OGC-NumberMatched"] == str(ZONE_COUNT)
    root = ElementTree.fromstring(answer.data)
    assert root.tag == "{http://www.opengis.net/ogcapi-features-1/1.0/sf}FeatureCollection"
    (tmp_path / "zones.gml").write_bytes(answer.data)
    assert pyogrio.read_info(tmp_path / "zones.gml")["features"] == 5


def test_csv_leaves_its_mark_out_when_asked(api: FlaskClient) -> None:
    assert api.get(f"{ZONES}?f=csv").data.startswith(b"\xef\xbb\xbfid,")
    assert api.get(f"{ZONES}?f=csv&bom=false").data.startswith(b"id,")
    assert api.get(f"{ZONES}?f=csv&bom=perhaps").status_code == 400


def test_the_openapi_document_lists_every_format(api: FlaskClient) -> None:
    document = api.get("/ogcapi/openapi?f=json").get_json()
    get = document["paths"]["/collections/zones/items"]["get"]
    names = next(part["schema"]["enum"] for part in get["parameters"] if part.get("name") == "f")
    assert {"json", "json-fg", "html", "gml", *(each.short for each in DOWNLOADS)} == set(names)
    assert {each.media_type.partition(";")[0] for each in DOWNLOADS} <= set(get["responses"]["200"]["content"])


def test_every_collection_links_to_its_features_in_every_format(api: FlaskClient) -> None:
    listed = api.get("/ogcapi/collections").get_json()["collections"]
    zones = next(each for each in listed if each["id"] == "zones")
    assert zones["links"] == api.get("/ogcapi/collections/zones").get_json()["links"]
    links = {link["href"].partition("f=")[2]: link for link in zones["links"] if link["rel"] == "items" and "f=" in link["href"]}
    assert {"gml", *(each.short for each in DOWNLOADS)} <= set(links)
    for short, link in links.items():
        answer = api.get(f"{link['href']}&limit=1")
        assert answer.content_type.startswith(link["type"]), short
        assert link["title"]
        answer.close()


def test_names_of_files_hold_no_dangerous_letters() -> None:
    assert attachment('Đất/đai: "x"\r\n', "layer_1", ".csv") == (
        "attachment; filename=\"layer_1.csv\"; filename*=UTF-8''%C4%90%E1%BA%A5t%20%C4%91ai%20x.csv"
    )
    assert attachment("///", "Độ", ".kml") == "attachment; filename=\"Do.kml\"; filename*=UTF-8''%C4%90%E1%BB%99.kml"
