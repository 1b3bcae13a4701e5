# SPDX-License-Identifier: MIT
"""The demo province: every collection gives exactly the features the database has."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql

from server.db.pool import Database
from server.features.search import search


def test_every_collection_has_the_features_the_database_has(client: FlaskClient, demo: Database) -> None:
    collections = [each["id"] for each in client.get("/ogcapi/collections").get_json()["collections"] if each["itemType"] == "feature"]
    assert len(collections) > 10
    for layer in collections:
        with demo.reader() as connection:
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("published", layer))).fetchone()
        assert row is not None
        seen: set[int] = set()
        address = f"/ogcapi/collections/{layer}/items?limit=2000"
        while address:
            document = client.get(address).get_json()
            assert document["numberMatched"] == row[0], layer
            seen |= {feature["id"] for feature in document["features"]}
            following = [link["href"] for link in document["links"] if link["rel"] == "next"]
            parts = urlsplit(following[0]) if following else None
            address = f"{parts.path}?{parts.query}" if parts else ""
        assert len(seen) == row[0], layer


def test_every_dataset_that_portals_harvest_answers_rasters_among_them(client: FlaskClient) -> None:
    datasets = client.get("/api/v1/dcat").get_json(force=True)["dcat:dataset"]
    assert "landmask" in {each["dct:identifier"] for each in datasets}
    for each in datasets:
        for address in (each["@id"], each["dcat:landingPage"]["@id"]):
            parts = urlsplit(address)
            assert client.get(f"{parts.path}?{parts.query}").status_code == 200, address


def test_go_cong_is_found_without_accents(app: Flask) -> None:
    hits = search(app.extensions["xanh"], "go cong")
    assert any("Gò Công" in hit.title for hit in hits[:3]), [hit.title for hit in hits]
    assert all(hit.point for hit in hits[:3])


def test_units_of_one_name_are_told_apart_and_the_former_ones_come_last_with_their_date(app: Flask) -> None:
    hits = search(app.extensions["xanh"], "Xã Tân Phú", layers=["communes"])
    named = [hit.subtitle for hit in hits if hit.title == "Xã Tân Phú"]
    assert named[0] == "Xã · Tỉnh Đồng Tháp"
    assert "Xã · Thị xã Cai Lậy, Tỉnh Tiền Giang (đến 30/06/2025)" in named[1:]
    assert all(subtitle.endswith("(đến 30/06/2025)") for subtitle in named[1:])
    assert len(set(named)) == len(named) > 3


def test_a_place_and_the_ward_of_its_name_are_told_apart(app: Flask) -> None:
    hits = search(app.extensions["xanh"], "sa dec")
    subtitles = {hit.title: hit.subtitle for hit in hits}
    assert subtitles["Sa Đéc"] == "Địa danh · Phường Sa Đéc, Tỉnh Đồng Tháp"
    assert subtitles["Phường Sa Đéc"] == "Phường · Tỉnh Đồng Tháp"
    assert not any("|" in hit.subtitle for hit in hits)


def test_a_permit_is_found_by_its_number_and_a_commune_by_its_code(app: Flask, demo: Database) -> None:
    with demo.reader() as connection:
        row = connection.execute("SELECT number FROM published.environmental_permits ORDER BY id LIMIT 1").fetchone()
    assert row is not None
    number = str(row[0])
    context = app.extensions["xanh"]
    assert search(context, number)[0].title == number
    assert number in [hit.title for hit in search(context, number.rsplit("-", 1)[0])]
    present, former = search(context, "28594", layers=["communes"])
    assert (present.title, present.subtitle) == ("Xã Chợ Gạo", "Xã · Tỉnh Đồng Tháp · Mã đơn vị: 28594")
    assert former.subtitle.endswith("Mã đơn vị: 28594 (đến 30/06/2025)")


def test_a_former_commune_is_found_with_the_name_of_its_district(app: Flask) -> None:
    hit = search(app.extensions["xanh"], "tan phu thanh binh", layers=["communes"])[0]
    assert (hit.title, hit.subtitle) == ("Xã Tân Phú", "Xã · Huyện Thanh Bình, Tỉnh Đồng Tháp (đến 30/06/2025)")
