# SPDX-License-Identifier: MIT
"""The queue of background work (the tables of procrastinate, as the library makes them) and the files it is asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"


# The library's functions find their tables whatever the session's search path is.
_AT_HOME = """
DO $do$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'xanh'::regnamespace AND proname LIKE 'procrastinate%' LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path TO xanh, pg_catalog', f);
  END LOOP;
END $do$
"""


def run_script(text: str) -> None:
    """Several statements at once, as the library hands them over."""
    driver = op.get_bind().connection.driver_connection
    if driver is not None:
        driver.execute(text)


def upgrade() -> None:
    """Make both; the writer works the queue and throws away what is done."""
    op.execute("SET LOCAL search_path TO xanh")
    run_script(SchemaManager.get_schema())
    op.execute(_AT_HOME)
    op.execute("SET LOCAL search_path TO DEFAULT")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "export",
        sa.Column("id", sa.Text, primary_key=True, comment="cannot be guessed: whoever knows it may fetch the file"),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("layer", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("question", JSONB, nullable=False),
        sa.Column("state", sa.Text, sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')"), nullable=False),
        sa.Column("rows_total", sa.BigInteger, nullable=False),
        sa.Column("rows_done", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("bytes", sa.BigInteger),
        sa.Column("message", sa.Text),
        sa.Column("created_at", moment, nullable=False, server_default=sa.func.now()),
        sa.Column("expires_at", moment, nullable=False, index=True),
        schema="xanh",
    )
    for table in ("export", "procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers"):
        op.execute(f"GRANT DELETE ON xanh.{table} TO xanh_writer")
