# SPDX-License-Identifier: MIT
"""API keys, wrong passwords by address, and answers kept for repeated requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("xanh.account.name"), nullable=False, index=True),
        sa.Column("digest", BYTEA, nullable=False),
        sa.Column("role", sa.Text, sa.CheckConstraint("role IN ('viewer', 'editor', 'reviewer', 'publisher', 'admin')")),
        sa.Column("layers", ARRAY(sa.Text)),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("created_at", moment, nullable=False, server_default=sa.func.now()),
        sa.Column("expires_at", moment),
        sa.Column("revoked_at", moment),
        sa.Column("last_used_at", moment),
        schema="xanh",
    )
    op.create_table(
        "address_failure",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.Column("blocked_until", moment),
        schema="xanh",
    )
    op.create_table(
        "reply",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("digest", BYTEA, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", JSONB),
        sa.Column("body", BYTEA),
        sa.Column("expires_at", moment, nullable=False, index=True),
        schema="xanh",
    )
    for table in ("address_failure", "reply"):
        op.execute(f"GRANT DELETE ON xanh.{table} TO xanh_writer")
