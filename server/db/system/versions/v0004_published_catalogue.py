# SPDX-License-Identifier: MIT
"""One row per published layer: what capabilities, counts, extents and cache keys are read from, so that nothing scans a table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table. `extent` is west, south, east, north in degrees (WGS 84), null for a layer without geometries."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "catalogue",
        sa.Column("layer", sa.Text, primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("feature_count", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("extent", ARRAY(sa.Double), sa.CheckConstraint("cardinality(extent) = 4")),
        sa.Column("time_begin", moment),
        sa.Column("time_end", moment),
        sa.Column("pyramid_bands", ARRAY(sa.SmallInteger), nullable=False, server_default="{}"),
        sa.Column("published_at", moment, nullable=False, server_default=sa.func.now()),
        schema="published",
    )
