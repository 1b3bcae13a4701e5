# SPDX-License-Identifier: MIT
"""GetFeature in the formats people take home, in every version, by GET and POST."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pyogrio
import pytest
import shapely
from flask.testing import FlaskClient

from server.context import Context
from server.encode.formats import DOWNLOADS, Format
from tests.small_province import ZONE_COUNT

GET = "/wfs?SERVICE=WFS&REQUEST=GetFeature"
NAMES = [(each, name) for each in DOWNLOADS for name in each.names]


@pytest.mark.parametrize(("each", "name"), NAMES, ids=[name for _, name in NAMES])
def test_every_name_of_a_format_gives_it(each: Format, name: str, api: FlaskClient) -> None:
    answer = api.get("/wfs", query_string={"SERVICE": "WFS", "REQUEST": "GetFeature", "TYPENAME": "zones", "OUTPUTFORMAT": name})
    assert answer.status_code == 200, answer.text
    assert answer.content_type == each.media_type
    assert "filename*=UTF-8''Khu." in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
def test_every_version_gives_the_same_table(version: str, api: FlaskClient) -> None:
    names = "TYPENAMES" if version == "2.0.0" else "TYPENAME"
    answer = api.get(f"{GET}&VERSION={version}&{names}=xanh:zones&OUTPUTFORMAT=csv&SRSNAME=urn:ogc:def:crs:EPSG::4326")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == [f"Khu số {number}" for number in range(1, ZONE_COUNT + 1)]
    assert rows[0]["geometry"].startswith("MULTIPOLYGON(((105.")


def test_post_and_get_give_one_answer(api: FlaskClient) -> None:
    body = (
        '<wfs:GetFeature service="WFS" version="1.1.0" outputFormat="text/csv" xmlns:wfs="http://www.opengis.net/wfs"'
        ' xmlns:xanh="urn:xanh:layers">'
        '<wfs:Query typeName="xanh:zones"><wfs:PropertyName>xanh:name</wfs:PropertyName></wfs:Query></wfs:GetFeature>'
    )
    posted = api.post("/wfs", data=body, content_type="text/xml")
    asked = api.get(f"{GET}&VERSION=1.1.0&TYPENAME=zones&PROPERTYNAME=name&OUTPUTFORMAT=text/csv")
    assert posted.data == asked.data
    assert posted.data.startswith("\ufeffid,name\r\n1,".encode())


@pytest.mark.parametrize("code", [4326, 9210, 3857])
def test_places_come_in_the_system_asked_for_x_first(code: int, api: FlaskClient, context: Context, tmp_path: Path) -> None:
    answer = api.get(f"{GET}&TYPENAME=zones&OUTPUTFORMAT=gpkg&SRSNAME=urn:ogc:def:crs:EPSG::{code}&MAXFEATURES=2&STARTINDEX=1")
    (tmp_path / "zones.gpkg").write_bytes(answer.data)
    _, _, places, columns = pyogrio.raw.read(tmp_path / "zones.gpkg", columns=["id"])
    assert columns[0].tolist() == [2, 3]
    srid = 909210 if code == 9210 else code
    with context.database.reader() as connection:
        row = connection.execute("SELECT ST_AsBinary(ST_Transform(geom, %s)) FROM published.zones WHERE id = 2", [srid]).fetchone()
    assert row is not None
    assert shapely.equals_exact(shapely.from_wkb(places[0]), shapely.from_wkb(bytes(row[0])), tolerance=1e-6)


def test_a_large_file_is_answered_with_where_it_will_be(api: FlaskClient) -> None:
    answer = api.get(f"{GET}&TYPENAME=wells&OUTPUTFORMAT=SHAPE-ZIP")
    assert answer.status_code == 202
    assert "/exports/" in answer.headers["Location"]
    assert answer.get_json()["format"] == "shape-zip"


def test_text_formats_flow_whatever_their_size(api: FlaskClient) -> None:
    answer = api.get(f"{GET}&TYPENAME=wells&OUTPUTFORMAT=text/csv;bom%3Dfalse")
    assert answer.status_code == 200
    assert answer.data.startswith(b"id,code")


def test_hits_of_a_download_are_counted_in_gml(api: FlaskClient) -> None:
    answer = api.get(f"{GET}&VERSION=1.1.0&TYPENAME=zones&OUTPUTFORMAT=gpkg&RESULTTYPE=hits")
    assert f'numberOfFeatures="{ZONE_COUNT}"' in answer.text


@pytest.mark.parametrize(
    "query",
    [
        *(f"TYPENAME=zones,wells&MAXFEATURES=3&OUTPUTFORMAT={name}" for name in ("csv", "fgb", "parquet")),
        "TYPENAME=zones,secrets&OUTPUTFORMAT=gpkg",
        "TYPENAME=secrets&OUTPUTFORMAT=gpkg",
        "TYPENAME=zones&OUTPUTFORMAT=dxf",
        "TYPENAME=zones&OUTPUTFORMAT=csv&PROPERTYNAME=phone",
        "TYPENAME=zones&OUTPUTFORMAT=kml&SRSNAME=EPSG:9210",
        "TYPENAME=zones&OUTPUTFORMAT=gpkg&SRSNAME=EPSG:1",
        "TYPENAME=zones&OUTPUTFORMAT=gpkg&FILTER=<x>",
    ],
)
def test_what_cannot_be_given_is_refused_in_xml(query: str, api: FlaskClient) -> None:
    answer = api.get(f"{GET}&{query}")
    assert answer.status_code == 400
    assert b"ExceptionReport" in answer.data


def test_a_format_that_holds_one_type_says_which_hold_several(api: FlaskClient) -> None:
    answer = api.get(f"{GET}&TYPENAME=zones,wells&OUTPUTFORMAT=csv").text
    assert 'locator="outputFormat"' in answer
    assert "SHAPE-ZIP" in answer
    assert "hãy tải từng lớp" in answer


@pytest.mark.parametrize(("start", "count", "zones", "wells"), [(0, 5, [1, 2, 3, 4, 5], []), (ZONE_COUNT - 2, 5, None, [1, 2, 3])])
def test_a_page_of_several_types_goes_on_from_one_to_the_next(
    start: int, count: int, zones: list[int] | None, wells: list[int], api: FlaskClient, tmp_path: Path
) -> None:
    answer = api.get(f"{GET}&VERSION=2.0.0&TYPENAMES=(zones)(wells)&OUTPUTFORMAT=gpkg&COUNT={count}&STARTINDEX={start}")
    assert answer.status_code == 200, answer.text
    (tmp_path / "page.gpkg").write_bytes(answer.data)
    found = {name: pyogrio.raw.read(tmp_path / "page.gpkg", layer=name, columns=["id"])[3][0].tolist() for name in ("zones", "wells")}
    assert found == {"zones": [ZONE_COUNT - 1, ZONE_COUNT] if zones is None else zones, "wells": wells}


@pytest.mark.parametrize(("start", "expected"), [(0, ["zones"] * ZONE_COUNT + ["wells"] * 3), (ZONE_COUNT, ["wells"] * 15)])
def test_several_types_flow_one_after_the_other(start: int, expected: list[str], api: FlaskClient) -> None:
    question = f"{GET}&VERSION=1.1.0&TYPENAME=zones,wells&MAXFEATURES=15&STARTINDEX={start}"
    sequence = api.get(f"{question}&OUTPUTFORMAT=geojsonseq")
    assert sequence.status_code == 200, sequence.text
    records = [json.loads(record) for record in sequence.text.split("\x1e")[1:]]
    assert ["wells" if "code" in record["properties"] else "zones" for record in records] == expected
    root = ElementTree.fromstring(api.get(f"{question}&OUTPUTFORMAT=kml").data)
    parts = root.findall("{*}Document/{*}Document")
    assert [part[1].attrib["id"] for part in parts] == ["zones", "wells"]
    assert [len(part.findall("{*}Placemark")) for part in parts] == [expected.count("zones"), expected.count("wells")]


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_capabilities_list_every_format(version: str, api: FlaskClient) -> None:
    text = api.get(f"/wfs?SERVICE=WFS&REQUEST=GetCapabilities&VERSION={version}&ACCEPTVERSIONS={version}").text
    assert all(f">{each.names[0]}<" in text for each in DOWNLOADS)
