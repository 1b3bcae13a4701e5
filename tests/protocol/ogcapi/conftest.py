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
from server.ogcapi.routes import blueprint
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
    return app.test_client()
