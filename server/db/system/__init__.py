# SPDX-License-Identifier: MIT
"""Versioned migrations of the system's own tables (the layers' tables follow the layer files, see `server.db.migrate`)."""

from __future__ import annotations

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, pool, text
from sqlalchemy.exc import OperationalError

from server.db.login import Login
from server.db.spatial_refs import write_spatial_refs
from server.errors import ServerFault

SCHEMA = "xanh"
_LOCK = 7_205_759  # any number: two processes must not migrate at once


def migrate_system(owner: Login) -> None:
    """Bring the system tables and the coordinate reference systems to the newest version, in one transaction.

    Raises ServerFault when the database is away.
    """
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(owner.conninfo(connect_timeout=10, application_name="xanh migrate")),
        poolclass=pool.NullPool,
    )
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            write_spatial_refs(connection.connection.driver_connection)  # type: ignore[arg-type]
    except OperationalError as error:
        raise ServerFault("The database cannot be reached.") from error
