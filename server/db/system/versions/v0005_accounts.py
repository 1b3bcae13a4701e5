# SPDX-License-Identifier: MIT
"""Accounts of staff, and the role that reads the official store for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"

# The role itself is made by the administrator (server.db.roles). It reads and nothing else; no accounts, no history.
_GRANTS = (
    "GRANT USAGE ON SCHEMA official, published TO xanh_staff",
    "GRANT SELECT ON ALL TABLES IN SCHEMA official, published TO xanh_staff",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA official GRANT SELECT ON TABLES TO xanh_staff",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA published GRANT SELECT ON TABLES TO xanh_staff",
)


def upgrade() -> None:
    """Make the table. `layers` null = every layer; an account that was removed keeps its name (history refers to it) and no password."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "account",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("password_hash", sa.Text),
        sa.Column("role", sa.Text, sa.CheckConstraint("role IN ('viewer', 'editor', 'reviewer', 'publisher', 'admin')"), nullable=False),
        sa.Column("layers", ARRAY(sa.Text)),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("locked_until", moment),
        sa.Column("password_changed_at", moment, nullable=False, server_default=sa.func.now()),
        sa.Column("created_at", moment, nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("NOT active OR password_hash IS NOT NULL", name="account_active_has_password"),
        schema="xanh",
    )
    for command in _GRANTS:
        op.execute(command)
