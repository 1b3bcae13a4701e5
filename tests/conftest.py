# SPDX-License-Identifier: MIT
"""Fixtures every test may use: a real PostGIS of our own making, and a served demo province. None of them can be skipped.

`database`, `owner_connection`: a fresh database per test module, system tables only.
`app`, `client`, `served`, `demo`: the demo province, loaded once per session.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql

import server.render  # noqa: F401  (before any test imports Mapnik: it keeps the environment clean)
from server.config import ROOT, Settings, load_settings
from server.db.login import Logins
from server.db.pool import Connection, Database
from server.db.roles import prepare_database
from server.db.store import Store, start_store
from server.db.system import migrate_system
from server.process import read_record, start_server, stop_server, wait_ready
from server.state import StateDir

# Speed belongs in the bench: a slow machine is no reason for a test to fail.
hypothesis.settings.register_profile("xanh", deadline=None)
hypothesis.settings.load_profile("xanh")


@pytest.fixture(scope="session", autouse=True)
def state_root() -> Iterator[Path]:
    """A state directory of this test session; the unprivileged account of PostgreSQL may pass through it."""
    root = Path(tempfile.mkdtemp(prefix="xanh-test-", dir="/tmp")).resolve()
    root.chmod(0o711)
    for name in ("XANH_DATABASE_URL", "XANH_CONFIG", "XANH_PROVINCE"):
        os.environ.pop(name, None)
    os.environ["XANH_VAR"] = str(root)
    yield root
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(state_root: Path) -> Settings:
    """The shipped config.yml with a free port."""
    shipped = load_settings(ROOT / "config.yml")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    return shipped.model_copy(update={"server": shipped.server.model_copy(update={"port": port})})


@pytest.fixture(scope="session")
def store(settings: Settings) -> Iterator[Store]:
    """The running cluster. Its own database belongs to the demo; tests that write take `database`."""
    opened = start_store(settings, print, durable=False)
    yield opened
    opened.release()


@pytest.fixture(scope="session")
def blank(store: Store) -> Iterator[Logins]:
    """A database with roles, extensions and system tables that nobody is connected to: what the others are copied from."""
    logins = store.database.logins.in_database(f"test_{os.getpid()}_blank")
    prepare_database(logins)
    migrate_system(logins.owner)
    yield logins
    _drop(logins)


@pytest.fixture(scope="module")
def database(blank: Logins, settings: Settings, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh database with roles, extensions and system tables; dropped after the module."""
    logins = blank.in_database(f"test_{os.getpid()}_{request.module.__name__.rpartition('.')[2]}"[:60])
    with psycopg.connect(blank.admin.in_database("postgres").conninfo(), autocommit=True) as connection:
        names = sql.Identifier(logins.admin.dbname), sql.Identifier(blank.admin.dbname)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(*names))
    prepare_database(logins)  # who may connect is not copied
    opened = Database(logins, settings.database)
    yield opened
    opened.close()
    _drop(logins)


def _drop(logins: Logins) -> None:
    with psycopg.connect(logins.admin.in_database("postgres").conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(logins.admin.dbname)))


@pytest.fixture
def owner_connection(database: Database) -> Iterator[Connection]:
    """A connection of the owner; what the test wrote is rolled back unless it committed."""
    with database.owner() as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="session")
def demo(store: Store, settings: Settings) -> Database:
    """The database with the demo province loaded and published. Read it; do not change it."""
    from server.commands.data import fill_store  # here, so that tests of one room do not need every other room

    fill_store(settings, StateDir(settings.var), store.database)
    return store.database


@pytest.fixture(scope="session")
def app(demo: Database, settings: Settings) -> Flask:
    """The application on the demo province, in this process."""
    from server.app import create_app

    return create_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application in this process."""
    return app.test_client()


@pytest.fixture(scope="session")
def served(demo: Database, store: Store, settings: Settings) -> Iterator[str]:
    """Address of gunicorn serving the demo province, for browsers and foreign clients."""
    state = StateDir(settings.var)
    process = start_server(settings, state, () if store.lease is None else (store.lease.handle,))
    record = read_record(state)
    assert record is not None, "the web server ended while starting"
    try:
        wait_ready(record, process)
        yield record.url
    finally:
        stop_server(state)
        process.wait(timeout=30)
