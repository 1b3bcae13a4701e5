# SPDX-License-Identifier: MIT
"""The small province with accounts, work in progress in its official store, and every service that reads it.

Official and not public: well 1 waits for review with another name and place, well 2001 is a draft, every well has a telephone.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.access import Identity
from server.accounts.manage import NewAccount, add_account
from server.catalog.catalog import Catalog
from server.catalog.model import Rights
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.guards import install_guards
from server.mapsource import make_map_source
from server.ogcapi.routes import blueprint as ogcapi_room
from server.publish.layer import publish_layer
from server.query.edits import Edit
from server.render.map import MapRenderer
from server.signin import install_signin
from server.tiles.desk import build_desk
from server.wfs.routes import blueprint as wfs_room
from server.wms.routes import blueprint as wms_room
from tests.edits import apply_edits
from tests.small_province import fill_province, make_catalog
from viewer.app import blueprint as viewer_room

PASSWORD = "Giếng-nước-8"
DRAFT_NAME, PENDING_NAME, PHONE = "Giếng còn nháp", "Gò Công chờ duyệt", "not-for-all"
EDITOR = Identity("lan", frozenset({"editor"}), frozenset({"wells"}))


@dataclass(frozen=True)
class Somebody:
    """A client with or without credentials."""

    client: FlaskClient
    credentials: str | None = None

    def get(self, path: str, **headers: str) -> TestResponse:
        """GET a path."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.credentials is not None:
            given["Authorization"] = self.credentials
        return self.client.get(path, headers=given)

    def get_json(self, path: str) -> dict[str, Any]:
        """GET a path that answers a JSON object."""
        found: dict[str, Any] = json.loads(self.get(path).data)
        return found


def write_basic(name: str, password: str) -> str:
    """An Authorization header."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    """The small province with unpublished work and four accounts."""
    catalog = _add_hidden_map(make_catalog())
    fill_province(database, catalog)
    with database.owner() as connection:
        connection.execute(
            "INSERT INTO official.secrets_map (name, geom, created_by, updated_by) SELECT name, geom, 'test', 'test' FROM official.zones"
        )
        publish_layer(connection, catalog, "secrets_map")
    wells = catalog.layer("wells")
    apply_edits(
        database,
        catalog,
        EDITOR,
        [
            Edit("update", wells, 1, {"name": PENDING_NAME}, {"type": "Point", "coordinates": [106.5, 10.5]}),
        ],
        "test",
    )
    with database.writer() as connection:
        connection.execute(
            "INSERT INTO official.wells (id, code, name, phone, zone, geom, review_state, created_by, updated_by) OVERRIDING SYSTEM VALUE"
            " VALUES (2001, 'G02001', %s, %s, 1, ST_SetSRID(ST_MakePoint(105.9, 10.4), 4326), 'draft', 'lan', 'lan')",
            [DRAFT_NAME, PHONE],
        )
        connection.execute("UPDATE official.zones SET name = 'Khu đang sửa', review_state = 'pending' WHERE id = 1")
    for wanted in (
        NewAccount("lan", "editor", ("wells",)),
        NewAccount("minh", "admin"),
        NewAccount("xem", "viewer"),
        NewAccount("khoa", "editor"),
    ):
        add_account(database, settings.passwords, wanted, PASSWORD)
    # the tests themselves send many wrong passwords, all from one address; what blocks one is in test_addresses
    patient = settings.model_copy(update={"limits": settings.limits.model_copy(update={"address_failures": 100_000})})
    return Context(patient, catalog, database)


def _add_hidden_map(catalog: Catalog) -> Catalog:
    """`secrets_map`: a layer that could be drawn and searched, but only editors may read it."""
    hidden = catalog.layer("zones").model_copy(update={"id": "secrets_map", "rights": Rights(read="editor")})
    return replace(catalog, layers={**catalog.layers, hidden.id: hidden})


@pytest.fixture(scope="module")
def app(context: Context) -> Flask:
    """WFS, OGC API, WMS and viewer of the small province."""
    app = Flask("accounts_test", static_folder=None)
    app.url_map.strict_slashes = False
    install_guards(app, context.settings)
    install_signin(app, context)
    for room in (ogcapi_room, wfs_room, viewer_room):
        app.register_blueprint(room(context))
    app.register_blueprint(wms_room(context, build_desk(context, MapRenderer(make_map_source(context)))))
    return app


@pytest.fixture
def anyone(app: Flask) -> Somebody:
    """Without credentials."""
    return Somebody(app.test_client())


@pytest.fixture
def editor(app: Flask) -> Somebody:
    """lan edits wells."""
    return Somebody(app.test_client(), write_basic("lan", PASSWORD))


@pytest.fixture
def admin(app: Flask) -> Somebody:
    """minh administers everything."""
    return Somebody(app.test_client(), write_basic("minh", PASSWORD))


@pytest.fixture
def agency(app: Flask) -> Somebody:
    """xem, of another agency, only looks."""
    return Somebody(app.test_client(), write_basic("xem", PASSWORD))
