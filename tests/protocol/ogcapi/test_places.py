# SPDX-License-Identifier: MIT
"""Boxes and coordinate reference systems (18-058r1)."""

from __future__ import annotations

import csv
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from server.config import ROOT
from server.context import Context
from server.crs.definitions import WGS84, find_crs
from server.crs.extent import Extent
from server.crs.transform import transform_extent, transform_point

ITEMS = "/ogcapi/collections/wells/items"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def epsg(code: int) -> str:
    return f"http://www.opengis.net/def/crs/EPSG/0/{code}"


def ask(api: FlaskClient, **parameters: object) -> dict[str, object]:
    answer = api.get(f"{ITEMS}?{urlencode({name.replace('_', '-'): value for name, value in parameters.items()})}")
    assert answer.status_code == 200, answer.text
    document: dict[str, object] = answer.get_json()
    return document


def counted_in(context: Context, box: tuple[float, float, float, float]) -> int:
    with context.database.reader() as connection:
        row = connection.execute(
            "SELECT count(*) FROM published.wells WHERE ST_Intersects(geom, ST_MakeEnvelope(%s, %s, %s, %s, 4326))", box
        ).fetchone()
    assert row is not None
    return int(row[0])


BOX = (105.415, 9.985, 105.625, 10.185)


def test_a_box_is_longitude_first_unless_its_crs_says_otherwise(api: FlaskClient, context: Context) -> None:
    expected = counted_in(context, BOX)
    west, south, east, north = BOX
    assert expected > 50
    assert ask(api, bbox=f"{west},{south},{east},{north}")["numberMatched"] == expected
    assert ask(api, bbox=f"{west},{south},{east},{north}", bbox_crs=CRS84)["numberMatched"] == expected
    assert ask(api, bbox=f"{south},{west},{north},{east}", bbox_crs=epsg(4326))["numberMatched"] == expected
    assert ask(api, bbox=f"{west},{south},-5,{east},{north},9000")["numberMatched"] == expected


def test_a_box_whose_west_is_larger_than_its_east_goes_around_the_180th_meridian(api: FlaskClient, context: Context) -> None:
    west, south, east, north = BOX
    inside = counted_in(context, BOX)
    everything = counted_in(context, (-180, south, 180, north))
    on_the_edges = counted_in(context, (west, south, west, north)) + counted_in(context, (east, south, east, north))
    around = ask(api, bbox=f"{east},{south},{west},{north}")["numberMatched"]
    assert around == everything - inside + on_the_edges
    assert everything > inside
    assert ask(api, bbox=f"{south},{east},{north},{west}", bbox_crs=epsg(4326))["numberMatched"] == around
    assert ask(api, bbox="177,-10,-177,10")["numberMatched"] == 0


def test_a_collection_without_geometry_names_no_place_and_only_the_default_crs(api: FlaskClient) -> None:
    document = api.get("/ogcapi/collections/permits").get_json()
    assert document["crs"] == [CRS84]
    assert "storageCrs" not in document
    assert "spatial" not in document.get("extent", {})


@pytest.mark.parametrize("code", [3857, 32648, 5897])
def test_a_box_in_metres_finds_the_same_features(code: int, api: FlaskClient, context: Context) -> None:
    around = transform_extent(Extent(*BOX, WGS84), find_crs(code))
    assert around is not None
    bbox = ",".join(repr(number) for number in around.bounds)
    assert ask(api, bbox=bbox, bbox_crs=epsg(code))["numberMatched"] == counted_in(context, BOX)


@pytest.mark.parametrize("code", [4326, 3857, 32648, 5897])
def test_coordinates_come_in_the_order_and_unit_of_the_crs(code: int, api: FlaskClient) -> None:
    feature = ask(api, limit=1, crs=epsg(code))["features"][0]  # type: ignore[index]
    x, y = transform_point(105.31, 9.9, WGS84, find_crs(code))
    expected = (y, x) if code == 4326 else (x, y)
    assert feature["geometry"]["coordinates"] == pytest.approx(expected, abs=0.001)


def test_the_official_vectors_come_out_within_a_centimetre(api: FlaskClient, context: Context) -> None:
    with (ROOT / "tests" / "data" / "vn2000_test_vectors.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["epsg"] == "5897"]
    assert rows
    for row in rows:
        lon, lat = float(row["wgs84_lon"]), float(row["wgs84_lat"])
        with context.database.owner() as connection:
            connection.execute("UPDATE published.wells SET geom = ST_SetSRID(ST_MakePoint(%s, %s), 4326) WHERE id = 6", (lon, lat))
        feature = api.get(f"{ITEMS}/6?{urlencode({'crs': epsg(5897)})}").get_json()
        assert feature["geometry"]["coordinates"] == pytest.approx([float(row["easting_m"]), float(row["northing_m"])], abs=0.01)


def test_collections_offer_exactly_what_items_take(api: FlaskClient) -> None:
    document = api.get("/ogcapi/collections/wells").get_json()
    assert document["storageCrs"] == CRS84
    assert document["crs"][0] == CRS84
    assert epsg(5897) in document["crs"]
    for uri in document["crs"]:
        answer = api.get(f"{ITEMS}?{urlencode({'limit': 1, 'crs': uri})}")
        assert answer.headers["Content-Crs"] == f"<{uri}>"
