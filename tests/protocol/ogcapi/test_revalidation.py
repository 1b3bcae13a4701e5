# SPDX-License-Identifier: MIT
"""Entity tags follow the revision: exact after every publication."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.context import Context
from server.publish.layer import publish_layer


def publish_change(context: Context) -> None:
    with context.database.writer() as connection:
        connection.execute("UPDATE official.wells SET rank = rank + 1 WHERE id = 1")
        publish_layer(connection, context.catalog, "wells")


@pytest.mark.parametrize(
    "path", ["items?limit=2", "items?limit=1200", "items?kind=auto&limit=2", "items/1", "items?f=html", "items/1?f=html&lang=en"]
)
def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(path: str, api: FlaskClient, context: Context) -> None:
    address = f"/ogcapi/collections/wells/{path}"
    first = api.get(address)
    again = api.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    publish_change(context)
    changed = api.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_json_and_pages_have_different_tags(api: FlaskClient) -> None:
    address = "/ogcapi/collections/wells/items"
    tags = {api.get(f"{address}?{query}").headers["ETag"] for query in ("f=json", "f=html&lang=vi", "f=html&lang=en")}
    assert len(tags) == 3


def test_documents_follow_the_catalogue(api: FlaskClient, context: Context) -> None:
    address = "/ogcapi/collections/wells"
    first = api.get(address)
    assert api.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with context.database.writer() as connection:
        connection.execute("UPDATE official.wells SET geom = ST_SetSRID(ST_MakePoint(104, 9), 4326) WHERE id = 1")
        publish_layer(connection, context.catalog, "wells")
    changed = api.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.get_json()["extent"]["spatial"]["bbox"][0][:2] == [103.95, 8.95]  # with some air


def test_counts_of_filters_follow_the_publication(api: FlaskClient, context: Context) -> None:
    address = "/ogcapi/collections/wells/items?limit=1&rank=6"
    before = api.get(address).get_json()["numberMatched"]
    with context.database.writer() as connection:
        connection.execute("UPDATE official.wells SET rank = 5 WHERE rank = 6 AND id > 600")
        publish_layer(connection, context.catalog, "wells")
    after = api.get(address).get_json()["numberMatched"]
    assert 0 < after < before
