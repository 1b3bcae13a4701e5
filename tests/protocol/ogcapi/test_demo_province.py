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
    collections = [each["id"] for each in client.get("/ogcapi/collections").get_json()["collections"]]
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


def test_go_cong_is_found_without_accents(app: Flask) -> None:
    hits = search(app.extensions["xanh"], "go cong")
    assert any("Gò Công" in hit.title for hit in hits[:3]), [hit.title for hit in hits]
    assert all(hit.point for hit in hits[:3])
