# SPDX-License-Identifier: MIT
"""The OGC API of the small province, in this process."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.guards import install_guards
from server.mapsource import make_map_source
from server.ogcapi.around import blueprints as around_ogcapi
from server.ogcapi.routes import blueprint
from server.render.map import MapRenderer
from server.tiles.desk import build_desk
from tests.editing_province import make_app, open_province
from tests.protocol.ogcapi.editor import Editor
from tests.small_province import fill_province, make_catalog


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    """The small province, published."""
    catalog = make_catalog()
    fill_province(database, catalog)
    return Context(settings, catalog, database)


@pytest.fixture(scope="module")
def api(context: Context) -> FlaskClient:
    """A client of /ogcapi."""
    app = Flask("ogcapi_test", static_folder=None)
    app.url_map.strict_slashes = False
    install_guards(app, context.settings)
    app.register_blueprint(blueprint(context))
    for room in around_ogcapi(build_desk(context, MapRenderer(make_map_source(context)))):
        app.register_blueprint(room)
    return app.test_client()


@pytest.fixture(scope="module")
def edited(database: Database, settings: Settings) -> Context:
    """The editing province, in a database of this module's own."""
    return open_province(database, settings)


@pytest.fixture(scope="module")
def edited_app(edited: Context) -> Flask:
    """Its services."""
    return make_app(edited)


@pytest.fixture
def anyone(edited: Context, edited_app: Flask) -> Editor:
    """Without credentials."""
    return Editor(edited_app.test_client(), edited)


@pytest.fixture
def agency(edited: Context, edited_app: Flask) -> Editor:
    """xem, who only looks."""
    return Editor(edited_app.test_client(), edited, "xem")


@pytest.fixture
def editor(edited: Context, edited_app: Flask) -> Editor:
    """sua, whose changes wait for review."""
    return Editor(edited_app.test_client(), edited, "sua")


@pytest.fixture
def reviewer(edited: Context, edited_app: Flask) -> Editor:
    """duyet, whose changes are public at once."""
    return Editor(edited_app.test_client(), edited, "duyet")
