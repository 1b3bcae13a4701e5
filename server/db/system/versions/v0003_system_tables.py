# SPDX-License-Identifier: MIT
"""Change sets, loads, and which version of a layer file the tables follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "change_set",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", moment, nullable=False, server_default=sa.func.now()),
        sa.Column("by_account", sa.Text, nullable=False),
        sa.Column("protocol", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        schema="xanh",
    )
    op.create_table(
        "load",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("started_at", moment, nullable=False, server_default=sa.func.now()),
        sa.Column("finished_at", moment),
        sa.Column("layer", sa.Text, nullable=False),
        sa.Column("source_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("rows_read", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("rows_loaded", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("rows_rejected", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("state", sa.Text, nullable=False, server_default="running"),
        sa.Column("report", JSONB, nullable=False, server_default=sa.text("'{}'")),
        schema="xanh",
    )
    op.create_index("load_layer_idx", "load", ["layer", "id"], schema="xanh")
    op.create_table(
        "applied_layer",
        sa.Column("layer", sa.Text, primary_key=True),
        sa.Column("model_hash", sa.Text, nullable=False),
        sa.Column("applied_at", moment, nullable=False, server_default=sa.func.now()),
        schema="xanh",
    )
