# SPDX-License-Identifier: MIT
"""The small province behind OGC API, WFS and downloads, where files of more than 500 rows are made in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.downloads.routes import blueprint as downloads_room
from server.guards import install_guards
from server.jobs.worker import work
from server.ogcapi.routes import blueprint as ogcapi_room
from server.signin import install_signin
from server.wfs.routes import blueprint as wfs_room
from tests.small_province import fill_province, make_catalog

MAX_FILE_ROWS = 500


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    """The small province, published, with small ceilings."""
    catalog = make_catalog()
    fill_province(database, catalog)
    limits = settings.limits.model_copy(update={"max_file_rows": MAX_FILE_ROWS})
    exports = settings.exports.model_copy(update={"max_per_client": 2})
    return Context(settings.model_copy(update={"limits": limits, "exports": exports}), catalog, database)


@pytest.fixture(scope="module")
def app(context: Context) -> Flask:
    """Its services."""
    app = Flask("downloads_test", static_folder=None)
    app.url_map.strict_slashes = False
    install_guards(app, context.settings)
    install_signin(app, context)
    for room in (ogcapi_room, wfs_room, downloads_room):
        app.register_blueprint(room(context))
    return app


@pytest.fixture
def api(app: Flask) -> FlaskClient:
    """A client."""
    return app.test_client()


@pytest.fixture
def run_jobs(context: Context) -> Callable[[], Any]:
    """Work on the queue until it is empty, as the worker process does."""
    return lambda: asyncio.run(work(context, until_empty=True))
