# SPDX-License-Identifier: MIT
"""Features clients have locked (WFS LockFeature): they outlive requests, workers and restarts, and end by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table; the writer must be able to end locks as well."""
    op.create_table(
        "feature_lock",
        sa.Column("layer", sa.Text, primary_key=True),
        sa.Column("feature_id", sa.BigInteger, primary_key=True),
        sa.Column("lock_id", sa.Text, nullable=False, index=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        schema="xanh",
    )
    op.execute("GRANT DELETE ON xanh.feature_lock TO xanh_writer")
