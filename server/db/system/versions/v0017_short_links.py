# SPDX-License-Identifier: MIT
"""Short addresses of views of the map. Who asked for one is known for a day, to hold the ceilings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA

revision = "0017"
down_revision = "0016"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; the writer works on it and throws away what nobody opens any more."""
    op.create_table(
        "short_link",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("path", sa.Text, sa.CheckConstraint("path ~ '^/map([?]|$)'"), nullable=False),
        sa.Column("digest", BYTEA, nullable=False, unique=True, comment="SHA-256 of the path: the same view has one code"),
        sa.Column("address", sa.Text, index=True, comment="of who asked, for a day"),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("used_at", _MOMENT, nullable=False, server_default=sa.func.now(), index=True, comment="to a day"),
        schema="xanh",
    )
    op.execute("GRANT DELETE ON xanh.short_link TO xanh_writer")
