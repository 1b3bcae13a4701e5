# SPDX-License-Identifier: MIT
"""Reports of the public, and the addresses that sent one in the last day. The public role reads neither."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make both tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True, comment="cannot be guessed: whoever knows it may follow the report"),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="received"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("layer", sa.Text),
        sa.Column("feature_id", sa.BigInteger),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("photo", sa.LargeBinary),
        sa.Column("answer", sa.Text, nullable=False, server_default=""),
        sa.Column("same_as", sa.Text),
        sa.Column("supporters", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_at", moment, nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", moment, nullable=False, server_default=sa.func.now()),
        schema="xanh",
    )
    op.execute("ALTER TABLE xanh.report ADD COLUMN geom geometry(Point, 4326)")
    op.execute("CREATE INDEX report_place ON xanh.report USING gist ((geom::geography))")
    op.create_index("report_state", "report", ["state", "created_at"], schema="xanh")
    op.create_table(
        "report_asker",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False, server_default=sa.func.now(), index=True),
        schema="xanh",
    )
    op.execute("GRANT DELETE ON xanh.report_asker TO xanh_writer")
