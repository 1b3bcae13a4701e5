# SPDX-License-Identifier: MIT
"""The record of what was published when, and of what keys asked for. Staff, who read official rows, may fold texts like everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make both tables; the record of every layer that is published already begins with its present revision.

    `change`: `geojson` is the public feature as of that revision, null when it went. Action `start` (id 0) is where the record of a
    layer begins; `base` is how a feature was then, noted when it is first changed.
    """
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "change",
        sa.Column("layer", sa.Text, primary_key=True),
        sa.Column("revision", sa.BigInteger, primary_key=True),
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("action", sa.Text, sa.CheckConstraint("action IN ('start', 'base', 'insert', 'update', 'delete')"), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("geojson", sa.Text),
        schema="published",
    )
    op.create_index("change_feature", "change", ["layer", "id", "revision"], schema="published")
    op.execute("ALTER TABLE published.change ALTER COLUMN geojson SET COMPRESSION pglz")
    op.execute(
        "INSERT INTO published.change (layer, revision, id, action, at) SELECT layer, revision, 0, 'start', published_at"
        " FROM published.catalogue"
    )
    op.create_table(
        "key_use",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("layer", sa.Text, primary_key=True),
        sa.Column("requests", sa.BigInteger, nullable=False),
        schema="xanh",
    )
    op.execute("ALTER TABLE xanh.api_key ADD COLUMN minute timestamptz, ADD COLUMN minute_requests integer NOT NULL DEFAULT 0")
    op.execute("GRANT USAGE ON SCHEMA xanh TO xanh_staff")
    op.execute("GRANT EXECUTE ON FUNCTION xanh.fold(text) TO xanh_staff")
